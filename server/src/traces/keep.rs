//! Keeps what one export tells, durably: of each run a piece, and bodies where they are kept.
//!
//! The id of a piece is made of what it says, so that what is delivered twice is kept once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{EVENT, KEPT_DAYS, MAX_BYTES, MAX_PARTS, SOURCE, SPAN};
use crate::connectors::Read;
use crate::ingest;
use crate::otlp::{Event, Recorded, Refusals, Rejected, Span};
use crate::store::packed::Packer;
use crate::store::touched::{self, Kind};
use crate::store::trace_bodies::{self, Body};
use crate::store::trace_pieces::{self, Piece};
use crate::store::trace_runs::{self, TraceRun};
use crate::store::{self, Db, to_json};

/// The most spans or events of one piece.
const PIECE: usize = 200;
/// The most that is kept of one body.
const MAX_BODY_BYTES: usize = 64 << 10;

/// What an export tells of a run: a span or a log event.
pub trait Part: Serialize {
    /// What a piece of such parts is.
    const KIND: &'static str;
    fn run_id(&self) -> &str;
    /// One within its run.
    fn id(&self) -> &str;
    /// What went in and came out, as far as its text may be kept.
    fn bodies(&self) -> impl Iterator<Item = &Recorded>;
}

impl Part for Span {
    const KIND: &'static str = SPAN;

    fn run_id(&self) -> &str {
        &self.run_id
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn bodies(&self) -> impl Iterator<Item = &Recorded> {
        self.told_bodies()
    }
}

impl Part for Event {
    const KIND: &'static str = EVENT;

    fn run_id(&self) -> &str {
        &self.run_id
    }

    fn id(&self) -> &str {
        &self.id
    }

