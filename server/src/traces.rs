//! Runs that come as traces: their spans and log events are kept as they came, durably, and put together
//! behind, again whenever more of them come.
//!
//! What is put together goes in by the same door as a pushed run. Of a trace and a record of the same id
//! that carries a date, the record wins.

mod merged;
mod record;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::pin::Pin;

use crate::connectors::Read;
use crate::ingest::{self, Outcome};
use crate::otlp::{Event, Refusals, Span, assemble};
use crate::store::touched::{self, Kind};
use crate::store::trace_parts::{self, Part};
use crate::store::{self, Db, from_json, to_json};

/// What they are told to come from, where a page lists sources.
pub const SOURCE: &str = "otlp";
const SPAN: &str = "span";
const EVENT: &str = "event";

/// How many runs are put together in one step.
const STEP: i64 = 200;

/// Keeps spans of one export, and sets aside what was refused. When this returns, both are durable.
pub async fn keep_spans(
    db: &Db,
    (spans, refused): (&[Span], &Refusals),
    now_ms: i64,
) -> store::Result<()> {
    let parts = spans.iter().map(|span| {
        Ok(Part {
            run_id: span.run_id.clone(),
            id: span.id.clone(),
            kind: SPAN.to_owned(),
            body: to_json("a span", span)?,
        })
    });
    keep(db, parts.collect::<store::Result<_>>()?, (refused, now_ms)).await
}

/// Keeps log events of one export, and sets aside what was refused. When this returns, both are durable.
pub async fn keep_events(
    db: &Db,
    (events, refused): (&[Event], &Refusals),
    now_ms: i64,
) -> store::Result<()> {
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

async fn keep(db: &Db, parts: Vec<Part>, (refused, now_ms): (&Refusals, i64)) -> store::Result<()> {
    if parts.is_empty() && refused.first.is_empty() {
        return Ok(());
    }
    let parts = each_once(parts);
    let runs: BTreeSet<&str> = parts.iter().map(|part| part.run_id.as_str()).collect();
    let runs: Vec<(&str, &str)> = runs.into_iter().map(|id| ("", id)).collect();
    let mut tx = db.write().await?;
    // Whoever puts these runs together waits, so that it sees all that is kept of them.
    tx.lock_facts().await?;
    trace_parts::put(&mut tx, &parts).await?;
    touched::things(&mut tx, Kind::Trace, &runs).await?;
    let unread = unread(refused);
    if !unread.is_empty() {
        ingest::take_page(&mut tx, SOURCE, &unread, now_ms).await?;
    }
    tx.commit().await
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
    let parts = trace_parts::of_runs(&mut tx, &ids).await?;
    let mut read = Vec::new();
    for of_run in parts.chunk_by(|one, other| one.run_id == other.run_id) {
        read.extend(records(of_run)?);
    }
    let outcome = ingest::take_page(&mut tx, SOURCE, &read, now_ms).await?;
    tx.commit().await?;
    told(&outcome);
    Ok(!taken.is_empty())
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
                id: part.id.clone(),
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
