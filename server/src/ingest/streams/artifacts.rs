//! The stream `artifacts`: what landed of an agent's work, as the platform tells on which it landed.

use serde::Deserialize;

use super::Arrived;
use super::runs::{ArtifactKind, Reversal};
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::artifacts::{self, Artifact};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Artifacts;

#[derive(Deserialize)]
struct Record {
    id: String,
    kind: ArtifactKind,
    #[serde(rename = "ref")]
    reference: String,
    workflow: Option<String>,
    agent: Option<String>,
    landed_at: Instant,
    updated_at: Option<Instant>,
    run: Option<String>,
    reversal: Option<Reversal>,
}

impl Stream for Artifacts {
    type Row = Artifact;
    const NAME: StreamName = StreamName::Artifacts;

    fn read(record: &Json<'_>) -> Result<Artifact, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("ref", &record.reference)?;
        for (field, given) in [
            ("workflow", &record.workflow),
            ("agent", &record.agent),
            ("run", &record.run),
        ] {
            if let Some(given) = given {
                name(field, given)?;
            }
        }
        Ok(Artifact {
            version: Version {
                home: record.reference,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            kind: record.kind.as_str().to_owned(),
            workflow: record.workflow,
            agent: record.agent,
            landed_at: record.landed_at.0,
            run_id: record.run,
            reversal: record.reversal.map(|own| own.said()),
        })
    }

    fn version(row: &Artifact) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Artifact) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Artifact]) -> store::Result<()> {
        artifacts::put(tx, rows).await
    }

    /// What landed moves itself, under the name it had before too.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, Artifact>,
    ) -> store::Result<Vec<i64>> {
        let before: Vec<&str> = arrived
            .stored
            .values()
            .map(|old| old.home.as_str())
            .collect();
        links::agent_work::artifacts_came(tx, arrived.rows, &before).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::json;

    #[test]
    fn what_landed_is_kept_under_its_reference_with_its_way_back() {
        let text = json!({"id": "a", "kind": "configuration", "ref": "flag/refunds", "landed_at": "2026-01-01T00:00:00Z",
            "reversal": {"kind": "flag", "ref": "version 11"}})
        .to_string();
        let read = Artifacts::read(&parse(&text).unwrap()).unwrap();
        assert_eq!(read.version.home, "flag/refunds");
        assert_eq!(read.reversal.as_deref(), Some("flag version 11"));
    }
}
