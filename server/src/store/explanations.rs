//! What people say about a week of a series. An edit is another row, so that history stays.

use super::db::on;
use super::{Result, Tx};

/// A week of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject<'a> {
    pub metric: &'a str,
    pub scope: &'a str,
    pub week: &'a str,
}

/// What was said once.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Explanation {
    pub metric: String,
    pub scope: String,
    pub week: String,
    pub written_at: i64,
    pub written_by: String,
    /// `known_cause` or `still_looking`.
    pub cause: String,
    pub said: String,
}

/// Adds what is said; what was said before stays.
pub async fn add(tx: &mut Tx, explanation: &Explanation) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO explanations (metric, scope, week, written_at, written_by, cause, said) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&explanation.metric)
    .bind(&explanation.scope)
    .bind(&explanation.week)
    .bind(explanation.written_at)
    .bind(&explanation.written_by)
    .bind(&explanation.cause)
    .bind(&explanation.said)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// All that was said about a week of a series, the newest first.
pub async fn of(tx: &mut Tx, subject: Subject<'_>) -> Result<Vec<Explanation>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT metric, scope, week, written_at, written_by, cause, said FROM explanations \
         WHERE metric = $1 AND scope = $2 AND week = $3 ORDER BY written_at DESC",
    )
    .bind(subject.metric)
    .bind(subject.scope)
    .bind(subject.week)
    .fetch_all(conn)
    .await)?)
}

/// All that was said about any series from one week to another, the newest first.
pub async fn between(tx: &mut Tx, (from, to): (&str, &str)) -> Result<Vec<Explanation>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT metric, scope, week, written_at, written_by, cause, said FROM explanations \
         WHERE week >= $1 AND week <= $2 ORDER BY written_at DESC, week DESC, metric, scope",
    )
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await)?)
}
