//! How far a source's stream has been read.

use super::db::on;
use super::{Result, Tx};

/// How far a part of a source's stream is read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Cursor {
    pub stream: String,
    pub position: String,
    pub moved_at: i64,
}

/// Where to read on, in the source's own words.
pub async fn get(tx: &mut Tx, source: &str, stream: &str) -> Result<Option<String>> {
    Ok(find(tx, source, stream).await?.map(|own| own.position))
}

/// The same, with the instant since when it stands.
pub async fn find(tx: &mut Tx, source: &str, stream: &str) -> Result<Option<Cursor>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT stream, position, moved_at FROM cursors WHERE source = $1 AND stream = $2",
    )
    .bind(source)
    .bind(stream)
    .fetch_optional(conn)
    .await)?)
}

/// Those of a source that moved last, the newest first.
pub async fn latest(tx: &mut Tx, source: &str, limit: i64) -> Result<Vec<Cursor>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT stream, position, moved_at FROM cursors WHERE source = $1 \
         ORDER BY moved_at DESC, stream LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
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
