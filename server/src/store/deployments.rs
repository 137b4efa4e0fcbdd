//! Deployments, in every environment.

use super::put::{Columns, put};
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
