//! Of one thing what no list asks for: who told of it and when, what a deployment held, what says that
//! it takes something back.

use std::collections::HashMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::{Result, Tx};

/// The delivery a record came in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Origin {
    pub id: String,
    /// Who sent it; a record may name another source itself.
    pub source: String,
    pub stream: String,
    pub received_at: i64,
}

/// These deliveries, by id; one that is no longer kept is not among them.
pub async fn origins(tx: &mut Tx, raw_ids: &[&str]) -> Result<HashMap<String, Origin>> {
    let mut found = HashMap::new();
    for ids in raw_ids.chunks(MAX_BINDS) {
        let rows: Vec<Origin> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT id, source, stream, received_at FROM raw WHERE id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|row| (row.id.clone(), row)));
    }
    Ok(found)
}

/// When each source last brought anything, by name.
pub async fn newest_by_source(tx: &mut Tx) -> Result<Vec<(String, i64)>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT source, MAX(received_at) FROM receipts GROUP BY source ORDER BY source",
    )
    .fetch_all(conn)
    .await)?)
}

/// A change, as something that points at it shows it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Named {
    pub id: String,
    pub title: Option<String>,
    pub segment: String,
    pub merged_at: Option<i64>,
}

const NAMED: &str = "SELECT c.id, c.title, l.segment, l.merged_at FROM change_links l \
     JOIN changes c ON c.service = l.service AND c.id = l.change_id WHERE l.service = ";

/// The changes that a deployment delivered first, by merge, then id.
pub async fn delivered_by(
    tx: &mut Tx,
    service: &str,
    (deployment_at, deployment_id): (i64, &str),
) -> Result<Vec<Named>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(NAMED);
        query.push_bind(service).push(" AND l.deployment_at = ").push_bind(deployment_at);
        query.push(" AND l.deployment_id = ").push_bind(deployment_id);
        query.push(" ORDER BY l.merged_at, c.id");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The merged changes of a service with this title, by merge, then id: those called `Revert "T"` take
/// back what is called T.
pub async fn titled(tx: &mut Tx, service: &str, title: &str) -> Result<Vec<Named>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(NAMED);
        query.push_bind(service).push(" AND c.service = ").push_bind(service);
        query.push(" AND c.title = ").push_bind(title);
        query.push(" AND l.merged_at IS NOT NULL ORDER BY l.merged_at, c.id LIMIT 20");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// A review with the delivery it came in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Review {
    #[sqlx(flatten)]
    pub version: super::versions::Version,
    pub author_id: String,
    pub author_kind: Option<String>,
    /// `approved`, `changes_requested` or `commented`.
    pub state: String,
    pub submitted_at: i64,
    pub commit_sha: Option<String>,
}

/// All reviews of a change, by instant, then id.
pub async fn reviews(tx: &mut Tx, change_id: &str) -> Result<Vec<Review>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT change_id AS home, id, updated_at, hash, raw_id, ordinal, author_id, author_kind, state, \
         submitted_at, commit_sha FROM reviews WHERE change_id = $1 ORDER BY submitted_at, id",
    )
    .bind(change_id)
    .fetch_all(conn)
    .await)?)
}

/// An evaluation with the delivery it came in.
#[derive(Clone, Debug, PartialEq, sqlx::FromRow)]
pub struct Evaluation {
    #[sqlx(flatten)]
    pub version: super::versions::Version,
    pub evaluator: String,
    /// `code`, `model` or `human`.
    pub evaluator_kind: String,
    pub score: Option<f64>,
    pub passed: Option<i64>,
    /// 1 for a check of a forge.
    pub is_check: i64,
    pub required: Option<i64>,
    pub finished_at: i64,
}

/// The evaluations of these subjects, by finish, then id.
pub async fn evaluations(tx: &mut Tx, subjects: &[&str]) -> Result<Vec<Evaluation>> {
    let mut found = Vec::new();
    for subjects in subjects.chunks(MAX_BINDS) {
        let rows: Vec<Evaluation> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT subject AS home, id, updated_at, hash, raw_id, ordinal, evaluator, evaluator_kind, \
                 score, passed, is_check, required, finished_at FROM evaluations WHERE subject IN (",
            );
            push_ids(&mut query, subjects);
            query.push(" ORDER BY finished_at, id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
