//! What a person let into an environment, or did not, as approvals. When they decided is told by the
//! event alone: GitHub's lists carry no instant.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use super::objects::{Account, Run};
use super::pull_requests::instant;
use crate::connectors::Read;

/// The event `deployment_review`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DeploymentReview {
    /// `requested`, `approved` or `rejected`.
    pub action: String,
    pub workflow_run: Option<Run>,
    /// Of a request; of a decision it stands with the jobs that waited.
    pub environment: Option<String>,
    #[serde(default)]
    pub workflow_job_runs: Vec<JobRun>,
    pub approver: Option<Account>,
    /// Since when it waited.
    pub since: DateTime<Utc>,
}

/// A job that waited for it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct JobRun {
    #[serde(default)]
    pub environment: Option<String>,
}

/// The approvals of a run, one for each environment that it waited for; a request and its decision are
/// versions of one.
pub(super) fn records(own: &DeploymentReview) -> Vec<Read> {
    let Some(run) = &own.workflow_run else {
        return Vec::new();
    };
    let decision = match own.action.as_str() {
        "approved" => Some("approved"),
        "rejected" => Some("rejected"),
        "requested" => None,
        _ => return Vec::new(),
    };
    // The run goes on, or ends, with the decision, which comes after the request.
    let decided_at = decision.map(|_| run.updated_at.max(own.since + TimeDelta::seconds(1)));
    let approver = own.approver.as_ref().filter(|_| decision.is_some());
    let record = |environment: &str| {
        let body = json!({
            "id": format!("run-{}-{environment}", run.id),
            "subject": {"deployment": format!("run-{}", run.id)},
            "updated_at": instant(decided_at.unwrap_or(own.since)),
            "level": "recorded",
            "requested_at": instant(own.since),
            "decided_at": decided_at.map(instant),
            "decision": decision,
            "approver": approver.map(|own| own.login.as_str()),
        });
        Read::Record {
            stream: "approvals",
            body: body.to_string(),
        }
    };
    environments(own).into_iter().map(record).collect()
}

/// What it waited for, by name.
fn environments(own: &DeploymentReview) -> BTreeSet<&str> {
    let jobs = own.workflow_job_runs.iter();
    let of_jobs = jobs.filter_map(|job| job.environment.as_deref());
    let named: BTreeSet<&str> = own
        .environment
        .as_deref()
        .into_iter()
        .chain(of_jobs)
        .collect();
    match named.is_empty() {
        true => BTreeSet::from(["environment"]),
        false => named,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_for_two_environments_is_two_approvals() {
        let own = json!({
            "action": "approved", "since": "2026-11-02T10:00:00Z", "approver": {"login": "ana"},
            "workflow_job_runs": [{"environment": "eu"}, {"environment": "us"}, {"environment": "eu"}],
            "workflow_run": {
                "id": 9, "name": "Deploy", "head_sha": "abc", "html_url": "https://forge.example/9",
                "created_at": "2026-11-02T09:59:00Z", "updated_at": "2026-11-02T10:30:00Z",
            },
        });
        let records = records(&serde_json::from_value(own).unwrap());
        assert_eq!(records.len(), 2);
    }
}
