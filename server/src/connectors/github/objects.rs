//! What GitHub's REST API says, as far as it is read. Unknown members and unknown words are no error;
//! what is missing and needed is.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};

/// Who did something; a deleted account is none.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Account {
    pub login: String,
    #[serde(rename = "type", default)]
    pub kind: String,
}

/// Who a deleted account's work is ascribed to.
const GHOST: &str = "ghost";

impl Account {
    /// A person of our records.
    pub(super) fn person(account: Option<&Account>) -> Value {
        let login = account.map_or(GHOST, |account| account.login.as_str());
        let is_bot = account.is_some_and(|account| account.kind == "Bot");
        json!({"id": login, "kind": is_bot.then_some("agent")})
    }
}

/// A pull request as lists have it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct PullRequest {
    pub id: u64,
    pub node_id: String,
    pub number: u64,
    pub html_url: String,
    pub title: String,
    pub body: Option<String>,
    pub user: Option<Account>,
    pub head: Head,
    /// Where it is to land.
    #[serde(default)]
    pub base: Option<Base>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub merged_at: Option<DateTime<Utc>>,
    pub closed_at: Option<DateTime<Utc>>,
    pub merge_commit_sha: Option<String>,
    #[serde(default)]
    pub labels: Vec<Label>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Head {
    #[serde(rename = "ref")]
    pub branch: String,
    /// Its last commit.
    #[serde(default)]
    pub sha: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Base {
    #[serde(rename = "ref")]
    pub branch: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Label {
    #[serde(default)]
    pub name: String,
}

/// What only the page of a pull request has.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Extent {
    pub additions: Option<u64>,
    pub deletions: Option<u64>,
}

/// A commit of a pull request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Commit {
    pub sha: String,
    pub commit: CommitText,
    pub author: Option<Account>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct CommitText {
    pub author: Option<Signature>,
    #[serde(default)]
    pub message: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Signature {
    pub email: Option<String>,
    pub date: Option<DateTime<Utc>>,
}

/// What somebody said of a pull request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Review {
    pub id: u64,
    pub user: Option<Account>,
    pub state: String,
    pub submitted_at: Option<DateTime<Utc>>,
    pub commit_id: Option<String>,
}

/// Something that happened to a pull request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Event {
    #[serde(default)]
    pub event: String,
    pub created_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct File {
    pub filename: String,
}

/// Something that is brought somewhere; how that went stands in its statuses.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Deployment {
    pub id: u64,
    pub node_id: String,
    pub sha: String,
    pub environment: String,
    #[serde(default)]
    pub production_environment: bool,
    /// What is done, `deploy` unless somebody said otherwise.
    #[serde(default)]
    pub task: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
}

/// How far a deployment had come at an instant.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct DeploymentStatus {
    pub state: String,
    pub created_at: DateTime<Utc>,
    #[serde(default)]
    pub log_url: Option<String>,
}

/// A version that is published.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Release {
    pub id: u64,
    pub tag_name: String,
    pub html_url: String,
    #[serde(default)]
    pub draft: bool,
    #[serde(default)]
    pub prerelease: bool,
    pub created_at: DateTime<Utc>,
    pub published_at: Option<DateTime<Utc>>,
}

/// A commit by itself.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct CommitName {
    pub sha: String,
}

/// A workflow of GitHub Actions.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Workflow {
    #[serde(default)]
    pub id: u64,
    #[serde(default)]
    pub name: String,
    /// The file that describes it.
    #[serde(default)]
    pub path: String,
}

/// A run of a workflow of GitHub Actions.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Run {
    pub id: u64,
    /// The workflow's name, unless the workflow names its runs otherwise.
    pub name: Option<String>,
    #[serde(default)]
    pub workflow_id: Option<u64>,
    pub head_sha: String,
    pub html_url: String,
    #[serde(default)]
    pub status: Option<String>,
    #[serde(default)]
    pub conclusion: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub run_started_at: Option<DateTime<Utc>>,
}

/// An issue, or a pull request among them.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Issue {
    pub id: u64,
    pub html_url: String,
    pub title: String,
    #[serde(default)]
    pub labels: Vec<Label>,
    #[serde(rename = "type", default)]
    pub kind: Option<Label>,
    #[serde(default)]
    pub state_reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub closed_at: Option<DateTime<Utc>>,
    /// Set of what is a pull request.
    #[serde(default)]
    pub pull_request: Option<Value>,
}

/// A check of a commit.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct CheckRun {
    pub id: u64,
    pub name: String,
    pub head_sha: String,
    #[serde(default)]
    pub conclusion: Option<String>,
    pub completed_at: Option<DateTime<Utc>>,
}

/// A repository of an organisation.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Repository {
    pub full_name: String,
    #[serde(default)]
    pub disabled: bool,
}
