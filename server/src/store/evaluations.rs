//! Automatic checks of outputs, and what came of each.

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
            .push_bind(own.finished_at)
    })?)
}
