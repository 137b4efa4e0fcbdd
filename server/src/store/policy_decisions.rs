//! What policies said of what was about to happen.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// A decision as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PolicyDecision {
    /// Its home is what it was about: `run:ID`, `commit:SHA`, or empty.
    #[sqlx(flatten)]
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
    /// `declared` by the agent itself; recorded where nothing is said.
    pub level: Option<String>,
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
        "level",
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
                .push_bind(&own.level)
        }
    )?)
}

const SELECT: &str = "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal, tool_call, at, policy, decision, \
     revision, bypassed_by, level FROM policy_decisions WHERE ";

/// The decisions of these subjects.
pub async fn of_subjects(tx: &mut Tx, subjects: &[&str]) -> Result<Vec<PolicyDecision>> {
    select(tx, "subject", subjects).await
}

/// The decisions of these ids.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<PolicyDecision>> {
    select(tx, "id", ids).await
}

async fn select(tx: &mut Tx, column: &str, values: &[&str]) -> Result<Vec<PolicyDecision>> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_BINDS) {
        let rows: Vec<PolicyDecision> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(column).push(" IN (");
            push_ids(&mut query, values);
            query.push(" ORDER BY at, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
