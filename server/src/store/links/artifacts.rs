//! Agent or assisted work that landed: whether it was evaluated in time, and what there is to reconstruct
//! it.

use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_ids, push_pairs};
use crate::store::put::{Columns, put};
use crate::store::{Error, Result, Tx};

/// An artifact's derived facts. Workflows, items and evidence are JSON, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ArtifactLink {
    /// `change`, `reply`, `ticket`, `configuration` or `other`.
    pub kind: String,
    #[sqlx(rename = "ref")]
    pub reference: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub landed_at: i64,
    pub segment: String,
    /// Empty where it is of none.
    pub service: String,
    /// Slugs of the workflows whose work it is, sorted.
    pub workflows: String,
    /// The run that reconstructs it best.
    pub run_id: Option<String>,
    pub agent: Option<String>,
    /// Of the workflow by which it is audited; 1 where that is not known.
    pub tier: i64,
    /// `in_time`, `too_late` or `never`.
    pub evaluated: String,
    /// 1 when the last word of some evaluation in time was that it failed.
    pub has_failed_evaluation: i64,
    /// 1 when all that is asked for is there.
    pub is_reconstructable: i64,
    /// What is asked for, and whether it is there.
    pub items: String,
    pub evidence: String,
}

const COLUMNS: Columns = Columns {
    table: "artifact_links",
    key: &["kind", "ref"],
    rest: &[
        "version",
        "landed_at",
        "segment",
        "service",
        "workflows",
        "run_id",
        "agent",
        "tier",
        "evaluated",
        "has_failed_evaluation",
        "is_reconstructable",
        "items",
        "evidence",
    ],
};

const SELECT: &str = "SELECT l.kind, l.ref, l.version, l.landed_at, l.segment, l.service, l.workflows, l.run_id, \
     l.agent, l.tier, l.evaluated, l.has_failed_evaluation, l.is_reconstructable, l.items, l.evidence";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[ArtifactLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, own: &ArtifactLink| bind
        .push_bind(&own.kind)
        .push_bind(&own.reference)
        .push_bind(own.version)
        .push_bind(own.landed_at)
        .push_bind(&own.segment)
        .push_bind(&own.service)
        .push_bind(&own.workflows)
        .push_bind(&own.run_id)
        .push_bind(&own.agent)
        .push_bind(own.tier)
        .push_bind(&own.evaluated)
        .push_bind(own.has_failed_evaluation)
        .push_bind(own.is_reconstructable)
        .push_bind(&own.items)
        .push_bind(&own.evidence))?)
}

/// Removes the link of what is no artifact any more.
pub async fn remove(tx: &mut Tx, kind: &str, reference: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM artifact_links WHERE kind = $1 AND ref = $2")
        .bind(kind)
        .bind(reference)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The links of these artifacts, given as (kind, reference).
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<ArtifactLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<ArtifactLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM artifact_links l WHERE (kind, ref) IN (");
            push_pairs(&mut query, keys);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The links of these references, of whatever kind.
pub async fn of_references(tx: &mut Tx, references: &[&str]) -> Result<Vec<ArtifactLink>> {
    let mut found = Vec::new();
    for references in references.chunks(MAX_BINDS) {
        let rows: Vec<ArtifactLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM artifact_links l WHERE l.ref IN (");
            push_ids(&mut query, references);
            query.push(" ORDER BY l.ref, l.kind");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// What landed of these runs, by that instant.
pub async fn of_runs(tx: &mut Tx, runs: &[&str]) -> Result<Vec<ArtifactLink>> {
    let mut found = Vec::new();
    for runs in runs.chunks(MAX_BINDS) {
        let rows: Vec<ArtifactLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM artifact_links l WHERE l.run_id IN (");
            push_ids(&mut query, runs);
            query.push(" ORDER BY l.landed_at, l.ref, l.kind");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The artifacts that landed in [from, to), in no particular order.
pub async fn between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<ArtifactLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" FROM artifact_links l WHERE l.landed_at >= ").push_bind(from_ms);
        query.push(" AND l.landed_at < ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// What a list shows of an artifact beside its link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub link: ArtifactLink,
    /// Of the change that it is.
    pub title: Option<String>,
    pub url: Option<String>,
}

/// Shows each artifact that landed in [from, to) by that instant, then kind and reference, one at a time.
pub async fn listed_between(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(", c.title, c.url FROM artifact_links l LEFT JOIN changes c");
        query.push(" ON l.kind = 'change' AND c.service = l.service AND c.id = l.ref");
        query.push(" WHERE l.landed_at >= ").push_bind(from_ms);
        query.push(" AND l.landed_at < ").push_bind(to_ms);
        query.push(" ORDER BY l.landed_at, l.ref, l.kind");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}
