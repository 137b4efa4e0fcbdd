//! Changes: merged pull requests, and those on the way.

use serde::{Deserialize, Serialize};
use sqlx::{QueryBuilder, Row};

use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx, from_json, to_json};

/// A change as its source tells it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Its home is the service.
    pub version: Version,
    pub number: Option<i64>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub branch: Option<String>,
    pub author: Author,
    pub created_at: Option<i64>,
    pub ready_at: Option<i64>,
    pub merged_at: Option<i64>,
    pub closed_at: Option<i64>,
    pub merge_commit: Option<String>,
    pub commits: Vec<Commit>,
    /// What of the body may mark an agent's hand: trailers and footers, as they stand.
    pub trailers: Vec<String>,
    pub labels: Vec<String>,
    pub paths: Vec<String>,
    pub additions: Option<i64>,
    pub deletions: Option<i64>,
    pub reverts: Option<String>,
    pub run_ids: Vec<String>,
}

/// Who did it: an account, and what kind of account where that is known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<AuthorKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    Person,
    Agent,
}

/// A commit of a change, without its message but for what may mark an agent's hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commit {
    pub sha: String,
    pub authored_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Author>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trailers: Vec<String>,
}

impl AuthorKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            AuthorKind::Person => "person",
            AuthorKind::Agent => "agent",
        }
    }

    pub(crate) fn from_column(text: Option<&str>) -> Option<AuthorKind> {
        match text {
            Some("agent") => Some(AuthorKind::Agent),
            Some("person") => Some(AuthorKind::Person),
            _ => None,
        }
    }
}

const COLUMNS: Columns = Columns {
    table: "changes",
    key: &["service", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "number",
        "url",
        "title",
        "branch",
        "author_id",
        "author_kind",
        "created_at",
        "ready_at",
        "merged_at",
        "closed_at",
        "merge_commit",
        "commits",
        "trailers",
        "labels",
        "paths",
        "additions",
        "deletions",
        "reverts",
        "run_ids",
    ],
};

/// Writes these changes over what was there.
pub async fn put(tx: &mut Tx, changes: &[Change]) -> Result<()> {
    let rows: Vec<(&Change, Lists)> = changes
        .iter()
        .map(|change| Ok((change, Lists::of(change)?)))
        .collect::<Result<_>>()?;
    Ok(put!(tx, COLUMNS, rows, |bind,
                                (change, lists): &(
        &Change,
        Lists
    )| bind
        .push_bind(&change.version.home)
        .push_bind(&change.version.id)
        .push_bind(change.version.updated_at)
        .push_bind(&change.version.hash)
        .push_bind(&change.version.raw_id)
        .push_bind(change.version.ordinal)
        .push_bind(change.number)
        .push_bind(&change.url)
        .push_bind(&change.title)
        .push_bind(&change.branch)
        .push_bind(&change.author.id)
        .push_bind(change.author.kind.map(AuthorKind::as_str))
        .push_bind(change.created_at)
        .push_bind(change.ready_at)
        .push_bind(change.merged_at)
        .push_bind(change.closed_at)
        .push_bind(&change.merge_commit)
        .push_bind(&lists.commits)
        .push_bind(&lists.trailers)
        .push_bind(&lists.labels)
        .push_bind(&lists.paths)
        .push_bind(change.additions)
        .push_bind(change.deletions)
        .push_bind(&change.reverts)
        .push_bind(&lists.run_ids))?)
}

const SELECT: &str = "SELECT service, id, updated_at, hash, raw_id, ordinal, number, url, title, branch, author_id, \
     author_kind, created_at, ready_at, merged_at, closed_at, merge_commit, commits, trailers, labels, paths, \
     additions, deletions, reverts, run_ids FROM changes ";

/// The changes with these ids, wherever they live; ids that are not known are passed over.
pub async fn find(tx: &mut Tx, ids: &[&str]) -> Result<Vec<Change>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS) {
        let rows: Vec<Stored> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE id IN (");
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        for row in rows {
            found.push(row.read()?);
        }
    }
    Ok(found)
}

