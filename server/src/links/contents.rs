//! What a deployment brought into production: what its sender lists, else everything merged up to
//! the change that its commit belongs to.

use std::collections::HashMap;

use super::holders::Holders;
use super::production::Attempt;
use super::segment::{Evidence, Level};
use crate::store::links::changes::Merged;

/// What a deployment held.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Contents<'a> {
    /// Every change of the service merged no later than this.
    pub up_to: Option<i64>,
    /// These changes.
    pub listed: Vec<&'a str>,
    pub evidence: Vec<Evidence>,
    /// Why it is not known.
    pub reason: Option<&'static str>,
}

/// The most changes that a piece of evidence names.
const MOST_NAMED: usize = 20;

const UNKNOWN: &str = "content not known: no change of the service merged by then holds its commit";

/// The contents of an attempt; `merged` holds the merged ones of the changes it lists.
pub(super) fn contents<'a>(
    attempt: &'a Attempt,
    service: &str,
    merged: &HashMap<&str, &Merged>,
    holders: &Holders,
) -> Contents<'a> {
    match &attempt.changes {
        Some(ids) => listed(ids, attempt, service, merged),
        None => held(attempt, service, holders),
    }
}

fn listed<'a>(
    ids: &'a [String],
    attempt: &Attempt,
    service: &str,
    merged: &HashMap<&str, &Merged>,
) -> Contents<'a> {
    let is_held = |id: &&str| {
        merged.get(id).is_some_and(|change| {
            change.service == service && change.merged_at <= attempt.finished_at
        })
    };
    let (listed, ignored): (Vec<&str>, Vec<&str>) =
        ids.iter().map(String::as_str).partition(is_held);
    let mut evidence = vec![Evidence {
        level: Level::Declared,
        what: "its sender lists what it holds".to_owned(),
    }];
    if !ignored.is_empty() {
        evidence.push(Evidence {
            level: Level::Declared,
            what: format!(
                "ignored of that list, being no changes of the service that are known to be merged by then: {}",
                named(&ignored)
            ),
        });
    }
    Contents {
        listed,
        evidence,
        ..Contents::default()
    }
}

fn named(ids: &[&str]) -> String {
    let shown = ids[..ids.len().min(MOST_NAMED)].join(", ");
    match ids.len().saturating_sub(MOST_NAMED) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

fn held<'a>(attempt: &Attempt, service: &str, holders: &Holders) -> Contents<'a> {
    let sha = attempt.commit.as_deref();
    let anchor = sha.and_then(|sha| holders.in_service(sha, service, attempt.finished_at));
    match anchor {
        Some(anchor) => Contents {
            up_to: Some(anchor.merged_at),
            evidence: vec![Evidence {
                level: Level::Inferred,
                what: format!(
                    "its commit belongs to {}, and what was merged before came along",
                    anchor.change_id
                ),
            }],
            ..Contents::default()
        },
        None => Contents {
            reason: Some(UNKNOWN),
            ..Contents::default()
        },
    }
}
