//! Checks of commits as evaluations; the evaluator is the check, by its name.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
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
use crate::connectors::failure::Next;

const QUERY: &str = include_str!("check_runs.graphql");

/// Of so many branches it is asked what they want: pull requests may stand on each other without end.
const MOST_BRANCHES: usize = 8;

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
            // A check that ends does not touch its pull request, which is looked at again until it has.
            let is_under_way = |row: &&PullRequest| {
                let mut own = checks
                    .iter()
                    .filter(|own| row.head.sha.as_ref() == Some(&own.head_sha));
                own.any(|own| own.conclusion.is_none())
            };
            Ok(Looked {
                read: records.collect(),
                open: rows
                    .iter()
                    .filter(is_under_way)
                    .map(|row| row.updated_at)
                    .collect(),
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
        let room = MOST_BRANCHES.saturating_sub(known.len());
        let unknown = unknown.into_iter().take(room).collect();
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
            match answer.await {
                Ok(Some(answer)) => return self.complete(answer).await,
                Ok(None) => self.github.does_without_graphql(),
                // It breaks off what takes it too long; by REST it does not.
                Err(failure) if failure.next == Next::Retry => {}
                Err(failure) => return Err(failure),
            }
        }
        let commits = rows.iter().filter_map(|row| row.head.sha.as_deref());
        self.of_commits(commits).await
    }

    /// What the query held, and by REST what did not go into it.
    async fn complete(&self, answer: Nodes) -> Result<Vec<CheckRun>, Failure> {
        let (whole, cut): (Vec<Commit>, Vec<Commit>) = answer.commits().partition(Commit::is_whole);
        let by_rest = self.of_commits(cut.iter().map(|own| own.oid.as_str()));
        let by_rest = by_rest.await?;
        Ok(whole
            .into_iter()
            .flat_map(Commit::checks)
            .chain(by_rest)
            .collect())
    }

    async fn of_commits(
        &self,
        commits: impl Iterator<Item = &str>,
    ) -> Result<Vec<CheckRun>, Failure> {
        let of_commit = commits.map(|sha| self.of_commit(sha));
        Ok(try_join_all(of_commit).await?.concat())
    }

    /// A commit that is gone was forced away with its checks.
    async fn of_commit(&self, sha: &str) -> Result<Vec<CheckRun>, Failure> {
        let path = format!(
            "/repos/{}/commits/{sha}/check-runs?per_page={PAGE}",
            self.repository
        );
        let mut checks = Vec::new();
        let mut next = Some(self.github.api.under_base(&path));
        while let Some(path) = next.take() {
            match self.github.api.get::<OfCommit>(&path, None).await {
                Ok(Answer::Changed(page)) => {
                    checks.extend(page.body.check_runs);
                    next = page.next;
                }
                Ok(Answer::Unchanged) => {}
                Err(failure) if failure.is_nothing_there() => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(checks)
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
#[serde(rename_all = "camelCase")]
struct Contexts {
    total_count: usize,
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
    fn commits(self) -> impl Iterator<Item = Commit> {
        let pulls = self.nodes.into_iter().flatten();
        let commits = pulls.filter_map(|node| node.commits);
        commits.flat_map(|own| own.nodes).map(|own| own.commit)
    }
}

impl Commit {
    fn is_whole(&self) -> bool {
        let contexts = self.status_check_rollup.as_ref().map(|own| &own.contexts);
        contexts.is_none_or(|own| own.total_count <= own.nodes.len())
    }

    fn checks(self) -> Vec<CheckRun> {
        let checks = self.status_check_rollup.map(|own| own.contexts.nodes);
        let checks = checks.into_iter().flatten().filter_map(|check| {
            Some(CheckRun {
                id: check.database_id?,
                name: check.name?,
                head_sha: self.oid.clone(),
                conclusion: check.conclusion.map(|word| word.to_lowercase()),
                completed_at: check.completed_at,
            })
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
    let finished_at = own.completed_at?;
    // The list says more than the event, and a moment later.
    let said_at = finished_at + TimeDelta::milliseconds(i64::from(is_required.is_some()));
    let finished_at = instant(finished_at);
    let body = json!({
        "id": format!("check-{}", own.id),
        "commit": own.head_sha,
        "updated_at": instant(said_at),
        "evaluator": {"name": own.name, "kind": "code"},
        "passed": passed,
        "required": is_required,
        "check": true,
        "finished_at": finished_at,
    });
    Some(Read::Record {
        stream: "evaluations",
        body: body.to_string(),
    })
}
