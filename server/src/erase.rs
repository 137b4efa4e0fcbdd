//! Taking out what could still name a person: accounts go, and wherever a record names one of theirs,
//! a pseudonym stands from then on.
//!
//! A pseudonym is drawn at random, one for each spelling of an account, so that it cannot be led back
//! and that two accounts stay two: who reviewed whose change stays as it was. All of it is one
//! transaction, which is rolled back if any figure would come out differently. The record of what people
//! did is hashed anew from the first act that named them, and an act of its own says so.

mod acts;
mod names;
mod rows;

use std::collections::BTreeMap;

use crate::figures::{self, Because};
use crate::links;
use crate::store::registry;
use crate::store::{self, Db, Tx, acts as record, erase as stored};

pub use names::Names;

/// How many rows of each table name the person, but for tables where none does.
pub type Counts = BTreeMap<&'static str, u64>;

/// Why nobody was erased. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(
        "{0} is the account of an agent, whose work counts as an agent's by it; take it out of the registry first"
    )]
    Agent(String),
    #[error("{0} figures would come out differently, the first {1} in {2}")]
    Figures(usize, String, String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What would be changed. Nothing is.
pub async fn preview(db: &Db, names: &Names, now_ms: i64) -> Result<Counts, Error> {
    let (_rolled_back, counts) = follow(db, names, now_ms).await?;
    Ok(counts)
}

/// Erases them for good; on SQLite what stood in the file is written over.
pub async fn erase(db: &Db, names: &Names, now_ms: i64) -> Result<Counts, Error> {
    let (tx, counts) = follow(db, names, now_ms).await?;
    tx.commit().await?;
    stored::empty_log(db).await?;
    Ok(counts)
}

async fn follow(db: &Db, names: &Names, now_ms: i64) -> Result<(Tx, Counts), Error> {
    // What is behind anyway is caught up with first, so that it is not laid to the erasure.
    let because = Because::records(now_ms);
    figures::refresh(db, &because, &|_, _, _| {}).await?;
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    tx.lock_acts().await?;
    figures::differences(&mut tx, &because).await?;
    stored::write_over(&mut tx).await?;
    let registry = registry::load(&mut tx).await?;
    if let Some(agent) = names.all().find(|name| links::is_agent(&registry, name)) {
        return Err(Error::Agent(agent.to_owned()));
    }
    let mut counts = rows::all(&mut tx, &registry, names).await?;
    let head = record::head(&mut tx).await?;
    let rewritten = acts::rewritten_without(&mut tx, names).await?;
    counts.insert("acts", rewritten.rows);
    counts.retain(|_, rows| *rows > 0);
    if !counts.is_empty() {
        acts::record(&mut tx, (head, rewritten), now_ms).await?;
    }
    let moved = figures::differences(&mut tx, &because).await?;
    match moved.first().and_then(|first| first.either()) {
        Some(first) => {
            let (metric, week) = (first.metric.clone(), first.week.clone());
            Err(Error::Figures(moved.len(), metric, week))
        }
        None => Ok((tx, counts)),
    }
}
