//! What was derived of changes: segment, evidence, coverage and the instants that count.

use std::collections::BTreeSet;
use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on};
use super::put::{Columns, put};
use super::{Error, Result, Tx};

/// A change's derived facts. Evidence and workflows are JSON, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ChangeLink {
    pub service: String,
    pub change_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub segment: String,
    pub evidence: String,
    /// Slugs of the workflows that cover it, sorted.
    pub workflows: String,
    pub created_at: Option<i64>,
    pub first_commit_at: Option<i64>,
    pub opened_at: Option<i64>,
    pub first_review_at: Option<i64>,
    pub agent_review_at: Option<i64>,
    pub merged_at: Option<i64>,
    /// Lines added and deleted.
    pub lines: Option<i64>,
    /// 1 when any review of it is known, whoever gave it and whenever.
    pub has_review: i64,
}

const COLUMNS: Columns = Columns {
    table: "change_links",
    key: &["service", "change_id"],
    rest: &[
        "version",
        "segment",
        "evidence",
        "workflows",
        "created_at",
        "first_commit_at",
        "opened_at",
        "first_review_at",
        "agent_review_at",
        "merged_at",
        "lines",
        "has_review",
    ],
};

const SELECT: &str = "SELECT service, change_id, version, segment, evidence, workflows, created_at, \
     first_commit_at, opened_at, first_review_at, agent_review_at, merged_at, lines, has_review FROM change_links ";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[ChangeLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, link: &ChangeLink| bind
        .push_bind(&link.service)
        .push_bind(&link.change_id)
        .push_bind(link.version)
        .push_bind(&link.segment)
        .push_bind(&link.evidence)
        .push_bind(&link.workflows)
        .push_bind(link.created_at)
        .push_bind(link.first_commit_at)
        .push_bind(link.opened_at)
        .push_bind(link.first_review_at)
        .push_bind(link.agent_review_at)
        .push_bind(link.merged_at)
        .push_bind(link.lines)
        .push_bind(link.has_review))?)
}

/// The stored links of these changes, given as (service, change id).
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<ChangeLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<ChangeLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE (service, change_id) IN (");
            query.push_values(keys, |mut row, (service, id)| {
                row.push_bind(*service).push_bind(*id);
            });
            query.push(")");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// Removes the link of a change that has moved to another service.
pub async fn remove(tx: &mut Tx, service: &str, change_id: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM change_links WHERE service = $1 AND change_id = $2")
        .bind(service)
        .bind(change_id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The links of the changes merged in [from, to), in no particular order.
pub async fn merged_between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<ChangeLink>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT service, change_id, version, segment, evidence, workflows, created_at, first_commit_at, opened_at, \
         first_review_at, agent_review_at, merged_at, lines, has_review FROM change_links \
         WHERE merged_at >= $1 AND merged_at < $2",
    )
    .bind(from_ms)
    .bind(to_ms)
    .fetch_all(conn)
    .await)?)
}

/// What a list shows of a change beside its link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub link: ChangeLink,
    pub number: Option<i64>,
    pub title: Option<String>,
    pub url: Option<String>,
}

/// Shows each link of the changes merged in [from, to) with what a list shows, by merge, then id.
/// One at a time: a week may hold thousands.
pub async fn listed_between(
    tx: &mut Tx,
    from_ms: i64,
    to_ms: i64,
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let rows = sqlx::query_as(
            "SELECT l.service, l.change_id, l.version, l.segment, l.evidence, l.workflows, l.created_at, \
             l.first_commit_at, l.opened_at, l.first_review_at, l.agent_review_at, l.merged_at, l.lines, l.has_review, \
             c.number, c.title, c.url \
             FROM change_links l JOIN changes c ON c.service = l.service AND c.id = l.change_id \
             WHERE l.merged_at >= $1 AND l.merged_at < $2 ORDER BY l.merged_at, l.change_id",
        )
        .bind(from_ms)
        .bind(to_ms)
        .fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}

/// The services of which any review is known, found by leaping from one to the next in the index.
pub async fn reviewed_services(tx: &mut Tx) -> Result<BTreeSet<String>> {
    let services: Vec<String> = on!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE found (service) AS ( \
         SELECT MIN(service) FROM change_links WHERE has_review = 1 \
         UNION ALL \
         SELECT (SELECT MIN(l.service) FROM change_links l WHERE l.has_review = 1 AND l.service > found.service) \
         FROM found WHERE found.service IS NOT NULL) \
         SELECT service FROM found WHERE service IS NOT NULL",
    )
    .fetch_all(conn)
    .await)?;
    Ok(services.into_iter().collect())
}

/// When the changes of these services were merged.
pub async fn merges_of(tx: &mut Tx, services: &BTreeSet<&str>) -> Result<Vec<i64>> {
    let mut merges = Vec::new();
    for service in services {
        let found: Vec<i64> = on!(tx, conn => sqlx::query_scalar(
            "SELECT merged_at FROM change_links WHERE service = $1 AND merged_at IS NOT NULL",
        )
        .bind(*service)
        .fetch_all(conn)
        .await)?;
        merges.extend(found);
    }
    Ok(merges)
}

/// Merged changes of one segment on the same evidence.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Marked {
    pub segment: String,
    pub evidence: String,
    pub changes: i64,
    /// Of how many the first commit is known.
    pub begun: i64,
}

/// The merged changes of a service by segment and evidence.
pub async fn marks(tx: &mut Tx, service: &str) -> Result<Vec<Marked>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT segment, evidence, COUNT(*) AS changes, COUNT(first_commit_at) AS begun FROM change_links \
         WHERE service = $1 AND merged_at IS NOT NULL GROUP BY segment, evidence ORDER BY segment, evidence",
    )
    .bind(service)
    .fetch_all(conn)
    .await)?)
}

/// The first and the last merge, if there is any.
pub async fn merge_span(tx: &mut Tx) -> Result<Option<(i64, i64)>> {
    let (first, last): (Option<i64>, Option<i64>) = on!(tx, conn => sqlx::query_as(
        "SELECT MIN(merged_at), MAX(merged_at) FROM change_links WHERE merged_at IS NOT NULL",
    )
    .fetch_one(conn)
    .await)?;
    Ok(first.zip(last))
}
