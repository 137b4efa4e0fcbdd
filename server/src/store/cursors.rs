//! How far a source's stream has been read.

use super::db::on;
use super::{Result, Tx};

/// Where to read on, in the source's own words.
pub async fn get(tx: &mut Tx, source: &str, stream: &str) -> Result<Option<String>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT position FROM cursors WHERE source = $1 AND stream = $2")
        .bind(source)
        .bind(stream)
        .fetch_optional(conn)
        .await)?,
    )
}

/// Forgets how far a source is read, so that it is read from the beginning.
pub async fn forget(tx: &mut Tx, source: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM cursors WHERE source = $1")
        .bind(source)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Moves on; in the transaction that holds what was read.
pub async fn set(
    tx: &mut Tx,
    source: &str,
    stream: &str,
    position: &str,
    now_ms: i64,
) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO cursors (source, stream, position, moved_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (source, stream) DO UPDATE SET position = excluded.position, moved_at = excluded.moved_at",
    )
    .bind(source)
    .bind(stream)
    .bind(position)
    .bind(now_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}
