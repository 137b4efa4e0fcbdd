//! What was derived of changes: segment, evidence, coverage, the instants that count, and the
//! deployment that first delivered each.

use std::collections::BTreeSet;
use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_ids, push_pairs};
use crate::store::put::{Columns, ROWS, put};
use crate::store::{Error, Result, Tx};

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
    /// 1 when its label or branch says that it mends what an earlier change broke.
    pub is_fix: i64,
    /// What it says that it reverts, in JSON.
    pub reverts: Option<String>,
}

/// The deployment that first delivered a change. One in the first known deployment of its service
/// has no instant of delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivery {
    pub deployment_id: Option<String>,
    pub deployment_at: Option<i64>,
    pub delivered_at: Option<i64>,
}

impl Delivery {
    /// Where the deployment stands among those of its service.
    pub fn place(&self) -> Option<(i64, &str)> {
        Some((self.deployment_at?, self.deployment_id.as_deref()?))
    }
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
        "is_fix",
        "reverts",
    ],
};

const SELECT: &str = "SELECT l.service, l.change_id, l.version, l.segment, l.evidence, l.workflows, l.created_at, \
     l.first_commit_at, l.opened_at, l.first_review_at, l.agent_review_at, l.merged_at, l.lines, l.has_review, \
     l.is_fix, l.reverts";

/// Writes these links over what was there; deliveries stay as they are.
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
        .push_bind(link.has_review)
        .push_bind(link.is_fix)
        .push_bind(&link.reverts))?)
}

/// The stored links of these changes, given as (service, change id), with their deliveries.
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<Delivered>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<Delivered> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(DELIVERY).push(" FROM change_links l WHERE (service, change_id) IN (");
            push_pairs(&mut query, keys);
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

/// A change's link and its delivery.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Delivered {
    #[sqlx(flatten)]
    pub link: ChangeLink,
    #[sqlx(flatten)]
    pub delivery: Delivery,
}

const DELIVERY: &str = ", l.deployment_id, l.deployment_at, l.delivered_at";

/// The changes that were merged in [from, to), or first in a deployment that finished in it, in no
/// particular order.
pub async fn between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<Delivered>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(DELIVERY).push(" FROM change_links l WHERE (merged_at >= ").push_bind(from_ms);
        query.push(" AND merged_at < ").push_bind(to_ms);
        query.push(") OR (deployment_at >= ").push_bind(from_ms);
        query.push(" AND deployment_at < ").push_bind(to_ms).push(")");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The instant that puts a change into a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Merge,
    Delivery,
}

/// What a list shows of a change beside its link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub link: ChangeLink,
    #[sqlx(flatten)]
    pub delivery: Delivery,
    pub number: Option<i64>,
    pub title: Option<String>,
    pub url: Option<String>,
}

/// Shows each link of the changes merged, or first in a deployment, in [from, to) with what a list
/// shows, by that instant, then id. One at a time: a week may hold thousands.
pub async fn listed_between(
    tx: &mut Tx,
    by: By,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    let instant = match by {
        By::Merge => "l.merged_at",
        By::Delivery => "l.deployment_at",
    };
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(DELIVERY).push(", c.number, c.title, c.url FROM change_links l");
        query.push(" JOIN changes c ON c.service = l.service AND c.id = l.change_id WHERE ");
        query.push(instant).push(" >= ").push_bind(from_ms);
        query.push(" AND ").push(instant).push(" < ").push_bind(to_ms);
        query.push(" ORDER BY ").push(instant).push(", l.change_id");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}

/// A merged change as deployments see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Merged {
    pub service: String,
    pub change_id: String,
    pub merged_at: i64,
    pub workflows: String,
    pub is_fix: i64,
    pub reverts: Option<String>,
    #[sqlx(flatten)]
    pub delivery: Delivery,
}

const MERGED: &str = "SELECT l.service, l.change_id, l.merged_at, l.workflows, l.is_fix, l.reverts, l.deployment_id, \
     l.deployment_at, l.delivered_at FROM change_links l";

/// A service's changes merged after one instant and no later than another, by merge, then id.
pub async fn merged_up_to(
    tx: &mut Tx,
    service: &str,
    (after_ms, to_ms): (i64, i64),
) -> Result<Vec<Merged>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(MERGED);
        query.push(" WHERE service = ").push_bind(service);
        query.push(" AND merged_at > ").push_bind(after_ms);
        query.push(" AND merged_at <= ").push_bind(to_ms);
        query.push(" ORDER BY merged_at, change_id");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The merged ones of these changes, of whatever service.
pub async fn merged(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Merged>> {
    let mut found: Vec<Merged> = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Merged> = on!(tx, conn => {
            let mut query = QueryBuilder::new(MERGED);
            query.push(" JOIN changes c ON c.service = l.service AND c.id = l.change_id");
            query.push(" WHERE l.merged_at IS NOT NULL AND c.id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// A service's merges from a place on, by merge, then id; also those on the place itself.
pub async fn merges_from(
    tx: &mut Tx,
    service: &str,
    (at_ms, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Merged>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(MERGED);
        query.push(" WHERE service = ").push_bind(service);
        query.push(" AND merged_at IS NOT NULL AND (merged_at, change_id) >= (").push_bind(at_ms).push(", ").push_bind(id);
        query.push(") ORDER BY merged_at, change_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// A service's last merge before a place.
pub async fn merge_before(
    tx: &mut Tx,
    service: &str,
    (at_ms, id): (i64, &str),
) -> Result<Option<Merged>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(MERGED);
        query.push(" WHERE service = ").push_bind(service);
        query.push(" AND merged_at IS NOT NULL AND (merged_at, change_id) < (").push_bind(at_ms).push(", ").push_bind(id);
        query.push(") ORDER BY merged_at DESC, change_id DESC LIMIT 1");
        query.build_query_as().fetch_optional(conn).await
    })?)
}

/// A service's changes that stand as first delivered by deployments from one instant to another,
/// both included.
pub async fn delivered_from(
    tx: &mut Tx,
    service: &str,
    (from_ms, to_ms): (i64, i64),
) -> Result<Vec<Merged>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(
            "SELECT service, change_id, COALESCE(merged_at, 0) AS merged_at, workflows, is_fix, reverts, \
             deployment_id, deployment_at, delivered_at FROM change_links WHERE service = ",
        );
        query.push_bind(service);
        query.push(" AND deployment_at >= ").push_bind(from_ms);
        query.push(" AND deployment_at <= ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// Writes the deliveries of a service's changes.
pub async fn deliver(tx: &mut Tx, service: &str, deliveries: &[(&str, Delivery)]) -> Result<()> {
    for rows in deliveries.chunks(ROWS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "WITH fresh (change_id, deployment_id, deployment_at, delivered_at) AS (",
            );
            query.push_values(rows, |mut row, (id, delivery)| {
                row.push_bind(*id)
                    .push_bind(&delivery.deployment_id)
                    .push_bind(delivery.deployment_at)
                    .push_bind(delivery.delivered_at);
            });
            query.push(
                ") UPDATE change_links SET deployment_id = fresh.deployment_id, \
                 deployment_at = fresh.deployment_at, delivered_at = fresh.delivered_at FROM fresh \
                 WHERE change_links.change_id = fresh.change_id AND change_links.service = ",
            );
            query.push_bind(service);
            query.build().persistent(rows.len() == ROWS).execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
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
