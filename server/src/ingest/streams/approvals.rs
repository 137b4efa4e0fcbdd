//! The stream `approvals`: who was asked to let something pass, when, and what they decided.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::subject::one;
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::approvals::{self, Approval};
use crate::store::registry::Registry;
use crate::store::touched::{self, Kind};
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Approvals;

#[derive(Deserialize)]
struct Record {
    id: String,
    subject: Subject,
    updated_at: Option<Instant>,
    level: Option<Level>,
    requested_at: Instant,
    decided_at: Option<Instant>,
    decision: Option<Decision>,
    approver: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    run: Option<String>,
    artifact: Option<String>,
    deployment: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Level {
    Recorded,
    Declared,
}

impl Level {
    fn as_str(self) -> &'static str {
        match self {
            Level::Recorded => "recorded",
            Level::Declared => "declared",
        }
    }
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Decision {
    Approved,
    Rejected,
}

impl Decision {
    fn as_str(self) -> &'static str {
        match self {
            Decision::Approved => "approved",
            Decision::Rejected => "rejected",
        }
    }
}

impl Stream for Approvals {
    type Row = Approval;
    const NAME: StreamName = StreamName::Approvals;

    fn read(record: &Json<'_>) -> Result<Approval, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        if let Some(approver) = &record.approver {
            name("approver", approver)?;
        }
        let Subject {
            run,
            artifact,
            deployment,
        } = record.subject;
        let members = [
            ("run", run),
            ("artifact", artifact),
            ("deployment", deployment),
        ];
        Ok(Approval {
            version: Version {
                home: one("subject", members)?,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            level: record.level.unwrap_or(Level::Recorded).as_str().to_owned(),
            requested_at: record.requested_at.0,
            decided_at: record.decided_at.map(|at| at.0),
            decision: record.decision.map(|own| own.as_str().to_owned()),
            approver: record.approver,
        })
    }

    fn version(row: &Approval) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Approval) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Approval]) -> store::Result<()> {
        approvals::put(tx, rows).await
    }

    /// An approval moves itself, what it is of, and what it was of before.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, Approval>,
    ) -> store::Result<Vec<i64>> {
        let homes = arrived.homes(Self::version);
        touched::things(tx, Kind::Approval, &arrived.keys(Self::version)).await?;
        links::agent_work::subjects_moved(tx, &homes).await?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn read(subject: Value) -> Result<Approval, Refusal> {
        let text = json!({"id": "a", "subject": subject, "requested_at": "2026-01-01T00:00:00Z"});
        Approvals::read(&parse(&text.to_string()).unwrap())
    }

    #[test]
    fn an_approval_is_of_one_thing() {
        let home = read(json!({"deployment": "d1"})).unwrap().version.home;
        assert_eq!(home, "deployment:d1");
        for odd in [json!({}), json!({"deployment": "d1", "run": "r1"})] {
            let refusal = read(odd).unwrap_err();
            assert_eq!(refusal.field.as_deref(), Some("subject"));
        }
    }
}
