//! Approvals as figures see them: how long they were waited for, and for whose work.

use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_pairs};
use crate::store::put::{Columns, put};
use crate::store::{Result, Tx};

/// An approval that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ApprovalLink {
    /// What it is of.
    pub subject: String,
    pub approval_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub requested_at: i64,
    pub decided_at: Option<i64>,
    /// Of what it is of; empty where that is of none.
    pub service: String,
    /// Slugs of the workflows that cover what it is of, sorted, in JSON.
    pub workflows: String,
}

const COLUMNS: Columns = Columns {
    table: "approval_links",
    key: &["subject", "approval_id"],
    rest: &[
        "version",
        "requested_at",
        "decided_at",
        "service",
        "workflows",
    ],
};

const SELECT: &str = "SELECT subject, approval_id, version, requested_at, decided_at, service, workflows \
     FROM approval_links WHERE ";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[ApprovalLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, own: &ApprovalLink| bind
        .push_bind(&own.subject)
        .push_bind(&own.approval_id)
        .push_bind(own.version)
        .push_bind(own.requested_at)
        .push_bind(own.decided_at)
        .push_bind(&own.service)
        .push_bind(&own.workflows))?)
}

/// Removes the link of an approval that is of something else now.
pub async fn remove(tx: &mut Tx, subject: &str, id: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM approval_links WHERE subject = $1 AND approval_id = $2")
        .bind(subject)
        .bind(id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The links of these approvals, given as (subject, id).
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<ApprovalLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<ApprovalLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("(subject, approval_id) IN (");
            push_pairs(&mut query, keys);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The approvals that were decided in [from, to), by that instant, then id.
pub async fn decided_between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<ApprovalLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("decided_at >= ").push_bind(from_ms).push(" AND decided_at < ").push_bind(to_ms);
        query.push(" ORDER BY decided_at, approval_id");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The approvals that were asked for before an instant and were not decided before another.
pub async fn waiting(tx: &mut Tx, (from_ms, to_ms): (i64, i64)) -> Result<Vec<ApprovalLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("decided_at >= ").push_bind(from_ms).push(" AND requested_at < ").push_bind(to_ms);
        query.push(" UNION ALL ").push(SELECT);
        query.push("decided_at IS NULL AND requested_at < ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}
