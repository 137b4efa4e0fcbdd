//! What a person let into an environment, or did not, as approvals. When they decided is told by the
//! event alone: GitHub's lists carry no instant.

use chrono::{DateTime, Utc};
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

/// The approval of a run for its environment; the request and the decision are versions of one.
pub(super) fn record(own: &DeploymentReview) -> Option<Read> {
    let run = own.workflow_run.as_ref()?;
    let decision = match own.action.as_str() {
        "approved" => Some("approved"),
        "rejected" => Some("rejected"),
        "requested" => None,
        _ => return None,
    };
    let jobs = own.workflow_job_runs.iter();
    let mut of_jobs = jobs.filter_map(|job| job.environment.as_deref());
    let environment = own.environment.as_deref().or_else(|| of_jobs.next());
    // The run goes on, or ends, with the decision.
    let decided_at = decision.map(|_| run.updated_at.max(own.since));
    let approver = own.approver.as_ref().filter(|_| decision.is_some());
    let body = json!({
        "id": format!("run-{}-{}", run.id, environment.unwrap_or("environment")),
        "subject": {"deployment": format!("run-{}", run.id)},
        "updated_at": instant(decided_at.unwrap_or(own.since)),
        "level": "recorded",
        "requested_at": instant(own.since),
        "decided_at": decided_at.map(instant),
        "decision": decision,
        "approver": approver.map(|own| own.login.as_str()),
    });
    Some(Read::Record {
        stream: "approvals",
        body: body.to_string(),
    })
}
