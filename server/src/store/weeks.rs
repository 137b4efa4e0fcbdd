//! Frozen weeks: the judged result as it was shown, the figures as they stood, and what moved later.

use sqlx::QueryBuilder;

use super::db::on;
use super::figures::Series;
use super::put::{Columns, put};
use super::{Result, Tx};

/// What was shown for a week and scope when it froze.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Snapshot {
    pub week: String,
    pub scope: String,
    pub frozen_at: i64,
    /// The judged view, in JSON.
    pub body: String,
}

/// A snapshot as it is shown, and what its readers are to be told besides.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Shown {
    /// The judged view, in JSON.
    pub body: String,
    /// Whether a settled figure of the week moved.
    pub is_restated: bool,
    /// Whether anything was said since about the week or one before it.
    pub was_explained: bool,
}

/// What stood for a figure when its week froze, or, once settled, when it was first frozen as that.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct FrozenFigure {
    pub metric: String,
    pub scope: String,
    pub segment: String,
    pub week: String,
    pub frozen_at: i64,
    pub is_settled: bool,
    /// The stored figure, in JSON; `null` where there was none.
    pub body: String,
    /// Of the sorted ids of the records behind it.
    pub records_hash: String,
}

/// A settled figure of a frozen week that moved all the same.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Restatement {
    pub metric: String,
    pub scope: String,
    pub segment: String,
    pub week: String,
    pub restated_at: i64,
    /// The figure before and after, in JSON; `null` where there was or is none.
    pub old_body: String,
    pub new_body: String,
    pub reason: String,
}

impl FrozenFigure {
    /// The series that it is a figure of.
    pub fn series(&self) -> Series<'_> {
        Series {
            metric: &self.metric,
            scope: &self.scope,
            segment: &self.segment,
        }
    }
}

impl Restatement {
    /// The series whose figure moved.
    pub fn series(&self) -> Series<'_> {
        Series {
            metric: &self.metric,
            scope: &self.scope,
            segment: &self.segment,
        }
    }
}

/// Keeps a snapshot; the first one stays, and false says that there was one.
pub async fn freeze(tx: &mut Tx, snapshot: &Snapshot) -> Result<bool> {
    let kept = on!(tx, conn => sqlx::query(
        "INSERT INTO snapshots (week, scope, frozen_at, body) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (week, scope) DO NOTHING",
    )
    .bind(&snapshot.week)
    .bind(&snapshot.scope)
    .bind(snapshot.frozen_at)
    .bind(&snapshot.body)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(kept > 0)
}

/// What was shown for a week and scope, if it is frozen.
pub async fn frozen(tx: &mut Tx, week: &str, scope: &str) -> Result<Option<Snapshot>> {
    Ok(
        on!(tx, conn => sqlx::query_as("SELECT week, scope, frozen_at, body FROM snapshots WHERE week = $1 AND scope = $2")
        .bind(week)
        .bind(scope)
        .fetch_optional(conn)
        .await)?,
    )
}

/// What is shown for a week and scope, if it is frozen.
pub async fn shown(tx: &mut Tx, week: &str, scope: &str) -> Result<Option<Shown>> {
    // In one go: each statement costs as much as all that this one looks at.
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT body, \
         EXISTS (SELECT 1 FROM restatements AS own WHERE own.week = snapshots.week) AS is_restated, \
         EXISTS (SELECT 1 FROM explanations AS own WHERE own.week <= snapshots.week \
                 AND own.written_at >= snapshots.frozen_at) AS was_explained \
         FROM snapshots WHERE week = $1 AND scope = $2",
    )
    .bind(week)
    .bind(scope)
    .fetch_optional(conn)
    .await)?)
}

/// Whether the company is frozen for a week, and so everything of it.
pub async fn is_frozen(tx: &mut Tx, week: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar(
        "SELECT frozen_at FROM snapshots WHERE week = $1 AND scope = 'company'",
    )
    .bind(week)
    .fetch_optional(conn)
    .await)?;
    Ok(found.is_some())
}

