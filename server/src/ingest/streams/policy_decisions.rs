//! The stream `policy_decisions`: what a policy said of something that was about to happen, and who went
//! past it.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::subject::one;
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::policy_decisions::{self, PolicyDecision};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct PolicyDecisions;

#[derive(Deserialize)]
struct Record {
    id: String,
    run: Option<String>,
    commit: Option<String>,
    tool_call: Option<String>,
    updated_at: Option<Instant>,
    at: Instant,
    policy: String,
    decision: Decision,
    revision: Option<String>,
    bypassed_by: Option<String>,
    level: Option<Level>,
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
    Allow,
    RequireApproval,
    Deny,
}

impl Decision {
    fn as_str(self) -> &'static str {
        match self {
            Decision::Allow => "allow",
            Decision::RequireApproval => "require_approval",
            Decision::Deny => "deny",
        }
    }
}

impl Stream for PolicyDecisions {
    type Row = PolicyDecision;
    const NAME: StreamName = StreamName::PolicyDecisions;

    fn read(record: &Json<'_>) -> Result<PolicyDecision, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("policy", &record.policy)?;
        for (field, given) in [
            ("tool_call", &record.tool_call),
            ("revision", &record.revision),
            ("bypassed_by", &record.bypassed_by),
        ] {
            if let Some(given) = given {
                name(field, given)?;
            }
        }
        Ok(PolicyDecision {
            version: Version {
                home: subject(record.run, record.commit)?,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            tool_call: record.tool_call,
            at: record.at.0,
            policy: record.policy,
            decision: record.decision.as_str().to_owned(),
            revision: record.revision,
            bypassed_by: record.bypassed_by,
            level: record.level.map(|own| own.as_str().to_owned()),
        })
    }

    fn version(row: &PolicyDecision) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut PolicyDecision) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[PolicyDecision]) -> store::Result<()> {
        policy_decisions::put(tx, rows).await
    }

    /// A decision moves its run, and what that left behind.
    async fn link(
        tx: &mut Tx,
        _registry: &Registry,
        arrived: Arrived<'_, PolicyDecision>,
    ) -> store::Result<Vec<i64>> {
        let ids: Vec<&str> = arrived
            .rows
            .iter()
            .map(|row| row.version.id.as_str())
            .collect();
        links::agent_work::decisions_came(tx, &arrived.homes(Self::version), &ids).await?;
        Ok(Vec::new())
    }
}

/// What it was about; a policy may be asked of neither a run nor a commit.
fn subject(run: Option<String>, commit: Option<String>) -> Result<String, Refusal> {
    match (&run, &commit) {
        (None, None) => Ok(String::new()),
        _ => one("run", [("run", run), ("commit", commit)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn read(more: &Value) -> Result<PolicyDecision, Option<String>> {
        let mut record =
            json!({"id": "d", "at": "2026-01-01T00:00:00Z", "policy": "main", "decision": "deny"});
        let more = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(more);
        PolicyDecisions::read(&parse(&record.to_string()).unwrap()).map_err(|own| own.field)
    }

    #[test]
    fn a_decision_is_of_a_run_or_a_commit_or_of_neither() {
        assert_eq!(read(&json!({})).unwrap().version.home, "");
        let of_run = read(&json!({"run": "r", "tool_call": "c"})).unwrap();
        assert_eq!(of_run.version.home, "run:r");
        assert!(read(&json!({"run": "r", "commit": "abc"})).is_err());
        let odd = read(&json!({"decision": "perhaps"}));
        assert_eq!(odd.unwrap_err().as_deref(), Some("decision"));
    }
}
