//! The values behind the weekly medians, and the instants of events, kept sorted by metric, scope and
//! week.

use std::collections::BTreeMap;

use super::db::on;
use super::put::{Columns, put};
use super::{Result, Tx, from_json, to_json};

/// The values of one week behind a median of all segments, or when its events happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    pub metric: String,
    pub scope: String,
    /// Milliseconds, lines, or instants in milliseconds, ascending.
    pub contributions: Vec<i64>,
}

const COLUMNS: Columns = Columns {
    table: "week_values",
    key: &["metric", "scope", "week"],
    rest: &["contributions"],
};

/// Replaces all values of a week.
pub async fn replace_week(tx: &mut Tx, week: &str, values: &[Values]) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM week_values WHERE week = $1").bind(week).execute(conn).await.map(|_| ()))?;
    let rows: Vec<(&Values, String)> = values
        .iter()
        .map(|values| Ok((values, to_json("values", &values.contributions)?)))
        .collect::<Result<_>>()?;
    Ok(put!(tx, COLUMNS, rows, |bind,
                                (values, text): &(
        &Values,
        String
    )| bind
        .push_bind(&values.metric)
        .push_bind(&values.scope)
        .push_bind(week)
        .push_bind(text))?)
}

/// The values of a metric and scope from one week to another, both included, by week.
pub async fn between(
    tx: &mut Tx,
    (metric, scope): (&str, &str),
    (from, to): (&str, &str),
) -> Result<BTreeMap<String, Vec<i64>>> {
    let rows: Vec<(String, String)> = on!(tx, conn => sqlx::query_as(
        "SELECT week, contributions FROM week_values WHERE metric = $1 AND scope = $2 AND week >= $3 AND week <= $4",
    )
    .bind(metric)
    .bind(scope)
    .bind(from)
    .bind(to)
    .fetch_all(conn)
    .await)?;
    rows.into_iter()
        .map(|(week, text)| Ok((week, from_json("values", &text)?)))
        .collect()
}
