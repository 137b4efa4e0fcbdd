//! What people let pass, or did not.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// An approval as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Approval {
    /// Its home is what it is of: `run:ID`, `artifact:REF` or `deployment:ID`.
    #[sqlx(flatten)]
    pub version: Version,
    /// `recorded` by a platform or `declared`.
    pub level: String,
    pub requested_at: i64,
    pub decided_at: Option<i64>,
    /// `approved` or `rejected`.
    pub decision: Option<String>,
    pub approver: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "approvals",
    key: &["subject", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "level",
        "requested_at",
        "decided_at",
        "decision",
        "approver",
    ],
};

/// Writes these approvals over what was there.
pub async fn put(tx: &mut Tx, approvals: &[Approval]) -> Result<()> {
    Ok(put!(tx, COLUMNS, approvals, |bind, own: &Approval| bind
        .push_bind(&own.version.home)
        .push_bind(&own.version.id)
        .push_bind(own.version.updated_at)
        .push_bind(&own.version.hash)
        .push_bind(&own.version.raw_id)
        .push_bind(own.version.ordinal)
        .push_bind(&own.level)
        .push_bind(own.requested_at)
        .push_bind(own.decided_at)
        .push_bind(&own.decision)
        .push_bind(&own.approver))?)
}

const SELECT: &str = "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal, level, requested_at, decided_at, \
     decision, approver FROM approvals WHERE ";

/// The approvals of these ids.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Approval>> {
    select(tx, "id", ids).await
}

/// The approvals of these subjects.
pub async fn of_subjects(tx: &mut Tx, subjects: &[&str]) -> Result<Vec<Approval>> {
    select(tx, "subject", subjects).await
}

async fn select(tx: &mut Tx, column: &str, values: &[&str]) -> Result<Vec<Approval>> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_BINDS) {
        let rows: Vec<Approval> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(column).push(" IN (");
            push_ids(&mut query, values);
            query.push(" ORDER BY subject, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
