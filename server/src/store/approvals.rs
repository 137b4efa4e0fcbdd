//! What people let pass, or did not.

use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// An approval as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// Its home is what it is of: `run:ID`, `artifact:REF` or `deployment:ID`.
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
