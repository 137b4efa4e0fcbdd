//! What has to be linked again: the deployments of a service from an instant on, and single things.
//!
//! Whoever writes facts marks here, in the same transaction; whoever derives links takes from here.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::{Result, Tx, blame, corrections};

/// A place in a service's deployments, from which on they are linked again.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct From {
    pub service: String,
    pub from_at: i64,
    /// Of deployments that finished at the same instant the first; empty for all of them.
    pub from_id: String,
}

/// Single things, by what they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Incident,
    Defect,
    /// How a deployment ended.
    Outcome,
    /// By workflow and id.
    SuiteRun,
    /// By nothing and id.
    Run,
    /// Whose spans or events are not put together yet; by nothing and id.
    Trace,
    /// By subject and id.
    Approval,
    /// By kind and reference.
    Artifact,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Incident => "incident",
            Kind::Defect => "defect",
            Kind::Outcome => "outcome",
            Kind::SuiteRun => "suite_run",
            Kind::Run => "run",
            Kind::Trace => "trace",
            Kind::Approval => "approval",
            Kind::Artifact => "artifact",
        }
    }
}

/// Marks a service's deployments from an instant on; an earlier mark stays.
pub async fn service(tx: &mut Tx, service: &str, from_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO touched_services (service, from_at, from_id) VALUES ($1, $2, '') \
         ON CONFLICT (service) DO UPDATE SET from_at = excluded.from_at, from_id = '' \
         WHERE excluded.from_at <= touched_services.from_at",
    )
    .bind(service)
    .bind(from_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Some service that is marked, the first by name.
pub async fn next_service(tx: &mut Tx) -> Result<Option<From>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT service, from_at, from_id FROM touched_services ORDER BY service LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?)
}

/// Moves a service's mark on to a place, or takes it away once all is linked.
pub async fn advance(tx: &mut Tx, service: &str, to: Option<(i64, &str)>) -> Result<()> {
    match to {
        None => on!(tx, conn => sqlx::query("DELETE FROM touched_services WHERE service = $1")
            .bind(service)
            .execute(conn)
            .await
            .map(|_| ()))?,
        Some((at_ms, id)) => on!(tx, conn => sqlx::query(
            "UPDATE touched_services SET from_at = $2, from_id = $3 WHERE service = $1",
        )
        .bind(service)
        .bind(at_ms)
        .bind(id)
        .execute(conn)
        .await
        .map(|_| ()))?,
    }
    Ok(())
}

