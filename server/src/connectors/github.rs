//! GitHub: pull requests with their commits and reviews, deployments, releases, workflow runs and issues.
//!
//! Lists are read by REST, newest first, each with the mark by which GitHub says that nothing changed;
//! what belongs to the things on them comes by GraphQL, twenty at a time, or by REST where there is no
//! GraphQL. Limits, fields and traps: GitHub's REST and GraphQL documentation.

mod agent_tasks;
mod api;
mod approvals;
mod check_runs;
mod deliveries;
mod deployments;
mod hooks;
mod issue_keys;
mod issues;
mod objects;
mod parts;
mod pull_details;
mod pull_requests;
mod releases;
mod required_checks;
mod rule_suites;
mod runs;
mod sign_in;
mod walk;

use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;

use super::client::rates::Left;
use super::failure::Failure;
use super::{Connector, Kind, Parts, Settings, Sink, Stream};
use agent_tasks::AgentTasks;
use api::Api;
use check_runs::CheckRuns;
use deployments::Deployments;
use issues::Issues;
use pull_requests::PullRequests;
use releases::Releases;
use rule_suites::RuleSuites;
use runs::Runs;
use walk::walk;

/// GitHub's own address; an enterprise server has another, which ends in `/api/v3`.
const BASE_URL: &str = "https://api.github.com";

const STREAMS: &[Stream] = &[
    Stream::new(
        "pull_requests",
        &["changes", "reviews"],
        "Pull requests and Contents: read",
    ),
    Stream::new("deployments", &["deployments"], "Deployments: read"),
    Stream::new("releases", &["deployments"], "Contents: read"),
    Stream::new("workflow_runs", &["deployments"], "Actions: read"),
    Stream {
        is_optional: true,
        ..Stream::new("check_runs", &["evaluations"], "Checks: read")
    },
    Stream::new("issues", &["incidents", "defects"], "Issues: read"),
    Stream {
        is_daily: true,
        ..Stream::new("issue_keys", &["incidents", "defects"], "Issues: read")
    },
    Stream {
        is_optional: true,
        ..Stream::new("rule_suites", &["policy_decisions"], "Administration: read")
    },
];

/// GitHub among the kinds of systems.
pub const KIND: Kind = Kind {
    name: "github",
    in_words: "GitHub",
    adds: "Changes with their reviews, and when they reached production.",
    parts_in_words: "Repositories",
    streams: STREAMS,
    connect: |settings| Ok(Box::new(GitHub::new(settings)?)),
    hear: hooks::hear,
};

/// GitHub as one sign-in sees it.
pub struct GitHub {
    api: Api,
    settings: Settings,
    /// Whether an earlier question was answered with *nothing there*.
    without_graphql: AtomicBool,
}

impl GitHub {
    /// Signs nobody in yet. Needs a runtime.
    ///
    /// # Errors
    /// An address or a key that cannot be used, as [`Failure`] of ours.
    pub fn new(settings: Settings) -> Result<GitHub, Failure> {
        Ok(GitHub {
            api: Api::new(&settings)?,
            settings,
            without_graphql: AtomicBool::new(false),
        })
    }

    fn has_graphql(&self) -> bool {
        !self.without_graphql.load(Ordering::Relaxed)
    }

    fn does_without_graphql(&self) {
        self.without_graphql.store(true, Ordering::Relaxed);
    }
}

impl Connector for GitHub {
    fn check(&self) -> BoxFuture<'_, Result<String, Failure>> {
        Box::pin(parts::check(self))
    }

    fn parts(&self) -> BoxFuture<'_, Parts> {
        Box::pin(parts::parts(self))
    }

    fn reads(&self, stream: &str) -> bool {
        let interest = &self.settings.interest;
        match stream {
            "deployments" | "releases" => interest.is_deployed_by(stream),
            "workflow_runs" => !interest.workflows().is_empty(),
            _ => true,
        }
    }

    fn pull<'a>(
        &'a self,
        stream: &'a str,
        part: &'a str,
        cursor: Option<&'a str>,
        sink: &'a mut dyn Sink,
    ) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(async move {
            let service = self.settings.interest.service(part);
            let (github, repository) = (self, part);
            match stream {
                "pull_requests" => {
                    let list = PullRequests {
                        github,
                        repository,
                        service,
                        tasks: AgentTasks::of(github, repository),
                    };
                    walk(self, &list, cursor, sink).await
                }
                "deployments" => {
                    let list = Deployments {
                        github,
                        repository,
                        service,
                    };
                    walk(self, &list, cursor, sink).await
                }
                "releases" => {
                    let list = Releases {
                        github,
                        repository,
                        service,
                    };
                    walk(self, &list, cursor, sink).await
                }
                "workflow_runs" => {
                    let list = Runs::of(github, repository, service);
                    walk(self, &list, cursor, sink).await
                }
                "check_runs" => {
                    let list = CheckRuns::of(github, repository);
                    walk(self, &list, cursor, sink).await
                }
                "issues" => {
                    let list = Issues {
                        github,
                        repository,
                        service,
                    };
                    walk(self, &list, cursor, sink).await
                }
                "issue_keys" => issue_keys::sweep(self, repository, cursor, sink).await,
                "rule_suites" => {
                    let list = RuleSuites { github, repository };
                    walk(self, &list, cursor, sink).await
                }
                _ => Ok(()),
            }
        })
    }

    fn ask_again(&self, since: DateTime<Utc>) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(deliveries::ask_again(&self.api, since))
    }

    fn left(&self) -> Vec<(&'static str, Left)> {
        self.api.left()
    }
}
