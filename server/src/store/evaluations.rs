//! Automatic checks of outputs, and what came of each.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// An evaluation as its source tells it.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Its home is what was checked: `run:ID`, `artifact:REF` or `commit:SHA`.
    pub version: Version,
    pub evaluator: String,
    /// `code`, `model` or `human`.
    pub evaluator_kind: String,
    pub score: Option<f64>,
    pub passed: Option<bool>,
    /// Whether a change may not land before it has passed.
    pub required: Option<bool>,
    /// Whether it is a check of a forge, which is an evaluation only where a workflow says so.
    pub is_check: bool,
    pub finished_at: i64,
}

const COLUMNS: Columns = Columns {
    table: "evaluations",
    key: &["subject", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "evaluator",
        "evaluator_kind",
        "score",
        "passed",
        "required",
        "is_check",
        "finished_at",
    ],
};

/// Writes these evaluations over what was there.
pub async fn put(tx: &mut Tx, evaluations: &[Evaluation]) -> Result<()> {
    Ok(put!(tx, COLUMNS, evaluations, |bind, own: &Evaluation| {
        bind.push_bind(&own.version.home)
            .push_bind(&own.version.id)
            .push_bind(own.version.updated_at)
            .push_bind(&own.version.hash)
            .push_bind(&own.version.raw_id)
            .push_bind(own.version.ordinal)
            .push_bind(&own.evaluator)
            .push_bind(&own.evaluator_kind)
            .push_bind(own.score)
            .push_bind(own.passed.map(i64::from))
            .push_bind(own.required.map(i64::from))
            .push_bind(i64::from(own.is_check))
            .push_bind(own.finished_at)
    })?)
}

/// An evaluation as links see it.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Given {
    /// What it is of.
    pub subject: String,
    pub id: String,
    pub evaluator: String,
    pub evaluator_kind: String,
    pub score: Option<f64>,
    pub passed: Option<i64>,
    pub is_check: i64,
    pub finished_at: i64,
}

/// The evaluations of these subjects, by finish, then id.
pub async fn of_subjects(tx: &mut Tx, subjects: &[&str]) -> Result<Vec<Given>> {
    let mut found = Vec::new();
    for subjects in subjects.chunks(MAX_BINDS) {
        let rows: Vec<Given> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT subject, id, evaluator, evaluator_kind, score, passed, is_check, finished_at \
                 FROM evaluations WHERE subject IN (",
            );
            push_ids(&mut query, subjects);
            query.push(" ORDER BY finished_at, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
