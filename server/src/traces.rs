//! Runs that come as traces: their spans and log events are kept as they came, durably, and put together
//! behind, again whenever more of them come.
//!
//! What is put together goes in by the same door as a pushed run. Of a trace and a record of the same id
//! that carries a date, the record wins.

mod merged;
mod record;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::future::Future;
use std::pin::Pin;

use crate::connectors::Read;
use crate::ingest::{self, Outcome};
use crate::otlp::{Event, Refusals, Rejected, Span, assemble};
use crate::store::touched::{self, Kind};
use crate::store::trace_parts::{self, Part, Size};
use crate::store::{self, Db, from_json, to_json};

/// What they are told to come from, where a page lists sources.
pub const SOURCE: &str = "otlp";
const SPAN: &str = "span";
/// Before the id of a span that had not ended when it was told, so that it never takes the place of one
/// that had: of the two the run counts the one that ended.
const OPEN: &str = "open:";
const EVENT: &str = "event";

/// How many runs are put together in one step.
const STEP: i64 = 200;
/// The most spans and log events that are kept of one run, and about so many are held in memory at once.
const MAX_PARTS: usize = 20_000;
const MAX_BYTES: usize = 32 << 20;

/// Keeps spans of one export, and sets aside what was refused; answers that with what is beyond the most
/// that is kept of a run. When this returns, all is durable.
pub async fn keep_spans(
    db: &Db,
    (spans, refused): (&[Span], Refusals),
    now_ms: i64,
) -> store::Result<Refusals> {
    let parts = spans.iter().map(|span| {
        let is_open = if span.ended_at.is_none() { OPEN } else { "" };
        Ok(Part {
            run_id: span.run_id.clone(),
            id: format!("{is_open}{}", span.id),
            kind: SPAN.to_owned(),
            body: to_json("a span", span)?,
        })
    });
    keep(db, parts.collect::<store::Result<_>>()?, (refused, now_ms)).await
}

/// Keeps log events of one export, as spans are kept.
pub async fn keep_events(
    db: &Db,
    (events, refused): (&[Event], Refusals),
    now_ms: i64,
) -> store::Result<Refusals> {
    let parts = events.iter().map(|event| {
        Ok(Part {
            run_id: event.run_id.clone(),
            id: event.id.clone(),
            kind: EVENT.to_owned(),
            body: to_json("an event", event)?,
        })
    });
    keep(db, parts.collect::<store::Result<_>>()?, (refused, now_ms)).await
}

async fn keep(
    db: &Db,
    parts: Vec<Part>,
    (mut refused, now_ms): (Refusals, i64),
) -> store::Result<Refusals> {
    if parts.is_empty() && refused.first.is_empty() {
        return Ok(refused);
    }
    let parts = each_once(parts);
    let mut tx = db.write().await?;
    // Whoever puts these runs together waits, so that it sees all that is kept of them.
    tx.lock_facts().await?;
    let sizes = trace_parts::sizes(&mut tx, &runs_of(&parts)).await?;
    let parts = within(parts, sizes, &mut refused);
    let runs = runs_of(&parts);
    let runs: Vec<(&str, &str)> = runs.into_iter().map(|id| ("", id)).collect();
    trace_parts::put(&mut tx, &parts).await?;
    touched::things(&mut tx, Kind::Trace, &runs).await?;
    let unread = unread(&refused);
    if !unread.is_empty() {
        ingest::take_page(&mut tx, SOURCE, &unread, now_ms).await?;
    }
    tx.commit().await?;
    Ok(refused)
}

fn runs_of(parts: &[Part]) -> Vec<&str> {
    let runs: BTreeSet<&str> = parts.iter().map(|part| part.run_id.as_str()).collect();
    runs.into_iter().collect()
}

/// What there is room for: a trace that never ends does not fill the store.
fn within(parts: Vec<Part>, mut sizes: HashMap<String, Size>, refused: &mut Refusals) -> Vec<Part> {
    let mut beyond: BTreeMap<String, usize> = BTreeMap::new();
    let has_room = |part: &Part| {
        let size = sizes.entry(part.run_id.clone()).or_default();
        size.parts += 1;
        size.bytes += part.body.len();
        let fits = size.parts <= MAX_PARTS && size.bytes <= MAX_BYTES;
        if !fits {
            *beyond.entry(part.run_id.clone()).or_default() += 1;
        }
        fits
    };
    let kept = parts.into_iter().filter(has_room).collect();
    for (run, count) in beyond {
        // Without the count, so that it is set aside once however often more comes.
        let reason = format!(
            "its run has {MAX_PARTS} spans and events, or {} MB of them, already; what came beyond was left out",
            MAX_BYTES >> 20
        );
        let rejected = Rejected {
            trace_id: Some(run),
            span_id: None,
            reason,
        };
        refused.add_all(count, rejected);
    }
    kept
}

/// One statement cannot write a row twice: of what came twice in one export the last counts.
fn each_once(parts: Vec<Part>) -> Vec<Part> {
    let mut last: BTreeMap<(String, String), Part> = BTreeMap::new();
    for part in parts {
        last.insert((part.run_id.clone(), part.id.clone()), part);
    }
    last.into_values().collect()
}

