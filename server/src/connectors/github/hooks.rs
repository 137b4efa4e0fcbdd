//! What GitHub sends of its own accord: verified by its signature before anything of it is read.
//!
//! What an event holds whole becomes a record at once. Where it says only that something changed, the
//! repository is read again: a pull request comes without its commits, and the status of a deployment
//! without those before it, of which the first counts.

use octocrab::models::webhook_events::verification::verify_signature;
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::objects::{CheckRun, Issue, Repository, Review, Run, Workflow};
use super::{approvals, check_runs, issues, pull_requests, runs};
use crate::connectors::{Call, Heard, Interest, NotHeard, Read};

/// Verifies and reads a delivery.
pub(super) fn hear(call: &Call<'_>, interest: &Interest) -> Result<Heard, NotHeard> {
    let header = |name: &str| call.headers.get(name).and_then(|own| own.to_str().ok());
    let signature = header("x-hub-signature-256").ok_or(NotHeard::Forged)?;
    verify_signature(signature, call.secret.expose_secret(), call.body)
        .map_err(|_| NotHeard::Forged)?;
    let event = header("x-github-event").ok_or(NotHeard::Unreadable)?;
    let id = header("x-github-delivery").ok_or(NotHeard::Unreadable)?;
    let mut heard = Heard {
        id: id.to_owned(),
        event: event.to_owned(),
        ..Heard::default()
    };
    let of: Of = read(call.body)?;
    let Some(repository) = of.repository.map(|own| own.full_name) else {
        return Ok(heard);
    };
    if !interest.holds(&repository) {
        return Ok(heard);
    }
    let service = interest.service(&repository);
    heard.read = records(event, call.body, (&service, interest))?;
    let says_only_that = [
        "pull_request",
        "pull_request_review",
        "deployment_status",
        "release",
        "push",
    ];
    heard.part = says_only_that.contains(&event).then_some(repository);
    Ok(heard)
}

/// What an event holds whole.
fn records(
    event: &str,
    body: &[u8],
    (service, interest): (&str, &Interest),
) -> Result<Vec<Read>, NotHeard> {
    let found = match event {
        "workflow_run" => {
            let own: OfRun = read(body)?;
            let deploys = runs::deploys(&own.workflow_run, own.workflow.as_ref(), interest);
            deploys
                .then(|| runs::record(&own.workflow_run, service))
                .flatten()
        }
        "issues" => return Ok(of_issue(&read(body)?, (service, interest))),
        "pull_request_review" => {
            let own: OfReview = read(body)?;
            pull_requests::review(own.pull_request.id, &own.review)
        }
        "check_run" => check_runs::record(&read::<OfCheck>(body)?.check_run, None),
        "deployment_review" => return Ok(approvals::records(&read(body)?)),
        _ => None,
    };
    Ok(found.into_iter().collect())
}

/// What was deleted or moved away is told by its event alone.
fn of_issue(own: &OfIssue, (service, interest): (&str, &Interest)) -> Vec<Read> {
    match own.action.as_str() {
        "deleted" | "transferred" => issues::withdrawn(own.issue.id, None).into(),
        _ => issues::read(&own.issue, service, interest),
    }
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, NotHeard> {
    serde_json::from_slice(body).map_err(|_| NotHeard::Unreadable)
}

/// What every event may say.
#[derive(Deserialize)]
struct Of {
    repository: Option<Repository>,
}

#[derive(Deserialize)]
struct OfRun {
    workflow_run: Run,
    workflow: Option<Workflow>,
}

#[derive(Deserialize)]
struct OfIssue {
    #[serde(default)]
    action: String,
    issue: Issue,
}

#[derive(Deserialize)]
struct OfReview {
    review: Review,
    pull_request: Id,
}

#[derive(Deserialize)]
struct Id {
    id: u64,
}

#[derive(Deserialize)]
struct OfCheck {
    check_run: CheckRun,
}
