//! What people did, in the order in which they did it: rows that are only ever added, each with a
//! hash over the one before, so that a row that was changed or taken out is found.
//!
//! An act is written in the transaction of what was done, so that neither is there without the other.
//! Rows taken off the end leave no trace here; the head that a frozen week keeps tells of them.
//! Only an erasure writes rows again ([`again`]), and leaves an act that says so.

pub mod again;
pub mod chain;
pub mod decided;

use serde_json::Value;

use super::db::on;
use super::{Result, Tx};

/// So many rows are held at once while the chain is verified.
const BATCH: i64 = 1_000;

/// What somebody does.
#[derive(Clone, Debug)]
pub struct Act<'a> {
    pub at_ms: i64,
    /// Their e-mail.
    pub by: &'a str,
    /// What was done, such as `correction`.
    pub kind: &'a str,
    /// To what, such as `incident:INC-7`.
    pub subject: &'a str,
    /// What stood before and after; `null` where there was or is nothing.
    pub before: Value,
    pub after: Value,
}

/// An act as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Kept {
    /// From 1, without a gap.
    pub number: i64,
    pub at: i64,
    pub by_whom: String,
    pub kind: String,
    pub subject: String,
    /// In JSON.
    pub before: String,
    pub after: String,
    pub hash: String,
}

/// The end of the chain.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Head {
    /// How many acts there are.
    pub number: i64,
    pub hash: String,
}

impl Kept {
    fn hashed_after(&self, previous: &str) -> String {
        let row = chain::Row {
            after: &self.after,
            at: self.at,
            before: &self.before,
            by_whom: &self.by_whom,
            kind: &self.kind,
            number: self.number,
            subject: &self.subject,
        };
        chain::hash(previous, &row)
    }
}

/// Adds an act to the end. Acts wait for each other until their transactions end, so that none
/// overlooks another: it is the last lock that a transaction takes.
pub async fn record(tx: &mut Tx, act: &Act<'_>) -> Result<()> {
    tx.lock_acts().await?;
    let head = head(tx).await?;
    let (last, previous) = head.map_or((0, String::new()), |head| (head.number, head.hash));
    let mut kept = Kept {
        number: last + 1,
        at: act.at_ms,
        by_whom: act.by.to_owned(),
        kind: act.kind.to_owned(),
        subject: act.subject.to_owned(),
        before: act.before.to_string(),
        after: act.after.to_string(),
        hash: String::new(),
    };
    kept.hash = kept.hashed_after(&previous);
    on!(tx, conn => sqlx::query(
        "INSERT INTO acts (number, at, by_whom, kind, subject, before, after, hash) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(kept.number)
    .bind(kept.at)
    .bind(&kept.by_whom)
    .bind(&kept.kind)
    .bind(&kept.subject)
    .bind(&kept.before)
    .bind(&kept.after)
    .bind(&kept.hash)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}

/// The end of the chain; none before the first act.
pub async fn head(tx: &mut Tx) -> Result<Option<Head>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, hash FROM acts ORDER BY number DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?)
}

/// The latest acts, the newest first.
pub async fn latest(tx: &mut Tx, limit: i64) -> Result<Vec<Kept>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, at, by_whom, kind, subject, before, after, hash FROM acts \
         ORDER BY number DESC LIMIT $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await)?)
}

/// The number of the first act that is not as it was written, or is not there; none when all are.
pub async fn broken(tx: &mut Tx) -> Result<Option<i64>> {
    let (mut last, mut previous) = (0, String::new());
    loop {
        let rows = after(tx, last).await?;
        if rows.is_empty() {
            return Ok(None);
        }
        for row in rows {
            if row.number != last + 1 || row.hash != row.hashed_after(&previous) {
                return Ok(Some(last + 1));
            }
            (last, previous) = (row.number, row.hash);
        }
    }
}

async fn after(tx: &mut Tx, number: i64) -> Result<Vec<Kept>> {
    Ok(on!(tx, conn => sqlx::query_as(
        "SELECT number, at, by_whom, kind, subject, before, after, hash FROM acts \
         WHERE number > $1 ORDER BY number LIMIT $2",
    )
    .bind(number)
    .bind(BATCH)
    .fetch_all(conn)
    .await)?)
}
