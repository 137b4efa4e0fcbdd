//! Deployments, in every environment.

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on};
use super::versions::Version;
use super::{Result, Tx, to_json};

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

const COLUMNS: usize = 14;

/// Writes these deployments over what was there.
pub async fn put(tx: &mut Tx, deployments: &[Deployment]) -> Result<()> {
    for deployments in deployments.chunks(MAX_BINDS / COLUMNS) {
        let changes: Vec<Option<String>> = deployments
            .iter()
            .map(|deployment| {
                deployment
                    .changes
                    .as_ref()
                    .map(|ids| to_json("change ids", ids))
                    .transpose()
            })
            .collect::<Result<_>>()?;
        on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "INSERT INTO deployments (service, id, updated_at, hash, raw_id, ordinal, environment, commit_sha, \
                 started_at, finished_at, result, kind, changes, url) ",
            );
            query.push_values(deployments.iter().zip(&changes), |mut row, (deployment, changes)| {
                row.push_bind(&deployment.version.home)
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
                    .push_bind(&deployment.url);
            });
            query.push(
                " ON CONFLICT (service, id) DO UPDATE SET updated_at = excluded.updated_at, \
                 hash = excluded.hash, raw_id = excluded.raw_id, ordinal = excluded.ordinal, \
                 environment = excluded.environment, commit_sha = excluded.commit_sha, \
                 started_at = excluded.started_at, finished_at = excluded.finished_at, \
                 result = excluded.result, kind = excluded.kind, changes = excluded.changes, url = excluded.url",
            );
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}
