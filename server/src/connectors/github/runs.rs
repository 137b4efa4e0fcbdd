//! Runs of named workflows as deployments to production, where that is how a company delivers.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OnceCell;

use super::api::{Answer, PAGE};
use super::objects::{Run, Workflow};
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::{Interest, Read};

/// The runs of a repository, by when they were begun.
///
/// All are listed and the named ones taken: GitHub ends a filtered list after a thousand.
pub(super) struct Runs<'a> {
    github: &'a GitHub,
    /// `owner/name`.
    repository: &'a str,
    service: String,
    /// The workflows of the repository, once they are needed.
    workflows: OnceCell<Vec<Workflow>>,
}

impl<'a> Runs<'a> {
    pub(super) fn of(github: &'a GitHub, repository: &'a str, service: String) -> Runs<'a> {
        Runs {
            github,
            repository,
            service,
            workflows: OnceCell::new(),
        }
    }

    /// What the sign-in sees of them: without it a run is known by its own name.
    async fn workflows(&self) -> Result<Vec<Workflow>, Failure> {
        let path = format!(
            "/repos/{}/actions/workflows?per_page={PAGE}",
            self.repository
        );
        let path = self.github.api.under_base(&path);
        match self.github.api.get::<Workflows>(&path, None).await {
            Ok(Answer::Changed(own)) => Ok(own.body.workflows),
            Ok(Answer::Unchanged) => Ok(Vec::new()),
            Err(failure) if failure.is_closed() => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }
}

#[derive(Deserialize)]
struct Workflows {
    workflows: Vec<Workflow>,
}

impl List for Runs<'_> {
    type Row = Run;
    const UNREAD: Option<&'static str> = Some("deployments");
    const MEMBER: Option<&'static str> = Some("workflow_runs");

    fn first(&self) -> String {
        let path = format!("/repos/{}/actions/runs?per_page={PAGE}", self.repository);
        self.github.api.under_base(&path)
    }

    fn dated(row: &Run) -> DateTime<Utc> {
        row.created_at
    }

    fn look(&self, rows: Vec<Run>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let mut looked = Looked::default();
            if rows.is_empty() {
                return Ok(looked);
            }
            let workflows = self.workflows.get_or_try_init(|| self.workflows()).await?;
            let interest = &self.github.settings.interest;
            for row in &rows {
                let workflow = workflows.iter().find(|own| Some(own.id) == row.workflow_id);
                if !deploys(row, workflow, interest) {
                    continue;
                }
                looked.read.extend(record(row, &self.service));
                // One that failed may be run again, as the same.
                if result(row) != Some("success") {
                    looked.open.push(row.created_at);
                }
            }
            Ok(looked)
        })
    }
}

/// Whether a run is of a workflow that deploys, by the workflow's name or file, else by its own name.
pub(super) fn deploys(row: &Run, workflow: Option<&Workflow>, interest: &Interest) -> bool {
    let file = |own: &Workflow| own.path.rsplit('/').next().unwrap_or_default().to_owned();
    interest.workflows().into_iter().any(|named| {
        row.name.as_deref() == Some(named)
            || workflow.is_some_and(|own| own.name == named || file(own) == named)
    })
}

/// A run that is over as a deployment; none of one that was never tried, or was called off.
pub(super) fn record(row: &Run, service: &str) -> Option<Read> {
    let body = json!({
        "id": format!("run-{}", row.id),
        "service": service,
        "updated_at": instant(row.updated_at),
        "environment": "production",
        "commit": row.head_sha,
        "started_at": instant(row.run_started_at.unwrap_or(row.created_at)),
        "finished_at": instant(row.updated_at),
        "result": result(row)?,
        "url": row.html_url,
    });
    Some(Read::Record {
        stream: "deployments",
        body: body.to_string(),
    })
}

fn result(row: &Run) -> Option<&'static str> {
    if row.status.as_deref().is_some_and(|own| own != "completed") {
        return None;
    }
    match row.conclusion.as_deref()? {
        "success" => Some("success"),
        "failure" | "timed_out" | "startup_failure" => Some("failure"),
        _ => None,
    }
}
