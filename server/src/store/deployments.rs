//! Deployments, in every environment.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx, from_json, to_json};

/// A deployment as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployment {
    /// Its home is the service.
    pub version: Version,
    pub environment: String,
    pub commit_sha: String,
    pub started_at: Option<i64>,
    pub finished_at: i64,
    pub result: String,
    pub kind: Option<String>,
    /// Change ids, when the sender knows what is inside; an empty list says "nothing".
    pub changes: Option<Vec<String>>,
    pub url: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "deployments",
    key: &["service", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "environment",
        "commit_sha",
        "started_at",
        "finished_at",
        "result",
        "kind",
        "changes",
        "url",
    ],
};

/// Writes these deployments over what was there.
pub async fn put(tx: &mut Tx, deployments: &[Deployment]) -> Result<()> {
    let rows: Vec<(&Deployment, Option<String>)> = deployments
        .iter()
        .map(|deployment| {
            let changes = deployment.changes.as_ref();
            let changes = changes.map(|ids| to_json("change ids", ids)).transpose()?;
            Ok((deployment, changes))
        })
        .collect::<Result<_>>()?;
    Ok(put!(tx, COLUMNS, rows, |bind,
                                (deployment, changes): &(
        &Deployment,
        Option<String>
    )| bind
        .push_bind(&deployment.version.home)
        .push_bind(&deployment.version.id)
        .push_bind(deployment.version.updated_at)
        .push_bind(&deployment.version.hash)
        .push_bind(&deployment.version.raw_id)
        .push_bind(deployment.version.ordinal)
        .push_bind(&deployment.environment)
        .push_bind(&deployment.commit_sha)
        .push_bind(deployment.started_at)
        .push_bind(deployment.finished_at)
        .push_bind(&deployment.result)
        .push_bind(&deployment.kind)
        .push_bind(changes)
        .push_bind(&deployment.url))?)
}

const SELECT: &str = "SELECT service AS home, id, updated_at, hash, raw_id, ordinal, environment, commit_sha, \
     started_at, finished_at, result, kind, changes, url FROM deployments ";

/// A service's deployments from a place on, by finish, then id; also the one on the place itself.
pub async fn from_place(
    tx: &mut Tx,
    service: &str,
    (at_ms, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Deployment>> {
    let rows: Vec<Stored> = on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE service = ").push_bind(service);
        query.push(" AND (finished_at, id) >= (").push_bind(at_ms).push(", ").push_bind(id);
        query.push(") ORDER BY finished_at, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    rows.into_iter().map(Stored::read).collect()
}

/// A service's deployments before a place, the latest first.
pub async fn before_place(
    tx: &mut Tx,
    service: &str,
    (at_ms, id): (i64, &str),
    limit: i64,
) -> Result<Vec<Deployment>> {
    let rows: Vec<Stored> = on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE service = ").push_bind(service);
        query.push(" AND (finished_at, id) < (").push_bind(at_ms).push(", ").push_bind(id);
        query.push(") ORDER BY finished_at DESC, id DESC LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    rows.into_iter().map(Stored::read).collect()
}

/// The deployments of these commits, of whatever service, by finish, then id.
pub async fn of_commits(tx: &mut Tx, shas: &[&str]) -> Result<Vec<Deployment>> {
    having(tx, "commit_sha", shas).await
}

/// The deployments of these ids, of whatever service, by finish, then id.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Deployment>> {
    having(tx, "id", ids).await
}

async fn having(tx: &mut Tx, column: &str, values: &[&str]) -> Result<Vec<Deployment>> {
    let mut found = Vec::new();
    for values in values.chunks(MAX_BINDS) {
        let rows: Vec<Stored> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE ").push(column).push(" IN (");
            push_ids(&mut query, values);
            query.build_query_as().fetch_all(conn).await
        })?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    found.sort_by(|a: &Deployment, b| a.place().cmp(&b.place()));
    Ok(found)
}

/// When the deployments of these ids finished, each with its service.
pub async fn finishes(tx: &mut Tx, ids: &[&str]) -> Result<Vec<(String, i64)>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<(String, i64)> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT service, finished_at FROM deployments WHERE id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

impl Deployment {
    /// Where it stands among the deployments of its service.
    pub fn place(&self) -> (i64, &str) {
        (self.finished_at, &self.version.id)
    }
}

/// A row as it stands, its list still in JSON.
#[derive(sqlx::FromRow)]
struct Stored {
    #[sqlx(flatten)]
    version: Version,
    environment: String,
    commit_sha: String,
    started_at: Option<i64>,
    finished_at: i64,
    result: String,
    kind: Option<String>,
    changes: Option<String>,
    url: Option<String>,
}

impl Stored {
    fn read(self) -> Result<Deployment> {
        let changes = self.changes.as_deref();
        Ok(Deployment {
            changes: changes
                .map(|ids| from_json("change ids", ids))
                .transpose()?,
            version: self.version,
            environment: self.environment,
            commit_sha: self.commit_sha,
            started_at: self.started_at,
            finished_at: self.finished_at,
            result: self.result,
            kind: self.kind,
            url: self.url,
        })
    }
}

/// The services of these deployments, by id.
pub async fn services(tx: &mut Tx, ids: &[&str]) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<(String, String)> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT id, service FROM deployments WHERE id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
