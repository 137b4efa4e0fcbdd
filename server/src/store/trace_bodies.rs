//! Texts of what went into runs and came out, by the hash of what came, for as long as they are kept.

use std::collections::HashSet;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::{Result, Tx};

/// What went into a run or one of its calls, or came out.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Body {
    pub run_id: String,
    /// Of the whole as it came, in hexadecimal.
    pub sha256: String,
    /// When it first came, in milliseconds since 1970.
    pub received_at: i64,
    /// Redacted, and cut where it was long.
    pub text: String,
}

const COLUMNS: Columns = Columns {
    table: "trace_bodies",
    key: &["run_id", "sha256"],
    rest: &["received_at", "text"],
};

/// Writes these bodies over what was there.
pub async fn put(tx: &mut Tx, bodies: &[Body]) -> Result<()> {
    Ok(put!(tx, COLUMNS, bodies, |bind, own: &Body| bind
        .push_bind(&own.run_id)
        .push_bind(&own.sha256)
        .push_bind(own.received_at)
        .push_bind(&own.text))?)
}

/// The runs and hashes of those among these bodies that are there already.
pub async fn known(tx: &mut Tx, bodies: &[Body]) -> Result<HashSet<(String, String)>> {
    let mut found = HashSet::new();
    for bodies in bodies.chunks(MAX_BINDS / 2) {
        let rows: Vec<(String, String)> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, sha256 FROM trace_bodies WHERE (run_id, sha256) IN (",
            );
            query.push_values(bodies, |mut row, own| {
                row.push_bind(&own.run_id).push_bind(&own.sha256);
            });
            query.push(")");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Of a run the bodies of these hashes.
pub async fn of_run(tx: &mut Tx, run: &str, hashes: &[&str]) -> Result<Vec<Body>> {
    let mut found = Vec::new();
    for hashes in hashes.chunks(MAX_BINDS - 1) {
        let rows: Vec<Body> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, sha256, received_at, text FROM trace_bodies WHERE run_id = ",
            );
            query.push_bind(run).push(" AND sha256 IN (");
            push_ids(&mut query, hashes);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Whether a run has any.
pub async fn any_of(tx: &mut Tx, run: &str) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) FROM trace_bodies WHERE run_id = $1 LIMIT 1",
    )
    .bind(run)
    .fetch_optional(conn)
    .await)?;
    Ok(found.is_some())
}

/// Some bodies, in the order of runs and hashes, from beyond one on.
pub async fn after(tx: &mut Tx, (run, hash): (&str, &str), limit: i64) -> Result<Vec<Body>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT run_id, sha256, received_at, text FROM trace_bodies \
         WHERE (run_id, sha256) > ($1, $2) ORDER BY run_id, sha256 LIMIT $3",
    )
    .bind(run)
    .bind(hash)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// Forgets some bodies that came before an instant; answers how many these were.
pub async fn prune(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<u64> {
    Ok(on!(tx, conn => sqlx::query(
        "DELETE FROM trace_bodies WHERE (run_id, sha256) IN \
         (SELECT run_id, sha256 FROM trace_bodies WHERE received_at < $1 LIMIT $2)",
    )
    .bind(before_ms)
    .bind(limit)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?)
}
