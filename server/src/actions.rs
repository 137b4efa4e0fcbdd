//! What leadership decides to be done: what an action must say, who marks it done, and its keeping.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde_json::{Value, json};

use crate::figures;
use crate::metrics::week::Calendar;
use crate::store::accounts::people;
use crate::store::actions::{self as stored, Action};
use crate::store::acts::{self, Act};
use crate::store::registry::{self, Registry};
use crate::store::{self, Db, Tx};

/// The most characters an action may have.
pub const CHARACTERS: usize = 200;
/// No action is due later than this.
const LONGEST: Days = Days::new(366);

/// An action to be added.
#[derive(Clone, Copy, Debug)]
pub struct New<'a> {
    pub said: &'a str,
    /// A person's e-mail.
    pub owner: &'a str,
    /// A day such as `2026-11-27`.
    pub due: &'a str,
    /// `company` or `workflow:SLUG`.
    pub scope: &'a str,
    pub by: &'a str,
}

/// Why something is not done. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("there is no such action")]
    NotFound,
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Adds an action, decided in the week of this instant; answers its number.
pub async fn add(db: &Db, new: New<'_>, now_ms: i64) -> Result<i64, Error> {
    let mut tx = db.write().await?;
    tx.lock_acts().await?;
    let registry = registry::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let said = said(new.said)?;
    let due = due(new.due, today(&calendar, now_ms))?;
    if !is_scope(&registry, new.scope) {
        return refused("Choose the company or one of its workflows.");
    }
    let owner = people::find(&mut tx, &new.owner.to_lowercase()).await?;
    let Some(owner) = owner else {
        return refused("Choose who owns it: somebody who may sign in here.");
    };
    let action = Action {
        number: stored::next_number(&mut tx).await?,
        said,
        owner: owner.email,
        due: due.to_string(),
        scope: new.scope.to_owned(),
        week: calendar.week_of(now_ms).to_string(),
        added_at: now_ms,
        added_by: new.by.to_owned(),
        done_at: None,
        done_by: None,
    };
    stored::add(&mut tx, &action).await?;
    let after = json!({"said": action.said, "owner": action.owner, "due": action.due,
        "scope": action.scope, "week": action.week, "state": "open"});
    let done = (action.number, Value::Null, after);
    record(&mut tx, (new.by, now_ms), done).await?;
    tx.commit().await?;
    Ok(action.number)
}

/// Marks an action done, or open again.
pub async fn mark(
    db: &Db,
    (number, done): (i64, bool),
    by: &str,
    now_ms: i64,
) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.lock_acts().await?;
    let action = stored::find(&mut tx, number).await?;
    let action = action.ok_or(Error::NotFound)?;
    if action.done_at.is_some() == done {
        return refused("Somebody marked it before you.");
    }
    stored::set_done(&mut tx, number, done.then_some((now_ms, by))).await?;
    let state = |done: bool| json!({"state": if done { "done" } else { "open" }});
    record(&mut tx, (by, now_ms), (number, state(!done), state(done))).await?;
    Ok(tx.commit().await?)
}

async fn record(
    tx: &mut Tx,
    (by, at_ms): (&str, i64),
    (number, before, after): (i64, Value, Value),
) -> store::Result<()> {
    let act = Act {
        at_ms,
        by,
        kind: "action",
        subject: &format!("action {number}"),
        before,
        after,
    };
    acts::record(tx, &act).await
}

/// The day in the company's time.
pub fn today(calendar: &Calendar, now_ms: i64) -> NaiveDate {
    let zone = calendar.zone(calendar.week_of(now_ms));
    let now = DateTime::<Utc>::from_timestamp_millis(now_ms).unwrap_or_default();
    now.with_timezone(&zone).date_naive()
}

fn is_scope(registry: &Registry, scope: &str) -> bool {
    let slug = scope.strip_prefix("workflow:");
    scope == "company"
        || slug.is_some_and(|slug| registry.workflows.iter().any(|own| own.slug == slug))
}

/// What is kept of it: one line, without spaces around it.
fn said(text: &str) -> Result<String, Error> {
    let unseen = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = text.split(unseen).filter(|own| !own.is_empty()).collect();
    let said = words.join(" ");
    match said.chars().count() {
        0 => refused("Say what is to be done."),
        1..=CHARACTERS => Ok(said),
        _ => refused(&format!("It is longer than {CHARACTERS} characters.")),
    }
}

fn due(text: &str, today: NaiveDate) -> Result<NaiveDate, Error> {
    let Ok(due) = text.parse::<NaiveDate>() else {
        return refused("Choose the day until which it is to be done.");
    };
    if due < today || due > today + LONGEST {
        return refused("Choose a due day from today on, within a year.");
    }
    Ok(due)
}

fn refused<T>(why: &str) -> Result<T, Error> {
    Err(Error::Refused(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_one_line_of_at_most_200_characters() {
        assert_eq!(said(" Split\r\nthe\0import ").unwrap(), "Split the import");
        let longest = "é".repeat(CHARACTERS);
        assert_eq!(said(&longest).unwrap(), longest);
        assert!(said(&format!("{longest}e")).is_err() && said(" \n").is_err());
    }

    #[test]
    fn it_is_due_from_today_on_and_within_a_year() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (text, taken) in [
            ("2026-11-22", false),
            ("2026-11-23", true),
            ("2027-11-24", true),
            ("2027-11-25", false),
            ("+12026-11-23", false),
            ("tomorrow", false),
            ("", false),
        ] {
            assert_eq!(due(text, today).is_ok(), taken, "{text}");
        }
    }
}
