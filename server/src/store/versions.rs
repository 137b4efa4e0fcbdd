//! Which version of a thing is stored, the same for every stream.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::{Result, Tx};

/// Identity, age and origin of a domain row.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Version {
    /// The distribution column: a review's change, what an approval or an evaluation is of, an artifact's
    /// reference, a suite run's workflow; empty for a run, which is its own; of the others the service,
    /// which is empty for an incident or a defect that names none.
    pub home: String,
    pub id: String,
    /// The sender's own clock; of two versions the newer wins.
    pub updated_at: Option<i64>,
    /// SHA-256 of the redacted record's canonical JSON.
    pub hash: String,
    /// The delivery it came in, and its place there.
    pub raw_id: String,
    pub ordinal: i64,
}

/// The tables that hold versioned things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Changes,
    Reviews,
    Deployments,
    Incidents,
    Defects,
    Runs,
    Artifacts,
    Evaluations,
    SuiteRuns,
    Approvals,
    PolicyDecisions,
}

impl Table {
    fn select(self) -> &'static str {
        match self {
            Table::Changes => {
                "SELECT service AS home, id, updated_at, hash, raw_id, ordinal FROM changes WHERE id IN ("
            }
            Table::Reviews => {
                "SELECT change_id AS home, id, updated_at, hash, raw_id, ordinal FROM reviews WHERE id IN ("
            }
            Table::Deployments => {
                "SELECT service AS home, id, updated_at, hash, raw_id, ordinal FROM deployments WHERE id IN ("
            }
            Table::Incidents => {
                "SELECT service AS home, id, updated_at, hash, raw_id, ordinal FROM incidents WHERE id IN ("
            }
            Table::Defects => {
                "SELECT service AS home, id, updated_at, hash, raw_id, ordinal FROM defects WHERE id IN ("
            }
            Table::Runs => {
                "SELECT '' AS home, id, updated_at, hash, raw_id, ordinal FROM runs WHERE id IN ("
            }
            Table::Artifacts => {
                "SELECT ref AS home, id, updated_at, hash, raw_id, ordinal FROM artifacts WHERE id IN ("
            }
            Table::SuiteRuns => {
                "SELECT workflow AS home, id, updated_at, hash, raw_id, ordinal FROM suite_runs WHERE id IN ("
            }
            Table::Approvals => {
                "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal FROM approvals WHERE id IN ("
            }
            Table::Evaluations => {
                "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal FROM evaluations WHERE id IN ("
            }
            Table::PolicyDecisions => {
                "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal FROM policy_decisions WHERE id IN ("
            }
        }
    }

    fn delete(self) -> &'static str {
        match self {
            Table::Changes => "DELETE FROM changes WHERE service = $1 AND id = $2",
            Table::Reviews => "DELETE FROM reviews WHERE change_id = $1 AND id = $2",
            Table::Deployments => "DELETE FROM deployments WHERE service = $1 AND id = $2",
            Table::Incidents => "DELETE FROM incidents WHERE service = $1 AND id = $2",
            Table::Defects => "DELETE FROM defects WHERE service = $1 AND id = $2",
            Table::Runs => "DELETE FROM runs WHERE $1 = '' AND id = $2",
            Table::Artifacts => "DELETE FROM artifacts WHERE ref = $1 AND id = $2",
            Table::SuiteRuns => "DELETE FROM suite_runs WHERE workflow = $1 AND id = $2",
            Table::Approvals => "DELETE FROM approvals WHERE subject = $1 AND id = $2",
            Table::Evaluations => "DELETE FROM evaluations WHERE subject = $1 AND id = $2",
            Table::PolicyDecisions => "DELETE FROM policy_decisions WHERE subject = $1 AND id = $2",
        }
    }
}

/// The stored versions of these ids, by id.
pub async fn find(tx: &mut Tx, table: Table, ids: &[&str]) -> Result<HashMap<String, Version>> {
    let mut found = HashMap::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Version> = on!(tx, conn => {
            let mut query = QueryBuilder::new(table.select());
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
    }
    Ok(found)
}

/// Removes a row whose thing has moved to another home.
pub async fn remove(tx: &mut Tx, table: Table, version: &Version) -> Result<()> {
    on!(tx, conn => sqlx::query(table.delete())
        .bind(&version.home)
        .bind(&version.id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}
