//! What came of each time that a connected system was read.

use super::db::on;
use super::{Result, Tx};

/// How many are kept of each source.
const KEPT: i64 = 200;

/// One time that a system was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Pull {
    pub source: String,
    pub started_at: i64,
    /// None while it is under way, or where it was broken off.
    pub ended_at: Option<i64>,
    pub pages: i64,
    pub accepted: i64,
    pub repeated: i64,
    pub refused: i64,
    /// The parts that there are, and those that were read whole.
    pub parts: Option<i64>,
    pub parts_read: Option<i64>,
    /// Whose it is to mend that it was not read whole; none where it was.
    pub class: Option<String>,
    pub said: Option<String>,
    /// When it is due again.
    pub next_at: Option<i64>,
}

/// Writes one over what was noted of it before.
pub async fn put(tx: &mut Tx, pull: &Pull) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO pulls (source, started_at, ended_at, pages, accepted, repeated, refused, class, said, next_at, \
         parts, parts_read) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (source, started_at) DO UPDATE SET ended_at = excluded.ended_at, pages = excluded.pages, \
         accepted = excluded.accepted, repeated = excluded.repeated, refused = excluded.refused, \
         class = excluded.class, said = excluded.said, next_at = excluded.next_at, parts = excluded.parts, \
         parts_read = excluded.parts_read",
    )
    .bind(&pull.source)
    .bind(pull.started_at)
    .bind(pull.ended_at)
    .bind(pull.pages)
    .bind(pull.accepted)
    .bind(pull.repeated)
    .bind(pull.refused)
    .bind(&pull.class)
    .bind(&pull.said)
    .bind(pull.next_at)
    .bind(pull.parts)
    .bind(pull.parts_read)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The latest of a source, the newest first.
pub async fn latest(tx: &mut Tx, source: &str, limit: i64) -> Result<Vec<Pull>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, started_at, ended_at, pages, accepted, repeated, refused, parts, parts_read, class, said, \
         next_at FROM pulls WHERE source = $1 ORDER BY started_at DESC LIMIT $2",
    )
    .bind(source)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// Forgets the oldest of a source, beyond so many that are kept.
pub async fn prune(tx: &mut Tx, source: &str) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "DELETE FROM pulls WHERE source = $1 AND started_at < (SELECT MIN(started_at) FROM \
         (SELECT started_at FROM pulls WHERE source = $1 ORDER BY started_at DESC LIMIT $2) AS kept)",
    )
    .bind(source)
    .bind(KEPT)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Makes a source due at an instant, if it was ever read.
pub async fn make_due(tx: &mut Tx, source: &str, at_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE pulls SET next_at = $2 WHERE source = $1 \
         AND started_at = (SELECT MAX(started_at) FROM pulls WHERE source = $1)",
    )
    .bind(source)
    .bind(at_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}