/// The next `limit` changes after this key, in key order: for walking through all of them.
pub async fn after(tx: &mut Tx, service: &str, id: &str, limit: i64) -> Result<Vec<Change>> {
    let rows: Vec<Stored> = on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE (service, id) > (").push_bind(service).push(", ").push_bind(id);
        query.push(") ORDER BY service, id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    rows.into_iter().map(Stored::read).collect()
}

/// A change, and the title of one that was merged before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Titled<'a> {
    pub change_id: &'a str,
    pub merged_at: i64,
    pub title: &'a str,
}

/// The latest of a service's changes with these titles that were merged before, by the change that
/// names the title.
pub async fn titled_before(
    tx: &mut Tx,
    service: &str,
    titled: &[Titled<'_>],
) -> Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for titled in titled.chunks(MAX_BINDS / 3 - 1) {
        let rows: Vec<(String, Option<String>)> = on!(tx, conn => {
            let mut query = QueryBuilder::new("WITH wanted (change_id, merged_at, title) AS (");
            query.push_values(titled, |mut row, one| {
                row.push_bind(one.change_id).push_bind(one.merged_at).push_bind(one.title);
            });
            query.push(
                ") SELECT wanted.change_id, (SELECT c.id FROM changes c WHERE c.title = wanted.title \
                 AND c.merged_at IS NOT NULL AND (c.merged_at, c.id) < (wanted.merged_at, wanted.change_id) \
                 AND c.service = ",
            );
            query.push_bind(service);
            query.push(" ORDER BY c.merged_at DESC, c.id DESC LIMIT 1) FROM wanted");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().filter_map(|(by, id)| Some((by, id?))));
    }
    Ok(found)
}

/// The services that changes name, found by leaping from one to the next in the key.
pub async fn services(tx: &mut Tx) -> Result<Vec<String>> {
    Ok(on!(tx, conn => sqlx::query_scalar(
        "WITH RECURSIVE found (service) AS ( \
         SELECT MIN(service) FROM changes \
         UNION ALL \
         SELECT (SELECT MIN(c.service) FROM changes c WHERE c.service > found.service) FROM found \
         WHERE found.service IS NOT NULL) \
         SELECT service FROM found WHERE service IS NOT NULL ORDER BY service",
    )
    .fetch_all(conn)
    .await)?)
}

/// The columns that hold lists.
struct Lists {
    commits: String,
    trailers: String,
    labels: String,
    paths: String,
    run_ids: String,
}

impl Lists {
    fn of(change: &Change) -> Result<Lists> {
        Ok(Lists {
            commits: to_json("commits", &change.commits)?,
            trailers: to_json("trailers", &change.trailers)?,
            labels: to_json("labels", &change.labels)?,
            paths: to_json("paths", &change.paths)?,
            run_ids: to_json("run ids", &change.run_ids)?,
        })
    }
}

/// A row as it stands, lists still in JSON.
struct Stored {
    change: Change,
    lists: Lists,
}

impl Stored {
    fn read(self) -> Result<Change> {
        Ok(Change {
            commits: from_json("commits", &self.lists.commits)?,
            trailers: from_json("trailers", &self.lists.trailers)?,
            labels: from_json("labels", &self.lists.labels)?,
            paths: from_json("paths", &self.lists.paths)?,
            run_ids: from_json("run ids", &self.lists.run_ids)?,
            ..self.change
        })
    }
}

impl<'r, R> sqlx::FromRow<'r, R> for Stored
where
    R: Row,
    &'static str: sqlx::ColumnIndex<R>,
    String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<String>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    i64: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
    Option<i64>: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Self> {
        let kind: Option<String> = row.try_get("author_kind")?;
        Ok(Stored {
            change: Change {
                version: Version {
                    home: row.try_get("service")?,
                    id: row.try_get("id")?,
                    updated_at: row.try_get("updated_at")?,
                    hash: row.try_get("hash")?,
                    raw_id: row.try_get("raw_id")?,
                    ordinal: row.try_get("ordinal")?,
                },
                number: row.try_get("number")?,
                url: row.try_get("url")?,
                title: row.try_get("title")?,
                branch: row.try_get("branch")?,
                author: Author {
                    id: row.try_get("author_id")?,
                    kind: AuthorKind::from_column(kind.as_deref()),
                },
                created_at: row.try_get("created_at")?,
                ready_at: row.try_get("ready_at")?,
                merged_at: row.try_get("merged_at")?,
                closed_at: row.try_get("closed_at")?,
                merge_commit: row.try_get("merge_commit")?,
                additions: row.try_get("additions")?,
                deletions: row.try_get("deletions")?,
                reverts: row.try_get("reverts")?,
                ..Change::default()
            },
            lists: Lists {
                commits: row.try_get("commits")?,
                trailers: row.try_get("trailers")?,
                labels: row.try_get("labels")?,
                paths: row.try_get("paths")?,
                run_ids: row.try_get("run_ids")?,
            },
        })
    }
}

/// The ids of the changes whose page at their source has one of these addresses.
pub async fn at_addresses(tx: &mut Tx, addresses: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for addresses in addresses.chunks(MAX_BINDS) {
        let rows: Vec<String> = on!(tx, conn => {
            let mut query = QueryBuilder::new("SELECT id FROM changes WHERE url IN (");
            push_ids(&mut query, addresses);
            query.build_query_scalar().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
