//! What a system sent of its own accord, and what that says is worth reading again.

use super::db::on;
use super::{Result, Tx};

/// A delivery that was let in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Hook {
    pub source: String,
    /// The system's own id of the delivery.
    pub id: String,
    pub event: String,
    pub received_at: i64,
    pub accepted: i64,
    pub refused: i64,
}

/// Keeps a delivery; false says that it was there.
pub async fn keep(tx: &mut Tx, hook: &Hook) -> Result<bool> {
    let kept = on!(tx, conn => sqlx::query(
        "INSERT INTO hooks (source, id, event, received_at, accepted, refused) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (source, id) DO NOTHING",
    )
    .bind(&hook.source)
    .bind(&hook.id)
    .bind(&hook.event)
    .bind(hook.received_at)
    .bind(hook.accepted)
    .bind(hook.refused)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(kept > 0)
}

/// Whether a delivery was let in before.
pub async fn is_known(tx: &mut Tx, source: &str, id: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar(
        "SELECT received_at FROM hooks WHERE source = $1 AND id = $2",
    )
    .bind(source)
    .bind(id)
    .fetch_optional(conn)
    .await)?;
    Ok(found.is_some())
}

/// How many deliveries a source sent since an instant, and when the newest came.
pub async fn since(tx: &mut Tx, source: &str, from_ms: i64) -> Result<(i64, Option<i64>)> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT COUNT(*), MAX(received_at) FROM hooks WHERE source = $1 AND received_at >= $2",
    )
    .bind(source)
    .bind(from_ms)
    .fetch_one(conn)
    .await)?)
}

/// Forgets deliveries from before an instant: a system sends nothing again that old.
pub async fn prune(tx: &mut Tx, before_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM hooks WHERE received_at < $1")
        .bind(before_ms)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Counts a delivery whose signature does not hold.
pub async fn count_forgery(tx: &mut Tx, source: &str, at_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO hook_forgeries (source, times, last_at) VALUES ($1, 1, $2) \
         ON CONFLICT (source) DO UPDATE SET times = hook_forgeries.times + 1, last_at = excluded.last_at",
    )
    .bind(source)
    .bind(at_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// How often a signature did not hold, and when last.
pub async fn forgeries(tx: &mut Tx, source: &str) -> Result<Option<(i64, i64)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT times, last_at FROM hook_forgeries WHERE source = $1",
    )
    .bind(source)
    .fetch_optional(conn)
    .await)?)
}

/// Notes that a part of a source is worth reading again.
pub async fn note_part(tx: &mut Tx, source: &str, part: &str, at_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO hook_parts (source, part, at) VALUES ($1, $2, $3) \
         ON CONFLICT (source, part) DO UPDATE SET at = excluded.at",
    )
    .bind(source)
    .bind(part)
    .bind(at_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The parts of a source that are worth reading again, and when each was noted last.
pub async fn parts(tx: &mut Tx, source: &str) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT part, at FROM hook_parts WHERE source = $1 ORDER BY part",
    )
    .bind(source)
    .fetch_all(conn)
    .await)?)
}

/// Forgets a part that was read, unless it was noted again since.
pub async fn forget_part(tx: &mut Tx, source: &str, (part, at_ms): (&str, i64)) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "DELETE FROM hook_parts WHERE source = $1 AND part = $2 AND at <= $3",
    )
    .bind(source)
    .bind(part)
    .bind(at_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}
