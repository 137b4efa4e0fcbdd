//! Tasks of GitHub's coding agents: which of them made a pull request. Few sign-ins may see them: a personal
//! token with *Agent tasks: read* may, an app's installation may not.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use tokio::sync::Mutex;

use super::api::{Answer, PAGE};
use super::objects::PullRequest;
use super::{Failure, GitHub};
use crate::connectors::failure::Class;

/// So many pages of tasks are read at most: those behind older pull requests are not known.
const MOST_PAGES: usize = 20;

/// The tasks of a repository, read from the newest on as far as they are asked for.
pub(super) struct AgentTasks<'a> {
    github: &'a GitHub,
    read: Mutex<Reading>,
}

/// How far they are read.
struct Reading {
    /// The ids of the tasks, by the pull request that they made.
    by_pull: HashMap<u64, Vec<String>>,
    /// When the oldest was touched last that is read.
    back_to: Option<DateTime<Utc>>,
    next: Option<String>,
    pages: usize,
}

#[derive(Deserialize)]
struct Page {
    tasks: Vec<Task>,
}

#[derive(Deserialize)]
struct Task {
    id: String,
    #[serde(default)]
    artifacts: Vec<Artifact>,
    updated_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

/// What a task made: a pull request by its id, or a branch.
#[derive(Deserialize)]
struct Artifact {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    data: Made,
}

#[derive(Default, Deserialize)]
struct Made {
    id: Option<u64>,
}

impl<'a> AgentTasks<'a> {
    pub(super) fn of(github: &'a GitHub, repository: &str) -> AgentTasks<'a> {
        let path = format!(
            "/agents/repos/{repository}/tasks?sort=updated_at&direction=desc&per_page={PAGE}"
        );
        AgentTasks {
            github,
            read: Mutex::new(Reading {
                by_pull: HashMap::new(),
                back_to: None,
                next: Some(github.api.under_base(&path)),
                pages: 0,
            }),
        }
    }

    /// The tasks that made each of these pull requests. One that made a pull request was touched since that
    /// was opened.
    pub(super) async fn behind(&self, rows: &[PullRequest]) -> Result<Vec<Vec<String>>, Failure> {
        let mut read = self.read.lock().await;
        let first = rows.iter().map(|row| row.created_at).min();
        while read
            .back_to
            .is_none_or(|back_to| first.is_some_and(|first| first <= back_to))
        {
            let Some(path) = read.next.take() else { break };
            match self.github.api.get::<Page>(&path, None).await {
                Ok(Answer::Changed(page)) => {
                    read.next = page.next;
                    read.add(page.body);
                }
                Ok(Answer::Unchanged) => {}
                Err(failure) if failure.class == Class::WillPass => return Err(failure),
                // A preview, whose form may change: nothing else waits for it.
                Err(_) => {}
            }
            read.pages += 1;
            read.next = read.next.take().filter(|_| read.pages < MOST_PAGES);
        }
        let tasks = |row: &PullRequest| read.by_pull.get(&row.id).cloned().unwrap_or_default();
        Ok(rows.iter().map(tasks).collect())
    }
}

impl Reading {
    fn add(&mut self, page: Page) {
        for task in page.tasks {
            let touched_at = task.updated_at.unwrap_or(task.created_at);
            self.back_to = Some(touched_at.min(self.back_to.unwrap_or(touched_at)));
            let pulls = task.artifacts.iter().filter(|own| own.kind == "pull");
            for pull in pulls.filter_map(|own| own.data.id) {
                self.by_pull.entry(pull).or_default().push(task.id.clone());
            }
        }
    }
}