/// Marks single things, given as (service, id).
pub async fn things(tx: &mut Tx, kind: Kind, keys: &[(&str, &str)]) -> Result<()> {
    for keys in keys.chunks(MAX_BINDS / 3) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("INSERT INTO touched_links (kind, service, id) ");
            query.push_values(keys, |mut row, (service, id)| {
                row.push_bind(kind.as_str()).push_bind(*service).push_bind(*id);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Marks the incidents of a service that started at an instant or later.
pub async fn incidents_from(tx: &mut Tx, service: &str, from_ms: i64) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO touched_links (kind, service, id) \
         SELECT 'incident', service, id FROM incidents WHERE service = $1 AND started_at >= $2 \
         ON CONFLICT DO NOTHING",
    )
    .bind(service)
    .bind(from_ms)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// Who blames: what it is, its table, and its columns' first word.
const BLAMERS: [Blamer; 2] = [
    ("incident", "incidents", "caused_by"),
    ("defect", "defects", "introduced_by"),
];

type Blamer = (&'static str, &'static str, &'static str);

/// Of those who blame, the ones that blame something of this kind.
async fn blamers(tx: &mut Tx, kind: blame::Kind) -> Result<Vec<Blamer>> {
    let mut found = Vec::new();
    for (what, table, column) in BLAMERS {
        let any: Option<i64> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT CAST(1 AS BIGINT) FROM ");
            query.push(table).push(" WHERE ").push(column).push("_kind = ").push_bind(kind.as_str());
            query.push(" LIMIT 1");
            query.build_query_scalar().fetch_optional(conn).await
        })?;
        found.extend(any.map(|_| (what, table, column)));
    }
    Ok(found)
}

/// Marks the incidents that a person has laid to one of these deployments.
pub async fn put_right_to(tx: &mut Tx, ids: &[&str]) -> Result<()> {
    if ids.is_empty() || !corrections::any(tx).await? {
        return Ok(());
    }
    for ids in ids.chunks(MAX_BINDS) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "INSERT INTO touched_links (kind, service, id) SELECT 'incident', i.service, i.id FROM incidents i \
                 JOIN corrections c ON c.kind = 'incident' AND c.field = 'deployment' AND c.subject_id = i.id \
                 WHERE c.value IN (",
            );
            push_ids(&mut query, ids);
            query.push(" ON CONFLICT DO NOTHING");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Marks the incidents and defects that blame one of these.
pub async fn blaming(tx: &mut Tx, kind: blame::Kind, ids: &[&str]) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    // Few senders blame anything, and most batches can spare themselves the rest.
    let blamers = blamers(tx, kind).await?;
    for ids in ids.chunks(MAX_BINDS - 1) {
        for (what, table, column) in blamers.iter().copied() {
            on!(tx, conn => {
                let mut query = QueryBuilder::new("INSERT INTO touched_links (kind, service, id) SELECT '");
                query.push(what).push("', service, id FROM ").push(table);
                query.push(" WHERE ").push(column).push("_kind = ").push_bind(kind.as_str());
                query.push(" AND ").push(column).push("_id IN (");
                push_ids(&mut query, ids);
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// Marks the incidents and defects that blame a commit of one of these changes of a service, its
/// merge commit among them.
pub async fn blaming_commits_of(tx: &mut Tx, service: &str, changes: &[&str]) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let kind = blame::Kind::Commit;
    let blamers = blamers(tx, kind).await?;
    for changes in changes.chunks((MAX_BINDS - 3) / 2) {
        for (what, table, column) in blamers.iter().copied() {
            on!(tx, conn => {
                let mut query = QueryBuilder::new("INSERT INTO touched_links (kind, service, id) SELECT '");
                query.push(what).push("', service, id FROM ").push(table);
                query.push(" WHERE ").push(column).push("_kind = ").push_bind(kind.as_str());
                query.push(" AND ").push(column).push("_id IN (SELECT merge_commit FROM changes WHERE service = ");
                query.push_bind(service).push(" AND id IN (");
                push_ids(&mut query, changes);
                query.push(" UNION ALL SELECT sha FROM change_commits WHERE service = ");
                query.push_bind(service).push(" AND change_id IN (");
                push_ids(&mut query, changes);
                query.push(") ON CONFLICT DO NOTHING");
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
    }
    Ok(())
}

/// How many things of a kind are marked.
pub async fn count_of(tx: &mut Tx, kind: Kind) -> Result<i64> {
    Ok(
        on!(tx, conn => sqlx::query_scalar("SELECT COUNT(*) FROM touched_links WHERE kind = $1")
        .bind(kind.as_str())
        .fetch_one(conn)
        .await)?,
    )
}

/// Whether anything is marked.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar(
        "SELECT CAST(1 AS BIGINT) WHERE EXISTS (SELECT 1 FROM touched_services) \
         OR EXISTS (SELECT 1 FROM touched_links)",
    )
    .fetch_optional(conn)
    .await)?;
    Ok(found.is_some())
}

/// Marks everything there is, as after an edit of the registry.
pub async fn everything(tx: &mut Tx) -> Result<()> {
    let marks = [
        "INSERT INTO touched_services (service, from_at, from_id) \
         SELECT service, MIN(at), '' FROM (SELECT service, MIN(finished_at) AS at FROM deployments GROUP BY service \
         UNION ALL SELECT service, MIN(finished_at) FROM deployment_links GROUP BY service \
         UNION ALL SELECT service, MIN(merged_at) FROM change_links WHERE merged_at IS NOT NULL GROUP BY service) \
         AS firsts GROUP BY service \
         ON CONFLICT (service) DO UPDATE SET from_at = excluded.from_at, from_id = ''",
        "INSERT INTO touched_links (kind, service, id) SELECT 'incident', service, id FROM incidents \
         WHERE true ON CONFLICT DO NOTHING",
        "INSERT INTO touched_links (kind, service, id) SELECT 'defect', service, id FROM defects \
         WHERE true ON CONFLICT DO NOTHING",
    ];
    for mark in marks {
        on!(tx, conn => sqlx::query(mark).execute(conn).await.map(|_| ()))?;
    }
    agent_work(tx).await
}

/// Marks all that agents did and left behind.
pub async fn agent_work(tx: &mut Tx) -> Result<()> {
    let marks = [
        "SELECT 'suite_run', workflow, id FROM suite_runs",
        RUNS,
        "SELECT 'approval', subject, id FROM approvals",
        "SELECT 'artifact', kind, ref FROM artifacts",
        "SELECT 'artifact', kind, ref FROM run_artifacts",
        "SELECT 'artifact', kind, ref FROM artifact_links",
        "SELECT 'artifact', 'change', change_id FROM change_links \
         WHERE merged_at IS NOT NULL AND segment <> 'unmarked'",
    ];
    mark(tx, &marks).await
}

/// Marks all runs alone, of which nothing but the price moved.
pub async fn runs(tx: &mut Tx) -> Result<()> {
    mark(tx, &[RUNS]).await
}

const RUNS: &str = "SELECT 'run', '', id FROM runs";

async fn mark(tx: &mut Tx, marks: &[&'static str]) -> Result<()> {
    for mark in marks {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("INSERT INTO touched_links (kind, service, id) ");
            // Without a condition SQLite would read what follows as part of the select.
            let condition = if mark.contains(" WHERE ") { "" } else { " WHERE true" };
            query.push(*mark).push(condition).push(" ON CONFLICT DO NOTHING");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Takes up to `limit` things of a kind on, given as (service, id); they are marked no longer.
pub async fn take(tx: &mut Tx, kind: Kind, limit: i64) -> Result<Vec<(String, String)>> {
    let taken: Vec<(String, String)> = on!(tx, conn => sqlx::query_as(
        "SELECT service, id FROM touched_links WHERE kind = $1 ORDER BY service, id LIMIT $2",
    )
    .bind(kind.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await)?;
    for keys in taken.chunks(MAX_BINDS / 3) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("DELETE FROM touched_links WHERE (kind, service, id) IN (");
            query.push_values(keys, |mut row, (service, id)| {
                row.push_bind(kind.as_str()).push_bind(service).push_bind(id);
            });
            query.push(")");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(taken)
}
