//! A person's word over a derived link. Kept for ever; the newest of a field counts.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on, push_ids};
use super::{Result, Tx};

/// The value of a correction that takes the earlier ones back: what is derived counts again.
pub const AS_FOUND: &str = "";

/// One correction of one field of one thing.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Correction {
    /// `change`, `deployment`, `incident` or `defect`.
    pub kind: String,
    pub subject_id: String,
    /// `segment`, `kind`, `deployment` or `found_in`.
    pub field: String,
    pub made_at: i64,
    /// What stood before.
    pub was: String,
    pub value: String,
    pub reason: String,
    pub made_by: String,
}

const SELECT: &str =
    "SELECT kind, subject_id, field, made_at, was, value, reason, made_by FROM corrections ";

/// Adds a correction; earlier ones stay.
pub async fn add(tx: &mut Tx, correction: &Correction) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO corrections (kind, subject_id, field, made_at, was, value, reason, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&correction.kind)
    .bind(&correction.subject_id)
    .bind(&correction.field)
    .bind(correction.made_at)
    .bind(&correction.was)
    .bind(&correction.value)
    .bind(&correction.reason)
    .bind(&correction.made_by)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The newest correction of a field, by the thing's id; none for what was taken back.
pub async fn newest(
    tx: &mut Tx,
    kind: &str,
    field: &str,
    ids: &[&str],
) -> Result<BTreeMap<String, Correction>> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(MAX_BINDS - 2) {
        let rows: Vec<Correction> = on!(tx, conn => {
            let mut query = QueryBuilder::new(SELECT);
            query.push("WHERE kind = ").push_bind(kind).push(" AND field = ").push_bind(field);
            query.push(" AND subject_id IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY made_at");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|row| (row.subject_id.clone(), row)));
    }
    found.retain(|_, row| row.value != AS_FOUND);
    Ok(found)
}

/// All corrections of a thing, the newest first.
pub async fn of(tx: &mut Tx, kind: &str, id: &str) -> Result<Vec<Correction>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("WHERE kind = ").push_bind(kind).push(" AND subject_id = ").push_bind(id);
        query.push(" ORDER BY made_at DESC");
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// The latest corrections of anything, the newest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Correction>> {
    Ok(on!(tx, conn => {
        let mut query = QueryBuilder::new(SELECT);
        query.push("ORDER BY made_at DESC, kind, subject_id LIMIT ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await
    })?)
}

/// Whether there is any correction at all; most batches can spare themselves the rest.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar("SELECT made_at FROM corrections LIMIT 1")
        .fetch_optional(conn)
        .await)?;
    Ok(found.is_some())
}
