//! New limits for a series: the four questions, and the divider from which on it is judged anew.
//!
//! A divider moves no figure, only what figures are judged by at reading; what is frozen stays.

use app::view::limits::Proposal;

use serde_json::{Value, json};

use crate::figures;
use crate::metrics::week::Week;
use crate::store::acts::{self, Act};
use crate::store::registry::{self, Divider, Kind, Registry};
use crate::store::{self, Db};

/// The most characters an answer may have.
pub const ANSWER_CHARACTERS: usize = 280;

/// The series whose limits are to begin anew, and who asks for it.
#[derive(Clone, Copy, Debug)]
pub struct Of<'a> {
    pub metric: &'a str,
    pub scope: &'a str,
    pub by: &'a str,
}

/// Why a proposal is not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Has a series judged anew from a week on.
pub async fn begin_anew(
    db: &Db,
    of: Of<'_>,
    proposal: &Proposal,
    now_ms: i64,
) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let registry = registry::load(&mut tx).await?;
    check(&registry, of, proposal, now_ms)?;
    let answer = |text: &str| text.trim().to_owned();
    let divider = Divider {
        scope: of.scope.to_owned(),
        metric: of.metric.to_owned(),
        week: proposal.week.clone(),
        what_changed: answer(&proposal.what_changed),
        cause: answer(&proposal.cause),
        why_wanted: answer(&proposal.why_wanted),
        why_lasting: answer(&proposal.why_lasting),
        set_by: of.by.to_owned(),
        set_at: now_ms,
    };
    let body = json!(divider);
    let key = divider.key();
    registry::put(&mut tx, Kind::Divider, &key, &body.to_string()).await?;
    let act = Act {
        at_ms: now_ms,
        by: of.by,
        kind: "new_limits",
        subject: &key,
        before: Value::Null,
        after: body,
    };
    acts::record(&mut tx, &act).await?;
    Ok(tx.commit().await?)
}

/// Takes a divider back: the series is judged as if there had been none.
pub async fn take_back(db: &Db, of: Of<'_>, week: &str, now_ms: i64) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.lock_facts().await?;
    let registry = registry::load(&mut tx).await?;
    let mut own = registry.dividers_of(of.metric, of.scope);
    let Some(divider) = own.find(|own| own.week == week) else {
        return Err(refused("There is no divider at this week to take back."));
    };
    let key = divider.key();
    registry::remove(&mut tx, Kind::Divider, &key).await?;
    let act = Act {
        at_ms: now_ms,
        by: of.by,
        kind: "new_limits_taken_back",
        subject: &key,
        before: json!(divider),
        after: Value::Null,
    };
    acts::record(&mut tx, &act).await?;
    Ok(tx.commit().await?)
}

fn check(registry: &Registry, of: Of<'_>, proposal: &Proposal, now_ms: i64) -> Result<(), Error> {
    let week: Week = proposal
        .week
        .parse()
        .map_err(|_| refused("Choose the week from which on limits begin anew."))?;
    if week > figures::calendar(&registry.company).week_of(now_ms) {
        return Err(refused("That week has not begun."));
    }
    let mut own = registry.dividers_of(of.metric, of.scope);
    if own.any(|own| own.week == proposal.week) {
        return Err(refused(
            "Limits begin anew at this week already; take that back first.",
        ));
    }
    let answers = [
        &proposal.what_changed,
        &proposal.cause,
        &proposal.why_wanted,
        &proposal.why_lasting,
    ];
    if answers.iter().any(|answer| answer.trim().is_empty()) {
        return Err(refused(
            "All four questions need an answer; where one has none, the limits should stay.",
        ));
    }
    if answers
        .iter()
        .any(|answer| answer.chars().count() > ANSWER_CHARACTERS)
    {
        return Err(refused(&format!(
            "An answer is longer than {ANSWER_CHARACTERS} characters."
        )));
    }
    Ok(())
}

fn refused(why: &str) -> Error {
    Error::Refused(why.to_owned())
}
