//! Records in, domain rows out.
//!
//! A delivery is bounded, redacted, kept raw, turned into domain rows, linked, and its weeks are
//! marked, all in one transaction: it is there whole or not at all. Feeding it again, in any order,
//! changes nothing. Nothing here computes a figure.

mod brought;
mod instant;
mod json;
mod page;
mod record;
mod redact;
mod rewrite;
pub mod streams;
mod subject;
mod withheld;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::num::NonZero;
use std::panic::resume_unwind;

use sha2::{Digest, Sha256};

use crate::figures;
use crate::store::registry::{self, Registry};
use crate::store::versions::{self, Version};
use crate::store::{self, Db, Tx, raw};

use brought::Brought;
use json::Json;

pub use page::take_page;
pub use record::{MAX_RECORD_BYTES, Refusal, elements};
pub use rewrite::{Place, rewritten};
pub use streams::{Arrived, StreamName};

pub(crate) use redact::{json as redacted_json, prose as redacted};

/// Records of one stream that arrived together.
#[derive(Clone, Copy, Debug)]
pub struct Delivery<'a> {
    /// Who sent them: `push`, `import`, or a source's name. A record may name its own.
    pub source: &'a str,
    /// JSON texts, one a record.
    pub records: &'a [&'a str],
    pub received_at_ms: i64,
}

/// What a connector could not read of a system, as it came, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unread<'a> {
    id: Option<&'a str>,
    body: &'a str,
    reason: &'a str,
}

/// What became of a delivery: every record is accepted, repeated or refused.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// New, or newer than what was there.
    pub accepted: u64,
    /// Known already, or older than what is there.
    pub repeated: u64,
    pub refused: Vec<RefusedRecord>,
}

/// A record that was not taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct RefusedRecord {
    /// Its place in the delivery, from 0.
    pub index: u64,
    pub id: Option<String>,
    pub field: Option<String>,
    pub reason: String,
}

impl Outcome {
    /// Adds what became of the delivery that followed.
    pub fn append(&mut self, next: Outcome) {
        let before = self.accepted + self.repeated + self.refused.len() as u64;
        self.accepted += next.accepted;
        self.repeated += next.repeated;
        self.refused
            .extend(next.refused.into_iter().map(|refused| RefusedRecord {
                index: refused.index + before,
                ..refused
            }));
    }
}

/// Runs the same expression with the type of whichever stream is named.
macro_rules! of_stream {
    ($stream:expr, $type:ident => $body:expr) => {
        match $stream {
            StreamName::Changes => {
                type $type = streams::changes::Changes;
                $body
            }
            StreamName::Reviews => {
                type $type = streams::reviews::Reviews;
                $body
            }
            StreamName::Deployments => {
                type $type = streams::deployments::Deployments;
                $body
            }
            StreamName::Incidents => {
                type $type = streams::incidents::Incidents;
                $body
            }
            StreamName::Defects => {
                type $type = streams::defects::Defects;
                $body
            }
            StreamName::Runs => {
                type $type = streams::runs::Runs;
                $body
            }
            StreamName::Artifacts => {
                type $type = streams::artifacts::Artifacts;
                $body
            }
            StreamName::SuiteRuns => {
                type $type = streams::suite_runs::SuiteRuns;
                $body
            }
            StreamName::Approvals => {
                type $type = streams::approvals::Approvals;
                $body
            }
            StreamName::Evaluations => {
                type $type = streams::evaluations::Evaluations;
                $body
            }
            StreamName::PolicyDecisions => {
                type $type = streams::policy_decisions::PolicyDecisions;
                $body
            }
        }
    };
}

/// Takes a delivery in. When this returns, it is durable.
pub async fn take(db: &Db, stream: StreamName, delivery: Delivery<'_>) -> store::Result<Outcome> {
    of_stream!(stream, S => {
        // Read before the transaction begins, so that no other writer waits for it.
        let sorted = Sorted::<'_, S>::of(delivery, &[]);
        let mut tx = db.write().await?;
        let outcome = sorted.keep(&mut tx, delivery).await?;
        tx.commit().await?;
        Ok(outcome)
    })
}

/// A record as it would be kept, with nothing of it kept: redacted, and without what its stream withholds.
///
/// ```
/// use server::ingest::{StreamName, canonical};
/// let record = r#"{"id": "r1", "change": "c1", "author": {"id": "ana"}, "state": "approved",
///     "submitted_at": "2026-11-16T09:30:00Z"}"#;
/// let kept = canonical(StreamName::Reviews, record).unwrap();
/// assert_eq!(canonical(StreamName::Reviews, &kept).unwrap(), kept);
/// ```
pub fn canonical(stream: StreamName, record: &str) -> Result<String, Refusal> {
    of_stream!(stream, S => read::<S>(record).map(|own| own.canonical))
}

