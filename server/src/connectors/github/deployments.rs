//! Deployments: what was brought where, and how it ended as its statuses tell.
//!
//! A deployment is over with its first success, else with its first failure. What is inactive was
//! superseded, which says nothing of how it went. One that has no success yet is looked at again, for a week.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, try_join_all};
use serde::Deserialize;
use serde_json::json;

use super::api::PAGE;
use super::objects::{Deployment, DeploymentStatus};
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;
use crate::connectors::failure::Next;

const QUERY: &str = include_str!("deployments.graphql");

/// The deployments of a repository, by when they were begun.
pub(super) struct Deployments<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
    pub service: String,
}

impl List for Deployments<'_> {
    type Row = Deployment;
    const UNREAD: Option<&'static str> = Some("deployments");

    fn first(&self) -> String {
        let path = format!("/repos/{}/deployments?per_page={PAGE}", self.repository);
        self.github.api.under_base(&path)
    }

    fn dated(row: &Deployment) -> DateTime<Utc> {
        row.created_at
    }

    fn look(&self, rows: Vec<Deployment>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let statuses = self.statuses(&rows).await?;
            let mut looked = Looked::default();
            for (row, statuses) in rows.iter().zip(&statuses) {
                match Ended::of(statuses) {
                    Some(ended) => {
                        // What failed may be tried again, as the same.
                        if ended.result != "success" {
                            looked.open.push(row.created_at);
                        }
                        looked.read.push(record(row, &self.service, ended));
                    }
                    None if is_superseded(statuses) => {}
                    None => looked.open.push(row.created_at),
                }
            }
            Ok(looked)
        })
    }
}

impl Deployments<'_> {
    async fn statuses(&self, rows: &[Deployment]) -> Result<Vec<Vec<DeploymentStatus>>, Failure> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        if self.github.has_graphql() {
            let ids: Vec<&str> = rows.iter().map(|row| row.node_id.as_str()).collect();
            let answer = self.github.api.graphql::<Nodes>(QUERY, json!({"ids": ids}));
            match answer.await {
                Ok(Some(answer)) => return self.complete(rows, answer).await,
                Ok(None) => self.github.does_without_graphql(),
                // It breaks off what takes it too long; by REST it does not.
                Err(failure) if failure.next == Next::Retry => {}
                Err(failure) => return Err(failure),
            }
        }
        try_join_all(rows.iter().map(|row| self.of_row(row))).await
    }

    /// What the query held, and by REST what did not go into it.
    async fn complete(
        &self,
        rows: &[Deployment],
        answer: Nodes,
    ) -> Result<Vec<Vec<DeploymentStatus>>, Failure> {
        let nodes = answer.nodes.into_iter().flatten();
        let mut by_id: HashMap<String, Statuses> = nodes
            .filter_map(|node| Some((node.id?, node.statuses?)))
            .collect();
        let of_row = rows.iter().map(|row| {
            let held = by_id.remove(&row.node_id).unwrap_or_default();
            async move {
                match held.total_count <= held.nodes.len() {
                    true => Ok(held.nodes.into_iter().map(Status::told).collect()),
                    false => self.of_row(row).await,
                }
            }
        });
        try_join_all(of_row.collect::<Vec<_>>()).await
    }

    async fn of_row(&self, row: &Deployment) -> Result<Vec<DeploymentStatus>, Failure> {
        let path = format!(
            "/repos/{}/deployments/{}/statuses?per_page={PAGE}",
            self.repository, row.id
        );
        let path = self.github.api.under_base(&path);
        self.github.api.get_all::<DeploymentStatus>(&path).await
    }
}

/// A deployment that is over.
fn record(row: &Deployment, service: &str, ended: Ended) -> Read {
    // GitHub's own flag says what is production, whatever it is called.
    let environment = match row.production_environment {
        true => "production",
        false => row.environment.as_str(),
    };
    let body = json!({
        "id": row.id.to_string(),
        "service": service,
        "updated_at": instant(row.updated_at),
        "environment": environment,
        "commit": row.sha,
        "started_at": instant(row.created_at),
        "finished_at": instant(ended.at),
        "result": ended.result,
        "kind": kind(row),
        "url": ended.url,
    });
    Read::Record {
        stream: "deployments",
        body: body.to_string(),
    }
}

/// What its task says of it; the usual `deploy` says nothing.
fn kind(row: &Deployment) -> Option<&'static str> {
    let task = row.task.as_deref()?;
    match task.strip_prefix("deploy:").unwrap_or(task) {
        "rollback" => Some("rollback"),
        "fix" | "hotfix" => Some("fix"),
        "planned" => Some("planned"),
        _ => None,
    }
}

/// How a deployment ended.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Ended {
    at: DateTime<Utc>,
    result: &'static str,
    url: Option<String>,
}

impl Ended {
    fn of(statuses: &[DeploymentStatus]) -> Option<Ended> {
        let first = |states: &[&str], result| {
            let known = statuses.iter();
            let known = known.filter(|own| states.contains(&own.state.to_lowercase().as_str()));
            let first = known.min_by_key(|own| own.created_at)?;
            Some(Ended {
                at: first.created_at,
                result,
                url: first.log_url.clone().filter(|url| !url.is_empty()),
            })
        };
        first(&["success", "active"], "success").or_else(|| first(&["failure", "error"], "failure"))
    }
}

fn is_superseded(statuses: &[DeploymentStatus]) -> bool {
    let ends = ["inactive", "abandoned", "destroyed"];
    let mut all = statuses.iter().map(|own| own.state.to_lowercase());
    all.any(|state| ends.contains(&state.as_str()))
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Node>>,
}

#[derive(Deserialize)]
struct Node {
    id: Option<String>,
    statuses: Option<Statuses>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statuses {
    total_count: usize,
    nodes: Vec<Status>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Status {
    state: String,
    created_at: DateTime<Utc>,
    log_url: Option<String>,
}

impl Status {
    fn told(self) -> DeploymentStatus {
        DeploymentStatus {
            state: self.state,
            created_at: self.created_at,
            log_url: self.log_url,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ended(statuses: &[(&str, &str)]) -> Option<(String, &'static str)> {
        let read = |(state, at): &(&str, &str)| DeploymentStatus {
            state: (*state).to_owned(),
            created_at: format!("2026-11-02T{at}:00Z").parse().unwrap(),
            log_url: None,
        };
        let statuses: Vec<_> = statuses.iter().map(read).collect();
        Ended::of(&statuses).map(|own| (own.at.format("%H:%M").to_string(), own.result))
    }

    #[test]
    fn a_deployment_is_over_with_its_first_success_else_with_its_first_failure() {
        let told = [
            ("inactive", "12:00"),
            ("success", "10:05"),
            ("success", "10:01"),
            ("failure", "10:00"),
        ];
        assert_eq!(ended(&told), Some(("10:01".to_owned(), "success")));
        assert_eq!(
            ended(&[("error", "10:02"), ("FAILURE", "10:01")]),
            Some(("10:01".to_owned(), "failure"))
        );
        assert_eq!(
            ended(&[("queued", "10:00"), ("in_progress", "10:01")]),
            None
        );
        assert_eq!(ended(&[("inactive", "10:00")]), None);
    }
}