/// What was refused, as it is set aside: by the ids alone, since more was not kept.
fn unread(refused: &Refusals) -> Vec<Read> {
    let told = refused.first.iter();
    told.map(|own| {
        let ids = serde_json::json!({"trace_id": own.trace_id, "span_id": own.span_id});
        Read::Unread {
            stream: "runs",
            body: ids.to_string(),
            reason: own.reason.clone(),
        }
    })
    .collect()
}

/// Puts together every run of which something new came.
pub fn assemble_all(
    db: Db,
    now_ms: i64,
) -> Pin<Box<dyn Future<Output = store::Result<()>> + Send>> {
    Box::pin(async move {
        while assemble_next(&db, now_ms).await? {}
        Ok(())
    })
}

/// Puts some runs together; false when nothing new came of any.
async fn assemble_next(db: &Db, now_ms: i64) -> store::Result<bool> {
    // Asked before a transaction that writes, since most of the time nothing is.
    if !touched::any_of(&mut db.read().await?, Kind::Trace).await? {
        return Ok(false);
    }
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let taken = touched::take(&mut tx, Kind::Trace, STEP).await?;
    let ids: Vec<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
    let sizes = trace_parts::sizes(&mut tx, &ids).await?;
    let (now, later) = ids.split_at(at_once(&ids, &sizes));
    let later: Vec<(&str, &str)> = later.iter().map(|id| ("", *id)).collect();
    touched::things(&mut tx, Kind::Trace, &later).await?;
    let parts = trace_parts::of_runs(&mut tx, now).await?;
    let mut read = Vec::new();
    for of_run in parts.chunk_by(|one, other| one.run_id == other.run_id) {
        read.extend(records(of_run)?);
    }
    let outcome = ingest::take_page(&mut tx, SOURCE, &read, now_ms).await?;
    tx.commit().await?;
    told(&outcome);
    Ok(!taken.is_empty())
}

/// How many of these runs are put together at once: those whose parts memory holds, and at least one.
fn at_once(ids: &[&str], sizes: &HashMap<String, Size>) -> usize {
    let mut held = Size::default();
    let fits = |id: &&&str| {
        let own = sizes.get(**id).copied().unwrap_or_default();
        held.parts += own.parts;
        held.bytes += own.bytes;
        held.parts <= MAX_PARTS && held.bytes <= MAX_BYTES
    };
    ids.iter().take_while(fits).count().max(1).min(ids.len())
}

fn told(outcome: &Outcome) {
    let refused = outcome.refused.len();
    if refused > 0 {
        tracing::warn!(
            refused,
            "runs that were put together are set aside; /sources lists them"
        );
    }
}

/// The records of one run.
fn records(parts: &[Part]) -> store::Result<Vec<Read>> {
    let Some(first) = parts.first() else {
        return Ok(Vec::new());
    };
    let (mut spans, mut events) = (Vec::new(), Vec::new());
    for part in parts {
        if part.kind == SPAN {
            let span: Span = from_json("a span", &part.body)?;
            spans.push(Span {
                run_id: part.run_id.clone(),
                id: part.id.trim_start_matches(OPEN).to_owned(),
                ..span
            });
        } else {
            let event: Event = from_json("an event", &part.body)?;
            events.push(Event {
                run_id: part.run_id.clone(),
                id: part.id.clone(),
                ..event
            });
        }
    }
    let assembled = assemble(&first.run_id, &spans);
    Ok(record::records(&merged::merged(assembled, &events)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(run: &str, id: usize) -> Part {
        Part {
            run_id: run.to_owned(),
            id: format!("{id:05}"),
            kind: SPAN.to_owned(),
            body: String::new(),
        }
    }

    fn sizes(all: &[(&str, usize)]) -> HashMap<String, Size> {
        let of = |parts| Size { parts, bytes: 0 };
        let all = all.iter();
        all.map(|(id, parts)| ((*id).to_owned(), of(*parts)))
            .collect()
    }

    #[test]
    fn a_trace_that_never_ends_is_kept_up_to_a_limit_and_told_beyond_it() {
        let parts = (0..5).map(|id| part("long", id)).chain([part("short", 0)]);
        let mut refused = Refusals::default();
        let held = sizes(&[("long", MAX_PARTS - 2)]);
        let kept = within(parts.collect(), held, &mut refused);
        assert_eq!(runs_of(&kept), ["long", "short"]);
        assert_eq!((kept.len(), refused.count), (3, 3));
        let [told] = &refused.first[..] else {
            panic!("{:?}", refused.first);
        };
        assert_eq!(told.trace_id.as_deref(), Some("long"));
    }

    #[test]
    fn so_many_runs_are_put_together_at_once_as_memory_holds() {
        let sizes = sizes(&[("a", 1), ("b", MAX_PARTS), ("c", 2), ("d", 3)]);
        assert_eq!(at_once(&["a", "b", "c", "d"], &sizes), 1);
        assert_eq!(at_once(&["b", "c", "d"], &sizes), 1);
        assert_eq!(at_once(&["c", "d"], &sizes), 2);
        assert_eq!(at_once(&[], &sizes), 0);
    }
}
