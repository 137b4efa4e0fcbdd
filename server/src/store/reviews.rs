//! Reviews of changes.

use sqlx::QueryBuilder;

use super::changes::{Author, AuthorKind};
use super::db::{MAX_BINDS, on, push_ids};
use super::put::{Columns, put};
use super::versions::Version;
use super::{Result, Tx};

/// A review as its source tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// Its home is the change.
    pub version: Version,
    pub author: Author,
    pub state: String,
    pub submitted_at: i64,
    pub commit_sha: Option<String>,
}

const COLUMNS: Columns = Columns {
    table: "reviews",
    key: &["change_id", "id"],
    rest: &[
        "updated_at",
        "hash",
        "raw_id",
        "ordinal",
        "author_id",
        "author_kind",
        "state",
        "submitted_at",
        "commit_sha",
    ],
};

/// Writes these reviews over what was there.
pub async fn put(tx: &mut Tx, reviews: &[Review]) -> Result<()> {
    Ok(put!(tx, COLUMNS, reviews, |bind, review: &Review| bind
        .push_bind(&review.version.home)
        .push_bind(&review.version.id)
        .push_bind(review.version.updated_at)
        .push_bind(&review.version.hash)
        .push_bind(&review.version.raw_id)
        .push_bind(review.version.ordinal)
        .push_bind(&review.author.id)
        .push_bind(review.author.kind.map(AuthorKind::as_str))
        .push_bind(&review.state)
        .push_bind(review.submitted_at)
        .push_bind(&review.commit_sha))?)
}

/// When whom a change was reviewed by: what links need of a review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reviewed {
    pub change_id: String,
    pub author: Author,
    pub submitted_at: i64,
    /// `approved`, `changes_requested` or `commented`.
    pub state: String,
    pub commit_sha: Option<String>,
}

/// All reviews of these changes.
pub async fn of_changes(tx: &mut Tx, change_ids: &[&str]) -> Result<Vec<Reviewed>> {
    let mut found = Vec::new();
    for ids in change_ids.chunks(MAX_BINDS) {
        let rows: Vec<ReviewedRow> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT change_id, author_id, author_kind, submitted_at, state, commit_sha FROM reviews WHERE change_id IN (",
            );
            push_ids(&mut query, ids);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|row| Reviewed {
            change_id: row.change_id,
            author: Author {
                id: row.author_id,
                kind: AuthorKind::from_column(row.author_kind.as_deref()),
            },
            submitted_at: row.submitted_at,
            state: row.state,
            commit_sha: row.commit_sha,
        }));
    }
    Ok(found)
}

#[derive(sqlx::FromRow)]
struct ReviewedRow {
    change_id: String,
    author_id: String,
    author_kind: Option<String>,
    submitted_at: i64,
    state: String,
    commit_sha: Option<String>,
}
