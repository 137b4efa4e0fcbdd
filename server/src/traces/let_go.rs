//! What is kept of traces for a time only: bodies for as long as was asked for, and what runs were put together
//! from until nothing more of them is expected.

use super::{DAY_MS, KEPT_DAYS};
use crate::store::{self, Db, erase, trace_bodies, trace_pieces, trace_runs};

/// How many bodies, and how many runs' pieces, go in one step, so that nobody waits long for it.
const BODIES: i64 = 500;
const RUNS: i64 = 20;

/// Lets go what is old: all bodies where none are to be kept.
pub async fn let_go(db: &Db, keep_bodies_days: Option<u16>, now_ms: i64) -> store::Result<()> {
    let before_ms = keep_bodies_days.map_or(i64::MAX, |days| now_ms - i64::from(days) * DAY_MS);
    let mut bodies = 0;
    loop {
        let gone = some_bodies(db, before_ms).await?;
        bodies += gone;
        if gone < BODIES as u64 {
            break;
        }
    }
    if bodies > 0 {
        erase::empty_log(db).await?;
        tracing::info!(bodies, "texts of runs were let go, as old as they were");
    }
    while some_pieces(db, now_ms).await? {}
    Ok(())
}

/// Of what goes nothing stays readable in the file.
async fn some_bodies(db: &Db, before_ms: i64) -> store::Result<u64> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    erase::write_over(&mut tx).await?;
    let gone = trace_bodies::prune(&mut tx, before_ms, BODIES).await?;
    tx.commit().await?;
    Ok(gone)
}

/// Whether there may be more.
async fn some_pieces(db: &Db, now_ms: i64) -> store::Result<bool> {
    let before_ms = now_ms - KEPT_DAYS * DAY_MS;
    let runs = trace_runs::quiet_since(&mut db.read().await?, before_ms, RUNS).await?;
    if runs.is_empty() {
        return Ok(false);
    }
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    // Asked again, since more of them may have come.
    let runs = trace_runs::quiet_since(&mut tx, before_ms, RUNS).await?;
    let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
    trace_pieces::replace(&mut tx, &runs, &[]).await?;
    trace_runs::let_go(&mut tx, &runs).await?;
    tx.commit().await?;
    Ok(runs.len() as i64 == RUNS)
}
