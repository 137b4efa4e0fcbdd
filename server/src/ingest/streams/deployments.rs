//! The stream `deployments`: what was rolled out where, and how it ended.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::deployments::{self, Deployment};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Deployments;

#[derive(Deserialize)]
struct Record {
    id: String,
    service: String,
    updated_at: Option<Instant>,
    environment: String,
    commit: String,
    started_at: Option<Instant>,
    finished_at: Instant,
    result: Outcome,
    kind: Option<Kind>,
    changes: Option<Vec<String>>,
    url: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Success,
    Failure,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Success => "success",
            Outcome::Failure => "failure",
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Planned,
    Rollback,
    Fix,
}

impl Kind {
    fn as_str(self) -> &'static str {
        match self {
            Kind::Planned => "planned",
            Kind::Rollback => "rollback",
            Kind::Fix => "fix",
        }
    }
}

impl Stream for Deployments {
    type Row = Deployment;
    const NAME: StreamName = StreamName::Deployments;

    fn read(record: &Json<'_>) -> Result<Deployment, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("service", &record.service)?;
        name("environment", &record.environment)?;
        name("commit", &record.commit)?;
        Ok(Deployment {
            version: Version {
                home: record.service,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            environment: record.environment,
            commit_sha: record.commit,
            started_at: record.started_at.map(|at| at.0),
            finished_at: record.finished_at.0,
            result: record.result.as_str().to_owned(),
            kind: record.kind.map(|kind| kind.as_str().to_owned()),
            changes: record.changes,
            url: record.url,
        })
    }

    fn version(row: &Deployment) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Deployment) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Deployment]) -> store::Result<()> {
        deployments::put(tx, rows).await
    }

    /// Its service's deployments are linked behind, from where it stands or stood.
    async fn link(
        tx: &mut Tx,
        registry: &Registry,
        arrived: Arrived<'_, Deployment>,
    ) -> store::Result<Vec<i64>> {
        links::deployments::arrived(tx, registry, arrived.rows, arrived.stored).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::json;

    #[test]
    fn an_unknown_result_is_refused_with_its_field() {
        let text = json!({"id": "d", "service": "s", "environment": "production", "commit": "abc",
            "finished_at": "2026-01-01T00:00:00Z", "result": "maybe"})
        .to_string();
        assert_eq!(
            Deployments::read(&parse(&text).unwrap())
                .unwrap_err()
                .field
                .as_deref(),
            Some("result")
        );
    }
}