    fn bodies(&self) -> impl Iterator<Item = &Recorded> {
        self.told_bodies()
    }
}

/// Keeps spans or log events of one export, and sets aside what was refused; answers that with what is beyond
/// the most that is kept of a run. When this returns, all is durable.
pub async fn keep<T: Part>(
    db: &Db,
    (parts, mut refused): (Vec<T>, Refusals),
    now_ms: i64,
) -> store::Result<Refusals> {
    if parts.is_empty() && refused.first.is_empty() {
        return Ok(refused);
    }
    let (pieces, bodies) = (pieces(parts.iter())?, texts(&parts, now_ms));
    drop(parts);
    let mut tx = db.write().await?;
    // Whoever puts these runs together waits, so that it sees all that is kept of them.
    tx.lock_facts().await?;
    let known = trace_pieces::known(&mut tx, &pieces).await?;
    let is_new = |own: &Piece| !known.contains(&(own.run_id.clone(), own.id.clone()));
    let pieces: Vec<Piece> = pieces.into_iter().filter(is_new).collect();
    let mut runs = trace_runs::find(&mut tx, &runs_of(&pieces)).await?;
    let (pieces, beyond) = within(pieces, &mut runs, now_ms);
    refuse(&beyond, &runs, &mut refused);
    let known = trace_bodies::known(&mut tx, &bodies).await?;
    let is_new = |own: &Body| !known.contains(&(own.run_id.clone(), own.sha256.clone()));
    let bodies: Vec<Body> = bodies.into_iter().filter(is_new).collect();
    let bodies = bodies_within(bodies, (&pieces, &beyond), &mut runs);
    let of_pieces = runs_of(&pieces);
    let touched: Vec<(&str, &str)> = of_pieces.iter().map(|id| ("", *id)).collect();
    let runs: Vec<TraceRun> = of_pieces.iter().filter_map(|id| runs.remove(*id)).collect();
    trace_pieces::put(&mut tx, &pieces).await?;
    trace_bodies::put(&mut tx, &bodies).await?;
    trace_runs::put(&mut tx, &runs).await?;
    touched::things(&mut tx, Kind::Trace, &touched).await?;
    let unread = unread(&refused);
    if !unread.is_empty() {
        ingest::take_page(&mut tx, SOURCE, &unread, now_ms).await?;
    }
    tx.commit().await?;
    Ok(refused)
}

/// What an export tells, by run: in the order of its ids, so that the same told in another order is the same.
pub(super) fn pieces<'a, T: Part + 'a>(
    all: impl Iterator<Item = &'a T>,
) -> store::Result<Vec<Piece>> {
    let mut sorted: Vec<&T> = all.collect();
    sorted.sort_by(|one, other| (one.run_id(), one.id()).cmp(&(other.run_id(), other.id())));
    let of_runs = sorted.chunk_by(|one, other| one.run_id() == other.run_id());
    let mut pieces = Vec::new();
    let (mut packer, mut known) = (Packer::new()?, HashSet::new());
    for parts in of_runs.flat_map(|of_run| of_run.chunks(PIECE)) {
        let body = ingest::redacted_json(to_json(T::KIND, &parts)?);
        let piece = Piece {
            run_id: parts[0].run_id().to_owned(),
            id: hex::encode(&Sha256::digest(body.as_bytes())[..16]),
            kind: T::KIND.to_owned(),
            parts: parts.len() as i64,
            bytes: body.len() as i64,
            body: packer.pack(&body)?,
        };
        // One statement cannot write a row twice.
        if known.insert((piece.run_id.clone(), piece.id.clone())) {
            pieces.push(piece);
        }
    }
    Ok(pieces)
}

/// The bodies whose texts are kept, each once, redacted and then cut.
fn texts<T: Part>(parts: &[T], now_ms: i64) -> Vec<Body> {
    let mut once: BTreeMap<(&str, &str), Body> = BTreeMap::new();
    for part in parts {
        for own in part.bodies() {
            let (Some(sha256), Some(text)) = (&own.sha256, &own.text) else {
                continue;
            };
            once.entry((part.run_id(), sha256)).or_insert_with(|| {
                // PostgreSQL keeps no NUL.
                let text = ingest::redacted(text).replace('\0', "\u{fffd}");
                Body {
                    run_id: part.run_id().to_owned(),
                    sha256: sha256.clone(),
                    received_at: now_ms,
                    text: cut(&text),
                }
            });
        }
    }
    once.into_values().collect()
}

/// What is cut says so.
fn cut(text: &str) -> String {
    let kept = &text[..text.floor_char_boundary(MAX_BODY_BYTES)];
    let mark = if kept.len() < text.len() {
        "… [cut]"
    } else {
        ""
    };
    format!("{kept}{mark}")
}

fn runs_of(pieces: &[Piece]) -> Vec<&str> {
    let runs: BTreeSet<&str> = pieces.iter().map(|own| own.run_id.as_str()).collect();
    runs.into_iter().collect()
}

/// What is kept of each run.
type Runs = HashMap<String, TraceRun>;

/// What there is room for, and what there is not: a trace that never ends does not fill the store.
fn within(pieces: Vec<Piece>, runs: &mut Runs, now_ms: i64) -> (Vec<Piece>, Vec<Piece>) {
    pieces.into_iter().partition(|own| {
        let run = runs.entry(own.run_id.clone()).or_default();
        let (parts, bytes) = (run.parts + own.parts, run.bytes + own.bytes);
        let fits = run.is_gone == 0 && parts <= MAX_PARTS && bytes <= MAX_BYTES;
        if fits {
            (run.parts, run.bytes, run.last_at) = (parts, bytes, now_ms);
            run.run_id.clone_from(&own.run_id);
        }
        fits
    })
}

fn refuse(beyond: &[Piece], runs: &Runs, refused: &mut Refusals) {
    let mut by_run: BTreeMap<&str, usize> = BTreeMap::new();
    for own in beyond {
        *by_run.entry(&own.run_id).or_default() += own.parts as usize;
    }
    for (run, count) in by_run {
        // Without the count, so that it is set aside once however often more comes.
        let reason = match runs.get(run).is_some_and(|own| own.is_gone > 0) {
            true => format!(
                "nothing came of its run for {KEPT_DAYS} days, after which its spans were let go; what is known of the run stays, and what came since was left out"
            ),
            false => format!(
                "its run has {MAX_PARTS} spans and events, or {} MB of them, already; what came beyond was left out",
                MAX_BYTES >> 20
            ),
        };
        let rejected = Rejected {
            trace_id: Some(run.to_owned()),
            span_id: None,
            reason,
        };
        refused.add_all(count, rejected);
    }
}

/// As many new bodies as there is room for, of runs of which nothing was refused; each run has as much as for
/// its pieces.
fn bodies_within(
    bodies: Vec<Body>,
    (pieces, beyond): (&[Piece], &[Piece]),
    runs: &mut Runs,
) -> Vec<Body> {
    let (kept, refused) = (runs_of(pieces), runs_of(beyond));
    let is_in = |all: &[&str], own: &Body| all.binary_search(&own.run_id.as_str()).is_ok();
    let has_room = |own: &Body| {
        let Some(run) = runs.get_mut(&own.run_id) else {
            return false;
        };
        let bytes = run.text_bytes + own.text.len() as i64;
        let fits = bytes <= MAX_BYTES && is_in(&kept, own) && !is_in(&refused, own);
        if fits {
            run.text_bytes = bytes;
        }
        fits
    };
    bodies.into_iter().filter(has_room).collect()
}

/// What was refused, as it is set aside: by the ids alone, since more was not kept.
fn unread(refused: &Refusals) -> Vec<Read> {
    let told = refused.first.iter();
    told.map(|own| {
        let ids = serde_json::json!({"trace_id": own.trace_id, "span_id": own.span_id});
        let id = own.trace_id.iter().chain(&own.span_id);
        let id: Vec<&str> = id.map(String::as_str).collect();
        Read::Unread {
            stream: "runs",
            id: (!id.is_empty()).then(|| id.join("/")),
            body: ids.to_string(),
            reason: own.reason.clone(),
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::packed::Packed;

    fn piece(run: &str, parts: i64) -> Piece {
        Piece {
            run_id: run.to_owned(),
            id: format!("{run}{parts}"),
            kind: SPAN.to_owned(),
            parts,
            bytes: 0,
            body: Packed::of("").unwrap(),
        }
    }

    fn told(pieces: &[Piece]) -> Vec<&str> {
        pieces.iter().map(|own| own.id.as_str()).collect()
    }

    #[test]
    fn a_trace_that_never_ends_is_kept_up_to_a_limit_and_told_beyond_it() {
        let held = TraceRun {
            parts: MAX_PARTS - 2,
            ..TraceRun::default()
        };
        let mut runs = HashMap::from([("long".to_owned(), held)]);
        let pieces = vec![piece("long", 3), piece("long", 2), piece("short", 7)];
        let (kept, beyond) = within(pieces, &mut runs, 5);
        assert_eq!(
            (told(&kept), told(&beyond)),
            (vec!["long2", "short7"], vec!["long3"])
        );
        assert_eq!((runs["long"].parts, runs["short"].last_at), (MAX_PARTS, 5));
        let mut refused = Refusals::default();
        refuse(&beyond, &runs, &mut refused);
        let [one] = &refused.first[..] else {
            panic!("{:?}", refused.first);
        };
        assert_eq!((refused.count, one.trace_id.as_deref()), (3, Some("long")));
    }

    #[test]
    fn of_a_run_that_was_let_go_nothing_more_is_kept() {
        let held = TraceRun {
            is_gone: 1,
            ..TraceRun::default()
        };
        let mut runs = HashMap::from([("old".to_owned(), held)]);
        let (kept, beyond) = within(vec![piece("old", 1)], &mut runs, 5);
        assert_eq!((kept.len(), beyond.len()), (0, 1));
        let mut refused = Refusals::default();
        refuse(&beyond, &runs, &mut refused);
        assert!(refused.first[0].reason.contains("let go"));
    }

    #[test]
    fn of_a_run_of_which_something_was_refused_no_new_text_is_kept() {
        let body = |run: &str| Body {
            run_id: run.to_owned(),
            sha256: "h".to_owned(),
            received_at: 0,
            text: "abc".to_owned(),
        };
        let mut runs = Runs::new();
        let (kept, _) = within(vec![piece("a", 1), piece("b", 1)], &mut runs, 5);
        let beyond = [piece("b", 2)];
        let bodies = vec![body("a"), body("b"), body("c")];
        let bodies = bodies_within(bodies, (&kept, &beyond), &mut runs);
        assert_eq!((bodies.len(), bodies[0].run_id.as_str()), (1, "a"));
        assert_eq!(runs["a"].text_bytes, 3);
    }

    /// A part as tests need it.
    #[derive(Serialize)]
    struct Told {
        run: &'static str,
        id: &'static str,
        recorded: Vec<Recorded>,
    }

    impl Part for Told {
        const KIND: &'static str = SPAN;

        fn run_id(&self) -> &str {
            self.run
        }

        fn id(&self) -> &str {
            self.id
        }

        fn bodies(&self) -> impl Iterator<Item = &Recorded> {
            self.recorded.iter()
        }
    }

    fn part(run: &'static str, id: &'static str) -> Told {
        Told {
            run,
            id,
            recorded: Vec::new(),
        }
    }

    #[test]
    fn the_same_spans_in_another_order_are_the_same_piece() {
        let ids = |all: &[Told]| {
            let pieces = pieces(all.iter()).unwrap();
            let ids = pieces.into_iter().map(|own| (own.run_id, own.id));
            ids.collect::<Vec<_>>()
        };
        let told = ids(&[part("a", "1"), part("a", "2"), part("b", "1")]);
        assert_eq!(told.len(), 2);
        assert_eq!(ids(&[part("b", "1"), part("a", "2"), part("a", "1")]), told);
    }

    #[test]
    fn a_body_is_redacted_before_it_is_cut() {
        let secret = format!("ghp_{}", "a".repeat(36));
        let recorded = Recorded {
            size: 1,
            sha256: Some("h".to_owned()),
            text: Some(format!("{} {secret}", "x".repeat(MAX_BODY_BYTES - 20))),
        };
        let told = Told {
            recorded: vec![recorded.clone(), recorded, Recorded::default()],
            ..part("r", "1")
        };
        let [kept] = &texts(&[told], 7)[..] else {
            panic!("each once, and only what has a text");
        };
        assert_eq!(
            kept.text.len(),
            MAX_BODY_BYTES - 20 + 1 + "[redacted]".len()
        );
        assert!(!kept.text.contains("ghp_"));
    }
}
