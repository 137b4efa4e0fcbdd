//! Takes out of what is kept of runs what came more than once in other batches, so that it does not count
//! towards the most that is kept of a run.

use std::collections::{BTreeMap, HashMap};

use super::keep::pieces;
use crate::otlp::{Event, Span, newest};
use crate::store::trace_pieces::{self, Piece};
use crate::store::trace_runs::{self, TraceRun};
use crate::store::{self, Tx};

/// What is kept of a run instead, if anything of it came more than once.
pub(super) fn thinned(
    kept: &[Piece],
    (spans, events): (&[Span], &[Event]),
) -> store::Result<Option<Vec<Piece>>> {
    if kept.len() < 2 {
        return Ok(None);
    }
    let spans_once = newest(spans.iter());
    let once: BTreeMap<&str, &Event> = events.iter().map(|own| (own.id.as_str(), own)).collect();
    if spans_once.len() + once.len() == spans.len() + events.len() {
        return Ok(None);
    }
    let mut thin = pieces(spans_once.into_iter())?;
    thin.extend(pieces(once.into_values())?);
    Ok(Some(thin))
}

/// Keeps these pieces of some runs in the place of all that there were.
pub(super) async fn keep(
    tx: &mut Tx,
    pieces: &[Piece],
    sizes: &mut HashMap<String, TraceRun>,
) -> store::Result<()> {
    let mut runs = Vec::new();
    for of_run in pieces.chunk_by(|one, other| one.run_id == other.run_id) {
        let Some(run) = sizes.remove(&of_run[0].run_id) else {
            continue;
        };
        runs.push(TraceRun {
            parts: of_run.iter().map(|own| own.parts).sum(),
            bytes: of_run.iter().map(|own| own.bytes).sum(),
            ..run
        });
    }
    let ids: Vec<&str> = runs.iter().map(|own| own.run_id.as_str()).collect();
    trace_pieces::replace(tx, &ids, pieces).await?;
    trace_runs::put(tx, &runs).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otlp::{Encoding, Reading, traces};

    fn spans(ended: &[bool]) -> Vec<Span> {
        let span = |(at, ended): (usize, &bool)| {
            let mut span = serde_json::json!({"traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
                "spanId": format!("{:016x}", at + 1), "name": "work", "startTimeUnixNano": "1794916800000000000"});
            if *ended {
                span["endTimeUnixNano"] = "1794916801000000000".into();
            }
            span
        };
        let all: Vec<_> = ended.iter().enumerate().map(span).collect();
        let export = serde_json::json!({"resourceSpans": [{"scopeSpans": [{"spans": all}]}]});
        let reading = Reading {
            received_at: 1_794_920_000_000,
            keeps_bodies: false,
        };
        let read = traces(export.to_string().as_bytes(), Encoding::Json, reading);
        read.unwrap().spans
    }

    fn kept(spans: &[Span]) -> Vec<Piece> {
        pieces(spans.iter()).unwrap()
    }

    #[test]
    fn what_came_again_in_other_batches_is_kept_once_and_as_it_ended() {
        let (open, ended) = (spans(&[false, true]), spans(&[true, true, true]));
        let all = [open.clone(), ended.clone()].concat();
        let both = [kept(&open), kept(&ended)].concat();
        let thin = thinned(&both, (&all, &[])).unwrap().unwrap();
        assert_eq!(thin, kept(&ended));
    }

    #[test]
    fn what_came_once_stays_as_it_came() {
        let all = spans(&[true, true]);
        let both = [kept(&all[..1]), kept(&all[1..])].concat();
        assert_eq!(thinned(&both, (&all, &[])).unwrap(), None);
    }
}