/// Takes a delivery in within a transaction, whose keeper decides whether it stays, and sets aside what
/// could not be read before it was a record.
async fn take_within(
    tx: &mut Tx,
    stream: StreamName,
    delivery: Delivery<'_>,
    unread: &[Unread<'_>],
) -> store::Result<Outcome> {
    of_stream!(stream, S => Sorted::<'_, S>::of(delivery, unread).keep(tx, delivery).await)
}

/// What a stream knows of its own records; the rest is the same for all.
pub(crate) trait Stream {
    /// Its domain row.
    type Row: Send + Sync;
    const NAME: StreamName;

    /// Whether there is anything that it does not keep.
    const WITHHOLDS: bool = false;

    /// Takes out of a record what this stream does not keep, before it is kept at all.
    fn withhold(_record: &mut Json<'_>) {}
    /// Reads a redacted record; the version is filled in by the caller, but for home and age.
    fn read(record: &Json<'_>) -> Result<Self::Row, Refusal>;
    fn version(row: &Self::Row) -> &Version;
    fn version_mut(row: &mut Self::Row) -> &mut Version;
    /// Writes the rows.
    fn put(tx: &mut Tx, rows: &[Self::Row]) -> impl Future<Output = store::Result<()>> + Send;
    /// Brings the links of what these rows touch up to date; answers the instants whose weeks moved.
    fn link(
        tx: &mut Tx,
        registry: &Registry,
        arrived: Arrived<'_, Self::Row>,
    ) -> impl Future<Output = store::Result<Vec<i64>>> + Send;
}

/// A record that reads, on its way in.
struct Candidate<Row> {
    row: Row,
    canonical: String,
    /// The source that it names.
    source: Option<String>,
}

/// A delivery that is read: what can be taken in, and what is set aside.
struct Sorted<'a, S: Stream> {
    candidates: Vec<Candidate<S::Row>>,
    set_aside: Vec<raw::Refused>,
    brought: Brought<'a>,
    outcome: Outcome,
}

impl<'a, S: Stream> Sorted<'a, S> {
    fn of(delivery: Delivery<'a>, unread: &[Unread<'_>]) -> Sorted<'a, S> {
        let mut sorted = Sorted {
            candidates: Vec::with_capacity(delivery.records.len()),
            set_aside: Vec::new(),
            brought: Brought::by(delivery, S::NAME),
            outcome: Outcome::default(),
        };
        let read = read_all::<S>(delivery.records);
        for (text, read) in delivery.records.iter().zip(read) {
            match read {
                Ok(candidate) => {
                    sorted.brought.read(candidate.source.as_deref());
                    sorted.candidates.push(candidate);
                }
                Err(refusal) => sorted.refuse(&delivery, (text, &kept_aside::<S>(text)), refusal),
            }
        }
        for own in unread {
            let refusal = Refusal::whole(own.reason).named(own.id);
            sorted.refuse(&delivery, (own.body, own.body), refusal);
        }
        sorted
    }

    fn refuse(&mut self, delivery: &Delivery<'_>, came: (&str, &str), refusal: Refusal) {
        self.brought.refused(refusal.source.as_deref());
        self.set_aside
            .push(aside(delivery, S::NAME, came, &refusal));
        let index = self.candidates.len() + self.outcome.refused.len();
        self.outcome.refused.push(RefusedRecord {
            index: index as u64,
            id: refusal.id,
            field: refusal.field,
            reason: refusal.reason,
        });
    }

    async fn keep(self, tx: &mut Tx, delivery: Delivery<'_>) -> store::Result<Outcome> {
        let mut outcome = self.outcome;
        let read_well = self.candidates.len() as u64;
        tx.lock_facts().await?;
        for refused in &self.set_aside {
            raw::keep_refused(tx, refused).await?;
        }
        let (kept, stored) = winners::<S>(tx, &delivery, self.candidates).await?;
        outcome.accepted = kept.rows.len() as u64;
        outcome.repeated = read_well - outcome.accepted;
        if !kept.rows.is_empty() {
            let packing = raw::pack(kept.delivery);
            let registry = registry::load(tx).await?;
            move_homes::<S>(tx, &kept.rows, &stored).await?;
            S::put(tx, &kept.rows).await?;
            let arrived = Arrived {
                rows: &kept.rows,
                stored: &stored,
            };
            let moved = S::link(tx, &registry, arrived).await?;
            figures::touch(tx, &registry, &moved).await?;
            raw::keep(tx, packing).await?;
        }
        self.brought.keep(tx, &kept.sources).await?;
        Ok(outcome)
    }
}

/// Fewer records than this are not worth a thread.
const SHARE: usize = 200;

/// Reads records on all cores, in order: reading is half of the work of a large delivery.
fn read_all<S: Stream>(records: &[&str]) -> Vec<Result<Candidate<S::Row>, Refusal>> {
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    let share = records.len().div_ceil(cores).max(SHARE);
    let read_share = |records: &[&str]| records.iter().map(|text| read::<S>(text)).collect();
    if records.len() <= share {
        return read_share(records);
    }
    std::thread::scope(|scope| {
        let readers: Vec<_> = records
            .chunks(share)
            .map(|share| scope.spawn(move || -> Vec<_> { read_share(share) }))
            .collect();
        readers
            .into_iter()
            .flat_map(|reader| reader.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    })
}

fn read<S: Stream>(text: &str) -> Result<Candidate<S::Row>, Refusal> {
    let mut record = record::parse(text)?;
    S::withhold(&mut record);
    let (record, canonical) = redact::record(record)?;
    let mut row = S::read(&record).map_err(|refusal| refusal.of(&record))?;
    S::version_mut(&mut row).hash = hex::encode(Sha256::digest(canonical.as_bytes()));
    let source = record::source(&record).map_err(|refusal| refusal.of(&record))?;
    Ok(Candidate {
        row,
        canonical,
        source,
    })
}

/// The rows that are newer than what is there, the delivery they are kept in, and whose they are.
struct Kept<Row> {
    rows: Vec<Row>,
    delivery: raw::Delivery,
    /// How many rows each source brought; who names none came from the sender.
    sources: BTreeMap<String, i64>,
}

/// Of each thing the newest version, if it is newer than the stored one; and the stored ones.
async fn winners<S: Stream>(
    tx: &mut Tx,
    delivery: &Delivery<'_>,
    candidates: Vec<Candidate<S::Row>>,
) -> store::Result<(Kept<S::Row>, HashMap<String, Version>)> {
    let body = candidates
        .iter()
        .map(|candidate| candidate.canonical.as_str())
        .collect::<Vec<_>>()
        .join("\n");
    let hashes: String = candidates
        .iter()
        .map(|candidate| S::version(&candidate.row).hash.as_str())
        .collect();
    let raw_id = fingerprint(&[delivery.source, S::NAME.as_str(), &hashes]);
    let ids: Vec<&str> = candidates
        .iter()
        .map(|candidate| S::version(&candidate.row).id.as_str())
        .collect();
    let mut stored = versions::find(tx, S::NAME.table(), &ids).await?;

    let records = candidates.len() as i64;
    let mut newest: HashMap<String, usize> = HashMap::with_capacity(candidates.len());
    for (index, candidate) in candidates.iter().enumerate() {
        let id = &S::version(&candidate.row).id;
        let beats_earlier = match newest.get(id) {
            Some(&earlier) => {
                let earlier = &candidates[earlier];
                wins(
                    S::version(&candidate.row),
                    &candidate.canonical,
                    S::version(&earlier.row),
                    || Some(earlier.canonical.clone()),
                )
            }
            None => match stored.get(id) {
                Some(old) => {
                    let old_text = tied_text(tx, S::version(&candidate.row), old).await?;
                    wins(
                        S::version(&candidate.row),
                        &candidate.canonical,
                        old,
                        || old_text,
                    )
                }
                None => true,
            },
        };
        if beats_earlier {
            newest.insert(id.clone(), index);
        }
    }
    // What stays as it was has not moved: links must not take it for gone.
    stored.retain(|id, _| newest.contains_key(id));
    let mut rows = Vec::with_capacity(newest.len());
    let mut sources = BTreeMap::new();
    for (ordinal, mut candidate) in candidates.into_iter().enumerate() {
        if newest.get(&S::version(&candidate.row).id) == Some(&ordinal) {
            let version = S::version_mut(&mut candidate.row);
            version.raw_id.clone_from(&raw_id);
            version.ordinal = ordinal as i64;
            rows.push(candidate.row);
            let source = candidate
                .source
                .unwrap_or_else(|| delivery.source.to_owned());
            *sources.entry(source).or_insert(0) += 1;
        }
    }
    let delivery = raw::Delivery {
        id: raw_id,
        source: delivery.source.to_owned(),
        stream: S::NAME.as_str().to_owned(),
        received_at: delivery.received_at_ms,
        records,
        body,
    };
    let kept = Kept {
        rows,
        delivery,
        sources,
    };
    Ok((kept, stored))
}

/// Whether a version replaces another: the newer does, of equals the larger canonical JSON, of a
/// dated and an undated one the dated, of two undated ones the one that came last.
fn wins(
    new: &Version,
    new_text: &str,
    old: &Version,
    old_text: impl FnOnce() -> Option<String>,
) -> bool {
    if new.hash == old.hash {
        return false;
    }
    match (new.updated_at, old.updated_at) {
        (Some(new_at), Some(old_at)) if new_at == old_at => {
            old_text().is_none_or(|old| new_text > old.as_str())
        }
        (Some(new_at), Some(old_at)) => new_at > old_at,
        (Some(_), None) => true,
        (None, Some(_)) => false,
        (None, None) => true,
    }
}

/// The stored record's text, fetched only when two versions carry the same date.
async fn tied_text(tx: &mut Tx, new: &Version, old: &Version) -> store::Result<Option<String>> {
    if new.updated_at.is_none() || new.updated_at != old.updated_at || new.hash == old.hash {
        return Ok(None);
    }
    raw::record(tx, &old.raw_id, old.ordinal).await
}

/// A thing that names another home than before leaves the old one.
async fn move_homes<S: Stream>(
    tx: &mut Tx,
    rows: &[S::Row],
    stored: &HashMap<String, Version>,
) -> store::Result<()> {
    for row in rows {
        let version = S::version(row);
        if let Some(old) = stored
            .get(&version.id)
            .filter(|old| old.home != version.home)
        {
            versions::remove(tx, S::NAME.table(), old).await?;
        }
    }
    Ok(())
}

/// What of a refused record is kept: what its stream withholds is withheld here too.
fn kept_aside<S: Stream>(text: &str) -> Cow<'_, str> {
    if !S::WITHHOLDS {
        return Cow::Borrowed(text);
    }
    let withheld = record::parse(text).ok().and_then(|mut record| {
        S::withhold(&mut record);
        serde_json::to_string(&record).ok()
    });
    // What does not read may hold anything.
    let size = || format!("{{\"size\":{}}}", text.len());
    Cow::Owned(withheld.unwrap_or_else(size))
}

fn aside(
    delivery: &Delivery<'_>,
    stream: StreamName,
    (text, kept_of_it): (&str, &str),
    refusal: &Refusal,
) -> raw::Refused {
    // PostgreSQL keeps no NUL, which may be the very reason for the refusal.
    let kept = |text: &str| text.replace('\0', "\u{fffd}");
    let body = kept_of_it.chars().take(MAX_KEPT_CHARS).collect::<String>();
    raw::Refused {
        id: fingerprint(&[delivery.source, stream.as_str(), &refusal.reason, text]),
        source: kept(refusal.source.as_deref().unwrap_or(delivery.source)),
        stream: stream.as_str().to_owned(),
        record_id: refusal.id.as_deref().map(kept),
        field: refusal.field.as_deref().map(kept),
        reason: kept(&refusal.reason),
        received_at: delivery.received_at_ms,
        body: kept(&redact::text(&body)),
    }
}

/// As much of a refused record as is kept.
const MAX_KEPT_CHARS: usize = 16_384;

/// 128 bits of SHA-256, enough to name a row by its content.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hex::encode(&hash.finalize()[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(updated_at: Option<i64>, hash: &str) -> Version {
        Version {
            updated_at,
            hash: hash.to_owned(),
            ..Version::default()
        }
    }

    #[test]
    fn the_newer_version_wins() {
        assert!(wins(
            &version(Some(2), "a"),
            "x",
            &version(Some(1), "b"),
            || None
        ));
        assert!(!wins(
            &version(Some(1), "a"),
            "x",
            &version(Some(2), "b"),
            || None
        ));
    }

    #[test]
    fn of_equal_dates_the_larger_text_wins() {
        assert!(wins(
            &version(Some(1), "a"),
            "y",
            &version(Some(1), "b"),
            || Some("x".to_owned())
        ));
        assert!(!wins(
            &version(Some(1), "a"),
            "x",
            &version(Some(1), "b"),
            || Some("y".to_owned())
        ));
    }

    #[test]
    fn a_dated_version_beats_an_undated_one_and_the_last_of_two_undated_wins() {
        assert!(wins(
            &version(Some(1), "a"),
            "x",
            &version(None, "b"),
            || None
        ));
        assert!(!wins(
            &version(None, "a"),
            "x",
            &version(Some(1), "b"),
            || None
        ));
        assert!(wins(&version(None, "a"), "x", &version(None, "b"), || None));
    }

    #[test]
    fn a_copy_never_wins() {
        assert!(!wins(&version(None, "a"), "x", &version(None, "a"), || {
            None
        }));
    }

    #[test]
    fn of_a_run_that_is_refused_no_text_is_kept_aside() {
        let run = r#"{"id":"r","agent":"a","input":"a mail of Mrs Smith","outcome":"perhaps"}"#;
        let kept = kept_aside::<streams::runs::Runs>(run);
        assert!(
            kept.contains(r#""outcome":"perhaps""#) && !kept.contains("Smith"),
            "{kept}"
        );
        let broken = kept_aside::<streams::runs::Runs>(&run[..40]);
        assert_eq!(broken, r#"{"size":40}"#);
        let change = r#"{"id":"c","title":"Mrs Smith’s order"}"#;
        assert_eq!(kept_aside::<streams::changes::Changes>(change), change);
    }
}
