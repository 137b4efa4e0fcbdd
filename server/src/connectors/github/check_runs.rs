//! Checks of commits as evaluations; the evaluator is the check, by its name.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, try_join_all};
use serde::Deserialize;
use serde_json::json;
use tokio::sync::Mutex;

use super::api::{Answer, PAGE};
use super::objects::{CheckRun, PullRequest};
use super::pull_requests::{first_page, instant};
use super::required_checks::{Required, required};
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;

const QUERY: &str = include_str!("check_runs.graphql");

/// The checks of the last commits of a repository's pull requests.
pub(super) struct CheckRuns<'a> {
    github: &'a GitHub,
    /// `owner/name`.
    repository: &'a str,
    /// What the branches ask for, as far as it was asked; once a reading.
    required: Mutex<Required>,
}

impl List for CheckRuns<'_> {
    type Row = PullRequest;
    const UNREAD: Option<&'static str> = None;
    const BATCH: usize = 50;

    fn first(&self) -> String {
        first_page(self.github, self.repository)
    }

    fn dated(row: &PullRequest) -> DateTime<Utc> {
        row.updated_at
    }

    fn look(&self, rows: Vec<PullRequest>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let required = self.required(&rows).await?;
            let checks = self.checks(&rows).await?;
            let of_head = |sha: &str| {
                let row = rows
                    .iter()
                    .find(|row| row.head.sha.as_deref() == Some(sha))?;
                required.get(&row.base.as_ref()?.branch)?.as_ref()
            };
            let records = checks.iter().filter_map(|own| {
                let asked = of_head(&own.head_sha).map(|asked| asked.contains(&own.name));
                record(own, asked)
            });
            Ok(Looked {
                read: records.collect(),
                open: Vec::new(),
            })
        })
    }
}

impl<'a> CheckRuns<'a> {
    pub(super) fn of(github: &'a GitHub, repository: &'a str) -> CheckRuns<'a> {
        CheckRuns {
            github,
            repository,
            required: Mutex::default(),
        }
    }

    /// What the branches ask for that these are to land on.
    async fn required(&self, rows: &[PullRequest]) -> Result<Required, Failure> {
        let mut known = self.required.lock().await;
        let branches = rows.iter().filter_map(|row| row.base.as_ref());
        let branches = branches.map(|own| own.branch.as_str());
        let unknown: BTreeSet<&str> = branches.filter(|own| !known.contains_key(*own)).collect();
        let found = required(self.github, self.repository, &unknown).await?;
        known.extend(found);
        Ok(known.clone())
    }

    async fn checks(&self, rows: &[PullRequest]) -> Result<Vec<CheckRun>, Failure> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        if self.github.has_graphql() {
            let ids: Vec<&str> = rows.iter().map(|row| row.node_id.as_str()).collect();
            let answer = self.github.api.graphql::<Nodes>(QUERY, json!({"ids": ids}));
            match answer.await? {
                Some(answer) => return Ok(answer.checks()),
                None => self.github.does_without_graphql(),
            }
        }
        let commits = rows.iter().filter_map(|row| row.head.sha.as_deref());
        let of_commit = commits.map(|sha| self.of_commit(sha));
        Ok(try_join_all(of_commit).await?.concat())
    }

    /// A commit that is gone was forced away with its checks.
    async fn of_commit(&self, sha: &str) -> Result<Vec<CheckRun>, Failure> {
        let path = format!(
            "/repos/{}/commits/{sha}/check-runs?per_page={PAGE}",
            self.repository
        );
        let path = self.github.api.under_base(&path);
        match self.github.api.get::<OfCommit>(&path, None).await {
            Ok(Answer::Changed(own)) => Ok(own.body.check_runs),
            Ok(Answer::Unchanged) => Ok(Vec::new()),
            Err(failure) if failure.is_nothing_there() => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }
}

#[derive(Deserialize)]
struct OfCommit {
    check_runs: Vec<CheckRun>,
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Node>>,
}

#[derive(Deserialize)]
struct Node {
    commits: Option<Commits>,
}

#[derive(Deserialize)]
struct Commits {
    nodes: Vec<OfPull>,
}

#[derive(Deserialize)]
struct OfPull {
    commit: Commit,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Commit {
    oid: String,
    status_check_rollup: Option<Rollup>,
}

#[derive(Deserialize)]
struct Rollup {
    contexts: Contexts,
}

#[derive(Deserialize)]
struct Contexts {
    nodes: Vec<Check>,
}

/// A check; of a status of the older kind nothing is told.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Check {
    database_id: Option<u64>,
    name: Option<String>,
    conclusion: Option<String>,
    completed_at: Option<DateTime<Utc>>,
}

impl Nodes {
    fn checks(self) -> Vec<CheckRun> {
        let pulls = self
            .nodes
            .into_iter()
            .flatten()
            .filter_map(|node| node.commits);
        let commits = pulls.flat_map(|own| own.nodes).map(|own| own.commit);
        let checks = commits.flat_map(|own| {
            let checks = own.status_check_rollup.map(|rollup| rollup.contexts.nodes);
            let read = move |check: Check| {
                Some(CheckRun {
                    id: check.database_id?,
                    name: check.name?,
                    head_sha: own.oid.clone(),
                    conclusion: check.conclusion.map(|word| word.to_lowercase()),
                    completed_at: check.completed_at,
                })
            };
            checks.into_iter().flatten().filter_map(read)
        });
        checks.collect()
    }
}

/// A check that is over; none of one that is not, or that was skipped. Whether its branch asks for it is
/// not told by the check itself.
pub(super) fn record(own: &CheckRun, is_required: Option<bool>) -> Option<Read> {
    let passed = match own.conclusion.as_deref()? {
        "success" => true,
        "failure" | "timed_out" | "startup_failure" | "action_required" => false,
        _ => return None,
    };
    let finished_at = instant(own.completed_at?);
    let body = json!({
        "id": format!("check-{}", own.id),
        "commit": own.head_sha,
        "updated_at": finished_at,
        "evaluator": {"name": own.name, "kind": "code"},
        "passed": passed,
        "required": is_required,
        "finished_at": finished_at,
    });
    Some(Read::Record {
        stream: "evaluations",
        body: body.to_string(),
    })
}
