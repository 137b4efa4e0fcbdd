//! What was decided to be done, by whom, until when. How its state changed stands among the acts.

use super::db::on;
use super::{Result, Tx};

/// One action.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Action {
    /// From 1.
    pub number: i64,
    pub said: String,
    /// A person's e-mail.
    pub owner: String,
    /// A day such as `2026-11-27`.
    pub due: String,
    /// `company` or `workflow:SLUG`.
    pub scope: String,
    /// The week it was decided in.
    pub week: String,
    pub added_at: i64,
    pub added_by: String,
    /// None while it is open.
    pub done_at: Option<i64>,
    pub done_by: Option<String>,
}

/// Which actions a review shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// None for those of every scope.
    pub scope: Option<&'a str>,
    /// Decided in this week or before it.
    pub week: &'a str,
    /// Done since, unless open.
    pub done_since_ms: i64,
}

/// The number that the next one gets; whoever adds it holds the lock of the acts.
pub async fn next_number(tx: &mut Tx) -> Result<i64> {
    let last: Option<i64> = on!(tx, conn => sqlx::query_scalar("SELECT MAX(number) FROM actions")
        .fetch_one(conn)
        .await)?;
    Ok(last.unwrap_or(0) + 1)
}

/// Adds an action.
pub async fn add(tx: &mut Tx, action: &Action) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO actions (number, said, owner, due, scope, week, added_at, added_by, done_at, done_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(action.number)
    .bind(&action.said)
    .bind(&action.owner)
    .bind(&action.due)
    .bind(&action.scope)
    .bind(&action.week)
    .bind(action.added_at)
    .bind(&action.added_by)
    .bind(action.done_at)
    .bind(&action.done_by)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Writes when and by whom it was done, or that it is open.
pub async fn set_done(tx: &mut Tx, number: i64, done: Option<(i64, &str)>) -> Result<()> {
    let (at, by) = done.unzip();
    on!(tx, conn => sqlx::query("UPDATE actions SET done_at = $2, done_by = $3 WHERE number = $1")
        .bind(number)
        .bind(at)
        .bind(by)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The action of this number.
pub async fn find(tx: &mut Tx, number: i64) -> Result<Option<Action>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, said, owner, due, scope, week, added_at, added_by, done_at, done_by \
         FROM actions WHERE number = $1",
    )
    .bind(number)
    .fetch_optional(conn)
    .await)?)
}

/// Every open one by its due day.
pub async fn open(tx: &mut Tx) -> Result<Vec<Action>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, said, owner, due, scope, week, added_at, added_by, done_at, done_by \
         FROM actions WHERE done_at IS NULL ORDER BY due, number",
    )
    .fetch_all(conn)
    .await)?)
}

/// Those done last, the latest first.
pub async fn done(tx: &mut Tx, limit: i64) -> Result<Vec<Action>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, said, owner, due, scope, week, added_at, added_by, done_at, done_by \
         FROM actions WHERE done_at IS NOT NULL ORDER BY done_at DESC, number DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// Those that a review shows: the open ones by their due day, then those done, the latest first.
pub async fn shown(tx: &mut Tx, of: Shown<'_>) -> Result<Vec<Action>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, said, owner, due, scope, week, added_at, added_by, done_at, done_by \
         FROM actions WHERE ($1 IS NULL OR scope = $1) AND week <= $2 \
         AND (done_at IS NULL OR done_at >= $3) \
         ORDER BY CASE WHEN done_at IS NULL THEN 0 ELSE 1 END, \
         CASE WHEN done_at IS NULL THEN due ELSE '' END, done_at DESC, number",
    )
    .bind(of.scope)
    .bind(of.week)
    .bind(of.done_since_ms)
    .fetch_all(conn)
    .await)?)
}
