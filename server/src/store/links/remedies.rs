//! Which deployment put right which earlier one of its service.

use sqlx::QueryBuilder;

use crate::store::db::{MAX_BINDS, on, push_ids};
use crate::store::put::{Columns, put};
use crate::store::{Result, Tx};

/// One deployment that put another right, and what says so.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, sqlx::FromRow)]
pub struct Remedy {
    pub service: String,
    pub remedy_id: String,
    pub remedied_id: String,
    /// When the remedy was done.
    pub remedy_at: i64,
    /// How strong the evidence is, and the evidence in words.
    pub level: String,
    pub what: String,
}

const COLUMNS: Columns = Columns {
    table: "remedies",
    key: &["service", "remedy_id", "remedied_id"],
    rest: &["remedy_at", "level", "what"],
};

type Row<'a> = &'a Remedy;

/// Writes these remedies over what was there.
pub async fn put(tx: &mut Tx, remedies: &[&Remedy]) -> Result<()> {
    Ok(put!(tx, COLUMNS, remedies, |bind, remedy: &Row<'_>| bind
        .push_bind(&remedy.service)
        .push_bind(&remedy.remedy_id)
        .push_bind(&remedy.remedied_id)
        .push_bind(remedy.remedy_at)
        .push_bind(&remedy.level)
        .push_bind(&remedy.what))?)
}

/// Removes a remedy that is none any more.
pub async fn remove(tx: &mut Tx, remedy: &Remedy) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM remedies WHERE service = $1 AND remedy_id = $2 AND remedied_id = $3")
        .bind(&remedy.service)
        .bind(&remedy.remedy_id)
        .bind(&remedy.remedied_id)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// What these deployments of a service put right.
pub async fn by(tx: &mut Tx, service: &str, remedy_ids: &[&str]) -> Result<Vec<Remedy>> {
    select(tx, service, ("remedy_id", remedy_ids)).await
}

/// What put these deployments of a service right.
pub async fn of(tx: &mut Tx, service: &str, remedied_ids: &[&str]) -> Result<Vec<Remedy>> {
    select(tx, service, ("remedied_id", remedied_ids)).await
}

async fn select(
    tx: &mut Tx,
    service: &str,
    (column, ids): (&'static str, &[&str]),
) -> Result<Vec<Remedy>> {
    let mut found = Vec::new();
    for ids in ids.chunks(MAX_BINDS - 1) {
        let rows: Vec<Remedy> = on!(tx, conn => {
            let mut query = QueryBuilder::new(
                "SELECT service, remedy_id, remedied_id, remedy_at, level, what FROM remedies WHERE service = ",
            );
            query.push_bind(service).push(" AND ").push(column).push(" IN (");
            push_ids(&mut query, ids);
            query.push(" ORDER BY remedied_id, remedy_at, remedy_id");
            query.build_query_as().fetch_all(conn).await
        })?;
        found.extend(rows);
    }
    Ok(found)
}