/// The frozen weeks, oldest first.
pub async fn all(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT week FROM snapshots WHERE scope = 'company' ORDER BY week")
        .fetch_all(conn)
        .await)?,
    )
}

/// The latest frozen week, and when it froze.
pub async fn newest(tx: &mut Tx) -> Result<Option<(String, i64)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT week, frozen_at FROM snapshots WHERE scope = 'company' ORDER BY week DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?)
}

/// When anything was frozen last.
pub async fn last_at(tx: &mut Tx) -> Result<Option<i64>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT MAX(frozen_at) FROM snapshots").fetch_one(conn).await)?,
    )
}

const FROZEN_FIGURES: Columns = Columns {
    table: "frozen_figures",
    key: &["metric", "scope", "segment", "week"],
    rest: &["frozen_at", "is_settled", "body", "records_hash"],
};

/// Writes what stands for figures of frozen weeks.
pub async fn put_figures(tx: &mut Tx, figures: &[FrozenFigure]) -> Result<()> {
    Ok(put!(
        tx,
        FROZEN_FIGURES,
        figures,
        |bind, figure: &FrozenFigure| bind
            .push_bind(&figure.metric)
            .push_bind(&figure.scope)
            .push_bind(&figure.segment)
            .push_bind(&figure.week)
            .push_bind(figure.frozen_at)
            .push_bind(i64::from(figure.is_settled))
            .push_bind(&figure.body)
            .push_bind(&figure.records_hash)
    )?)
}

/// What stood for the figures of a frozen week.
pub async fn figures(tx: &mut Tx, week: &str) -> Result<Vec<FrozenFigure>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT metric, scope, segment, week, frozen_at, is_settled <> 0 AS is_settled, body, records_hash \
         FROM frozen_figures WHERE week = $1",
    )
    .bind(week)
    .fetch_all(conn)
    .await)?)
}

/// The frozen weeks with figures that had not settled.
pub async fn unsettled(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT DISTINCT week FROM frozen_figures WHERE is_settled = 0 ORDER BY week")
        .fetch_all(conn)
        .await)?,
    )
}

const RESTATEMENTS: Columns = Columns {
    table: "restatements",
    key: &["metric", "scope", "segment", "week", "restated_at"],
    rest: &["old_body", "new_body", "reason"],
};

const SELECT: &str = "SELECT metric, scope, segment, week, restated_at, old_body, new_body, reason FROM restatements ";

/// Adds restatements; earlier ones stay.
pub async fn restate(tx: &mut Tx, restatements: &[Restatement]) -> Result<()> {
    Ok(put!(
        tx,
        RESTATEMENTS,
        restatements,
        |bind, one: &Restatement| bind
            .push_bind(&one.metric)
            .push_bind(&one.scope)
            .push_bind(&one.segment)
            .push_bind(&one.week)
            .push_bind(one.restated_at)
            .push_bind(&one.old_body)
            .push_bind(&one.new_body)
            .push_bind(&one.reason)
    )?)
}

/// All restatements of a week, the oldest first.
pub async fn restatements(tx: &mut Tx, week: &str) -> Result<Vec<Restatement>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE week = ").push_bind(week);
        query.push(" ORDER BY restated_at, metric, scope, segment");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The restatements of a series from one week to another, both included, the oldest first.
pub async fn restatements_between(
    tx: &mut Tx,
    series: Series<'_>,
    (from, to): (&str, &str),
) -> Result<Vec<Restatement>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE metric = ").push_bind(series.metric).push(" AND scope = ").push_bind(series.scope);
        query.push(" AND segment = ").push_bind(series.segment).push(" AND week >= ").push_bind(from);
        query.push(" AND week <= ").push_bind(to).push(" ORDER BY week, restated_at");
        query.build_query_as().fetch_all(conn).await
    })?)
}
