//! The stream `changes`: pull requests and their commits.

use serde::Deserialize;

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links::changes::Because;
use crate::links::{self, marks};
use crate::store::changes::{self, Author, AuthorKind, Change, Commit};
use crate::store::registry::Registry;
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Changes;

/// The record as it is pushed; fields not named here are kept in the raw record only.
#[derive(Deserialize)]
struct Record<'a> {
    id: String,
    service: String,
    updated_at: Option<Instant>,
    number: Option<i64>,
    url: Option<String>,
    title: Option<String>,
    body: Option<&'a str>,
    branch: Option<String>,
    author: Person,
    created_at: Option<Instant>,
    ready_at: Option<Instant>,
    merged_at: Option<Instant>,
    closed_at: Option<Instant>,
    merge_commit: Option<String>,
    #[serde(default, borrow)]
    commits: Vec<CommitRecord<'a>>,
    #[serde(default)]
    labels: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    additions: Option<u32>,
    deletions: Option<u32>,
    reverts: Option<String>,
    #[serde(default)]
    run_ids: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct Person {
    id: String,
    kind: Option<AuthorKind>,
}

#[derive(Deserialize)]
struct CommitRecord<'a> {
    sha: String,
    authored_at: Instant,
    author: Option<Person>,
    message: Option<&'a str>,
}

impl Person {
    pub(super) fn read(self, field: &str) -> Result<Author, Refusal> {
        name(field, &self.id)?;
        Ok(Author {
            id: self.id,
            kind: self.kind,
        })
    }
}

impl CommitRecord<'_> {
    fn read(self) -> Result<Commit, Refusal> {
        name("commits.sha", &self.sha)?;
        Ok(Commit {
            sha: self.sha,
            authored_at: self.authored_at.0,
            author: self
                .author
                .map(|author| author.read("commits.author.id"))
                .transpose()?,
            trailers: self.message.map(marks::kept).unwrap_or_default(),
        })
    }
}

impl Stream for Changes {
    type Row = Change;
    const NAME: StreamName = StreamName::Changes;

    fn read(record: &Json<'_>) -> Result<Change, Refusal> {
        let record: Record<'_> = typed(record)?;
        name("id", &record.id)?;
        name("service", &record.service)?;
        Ok(Change {
            version: Version {
                home: record.service,
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            number: record.number,
            url: record.url,
            title: record.title,
            branch: record.branch,
            author: record.author.read("author.id")?,
            created_at: record.created_at.map(|at| at.0),
            ready_at: record.ready_at.map(|at| at.0),
            merged_at: record.merged_at.map(|at| at.0),
            closed_at: record.closed_at.map(|at| at.0),
            merge_commit: record.merge_commit,
            commits: record
                .commits
                .into_iter()
                .map(CommitRecord::read)
                .collect::<Result<_, _>>()?,
            trailers: record.body.map(marks::kept).unwrap_or_default(),
            labels: record.labels,
            paths: record.paths,
            additions: record.additions.map(i64::from),
            deletions: record.deletions.map(i64::from),
            reverts: record.reverts,
            run_ids: record.run_ids,
        })
    }

    fn version(row: &Change) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Change) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Change]) -> store::Result<()> {
        changes::put(tx, rows).await
    }

    async fn link(
        tx: &mut Tx,
        registry: &Registry,
        arrived: Arrived<'_, Change>,
    ) -> store::Result<Vec<i64>> {
        let before: Vec<(&str, &str)> = arrived
            .stored
            .values()
            .map(|old| (old.home.as_str(), old.id.as_str()))
            .collect();
        let arrived = (arrived.rows, Because::TheyArrived);
        links::changes::relink(tx, registry, arrived, &before).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn refusal_of(record: Value) -> Refusal {
        Changes::read(&parse(&record.to_string()).unwrap()).unwrap_err()
    }

    #[test]
    fn a_value_of_the_wrong_type_is_refused_with_its_field() {
        let refusal =
            refusal_of(json!({"id": "c", "service": "s", "author": {"id": "a", "kind": "robot"}}));
        assert_eq!(refusal.field.as_deref(), Some("author.kind"));
        assert!(refusal.reason.contains("robot"), "{}", refusal.reason);
        let refusal =
            refusal_of(json!({"id": "c", "service": "s", "author": {"id": "a"}, "additions": -1}));
        assert_eq!(refusal.field.as_deref(), Some("additions"));
    }

    #[test]
    fn a_missing_field_is_named_with_its_place() {
        let refusal = refusal_of(json!({"id": "c", "service": "s", "author": {}}));
        assert_eq!(refusal.field.as_deref(), Some("author.id"));
        let refusal = refusal_of(json!({"id": "c", "author": {"id": "a"}}));
        assert_eq!(refusal.field.as_deref(), Some("service"));
    }
}
