//! Runs of suites as figures see them.

use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_pairs};
use crate::store::put::{Columns, put};
use crate::store::{Result, Tx};

/// A run of a suite.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct SuiteRunLink {
    pub workflow: String,
    pub suite_run_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub suite: String,
    /// `regression`, `adversarial` or `unit`.
    pub kind: String,
    pub commit_sha: Option<String>,
    pub finished_at: i64,
    pub cases: i64,
    pub passed: i64,
    pub threshold_ratio: Option<f64>,
}

const COLUMNS: Columns = Columns {
    table: "suite_run_links",
    key: &["workflow", "suite_run_id"],
    rest: &[
        "version",
        "suite",
        "kind",
        "commit_sha",
        "finished_at",
        "cases",
        "passed",
        "threshold_ratio",
    ],
};

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[SuiteRunLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, own: &SuiteRunLink| bind
        .push_bind(&own.workflow)
        .push_bind(&own.suite_run_id)
        .push_bind(own.version)
        .push_bind(&own.suite)
        .push_bind(&own.kind)
        .push_bind(&own.commit_sha)
        .push_bind(own.finished_at)
        .push_bind(own.cases)
        .push_bind(own.passed)
        .push_bind(own.threshold_ratio))?)
}

/// Removes the link of a run that is no more, or belongs to another workflow now.
pub async fn remove(tx: &mut Tx, workflow: &str, id: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM suite_run_links WHERE workflow = $1 AND suite_run_id = $2")
        .bind(workflow)
        .bind(id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

const SELECT: &str = "SELECT workflow, suite_run_id, version, suite, kind, commit_sha, finished_at, cases, passed, \
     threshold_ratio FROM suite_run_links WHERE ";

/// The links of these runs, given as (workflow, id).
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<SuiteRunLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<SuiteRunLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("(workflow, suite_run_id) IN (");
            push_pairs(&mut query, keys);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The runs that finished in [from, to), by finish, then id.
pub async fn between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<SuiteRunLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("finished_at >= ").push_bind(from_ms).push(" AND finished_at < ").push_bind(to_ms);
        query.push(" ORDER BY finished_at, suite_run_id");
        query.build_query_as().fetch_all(conn).await
    })?)
}
