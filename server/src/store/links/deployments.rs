//! What was derived of deployments to production: what each is, and how it ended.

use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::{Database, Encode, QueryBuilder, Type};

use crate::store::db::{MAX_BINDS, on, push_ids};
use crate::store::put::{Columns, ROWS, put};
use crate::store::{Error, Result, Tx};

/// A deployment's derived facts. Evidence and workflows are JSON, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeploymentLink {
    pub service: String,
    pub deployment_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub finished_at: i64,
    /// `success`, `failure`, or `ignored` where each merge is a deployment.
    pub standing: String,
    /// 1 for the first known one of its service.
    pub is_first: i64,
    /// `planned`, `rollback` or `fix`.
    pub kind: String,
    /// 1 when it put another one right and was not planned.
    pub is_rework: i64,
    /// 1 when the attempt after it is a rollback or a fix.
    pub next_is_remedy: i64,
    /// All changes merged up to here were in production once it was done.
    pub reach: Option<i64>,
    pub evidence: String,
    /// Why its contents are not known, or why it does not count.
    pub reason: Option<String>,
    /// Slugs of the workflows that cover it, sorted.
    pub workflows: String,
}

/// How a deployment ended, by the remedies and incidents that point at it.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Outcome {
    pub is_failed: i64,
    /// The evidence for its failure, in JSON.
    pub failure: String,
    pub well_again_at: Option<i64>,
    /// `unresolved`, `unremedied` or `too_early`, for a failed one that has no recovery.
    pub not_recovered: Option<String>,
}

/// A deployment's link with its outcome.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ended {
    #[sqlx(flatten)]
    pub link: DeploymentLink,
    #[sqlx(flatten)]
    pub outcome: Outcome,
}

const COLUMNS: Columns = Columns {
    table: "deployment_links",
    key: &["service", "deployment_id"],
    rest: &[
        "version",
        "finished_at",
        "standing",
        "is_first",
        "kind",
        "is_rework",
        "next_is_remedy",
        "reach",
        "evidence",
        "reason",
        "workflows",
    ],
};

const SELECT: &str = "SELECT l.service, l.deployment_id, l.version, l.finished_at, l.standing, l.is_first, l.kind, \
     l.is_rework, l.next_is_remedy, l.reach, l.evidence, l.reason, l.workflows";
const OUTCOME: &str = ", l.is_failed, l.failure, l.well_again_at, l.not_recovered";

type Row<'a> = &'a DeploymentLink;

/// Writes these links over what was there; outcomes stay as they are.
pub async fn put(tx: &mut Tx, links: &[&DeploymentLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, link: &Row<'_>| bind
        .push_bind(&link.service)
        .push_bind(&link.deployment_id)
        .push_bind(link.version)
        .push_bind(link.finished_at)
        .push_bind(&link.standing)
        .push_bind(link.is_first)
        .push_bind(&link.kind)
        .push_bind(link.is_rework)
        .push_bind(link.next_is_remedy)
        .push_bind(link.reach)
        .push_bind(&link.evidence)
        .push_bind(&link.reason)
        .push_bind(&link.workflows))?)
}

