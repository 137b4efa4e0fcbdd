//! One-time sign-in links, by the hash of their token.

use crate::store::db::on;
use crate::store::{Result, Tx};

/// A link that was handed out, used or not.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Link {
    pub token_hash: String,
    pub email: String,
    pub created_at: i64,
    pub expires_at: i64,
    pub used_at: Option<i64>,
}

/// Keeps a new link.
pub async fn insert(tx: &mut Tx, link: &Link) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO sign_in_links (token_hash, email, created_at, expires_at)
         VALUES ($1, $2, $3, $4)",
    )
    .bind(&link.token_hash)
    .bind(&link.email)
    .bind(link.created_at)
    .bind(link.expires_at)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The link with this token, whether or not it still opens anything.
pub async fn find(tx: &mut Tx, token_hash: &str) -> Result<Option<Link>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT token_hash, email, created_at, expires_at, used_at
         FROM sign_in_links WHERE token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await)?)
}

/// Uses the link up and says whose it was; of two that try at once, one gets it.
pub async fn use_up(tx: &mut Tx, token_hash: &str, now: i64) -> Result<Option<String>> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "UPDATE sign_in_links SET used_at = $2
         WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2
         RETURNING email",
    )
    .bind(token_hash)
    .bind(now)
    .fetch_optional(conn)
    .await)?)
}

/// Forgets links that ran out before `before`.
pub async fn prune(tx: &mut Tx, before: i64) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM sign_in_links WHERE expires_at <= $1")
        .bind(before)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
