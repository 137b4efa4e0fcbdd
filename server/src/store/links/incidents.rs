//! What was derived of incidents: the deployment that each is laid to.

use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_ids, push_pairs};
use crate::store::put::{Columns, put};
use crate::store::{Error, Result, Tx};

/// An incident's derived facts. Evidence and workflows are JSON, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct IncidentLink {
    /// Empty where it names none.
    pub service: String,
    pub incident_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub started_at: i64,
    pub resolved_at: Option<i64>,
    /// What it is instead, such as `drill`.
    pub not_an_incident: Option<String>,
    pub deployment_service: Option<String>,
    pub deployment_id: Option<String>,
    pub evidence: String,
    /// Why it is laid to no deployment.
    pub reason: Option<String>,
    /// Slugs of the workflows that cover it, sorted.
    pub workflows: String,
}

const COLUMNS: Columns = Columns {
    table: "incident_links",
    key: &["service", "incident_id"],
    rest: &[
        "version",
        "started_at",
        "resolved_at",
        "not_an_incident",
        "deployment_service",
        "deployment_id",
        "evidence",
        "reason",
        "workflows",
    ],
};

const SELECT: &str = "SELECT l.service, l.incident_id, l.version, l.started_at, l.resolved_at, l.not_an_incident, \
     l.deployment_service, l.deployment_id, l.evidence, l.reason, l.workflows";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[IncidentLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, link: &IncidentLink| bind
        .push_bind(&link.service)
        .push_bind(&link.incident_id)
        .push_bind(link.version)
        .push_bind(link.started_at)
        .push_bind(link.resolved_at)
        .push_bind(&link.not_an_incident)
        .push_bind(&link.deployment_service)
        .push_bind(&link.deployment_id)
        .push_bind(&link.evidence)
        .push_bind(&link.reason)
        .push_bind(&link.workflows))?)
}

/// Removes the link of an incident that has moved to another service.
pub async fn remove(tx: &mut Tx, service: &str, incident_id: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM incident_links WHERE service = $1 AND incident_id = $2")
        .bind(service)
        .bind(incident_id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The links of these incidents, of whatever service.
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<IncidentLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<IncidentLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM incident_links l WHERE (service, incident_id) IN (");
            push_pairs(&mut query, keys);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The incidents laid to these deployments of a service, by start, then id.
pub async fn laid_to(tx: &mut Tx, service: &str, ids: &[&str]) -> Result<Vec<IncidentLink>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS - 1) {
        let rows: Vec<IncidentLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM incident_links l WHERE deployment_service = ").push_bind(service);
            query.push(" AND deployment_id IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY started_at, incident_id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The links of the incidents that started in [from, to), in no particular order.
pub async fn between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<IncidentLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" FROM incident_links l WHERE started_at >= ").push_bind(from_ms);
        query.push(" AND started_at < ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// What a list shows of an incident beside its link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub link: IncidentLink,
    pub title: Option<String>,
    pub url: Option<String>,
}

const LISTED: &str = ", i.title, i.url FROM incident_links l \
     JOIN incidents i ON i.service = l.service AND i.id = l.incident_id WHERE ";
/// Of incidents that are laid to no deployment.
const OPEN: &str = "l.deployment_id IS NULL AND l.not_an_incident IS NULL";

/// The latest incidents that are laid to no deployment, and how many there are.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<(Vec<Listed>, i64)> {
    let latest = on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(LISTED).push(OPEN).push(" ORDER BY l.started_at DESC, l.incident_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    let count = on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) FROM incident_links l WHERE ");
        query.push(OPEN).build_query_scalar().fetch_one(conn).await
    })?;
    Ok((latest, count))
}

/// Shows each incident that started in [from, to) by start, then id, one at a time.
pub async fn listed_between(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(LISTED).push("l.started_at >= ").push_bind(from_ms).push(" AND l.started_at < ").push_bind(to_ms);
        query.push(" ORDER BY l.started_at, l.incident_id");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}
