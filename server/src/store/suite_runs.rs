//! Runs of suites: how many cases there were, and how many passed.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::registry::SuiteKind;
use super::versions::Version;
use super::{Result, Tx, from_json, from_word, to_json};

/// A run of a suite as its source tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct SuiteRun {
    /// Its home is the workflow.
    pub version: Version,
    pub suite: String,
    pub kind: SuiteKind,
    pub commit_sha: Option<String>,
    pub cases: i64,
    pub passed: i64,
    /// Failing cases by category, as far as that is told.
    pub failed: BTreeMap<String, u32>,
    /// The share that had to pass, where the run tells it.
    pub threshold_ratio: Option<f64>,
    pub finished_at: i64,
}

const COLUMNS: Columns = Columns {
    table: "suite_runs",
    key: &["workflow", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "suite",
        "kind",
        "commit_sha",
        "cases",
        "passed",
        "failed",
        "threshold_ratio",
        "finished_at",
    ],
};

/// Writes these runs over what was there.
pub async fn put(tx: &mut Tx, runs: &[SuiteRun]) -> Result<()> {
    let rows: Vec<(&SuiteRun, String)> = runs
        .iter()
        .map(|run| Ok((run, to_json("failing cases", &run.failed)?)))
        .collect::<Result<_>>()?;
    Ok(put!(tx, COLUMNS, rows, |bind,
                                (run, failed): &(
        &SuiteRun,
        String
    )| bind
        .push_bind(&run.version.home)
        .push_bind(&run.version.id)
        .push_bind(run.version.updated_at)
        .push_bind(&run.version.hash)
        .push_bind(&run.version.raw_id)
        .push_bind(run.version.ordinal)
        .push_bind(&run.suite)
        .push_bind(run.kind.as_str())
        .push_bind(&run.commit_sha)
        .push_bind(run.cases)
        .push_bind(run.passed)
        .push_bind(failed)
        .push_bind(run.threshold_ratio)
        .push_bind(run.finished_at))?)
}

#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    version: Version,
    suite: String,
    kind: String,
    commit_sha: Option<String>,
    cases: i64,
    passed: i64,
    failed: String,
    threshold_ratio: Option<f64>,
    finished_at: i64,
}

impl Stored {
    fn read(self) -> Result<SuiteRun> {
        Ok(SuiteRun {
            version: self.version,
            suite: self.suite,
            kind: from_word("the kind of a suite", Some(self.kind))?.unwrap_or(SuiteKind::Unit),
            commit_sha: self.commit_sha,
            cases: self.cases,
            passed: self.passed,
            failed: from_json("failing cases", &self.failed)?,
            threshold_ratio: self.threshold_ratio,
            finished_at: self.finished_at,
        })
    }
}

const SELECT: &str = "SELECT workflow AS home, id, updated_at, hash, raw_id, ordinal, suite, kind, commit_sha, cases, \
     passed, failed, threshold_ratio, finished_at FROM suite_runs WHERE ";

/// The suite runs of these ids.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<SuiteRun>> {
    select(tx, "id", ids).await
}

/// The suite runs on these commits.
pub async fn on_commits(tx: &mut Tx, commits: &[&str]) -> Result<Vec<SuiteRun>> {
    select(tx, "commit_sha", commits).await
}

async fn select(tx: &mut Tx, column: &str, values: &[&str]) -> Result<Vec<SuiteRun>> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_BINDS) {
        let rows: Vec<Stored> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(column).push(" IN (");
            push_ids(&mut query, values);
            query.push(" ORDER BY finished_at, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// The last run of each suite of a workflow before an instant, by suite.
pub async fn latest_of(tx: &mut Tx, workflow: &str, before_ms: i64) -> Result<Vec<SuiteRun>> {
    let rows: Vec<Stored> = on!(tx, conn => sqlx::query_as(
        "SELECT home, id, updated_at, hash, raw_id, ordinal, suite, kind, commit_sha, cases, passed, failed, \
         threshold_ratio, finished_at FROM (SELECT workflow AS home, id, updated_at, hash, raw_id, ordinal, suite, \
         kind, commit_sha, cases, passed, failed, threshold_ratio, finished_at, \
         ROW_NUMBER() OVER (PARTITION BY suite ORDER BY finished_at DESC, id DESC) AS place \
         FROM suite_runs WHERE workflow = $1 AND finished_at < $2) AS runs WHERE place = 1 ORDER BY suite",
    )
    .bind(workflow)
    .bind(before_ms)
    .fetch_all(conn)
    .await)?;
    rows.into_iter().map(Stored::read).collect()
}
