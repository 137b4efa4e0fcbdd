//! What landed of agents' work, as the platforms tell on which it landed.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// An artifact as its source tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Artifact {
    /// Its home is the reference.
    #[sqlx(flatten)]
    pub version: Version,
    /// `change`, `reply`, `ticket`, `configuration` or `other`.
    pub kind: String,
    pub workflow: Option<String>,
    pub agent: Option<String>,
    pub landed_at: i64,
    pub run_id: Option<String>,
    /// How it is taken back, in words.
    pub reversal: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "artifacts",
    key: &["ref", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "kind",
        "workflow",
        "agent",
        "landed_at",
        "run_id",
        "reversal",
    ],
};

/// Writes these artifacts over what was there.
pub async fn put(tx: &mut Tx, artifacts: &[Artifact]) -> Result<()> {
    Ok(put!(tx, COLUMNS, artifacts, |bind, own: &Artifact| bind
        .push_bind(&own.version.home)
        .push_bind(&own.version.id)
        .push_bind(own.version.updated_at)
        .push_bind(&own.version.hash)
        .push_bind(&own.version.raw_id)
        .push_bind(own.version.ordinal)
        .push_bind(&own.kind)
        .push_bind(&own.workflow)
        .push_bind(&own.agent)
        .push_bind(own.landed_at)
        .push_bind(&own.run_id)
        .push_bind(&own.reversal))?)
}

const SELECT: &str = "SELECT ref AS home, id, updated_at, hash, raw_id, ordinal, kind, workflow, agent, landed_at, \
     run_id, reversal FROM artifacts WHERE ";

/// What is told of these references, of whatever kind, by reference and id.
pub async fn of_references(tx: &mut Tx, references: &[&str]) -> Result<Vec<Artifact>> {
    select(tx, "ref", references).await
}

/// What is told of these runs.
pub async fn of_runs(tx: &mut Tx, runs: &[&str]) -> Result<Vec<Artifact>> {
    select(tx, "run_id", runs).await
}

async fn select(tx: &mut Tx, column: &str, values: &[&str]) -> Result<Vec<Artifact>> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_BINDS) {
        let rows: Vec<Artifact> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(column).push(" IN (");
            push_ids(&mut query, values);
            query.push(" ORDER BY ref, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
