//! What belongs to pull requests and stands on no list: commits, reviews, files, how large they are and
//! when they were ready to be reviewed.
//!
//! One GraphQL query answers for many of them. What is more than it holds, and all of it where there is
//! no GraphQL, is read by REST.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, try_join_all};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Answer, PAGE};
use super::objects::{
    Account, Commit, CommitText, Event, Extent, File, PullRequest, Review, Signature,
};
use super::pull_requests::instant;
use super::{Failure, GitHub};
use crate::connectors::failure::Next;

const QUERY: &str = include_str!("pull_details.graphql");

/// What belongs to one pull request.
#[derive(Clone, Debug, Default)]
pub(super) struct Details {
    /// As records have them.
    pub commits: Vec<Value>,
    pub reviews: Vec<Review>,
    pub paths: Vec<String>,
    pub extent: Extent,
    /// When it last stopped being a draft, if it ever was one.
    pub ready_at: Option<DateTime<Utc>>,
}

/// Those of each pull request, in order.
pub(super) fn details<'a>(
    github: &'a GitHub,
    repository: &'a str,
    rows: &'a [PullRequest],
) -> BoxFuture<'a, Result<Vec<Details>, Failure>> {
    Box::pin(async move {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        if github.has_graphql() {
            match by_graphql(github, repository, rows).await {
                Ok(Some(details)) => return Ok(details),
                Ok(None) => github.does_without_graphql(),
                // It breaks off what takes it too long: half of it may not, and by REST one does not.
                Err(failure) if failure.next == Next::Retry => {
                    if let [row] = rows {
                        return Ok(vec![by_rest(github, repository, row).await?]);
                    }
                    let (one, other) = rows.split_at(rows.len() / 2);
                    let mut both = details(github, repository, one).await?;
                    both.extend(details(github, repository, other).await?);
                    return Ok(both);
                }
                Err(failure) => return Err(failure),
            }
        }
        try_join_all(rows.iter().map(|row| by_rest(github, repository, row))).await
    })
}

async fn by_graphql(
    github: &GitHub,
    repository: &str,
    rows: &[PullRequest],
) -> Result<Option<Vec<Details>>, Failure> {
    let ids: Vec<&str> = rows.iter().map(|row| row.node_id.as_str()).collect();
    let Some(answer) = github
        .api
        .graphql::<Nodes>(QUERY, json!({"ids": ids}))
        .await?
    else {
        return Ok(None);
    };
    let nodes = answer.nodes.into_iter().flatten();
    let mut by_id: HashMap<String, Node> = nodes
        .filter_map(|node| Some((node.id.clone()?, node)))
        .collect();
    let of_row = rows.iter().map(|row| {
        let node = by_id.remove(&row.node_id);
        async move {
            match node {
                Some(node) => complete(github, repository, row, node).await,
                None => by_rest(github, repository, row).await,
            }
        }
    });
    Ok(Some(try_join_all(of_row.collect::<Vec<_>>()).await?))
}

/// What the query held, and by REST what did not go into it.
async fn complete(
    github: &GitHub,
    repository: &str,
    row: &PullRequest,
    node: Node,
) -> Result<Details, Failure> {
    let rest = Rest {
        github,
        repository,
        number: row.number,
    };
    let commits = match node.commits.is_whole() {
        true => node.commits.nodes.into_iter().map(commit_of).collect(),
        false => rest.commits().await?,
    };
    let reviews = match node.reviews.is_whole() {
        true => node
            .reviews
            .nodes
            .into_iter()
            .filter_map(review_of)
            .collect(),
        false => rest.reviews().await?,
    };
    let files = node.files.unwrap_or_default();
    let paths = match files.is_whole() {
        true => files.nodes.into_iter().map(|own| own.path).collect(),
        false => rest.paths().await?,
    };
    let ready = node.timeline_items.nodes.iter();
    Ok(Details {
        commits: commits.iter().filter_map(commit).collect(),
        reviews,
        paths,
        extent: Extent {
            additions: node.additions,
            deletions: node.deletions,
        },
        ready_at: ready.filter_map(|own| own.created_at).max(),
    })
}

async fn by_rest(github: &GitHub, repository: &str, row: &PullRequest) -> Result<Details, Failure> {
    let rest = Rest {
        github,
        repository,
        number: row.number,
    };
    Ok(Details {
        commits: rest.commits().await?.iter().filter_map(commit).collect(),
        reviews: rest.reviews().await?,
        paths: rest.paths().await?,
        extent: rest.extent().await?,
        ready_at: rest.ready_at().await?,
    })
}

/// The addresses below one pull request. What is not there is empty: it may have been deleted meanwhile.
struct Rest<'a> {
    github: &'a GitHub,
    repository: &'a str,
    number: u64,
}

