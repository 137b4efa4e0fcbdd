//! Which change holds a commit: as its merge commit, or among its commits.

use sqlx::QueryBuilder;

use super::changes::Change;
use super::db::{MAX_BINDS, on, push_ids, push_pairs};
use super::put::{Columns, put};
use super::{Result, Tx};

const COLUMNS: Columns = Columns {
    table: "change_commits",
    key: &["service", "change_id", "sha"],
    rest: &[],
};

/// Writes the commits of these changes; `before` names those that may have had others.
pub async fn replace(tx: &mut Tx, changes: &[Change], before: &[(&str, &str)]) -> Result<()> {
    for keys in before.chunks(MAX_BINDS / 2) {
        on!(tx, conn => {
            let mut query = QueryBuilder::new("DELETE FROM change_commits WHERE (service, change_id) IN (");
            push_pairs(&mut query, keys);
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    let rows = rows(changes);
    Ok(put!(tx, COLUMNS, rows, |bind,
                                (service, id, sha): &(
        &str,
        &str,
        &str
    )| bind
        .push_bind(*service)
        .push_bind(*id)
        .push_bind(*sha))?)
}

/// Writes the commits of these changes, which follow one another by key, unless they stand there.
pub async fn restore(tx: &mut Tx, changes: &[Change]) -> Result<()> {
    let keys: Vec<(&str, &str)> = changes
        .iter()
        .map(|change| (change.version.home.as_str(), change.version.id.as_str()))
        .collect();
    let Some((first, last)) = keys.first().zip(keys.last()) else {
        return Ok(());
    };
    let stored: Vec<(String, String, String)> = on!(tx, conn => sqlx::query_as(
        "SELECT service, change_id, sha FROM change_commits \
         WHERE (service, change_id) >= ($1, $2) AND (service, change_id) <= ($3, $4)",
    )
    .bind(first.0)
    .bind(first.1)
    .bind(last.0)
    .bind(last.1)
    .fetch_all(conn)
    .await)?;
    let mut stored: Vec<(&str, &str, &str)> = stored
        .iter()
        .map(|(service, id, sha)| (service.as_str(), id.as_str(), sha.as_str()))
        .collect();
    stored.sort_unstable();
    if stored != rows(changes) {
        replace(tx, changes, &keys).await?;
    }
    Ok(())
}

/// Service, id and each commit of these changes but their merge commits, sorted.
fn rows(changes: &[Change]) -> Vec<(&str, &str, &str)> {
    let mut rows: Vec<(&str, &str, &str)> = changes
        .iter()
        .flat_map(|change| {
            let own = change.merge_commit.as_deref();
            let commits = change.commits.iter().map(|commit| commit.sha.as_str());
            let others = commits.filter(move |sha| Some(*sha) != own);
            let (service, id) = (change.version.home.as_str(), change.version.id.as_str());
            others.map(move |sha| (service, id, sha))
        })
        .collect();
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// A merged change that holds a commit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Holder {
    pub sha: String,
    pub service: String,
    pub change_id: String,
    pub merged_at: i64,
    /// 1 when it is its merge commit.
    pub is_merge_commit: i64,
}

/// The merged changes that hold these commits, of whatever service, sorted.
pub async fn holders(tx: &mut Tx, shas: &[&str]) -> Result<Vec<Holder>> {
    let mut found: Vec<Holder> = Vec::new();
    for shas in shas.chunks(MAX_BINDS / 2) {
        let rows: Vec<Holder> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT merge_commit AS sha, service, id AS change_id, merged_at, CAST(1 AS BIGINT) AS is_merge_commit \
                 FROM changes WHERE merged_at IS NOT NULL AND merge_commit IN (",
            );
            push_ids(&mut query, shas);
            query.push(
                " UNION ALL SELECT h.sha, h.service, h.change_id, c.merged_at, CAST(0 AS BIGINT) FROM change_commits h \
                 JOIN changes c ON c.service = h.service AND c.id = h.change_id \
                 WHERE c.merged_at IS NOT NULL AND h.sha IN (",
            );
            push_ids(&mut query, shas);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    found.sort_unstable();
    Ok(found)
}
