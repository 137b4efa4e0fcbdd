//! A person's word over a derived link. Kept for ever; the newest of a field counts.

use std::collections::BTreeMap;

use sqlx::QueryBuilder;

use super::db::{MAX_BINDS, on};
use super::{Result, Tx};

/// One correction of one field of one thing.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Correction {
    /// `change`, …
    pub kind: String,
    pub subject_id: String,
    /// `segment`, …
    pub field: String,
    pub made_at: i64,
    pub value: String,
    pub reason: String,
    pub made_by: String,
}

/// Adds a correction; earlier ones stay.
pub async fn add(tx: &mut Tx, correction: &Correction) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO corrections (kind, subject_id, field, made_at, value, reason, made_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(&correction.kind)
    .bind(&correction.subject_id)
    .bind(&correction.field)
    .bind(correction.made_at)
    .bind(&correction.value)
    .bind(&correction.reason)
    .bind(&correction.made_by)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The newest correction of a field, by the thing's id.
pub async fn newest(
    tx: &mut Tx,
    kind: &str,
    field: &str,
    ids: &[&str],
) -> Result<BTreeMap<String, Correction>> {
    let mut found = BTreeMap::new();
    for ids in ids.chunks(MAX_BINDS - 2) {
        let rows: Vec<Correction> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT kind, subject_id, field, made_at, value, reason, made_by FROM corrections WHERE kind = ",
            );
            query.push_bind(kind).push(" AND field = ").push_bind(field).push(" AND subject_id IN (");
            let mut list = query.separated(", ");
            for id in ids {
                list.push_bind(*id);
            }
            query.push(") ORDER BY made_at");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows.into_iter().map(|row| (row.subject_id.clone(), row)));
    }
    Ok(found)
}

/// Whether there is any correction at all; most batches can spare themselves the rest.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    let found: Option<i64> = on!(tx, conn => sqlx::query_scalar("SELECT made_at FROM corrections LIMIT 1")
        .fetch_optional(conn)
        .await)?;
    Ok(found.is_some())
}
