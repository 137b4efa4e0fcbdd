//! Sessions of people who are signed in, by the hash of their cookie.

use crate::store::db::on;
use crate::store::{Result, Tx};

/// One browser that is signed in, with the role its person has now.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Session {
    pub token_hash: String,
    pub email: String,
    pub role: String,
    pub created_at: i64,
    /// The last time it was used, to within a minute.
    pub seen_at: i64,
    pub expires_at: i64,
}

/// When a session begins and ends.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    pub from: i64,
    pub to: i64,
}

/// Opens a session.
pub async fn insert(tx: &mut Tx, token_hash: &str, email: &str, span: Span) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO sessions (token_hash, email, created_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $3, $4)",
    )
    .bind(token_hash)
    .bind(email)
    .bind(span.from)
    .bind(span.to)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The session with this cookie, if its person is still there.
pub async fn find(tx: &mut Tx, token_hash: &str) -> Result<Option<Session>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT s.token_hash, s.email, p.role, s.created_at, s.seen_at, s.expires_at
         FROM sessions s JOIN people p ON p.email = s.email
         WHERE s.token_hash = $1",
    )
    .bind(token_hash)
    .fetch_optional(conn)
    .await)?)
}

/// A person's sessions, newest first.
pub async fn of_person(tx: &mut Tx, email: &str) -> Result<Vec<Session>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT s.token_hash, s.email, p.role, s.created_at, s.seen_at, s.expires_at
         FROM sessions s JOIN people p ON p.email = s.email
         WHERE s.email = $1 ORDER BY s.created_at DESC, s.token_hash",
    )
    .bind(email)
    .fetch_all(conn)
    .await)?)
}

/// Notes that a session was used.
pub async fn touch(tx: &mut Tx, token_hash: &str, now: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "UPDATE sessions SET seen_at = $2 WHERE token_hash = $1 AND seen_at < $2",
    )
    .bind(token_hash)
    .bind(now)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Ends one session.
pub async fn remove(tx: &mut Tx, token_hash: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM sessions WHERE token_hash = $1")
        .bind(token_hash)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Ends all sessions of a person and says how many there were.
pub async fn remove_of_person(tx: &mut Tx, email: &str) -> Result<u64> {
    Ok(
        on!(tx, conn => sqlx::query("DELETE FROM sessions WHERE email = $1")
        .bind(email)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))?,
    )
}

/// Forgets sessions that ran out by `now`, or were last used by `idle_since`.
pub async fn prune(tx: &mut Tx, now: i64, idle_since: i64) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM sessions WHERE expires_at <= $1 OR seen_at <= $2")
        .bind(now)
        .bind(idle_since)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
