//! What policies said of what was about to happen.

use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// A decision as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyDecision {
    /// Its home is what it was about: `run:ID`, `commit:SHA`, or empty.
    pub version: Version,
    pub tool_call: Option<String>,
    pub at: i64,
    pub policy: String,
    /// `allow`, `require_approval` or `deny`.
    pub decision: String,
    /// Of the policy.
    pub revision: Option<String>,
    /// Who went past it, and was let.
    pub bypassed_by: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "policy_decisions",
    key: &["subject", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "tool_call",
        "at",
        "policy",
        "decision",
        "revision",
        "bypassed_by",
    ],
};

/// Writes these decisions over what was there.
pub async fn put(tx: &mut Tx, decisions: &[PolicyDecision]) -> Result<()> {
    Ok(put!(
        tx,
        COLUMNS,
        decisions,
        |bind, own: &PolicyDecision| {
            bind.push_bind(&own.version.home)
                .push_bind(&own.version.id)
                .push_bind(own.version.updated_at)
                .push_bind(&own.version.hash)
                .push_bind(&own.version.raw_id)
                .push_bind(own.version.ordinal)
                .push_bind(&own.tool_call)
                .push_bind(own.at)
                .push_bind(&own.policy)
                .push_bind(&own.decision)
                .push_bind(&own.revision)
                .push_bind(&own.bypassed_by)
        }
    )?)
}
