//! Spans and log events as they came, by run.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::{Result, Tx};

/// A span or a log event.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Part {
    pub run_id: String,
    pub id: String,
    /// `span` or `event`.
    pub kind: String,
    /// In JSON, without its ids.
    pub body: String,
}

/// How much of a run is kept.
#[derive(Clone, Copy, Debug, Default)]
pub struct Size {
    pub parts: usize,
    pub bytes: usize,
}

const COLUMNS: Columns = Columns {
    table: "trace_parts",
    key: &["run_id", "id"],
    rest: &["kind", "body"],
};

/// Writes these parts over what was there.
pub async fn put(tx: &mut Tx, parts: &[Part]) -> Result<()> {
    Ok(put!(tx, COLUMNS, parts, |bind, own: &Part| bind
        .push_bind(&own.run_id)
        .push_bind(&own.id)
        .push_bind(&own.kind)
        .push_bind(&own.body))?)
}

/// How many parts there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM trace_parts").fetch_one(conn).await)?,
    )
}

/// How much there is of each of these runs that has any.
pub async fn sizes(tx: &mut Tx, runs: &[&str]) -> Result<HashMap<String, Size>> {
    let mut found = HashMap::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<(String, i64, i64)> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, COUNT(*), CAST(SUM(LENGTH(body)) AS BIGINT) FROM trace_parts WHERE run_id IN (",
            );
            push_ids(&mut query, runs);
            query.push(" GROUP BY run_id");
            query.build_query_as().fetch_all(conn).await
        })?;
        let whole = |own: i64| usize::try_from(own).unwrap_or(0);
        found.extend(rows.into_iter().map(|(run, parts, bytes)| {
            let (parts, bytes) = (whole(parts), whole(bytes));
            (run, Size { parts, bytes })
        }));
    }
    Ok(found)
}

/// The parts of these runs, by run, then id.
pub async fn of_runs(tx: &mut Tx, runs: &[&str]) -> Result<Vec<Part>> {
    let mut found = Vec::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<Part> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT run_id, id, kind, body FROM trace_parts WHERE run_id IN (");
            push_ids(&mut query, runs);
            query.push(" ORDER BY run_id, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
