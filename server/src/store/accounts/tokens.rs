//! Tokens for scripts, by the hash of what was printed once.

use crate::store::db::on;
use crate::store::{Result, Tx};

/// A token that was handed out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Token {
    pub token_hash: String,
    pub name: String,
    pub scope: String,
    pub created_at: i64,
    pub revoked_at: Option<i64>,
    /// The last time, to within a minute.
    pub used_at: Option<i64>,
}

/// Keeps a new token, in place of a revoked one of the same name; false when the name is in use.
pub async fn insert(tx: &mut Tx, token: &Token) -> Result<bool> {
    on!(tx, conn => sqlx::query("DELETE FROM tokens WHERE name = $1 AND revoked_at IS NOT NULL")
        .bind(&token.name)
        .execute(conn)
        .await
        .map(|_| ()))?;
    let inserted = on!(tx, conn => sqlx::query(
        "INSERT INTO tokens (token_hash, name, scope, created_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO NOTHING",
    )
    .bind(&token.token_hash)
    .bind(&token.name)
    .bind(&token.scope)
    .bind(token.created_at)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(inserted > 0)
}

/// The token with this hash, unless it was revoked.
pub async fn find(tx: &mut Tx, token_hash: &str) -> Result<Option<Token>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT token_hash, name, scope, created_at, revoked_at, used_at
         FROM tokens WHERE token_hash = $1 AND revoked_at IS NULL",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await)?)
}

/// All tokens, by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<Token>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT token_hash, name, scope, created_at, revoked_at, used_at FROM tokens ORDER BY name",
    )
    .fetch_all(conn)
    .await)?)
}

/// Takes a token back; false when there is none of this name in use.
pub async fn revoke(tx: &mut Tx, name: &str, now: i64) -> Result<bool> {
    let revoked = on!(tx, conn => sqlx::query(
        "UPDATE tokens SET revoked_at = $2 WHERE name = $1 AND revoked_at IS NULL",
    )
    .bind(name)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(revoked > 0)
}

/// Notes that a token was used.
pub async fn touch(tx: &mut Tx, token_hash: &str, now: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE tokens SET used_at = $2 WHERE token_hash = $1 AND (used_at IS NULL OR used_at < $2)",
    )
    .bind(token_hash)
    .bind(now)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}
