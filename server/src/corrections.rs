//! What people put right: a word over a derived link, the figures it would move, and its keeping.
//!
//! A correction is tried before it is kept: what follows from it is derived and computed in a
//! transaction, held against what stands, and rolled back. A kept one is an input to the links like
//! any record, so that it survives when everything is derived again.

mod subject;

use serde_json::json;

use crate::figures::{self, Because, Difference, Why};
use crate::store::acts::{self, Act};
use crate::store::corrections::{self as stored, AS_FOUND, Correction};
use crate::store::registry;
use crate::store::{self, Db, Tx};

pub use subject::{Kind, Subject, find};

/// The most characters a reason may have.
pub const REASON_CHARACTERS: usize = 500;

/// What somebody says should stand.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub kind: Kind,
    pub id: &'a str,
    /// Of the kind's vocabulary; empty takes earlier corrections back.
    pub value: &'a str,
    pub reason: &'a str,
    pub made_by: &'a str,
}

/// Why a correction is not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such thing to put right")]
    NotFound,
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// The stored figures that a correction would change, by week. Nothing is kept.
pub async fn preview(db: &Db, word: Word<'_>, now_ms: i64) -> Result<Vec<Difference>, Error> {
    let (_rolled_back, moved) = follow(db, word, now_ms).await?;
    Ok(moved)
}

/// Keeps a correction with all that follows from it; what it moves of frozen weeks names it.
pub async fn keep(db: &Db, word: Word<'_>, now_ms: i64) -> Result<(), Error> {
    let (tx, _) = follow(db, word, now_ms).await?;
    Ok(tx.commit().await?)
}

/// Writes a correction, derives and computes what follows, and answers the figures that moved.
async fn follow(db: &Db, word: Word<'_>, now_ms: i64) -> Result<(Tx, Vec<Difference>), Error> {
    // What is behind anyway is caught up with first, so that it is not laid to the correction.
    let records = Because::records(now_ms);
    figures::refresh(db, &records, &|_, _, _| {}).await?;
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    figures::differences(&mut tx, &records).await?;
    apply(&mut tx, word, now_ms).await?;
    let why = Why::Correction {
        by: word.made_by.to_owned(),
        reason: word.reason.trim().to_owned(),
    };
    let moved = figures::differences(&mut tx, &Because { now_ms, why }).await?;
    Ok((tx, moved))
}

/// Writes a correction and marks what follows from it.
async fn apply(tx: &mut Tx, word: Word<'_>, now_ms: i64) -> Result<(), Error> {
    let subject = find(tx, word.kind, word.id).await?;
    let subject = subject.ok_or(Error::NotFound)?;
    let past = stored::of(tx, word.kind.as_str(), word.id).await?;
    check(tx, (&subject, past.first()), word).await?;
    // Of two in one instant, and of one after a clock that ran ahead, the later counts.
    let after_past = past.first().map_or(i64::MIN, |newest| newest.made_at + 1);
    let correction = Correction {
        kind: word.kind.as_str().to_owned(),
        subject_id: word.id.to_owned(),
        field: word.kind.field().to_owned(),
        made_at: now_ms.max(after_past),
        was: subject.stands.clone(),
        value: word.value.to_owned(),
        reason: word.reason.trim().to_owned(),
        made_by: word.made_by.to_owned(),
    };
    stored::add(tx, &correction).await?;
    record(tx, &correction).await?;
    let registry = registry::load(tx).await?;
    let moved = subject.mark(tx, &registry).await?;
    Ok(figures::touch(tx, &registry, &moved).await?)
}

async fn record(tx: &mut Tx, correction: &Correction) -> store::Result<()> {
    let act = Act {
        at_ms: correction.made_at,
        by: &correction.made_by,
        kind: "correction",
        subject: &format!("{}:{}", correction.kind, correction.subject_id),
        before: json!({"field": correction.field, "value": correction.was}),
        after: json!({
            "field": correction.field,
            "value": correction.value,
            "reason": correction.reason,
        }),
    };
    acts::record(tx, &act).await
}

async fn check(
    tx: &mut Tx,
    (subject, newest): (&Subject, Option<&Correction>),
    word: Word<'_>,
) -> Result<(), Error> {
    let reason = word.reason.trim();
    if reason.is_empty() {
        return refused("Say why, in a sentence: whoever reads the figure will ask.");
    }
    if reason.chars().count() > REASON_CHARACTERS {
        return refused(&format!(
            "The reason is longer than {REASON_CHARACTERS} characters."
        ));
    }
    let is_corrected = newest.is_some_and(|newest| newest.value != AS_FOUND);
    if word.value == AS_FOUND && !is_corrected {
        return refused("Choose what should stand; there is no correction to take back.");
    }
    if word.value == subject.stands && is_corrected {
        return refused("That is what stands already.");
    }
    if !subject::takes(tx, word.kind, word.value).await? {
        return refused(&format!(
            "{:?} is not among the answers; a deployment must be one to production that is known here.",
            word.value
        ));
    }
    Ok(())
}

fn refused(why: &str) -> Result<(), Error> {
    Err(Error::Refused(why.to_owned()))
}
