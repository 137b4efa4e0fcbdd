//! How much is kept of the traces of each run, and when the last of it came.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::{Result, Tx};

/// What is kept of one run.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct TraceRun {
    pub run_id: String,
    /// When the last of it came, in milliseconds since 1970.
    pub last_at: i64,
    /// Its spans and events.
    pub parts: i64,
    /// Of its pieces.
    pub bytes: i64,
    /// Of its bodies, as much as ever was kept.
    pub text_bytes: i64,
    /// 1 once its pieces were let go.
    pub is_gone: i64,
}

const COLUMNS: Columns = Columns {
    table: "trace_runs",
    key: &["run_id"],
    rest: &["last_at", "parts", "bytes", "text_bytes", "is_gone"],
};

/// Writes these over what was there.
pub async fn put(tx: &mut Tx, runs: &[TraceRun]) -> Result<()> {
    Ok(put!(tx, COLUMNS, runs, |bind, own: &TraceRun| bind
        .push_bind(&own.run_id)
        .push_bind(own.last_at)
        .push_bind(own.parts)
        .push_bind(own.bytes)
        .push_bind(own.text_bytes)
        .push_bind(own.is_gone))?)
}

/// Those of these runs of which anything came, by run.
pub async fn find(tx: &mut Tx, runs: &[&str]) -> Result<HashMap<String, TraceRun>> {
    let mut found = HashMap::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<TraceRun> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT run_id, last_at, parts, bytes, text_bytes, is_gone FROM trace_runs WHERE run_id IN (",
            );
            push_ids(&mut query, runs);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|own| (own.run_id.clone(), own)));
    }
    Ok(found)
}

/// Some runs whose pieces are there, of which nothing came since an instant, and that are put together.
pub async fn quiet_since(tx: &mut Tx, before_ms: i64, limit: i64) -> Result<Vec<String>> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "SELECT run_id FROM trace_runs WHERE is_gone = 0 AND last_at < $1 AND NOT EXISTS \
             (SELECT 1 FROM touched_links t WHERE t.kind = 'trace' AND t.service = '' AND t.id = run_id) \
         ORDER BY last_at LIMIT $2",
    )
    .bind(before_ms)
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// Says of these runs that their pieces were let go.
pub async fn let_go(tx: &mut Tx, runs: &[&str]) -> Result<()> {
    for runs in runs.chunks(MAX_BINDS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "UPDATE trace_runs SET is_gone = 1, parts = 0, bytes = 0 WHERE run_id IN (",
            );
            push_ids(&mut query, runs);
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}