impl Rest<'_> {
    async fn commits(&self) -> Result<Vec<Commit>, Failure> {
        self.list("pulls", &format!("/commits?per_page={PAGE}"))
            .await
    }

    async fn reviews(&self) -> Result<Vec<Review>, Failure> {
        self.list("pulls", &format!("/reviews?per_page={PAGE}"))
            .await
    }

    async fn paths(&self) -> Result<Vec<String>, Failure> {
        let files: Vec<File> = self
            .list("pulls", &format!("/files?per_page={PAGE}"))
            .await?;
        Ok(files.into_iter().map(|own| own.filename).collect())
    }

    async fn ready_at(&self) -> Result<Option<DateTime<Utc>>, Failure> {
        let events: Vec<Event> = self
            .list("issues", &format!("/timeline?per_page={PAGE}"))
            .await?;
        let ready = events.iter().filter(|own| own.event == "ready_for_review");
        Ok(ready.filter_map(|own| own.created_at).max())
    }

    async fn extent(&self) -> Result<Extent, Failure> {
        match self.github.api.get(&self.path("pulls", ""), None).await {
            Ok(Answer::Changed(own)) => Ok(own.body),
            Ok(Answer::Unchanged) => Ok(Extent::default()),
            Err(failure) if failure.is_nothing_there() => Ok(Extent::default()),
            Err(failure) => Err(failure),
        }
    }

    async fn list<T: serde::de::DeserializeOwned>(
        &self,
        kind: &str,
        below: &str,
    ) -> Result<Vec<T>, Failure> {
        match self.github.api.get_all(&self.path(kind, below)).await {
            Err(failure) if failure.is_nothing_there() => Ok(Vec::new()),
            read => read,
        }
    }

    fn path(&self, kind: &str, below: &str) -> String {
        let Rest {
            repository, number, ..
        } = self;
        let path = format!("/repos/{repository}/{kind}/{number}{below}");
        self.github.api.under_base(&path)
    }
}

/// A commit as records have it; one without a date is none that time can be measured by.
fn commit(own: &Commit) -> Option<Value> {
    let signed = own.commit.author.as_ref()?;
    let author = own.author.as_ref();
    // GitHub's stand-in for an address tells the account; any other address is nobody's business.
    let stand_in = signed.email.as_deref();
    let stand_in = stand_in.filter(|email| email.ends_with("@users.noreply.github.com"));
    let author = match (author, stand_in) {
        (Some(_), _) => Account::person(author),
        (None, Some(email)) => json!({"id": email}),
        (None, None) => Value::Null,
    };
    Some(json!({
        "sha": own.sha,
        "authored_at": instant(signed.date?),
        "author": author,
        "message": own.commit.message,
    }))
}

#[derive(Deserialize)]
struct Nodes {
    nodes: Vec<Option<Node>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    /// None where the id is of something else.
    id: Option<String>,
    additions: Option<u64>,
    deletions: Option<u64>,
    #[serde(default)]
    commits: Connection<CommitNode>,
    #[serde(default)]
    reviews: Connection<ReviewNode>,
    #[serde(default)]
    timeline_items: Connection<ReadyNode>,
    files: Option<Connection<FileNode>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Connection<T> {
    #[serde(default)]
    total_count: u64,
    nodes: Vec<T>,
}

impl<T> Default for Connection<T> {
    fn default() -> Connection<T> {
        Connection {
            total_count: 0,
            nodes: Vec::new(),
        }
    }
}

impl<T> Connection<T> {
    fn is_whole(&self) -> bool {
        self.total_count <= self.nodes.len() as u64
    }
}

#[derive(Deserialize)]
struct CommitNode {
    commit: GitCommit,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GitCommit {
    oid: String,
    authored_date: DateTime<Utc>,
    message: String,
    author: Option<GitActor>,
}

#[derive(Deserialize)]
struct GitActor {
    email: Option<String>,
    user: Option<Login>,
}

#[derive(Deserialize)]
struct Login {
    login: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewNode {
    full_database_id: Option<String>,
    state: String,
    submitted_at: Option<DateTime<Utc>>,
    author: Option<Actor>,
    commit: Option<Oid>,
}

#[derive(Deserialize)]
struct Actor {
    #[serde(rename = "__typename")]
    kind: String,
    login: String,
}

#[derive(Deserialize)]
struct Oid {
    oid: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReadyNode {
    created_at: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
struct FileNode {
    path: String,
}

/// What GraphQL says in the words of REST.
fn commit_of(node: CommitNode) -> Commit {
    let GitCommit {
        oid,
        authored_date,
        message,
        author,
    } = node.commit;
    let (email, user) = author.map_or((None, None), |own| (own.email, own.user));
    Commit {
        sha: oid,
        commit: CommitText {
            author: Some(Signature {
                email,
                date: Some(authored_date),
            }),
            message,
        },
        author: user.map(|user| Account {
            login: user.login,
            kind: String::new(),
        }),
    }
}

fn review_of(node: ReviewNode) -> Option<Review> {
    Some(Review {
        id: node.full_database_id?.parse().ok()?,
        user: node.author.map(account_of),
        state: node.state,
        submitted_at: node.submitted_at,
        commit_id: node.commit.map(|own| own.oid),
    })
}

/// A bot's login lacks here what REST puts behind it.
fn account_of(actor: Actor) -> Account {
    let is_bot = actor.kind == "Bot";
    let login = match is_bot && !actor.login.ends_with("[bot]") {
        true => format!("{}[bot]", actor.login),
        false => actor.login,
    };
    Account {
        login,
        kind: actor.kind,
    }
}
