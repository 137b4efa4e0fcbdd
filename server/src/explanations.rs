//! What the one who answers for a series says about a week of it: what may be said, by whom, and its
//! keeping. Whatever is said replaces nothing: the newest counts, the rest is its history.

use serde_json::{Value, json};

use crate::store::acts::{self, Act};
use crate::store::explanations::{self as stored, Explanation, Subject};
use crate::store::{self, Db};

/// The most characters an explanation may have.
pub const CHARACTERS: usize = 280;

/// What an explanation claims to know; an invented cause is worse than none.
pub const CAUSES: [&str; 2] = ["known_cause", "still_looking"];

/// What somebody says about a week of a series that is known here.
#[derive(Clone, Copy, Debug)]
pub struct Word<'a> {
    pub subject: Subject<'a>,
    pub said: &'a str,
    /// One of [`CAUSES`].
    pub cause: &'a str,
    pub by: &'a str,
}

/// Why an explanation is not taken. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// Keeps an explanation, dated and signed.
pub async fn write(db: &Db, word: Word<'_>, now_ms: i64) -> Result<(), Error> {
    let mut tx = db.write().await?;
    tx.lock_acts().await?;
    let past = stored::of(&mut tx, word.subject).await?;
    let said = check(word, past.first())?;
    // Of two in one instant, and of one after a clock that ran ahead, the later counts.
    let after_past = past
        .first()
        .map_or(i64::MIN, |newest| newest.written_at + 1);
    let subject = word.subject;
    let written = Explanation {
        metric: subject.metric.to_owned(),
        scope: subject.scope.to_owned(),
        week: subject.week.to_owned(),
        written_at: now_ms.max(after_past),
        written_by: word.by.to_owned(),
        cause: word.cause.to_owned(),
        said,
    };
    stored::add(&mut tx, &written).await?;
    let act = Act {
        at_ms: written.written_at,
        by: word.by,
        kind: "explanation",
        subject: &format!(
            "{} of {} in {}",
            subject.metric, subject.scope, subject.week
        ),
        before: past.first().map_or(Value::Null, as_json),
        after: as_json(&written),
    };
    acts::record(&mut tx, &act).await?;
    Ok(tx.commit().await?)
}

fn as_json(explanation: &Explanation) -> Value {
    json!({"cause": explanation.cause, "said": explanation.said})
}

/// What is kept of it: one line, without spaces around it.
fn check(word: Word<'_>, newest: Option<&Explanation>) -> Result<String, Error> {
    let unseen = |c: char| c.is_whitespace() || c.is_control();
    let words: Vec<&str> = word
        .said
        .split(unseen)
        .filter(|own| !own.is_empty())
        .collect();
    let said = words.join(" ");
    if said.is_empty() {
        return refused(
            "Say it in a sentence; “still looking” is an answer too, with what you look at.",
        );
    }
    if said.chars().count() > CHARACTERS {
        return refused(&format!("It is longer than {CHARACTERS} characters."));
    }
    if !CAUSES.contains(&word.cause) {
        return refused("Choose whether the cause is known.");
    }
    if newest.is_some_and(|newest| newest.said == said && newest.cause == word.cause) {
        return refused("That is what stands already.");
    }
    Ok(said)
}

fn refused<T>(why: &str) -> Result<T, Error> {
    Err(Error::Refused(why.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word<'a>(said: &'a str, cause: &'a str) -> Word<'a> {
        Word {
            subject: Subject {
                metric: "pr_cycle_time",
                scope: "company",
                week: "2026-W47",
            },
            said,
            cause,
            by: "ana@example.org",
        }
    }

    #[test]
    fn one_to_280_characters_are_taken_in_one_line_and_nothing_else() {
        let longest = "é".repeat(CHARACTERS);
        let too_long = "é".repeat(CHARACTERS + 1);
        assert_eq!(check(word(&longest, "known_cause"), None).unwrap(), longest);
        let lines = " a\r\n\0b ";
        assert_eq!(check(word(lines, "still_looking"), None).unwrap(), "a b");
        for (said, cause) in [
            ("", "known_cause"),
            (" \n\0", "known_cause"),
            (too_long.as_str(), "known_cause"),
            ("a", "guess"),
        ] {
            let told = check(word(said, cause), None);
            assert!(matches!(told, Err(Error::Refused(_))), "{said:?} {cause}");
        }
    }
}
