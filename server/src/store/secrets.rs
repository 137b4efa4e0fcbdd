//! Secrets that were entered in a page, sealed; nothing here can open them.

use super::db::on;
use super::{Result, Tx};

/// What a secret is: what signs in, and what the system signs with.
pub const TOKEN: &str = "token";
pub const WEBHOOK: &str = "webhook";

/// A sealed secret of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret<'a> {
    pub source: &'a str,
    /// What it is: `token` or `webhook`.
    pub name: &'a str,
    pub sealed: &'a [u8],
    pub set_at: i64,
    pub set_by: &'a str,
}

/// Writes a secret over the one that was there.
pub async fn put(tx: &mut Tx, secret: Secret<'_>) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO secrets (source, name, sealed, set_at, set_by) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (source, name) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at, \
         set_by = excluded.set_by",
    )
    .bind(secret.source)
    .bind(secret.name)
    .bind(secret.sealed)
    .bind(secret.set_at)
    .bind(secret.set_by)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The sealed secrets of a source, by what they are.
pub async fn of(tx: &mut Tx, source: &str) -> Result<Vec<(String, Vec<u8>)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT name, sealed FROM secrets WHERE source = $1 ORDER BY name",
    )
    .bind(source)
    .fetch_all(conn)
    .await)?)
}

/// Forgets the secrets of a source.
pub async fn forget(tx: &mut Tx, source: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM secrets WHERE source = $1")
        .bind(source)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
