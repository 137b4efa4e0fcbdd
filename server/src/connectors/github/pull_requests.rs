//! Pull requests as changes, and what was said of them as reviews.

use chrono::{DateTime, SecondsFormat, Utc};
use futures_util::future::BoxFuture;
use serde_json::json;

use super::agent_tasks::AgentTasks;
use super::api::PAGE;
use super::objects::{Account, PullRequest, Review};
use super::pull_details::{Details, details};
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;

/// The pull requests of a repository, by when they were last touched.
pub(super) struct PullRequests<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
    pub service: String,
    pub tasks: AgentTasks<'a>,
}

impl List for PullRequests<'_> {
    type Row = PullRequest;
    const UNREAD: Option<&'static str> = Some("changes");

    fn first(&self) -> String {
        first_page(self.github, self.repository)
    }

    fn dated(row: &PullRequest) -> DateTime<Utc> {
        row.updated_at
    }

    fn look(&self, rows: Vec<PullRequest>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let details = details(self.github, self.repository, &rows).await?;
            let tasks = self.tasks.behind(&rows).await?;
            let of_row = rows.iter().zip(&details).zip(&tasks);
            let read = of_row.flat_map(|((row, details), tasks)| {
                let reviews = details.reviews.iter().filter_map(|own| review(row.id, own));
                std::iter::once(change(row, (details, tasks), &self.service)).chain(reviews)
            });
            Ok(Looked {
                read: read.collect(),
                open: Vec::new(),
            })
        })
    }
}

/// The first page of a repository's pull requests, those first that were touched last.
pub(super) fn first_page(github: &GitHub, repository: &str) -> String {
    let path =
        format!("/repos/{repository}/pulls?state=all&sort=updated&direction=desc&per_page={PAGE}");
    github.api.under_base(&path)
}

fn change(row: &PullRequest, (details, tasks): (&Details, &[String]), service: &str) -> Read {
    let body = json!({
        "id": row.id.to_string(),
        "service": service,
        "updated_at": instant(row.updated_at),
        "number": row.number,
        "url": row.html_url,
        "title": row.title,
        "body": row.body,
        "branch": row.head.branch,
        "author": Account::person(row.user.as_ref()),
        "created_at": instant(row.created_at),
        "ready_at": details.ready_at.map(instant),
        "merged_at": row.merged_at.map(instant),
        "closed_at": row.closed_at.map(instant),
        // Of one that is not merged it is a try that nobody keeps.
        "merge_commit": row.merge_commit_sha.as_ref().filter(|_| row.merged_at.is_some()),
        "commits": details.commits,
        "labels": row.labels.iter().map(|own| own.name.as_str()).collect::<Vec<_>>(),
        "paths": details.paths,
        "additions": details.extent.additions,
        "deletions": details.extent.deletions,
        "run_ids": tasks,
    });
    Read::Record {
        stream: "changes",
        body: body.to_string(),
    }
}

/// A review with a verdict; what is pending or was dismissed has none.
pub(super) fn review(change: u64, own: &Review) -> Option<Read> {
    let state = own.state.to_lowercase();
    let is_known = ["approved", "changes_requested", "commented"].contains(&state.as_str());
    let submitted_at = own.submitted_at.filter(|_| is_known)?;
    let body = json!({
        "id": own.id.to_string(),
        "change": change.to_string(),
        "author": Account::person(own.user.as_ref()),
        "state": state,
        "submitted_at": instant(submitted_at),
        "commit": own.commit_id,
    });
    Some(Read::Record {
        stream: "reviews",
        body: body.to_string(),
    })
}

/// As records have it.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
