//! Figures by metric, scope, segment and week, and the weeks whose figures are behind.

use serde::{Deserialize, Serialize};
use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on};
use super::put::{Columns, put};
use super::{Result, Tx};

/// A figure as it is stored: what was computed, not yet judged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, sqlx::FromRow)]
#[serde(default)]
pub struct Figure {
    pub metric: String,
    pub scope: String,
    pub segment: String,
    pub week: String,
    pub definition_version: i64,
    pub value: Option<f64>,
    pub sample: i64,
    pub numerator: Option<i64>,
    pub denominator: Option<i64>,
    pub p90: Option<f64>,
    pub interval_low: Option<f64>,
    pub interval_high: Option<f64>,
    /// Bounds from what is not known.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// For each hundred of what the metric is measured against.
    pub per_hundred: Option<f64>,
    /// What is told beside the value, in JSON.
    pub parts: Option<String>,
    /// Records of the week that the value could not use.
    pub left_out: i64,
    pub reason: Option<String>,
}

/// Names one series of figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Series<'a> {
    pub metric: &'a str,
    pub scope: &'a str,
    pub segment: &'a str,
}

impl Figure {
    /// The series that it is a figure of.
    pub fn series(&self) -> Series<'_> {
        Series {
            metric: &self.metric,
            scope: &self.scope,
            segment: &self.segment,
        }
    }
}

const COLUMNS: Columns = Columns {
    table: "figures",
    key: &["metric", "scope", "segment", "week"],
    rest: &[
        "definition_version",
        "value",
        "sample",
        "numerator",
        "denominator",
        "p90",
        "interval_low",
        "interval_high",
        "low",
        "high",
        "per_hundred",
        "parts",
        "left_out",
        "reason",
    ],
};

const SELECT: &str = "SELECT metric, scope, segment, week, definition_version, value, sample, numerator, denominator, \
     p90, interval_low, interval_high, low, high, per_hundred, parts, left_out, reason FROM figures ";

/// Replaces all figures of a week.
pub async fn replace_week(tx: &mut Tx, week: &str, figures: &[Figure]) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM figures WHERE week = $1").bind(week).execute(conn).await.map(|_| ()))?;
    Ok(put!(tx, COLUMNS, figures, |bind, figure: &Figure| bind
        .push_bind(&figure.metric)
        .push_bind(&figure.scope)
        .push_bind(&figure.segment)
        .push_bind(&figure.week)
        .push_bind(figure.definition_version)
        .push_bind(figure.value)
        .push_bind(figure.sample)
        .push_bind(figure.numerator)
        .push_bind(figure.denominator)
        .push_bind(figure.p90)
        .push_bind(figure.interval_low)
        .push_bind(figure.interval_high)
        .push_bind(figure.low)
        .push_bind(figure.high)
        .push_bind(figure.per_hundred)
        .push_bind(&figure.parts)
        .push_bind(figure.left_out)
        .push_bind(&figure.reason))?)
}

/// The stored figures of a series from one week to another, both included, oldest first.
pub async fn between(tx: &mut Tx, series: Series<'_>, from: &str, to: &str) -> Result<Vec<Figure>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE metric = ").push_bind(series.metric).push(" AND scope = ").push_bind(series.scope);
        query.push(" AND segment = ").push_bind(series.segment).push(" AND week >= ").push_bind(from);
        query.push(" AND week <= ").push_bind(to).push(" ORDER BY week");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// What a series came to in a week.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Counted {
    pub week: String,
    pub value: Option<f64>,
    pub sample: i64,
}

/// A series from its first week up to this one, oldest first.
pub async fn history(tx: &mut Tx, series: Series<'_>, to: &str) -> Result<Vec<Counted>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT week, value, sample FROM figures \
         WHERE metric = $1 AND scope = $2 AND segment = $3 AND week <= $4 ORDER BY week",
    )
    .bind(series.metric)
    .bind(series.scope)
    .bind(series.segment)
    .bind(to)
    .fetch_all(conn)
    .await)?)
}

/// All stored figures of a week.
pub async fn of_week(tx: &mut Tx, week: &str) -> Result<Vec<Figure>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE week = ").push_bind(week);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The first and the last week in which any of these metrics counted a record. Each is looked up at an
/// end of the index, so that a long past costs nothing.
pub async fn span(
    tx: &mut Tx,
    metrics: &[&str],
    (scope, segment): (&str, &str),
) -> Result<Option<(String, String)>> {
    let (first, last): (Option<String>, Option<String>) = on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT MIN(first_week), MAX(last_week) FROM (");
        for (place, metric) in metrics.iter().enumerate() {
            query.push(if place == 0 { "SELECT (" } else { " UNION ALL SELECT (" });
            for (order, name) in [("", "first_week, ("), (" DESC", "last_week")] {
                query.push("SELECT week FROM figures WHERE metric = ").push_bind(*metric);
                query.push(" AND scope = ").push_bind(scope);
                query.push(" AND segment = ").push_bind(segment);
                query.push(" AND sample > 0 ORDER BY week").push(order);
                query.push(" LIMIT 1) AS ").push(name);
            }
        }
        query.push(") AS ends");
        query.build_query_as().fetch_one(conn).await
    })?;
    Ok(first.zip(last))
}

/// The first week with a figure of a metric, with or without a record behind it.
pub async fn first(tx: &mut Tx, metric: &str, scope: &str) -> Result<Option<String>> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "SELECT week FROM figures WHERE metric = $1 AND scope = $2 AND segment = 'all' ORDER BY week LIMIT 1",
    )
    .bind(metric)
    .bind(scope)
    .fetch_optional(conn)
    .await)?)
}

/// Notes that the figures of these weeks are behind. A week that is noted already is written again
/// all the same: that locks its row, so that whoever computes it waits for this transaction.
pub async fn touch(tx: &mut Tx, weeks: &[String]) -> Result<()> {
    for weeks in weeks.chunks(MAX_BINDS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("INSERT INTO touched_weeks (week) ");
            query.push_values(weeks, |mut row, week| {
                row.push_bind(week);
            });
            query.push(" ON CONFLICT (week) DO UPDATE SET week = excluded.week");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The weeks whose figures are behind, oldest first.
pub async fn touched(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT week FROM touched_weeks ORDER BY week").fetch_all(conn).await)?,
    )
}

/// Takes a week on; false when another has done it meanwhile. Until the transaction ends, whoever
/// touches the week again waits, so that nothing new is missed.
pub async fn take(tx: &mut Tx, week: &str) -> Result<bool> {
    let taken = on!(tx, conn => sqlx::query("DELETE FROM touched_weeks WHERE week = $1")
        .bind(week)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))?;
    Ok(taken > 0)
}

/// All weeks that have figures.
pub async fn weeks(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT DISTINCT week FROM figures ORDER BY week").fetch_all(conn).await)?,
    )
}
