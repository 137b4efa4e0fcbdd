//! Runs of named workflows as deployments to production, where that is how a company delivers.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::api::PAGE;
use super::objects::Run;
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;

/// The runs of a repository, by when they were begun.
///
/// All are listed and the named ones taken: GitHub ends a filtered list after a thousand.
pub(super) struct Runs<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
    pub service: String,
    /// The workflows that deploy, by name.
    pub workflows: Vec<&'a str>,
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
        let deploys = |row: &&Run| {
            row.name
                .as_deref()
                .is_some_and(|name| self.workflows.contains(&name))
        };
        let mut looked = Looked::default();
        for row in rows.iter().filter(deploys) {
            match row.status.as_deref() {
                Some("completed") => looked.read.extend(record(row, &self.service)),
                _ => looked.open.push(row.created_at),
            }
        }
        Box::pin(std::future::ready(Ok(looked)))
    }
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
    match row.conclusion.as_deref()? {
        "success" => Some("success"),
        "failure" | "timed_out" | "startup_failure" => Some("failure"),
        _ => None,
    }
}
