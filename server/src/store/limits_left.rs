//! What is left of the limits of connected systems, as they told last.

use super::db::on;
use super::{Result, Tx};

/// One limit of a system.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct LimitLeft {
    pub source: String,
    /// As the system calls it.
    pub name: String,
    pub most: i64,
    pub remaining: i64,
    /// When it begins anew.
    pub resets_at: i64,
}

/// Notes what a system told, over what it told before.
pub async fn put(tx: &mut Tx, limit: &LimitLeft) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO limits_left (source, name, most, remaining, resets_at) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (source, name) DO UPDATE SET most = excluded.most, remaining = excluded.remaining, \
         resets_at = excluded.resets_at",
    )
    .bind(&limit.source)
    .bind(&limit.name)
    .bind(limit.most)
    .bind(limit.remaining)
    .bind(limit.resets_at)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The limits of a source, by name.
pub async fn of(tx: &mut Tx, source: &str) -> Result<Vec<LimitLeft>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, name, most, remaining, resets_at FROM limits_left WHERE source = $1 ORDER BY name",
    )
    .bind(source)
    .fetch_all(conn)
    .await)?)
}
