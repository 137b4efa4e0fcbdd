//! What was derived of defects: where each was found, and the work it belongs to.

use std::future::ready;

use futures_util::TryStreamExt;
use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_pairs};
use crate::store::put::{Columns, put};
use crate::store::{Error, Result, Tx};

/// A defect's derived facts. Evidence and workflows are JSON, as they are shown.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DefectLink {
    /// Empty where it names none.
    pub service: String,
    pub defect_id: String,
    /// Of the rules that derived it.
    pub version: i64,
    pub found_at: i64,
    /// `production`, `pre_release`, `unknown`, `duplicate` or `not_a_defect`.
    pub place: String,
    pub evidence: String,
    /// Slugs of the workflows that cover it, sorted.
    pub workflows: String,
}

const COLUMNS: Columns = Columns {
    table: "defect_links",
    key: &["service", "defect_id"],
    rest: &["version", "found_at", "place", "evidence", "workflows"],
};

const SELECT: &str =
    "SELECT l.service, l.defect_id, l.version, l.found_at, l.place, l.evidence, l.workflows";

/// Writes these links over what was there.
pub async fn put(tx: &mut Tx, links: &[DefectLink]) -> Result<()> {
    Ok(put!(tx, COLUMNS, links, |bind, link: &DefectLink| bind
        .push_bind(&link.service)
        .push_bind(&link.defect_id)
        .push_bind(link.version)
        .push_bind(link.found_at)
        .push_bind(&link.place)
        .push_bind(&link.evidence)
        .push_bind(&link.workflows))?)
}

/// Removes the link of a defect that has moved to another service.
pub async fn remove(tx: &mut Tx, service: &str, defect_id: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM defect_links WHERE service = $1 AND defect_id = $2")
        .bind(service)
        .bind(defect_id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// The links of these defects, given as (service, id).
pub async fn find(tx: &mut Tx, keys: &[(&str, &str)]) -> Result<Vec<DefectLink>> {
    let mut found = Vec::new();
    for keys in keys.chunks(MAX_BINDS / 2) {
        let rows: Vec<DefectLink> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push(" FROM defect_links l WHERE (service, defect_id) IN (");
            push_pairs(&mut query, keys);
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}

/// The links of the defects found in [from, to), in no particular order.
pub async fn between(tx: &mut Tx, from_ms: i64, to_ms: i64) -> Result<Vec<DefectLink>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(" FROM defect_links l WHERE found_at >= ").push_bind(from_ms);
        query.push(" AND found_at < ").push_bind(to_ms);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// What a list shows of a defect beside its link.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Listed {
    #[sqlx(flatten)]
    pub link: DefectLink,
    pub title: Option<String>,
}

const LISTED: &str = ", d.title FROM defect_links l \
     JOIN defects d ON d.service = l.service AND d.id = l.defect_id WHERE ";
/// Of defects of which nobody says where they were found.
const OPEN: &str = "l.place = 'unknown'";

/// The latest defects of which nobody says where they were found, and how many there are.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<(Vec<Listed>, i64)> {
    let latest = on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(LISTED).push(OPEN).push(" ORDER BY l.found_at DESC, l.defect_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?;
    let count = on!(tx, conn => {
        let mut query = QueryBuilder::new("SELECT COUNT(*) FROM defect_links l WHERE ");
        query.push(OPEN).build_query_scalar().fetch_one(conn).await
    })?;
    Ok((latest, count))
}

/// Shows each defect found in [from, to) by that instant, then id, one at a time.
pub async fn listed_between(
    tx: &mut Tx,
    (from_ms, to_ms): (i64, i64),
    mut each: impl FnMut(Listed) -> Result<()> + Send,
) -> Result<()> {
    on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push(LISTED).push("l.found_at >= ").push_bind(from_ms).push(" AND l.found_at < ").push_bind(to_ms);
        query.push(" ORDER BY l.found_at, l.defect_id");
        let rows = query.build_query_as().fetch(conn);
        rows.map_err(Error::from).try_for_each(|listed| ready(each(listed))).await
    })
}