/// Removes what is no deployment to production any more.
pub async fn remove(tx: &mut Tx, service: &str, ids: &[&str]) -> Result<()> {
    for ids in ids.chunks(MAX_BINDS - 1) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("DELETE FROM deployment_links WHERE service = ");
            query.push_bind(service).push(" AND deployment_id IN (");
            push_ids(&mut query, ids);
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Writes outcomes, given by deployment.
pub async fn end(tx: &mut Tx, outcomes: &[(&DeploymentLink, Outcome)]) -> Result<()> {
    for rows in outcomes.chunks(ROWS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "WITH fresh (service, deployment_id, is_failed, failure, well_again_at, not_recovered) AS (",
            );
            query.push_values(rows, |mut row, (link, outcome)| {
                row.push_bind(&link.service)
                    .push_bind(&link.deployment_id)
                    .push_bind(outcome.is_failed)
                    .push_bind(&outcome.failure)
                    .push_bind(outcome.well_again_at)
                    .push_bind(&outcome.not_recovered);
            });
            query.push(
                ") UPDATE deployment_links SET is_failed = fresh.is_failed, failure = fresh.failure, \
                 well_again_at = fresh.well_again_at, not_recovered = fresh.not_recovered FROM fresh \
                 WHERE deployment_links.service = fresh.service \
                 AND deployment_links.deployment_id = fresh.deployment_id",
            );
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The links of these deployments, of whatever service, by service, then id.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Ended>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Ended> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(OUTCOME).push(" FROM deployment_links l WHERE deployment_id IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY service, deployment_id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// A service's links from one instant to another, both included.
pub async fn of_service(
    tx: &mut Tx,
    service: &str,
    (from_ms, to_ms): (i64, i64),
) -> Result<Vec<DeploymentLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" FROM deployment_links l WHERE service = ").push_bind(service);
        query.push(" AND finished_at >= ").push_bind(from_ms);
        query.push(" AND finished_at <= ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The latest deployment of a service that was done at or before an instant.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Latest {
    pub by_ms: i64,
    #[sqlx(flatten)]
    pub link: DeploymentLink,
}

/// The latest ones of these services by these instants; none where nothing was done by then.
pub async fn latest_done(tx: &mut Tx, places: &[(&str, i64)]) -> Result<Vec<Latest>> {
    let mut found = Vec::new();
    for places in places.chunks(MAX_BINDS / 2) {
        let rows: Vec<Latest> = on!(tx, conn => {
            let mut query = QueryBuilder::new("WITH wanted (service, by_ms) AS (");
            query.push_values(places, |mut row, (service, by_ms)| {
                row.push_bind(*service).push_bind(*by_ms);
            });
            query.push(") ").push(SELECT).push(
                ", wanted.by_ms FROM wanted JOIN deployment_links l ON l.service = wanted.service \
                 AND l.deployment_id = (SELECT d.deployment_id FROM deployment_links d \
                 WHERE d.service = wanted.service AND d.standing = 'success' AND d.finished_at <= wanted.by_ms \
                 ORDER BY d.finished_at DESC, d.deployment_id DESC LIMIT 1)",
            );
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The instant that puts a deployment into a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Finish,
    Recovery,
}

impl By {
    fn column(self) -> &'static str {
        match self {
            By::Finish => "l.finished_at",
            By::Recovery => "l.well_again_at",
        }
    }
}

/// The deployments of [from, to), in no particular order; by recovery also those without one.
pub async fn between(tx: &mut Tx, by: By, span: (i64, i64)) -> Result<Vec<Ended>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(OUTCOME).push(" FROM deployment_links l WHERE ");
        push_between(&mut query, by, span);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// Ends a statement with the deployments of a span. A failed one that has no recovery stands where
/// it finished.
fn push_between<DB>(query: &mut QueryBuilder<DB>, by: By, (from_ms, to_ms): (i64, i64))
where
    DB: Database,
    for<'t> i64: Encode<'t, DB> + Type<DB>,
{
    query
        .push("(")
        .push(by.column())
        .push(" >= ")
        .push_bind(from_ms);
    query
        .push(" AND ")
        .push(by.column())
        .push(" < ")
        .push_bind(to_ms)
        .push(")");
    if by == By::Recovery {
        query.push(" OR (l.well_again_at IS NULL AND l.is_failed = 1 AND l.finished_at >= ");
        query
            .push_bind(from_ms)
            .push(" AND l.finished_at < ")
            .push_bind(to_ms)
            .push(")");
    }
}

/// What a list shows of a deployment beside its link. Where each merge is a deployment, the commit
/// and the address are the change's.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub ended: Ended,
    pub commit_sha: Option<String>,
    pub title: Option<String>,
    pub url: Option<String>,
}

const LISTED: &str = ", COALESCE(d.commit_sha, c.merge_commit) AS commit_sha, c.title, COALESCE(d.url, c.url) AS url \
     FROM deployment_links l \
     LEFT JOIN deployments d ON d.service = l.service AND d.id = l.deployment_id \
     LEFT JOIN changes c ON c.service = l.service AND c.id = l.deployment_id WHERE ";

/// What a list shows of the deployment with this id.
pub async fn listed(tx: &mut Tx, id: &str) -> Result<Option<Listed>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(OUTCOME).push(LISTED).push("l.deployment_id = ").push_bind(id);
        query.push(" ORDER BY l.service LIMIT 1");
        query.build_query_as().fetch_optional(conn).await
    })?)
}

/// The last deployments of a service that finished at or before an instant and count, the latest
/// first.
pub async fn listed_before(
    tx: &mut Tx,
    service: &str,
    (at_ms, limit): (i64, i64),
) -> Result<Vec<Listed>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(OUTCOME).push(LISTED).push("l.standing <> 'ignored' AND l.service = ").push_bind(service);
        query.push(" AND l.finished_at <= ").push_bind(at_ms);
        query.push(" ORDER BY l.finished_at DESC, l.deployment_id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// Shows each failed deployment that finished in [from, to), the latest first, one at a time.
pub async fn failed_between(
    tx: &mut Tx,
    span: (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(OUTCOME).push(LISTED).push("l.is_failed = 1 AND ");
        push_between(&mut query, By::Finish, span);
        query.push(" ORDER BY l.finished_at DESC, l.deployment_id DESC, l.service DESC");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}

/// Shows each deployment of [from, to) by its instant, then id, one at a time; by recovery also those
/// without one.
pub async fn listed_between(
    tx: &mut Tx,
    by: By,
    span: (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(OUTCOME).push(LISTED);
        let instant = match by {
            By::Finish => "l.finished_at",
            By::Recovery => "COALESCE(l.well_again_at, l.finished_at)",
        };
        push_between(&mut query, by, span);
        query.push(" ORDER BY ").push(instant).push(", l.deployment_id, l.service");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}
