//! Runs that come as traces: their spans and log events are kept as they came, durably, and put together
//! behind, again whenever more of them come, until nothing came for long.
//!
//! What is put together goes in by the same door as a pushed run. Of a trace and a record of the same id
//! that carries a date, the record wins.

mod keep;
mod let_go;
mod merged;
mod record;
mod thin;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use crate::ingest::{self, Outcome};
use crate::otlp::{Event, Span, assemble};
use crate::store::touched::{self, Kind};
use crate::store::trace_pieces::{self, Piece};
use crate::store::trace_runs::{self, TraceRun};
use crate::store::{self, Db, from_json};

pub use keep::keep;
pub use let_go::let_go;

/// What they are told to come from, where a page lists sources.
pub const SOURCE: &str = "otlp";
const SPAN: &str = "span";
const EVENT: &str = "event";

/// How many runs are put together in one step.
const STEP: i64 = 200;
/// The most spans and log events that are kept of one run, and about so many are held in memory at once.
const MAX_PARTS: i64 = 20_000;
const MAX_BYTES: i64 = 32 << 20;
/// How long after the last piece of a run came its pieces are kept, so that one that comes late is put
/// together with the others.
pub const KEPT_DAYS: i64 = 90;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Puts together every run of which something new came before; what comes meanwhile waits for the next time,
/// so that this ends however much comes.
pub fn assemble_all(
    db: Db,
    now_ms: i64,
) -> Pin<Box<dyn Future<Output = store::Result<()>> + Send>> {
    Box::pin(async move {
        // Asked before a transaction that writes, since most of the time nothing is marked.
        let mut left = touched::count_of(&mut db.read().await?, Kind::Trace).await?;
        while left > 0 {
            let done = assemble_next(&db, now_ms).await?;
            left = if done == 0 { 0 } else { left - done };
        }
        Ok(())
    })
}

/// Puts some runs together; answers how many.
async fn assemble_next(db: &Db, now_ms: i64) -> store::Result<i64> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let taken = touched::take(&mut tx, Kind::Trace, STEP).await?;
    let ids: Vec<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
    let mut sizes = trace_runs::find(&mut tx, &ids).await?;
    let (now, later) = ids.split_at(at_once(&ids, &sizes));
    let later: Vec<(&str, &str)> = later.iter().map(|id| ("", *id)).collect();
    touched::things(&mut tx, Kind::Trace, &later).await?;
    let pieces = trace_pieces::of_runs(&mut tx, now).await?;
    let (mut read, mut thinner) = (Vec::new(), Vec::new());
    for of_run in pieces.chunk_by(|one, other| one.run_id == other.run_id) {
        let (spans, events) = parts(of_run)?;
        let assembled = assemble(&of_run[0].run_id, &spans);
        if !assembled.is_of_services || !events.is_empty() {
            read.extend(record::records(&merged::merged(assembled, &events)));
        }
        thinner.extend(thin::thinned(of_run, (&spans, &events))?.unwrap_or_default());
    }
    thin::keep(&mut tx, &thinner, &mut sizes).await?;
    let outcome = ingest::take_page(&mut tx, SOURCE, &read, now_ms).await?;
    tx.commit().await?;
    told(&outcome);
    Ok(now.len() as i64)
}

/// How many of these runs are put together at once: those whose parts memory holds, and at least one.
fn at_once(ids: &[&str], sizes: &HashMap<String, TraceRun>) -> usize {
    let (mut parts, mut bytes) = (0, 0);
    let fits = |id: &&&str| {
        let own = sizes.get(**id);
        parts += own.map_or(0, |own| own.parts);
        bytes += own.map_or(0, |own| own.bytes);
        parts <= MAX_PARTS && bytes <= MAX_BYTES
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

/// The spans and events of one run.
fn parts(pieces: &[Piece]) -> store::Result<(Vec<Span>, Vec<Event>)> {
    let (mut spans, mut events) = (Vec::new(), Vec::new());
    for piece in pieces {
        let (run_id, body) = (&piece.run_id, piece.body.text()?);
        if piece.kind == SPAN {
            let own: Vec<Span> = from_json("spans", &body)?;
            let of_run = |span| Span {
                run_id: run_id.clone(),
                ..span
            };
            spans.extend(own.into_iter().map(of_run));
        } else {
            let own: Vec<Event> = from_json("events", &body)?;
            let of_run = |event| Event {
                run_id: run_id.clone(),
                ..event
            };
            events.extend(own.into_iter().map(of_run));
        }
    }
    Ok((spans, events))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sizes(all: &[(&str, i64)]) -> HashMap<String, TraceRun> {
        let of = |parts| TraceRun {
            parts,
            ..TraceRun::default()
        };
        let all = all.iter();
        all.map(|(id, parts)| ((*id).to_owned(), of(*parts)))
            .collect()
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
