//! What exports told of runs: of each run, the spans or log events that came together as one row.

use std::collections::HashSet;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::packed::Packed;
use super::put::{Columns, put};
use super::{Result, Tx};

/// Spans or log events of one run.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Piece {
    pub run_id: String,
    pub id: String,
    /// `span` or `event`.
    pub kind: String,
    /// How many spans or events these are.
    pub parts: i64,
    /// Of its body, before it was packed.
    pub bytes: i64,
    /// A list in JSON.
    pub body: Packed,
}

const COLUMNS: Columns = Columns {
    table: "trace_pieces",
    key: &["run_id", "id"],
    rest: &["kind", "parts", "bytes", "body"],
};

/// Writes these pieces over what was there.
pub async fn put(tx: &mut Tx, pieces: &[Piece]) -> Result<()> {
    Ok(put!(tx, COLUMNS, pieces, |bind, own: &Piece| bind
        .push_bind(&own.run_id)
        .push_bind(&own.id)
        .push_bind(&own.kind)
        .push_bind(own.parts)
        .push_bind(own.bytes)
        .push_bind(&own.body))?)
}

/// How many spans and events there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(parts), 0) AS BIGINT) FROM trace_pieces",
    )
    .fetch_one(conn)
    .await)?)
}

/// The runs and ids of those among these pieces that are there already.
pub async fn known(tx: &mut Tx, pieces: &[Piece]) -> Result<HashSet<(String, String)>> {
    let mut found = HashSet::new();
    for pieces in pieces.chunks(MAX_BINDS / 2) {
        let rows: Vec<(String, String)> = on!(tx, conn => {
            let mut query =
                QueryBuilder::new("SELECT run_id, id FROM trace_pieces WHERE (run_id, id) IN (");
            query.push_values(pieces, |mut row, own| {
                row.push_bind(&own.run_id).push_bind(&own.id);
            });
            query.push(")");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The pieces of these runs, by run.
pub async fn of_runs(tx: &mut Tx, runs: &[&str]) -> Result<Vec<Piece>> {
    let mut found = Vec::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<Piece> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, id, kind, parts, bytes, body FROM trace_pieces WHERE run_id IN (",
            );
            push_ids(&mut query, runs);
            query.push(" ORDER BY run_id, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Puts these pieces in the place of all that there are of their runs.
pub async fn replace(tx: &mut Tx, runs: &[&str], pieces: &[Piece]) -> Result<()> {
    for runs in runs.chunks(MAX_BINDS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("DELETE FROM trace_pieces WHERE run_id IN (");
            push_ids(&mut query, runs);
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    put(tx, pieces).await
}

/// Some pieces, in the order of runs and ids, from beyond one on.
pub async fn after(tx: &mut Tx, (run, id): (&str, &str), limit: i64) -> Result<Vec<Piece>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT run_id, id, kind, parts, bytes, body FROM trace_pieces \
         WHERE (run_id, id) > ($1, $2) ORDER BY run_id, id LIMIT $3",
    )
    .bind(run)
    .bind(id)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}
