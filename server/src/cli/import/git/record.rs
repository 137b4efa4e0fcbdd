//! A clone's changes and releases as records.
//!
//! The same history makes the same records, whoever imports it and when, but for dates that lie ahead
//! and are believed once they have come. A change is dated by its
//! commit, a millisecond later for each thing about it that is known: so a full clone's version
//! replaces a shallow one's, and never the other way round. A deployment is dated by the newest
//! instant that its clone knows, a millisecond later for each tag, and later than the last import of
//! the same repository if that said otherwise: what a tag brought depends on the tags around it,
//! and who knows more of them is right.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::position::Position;
use crate::connectors::git::{Change, Commit, Content, History, Release};

/// Of the rules in this file; records of a higher number replace those of a lower.
pub(super) const RULES: i64 = 2;

/// The last second of 2199: later ones are not taken in.
const LAST_S: i64 = 7_258_118_399;

/// What a change's id takes at least.
pub(super) const LEAST_BYTES: usize = 48;
/// The most bytes of change ids in one record.
const MAX_CHANGES_BYTES: usize = 900_000;
/// The most values in one record, with room for the others.
const MAX_CHANGES: usize = 90_000;
/// The most commits that a record names beside its changes.
const MAX_PICKED: usize = 1_000;

/// A change's id: the service, and its commit.
fn change_id(service: &str, sha: &str) -> String {
    format!("{service}@{sha}")
}

pub(super) fn change(service: &str, change: &Change) -> Value {
    let known = [
        change.size.is_ok(),
        change.is_whole,
        change.merged_at_s.is_some(),
    ];
    let known = known.into_iter().map(i64::from).sum::<i64>();
    let updated_at_ms = change
        .committed_at_s
        .map(|at_s| at_s.min(LAST_S) * 1_000 + RULES * 10 + known);
    let size = change.size.ok();
    let commits = change.commits.iter();
    json!({
        "id": change_id(service, &change.sha),
        "service": service,
        "source": super::SOURCE,
        "updated_at": updated_at_ms.and_then(instant_ms),
        "number": change.number,
        "title": change.title,
        "body": change.body,
        "branch": change.branch,
        "author": {"id": change.author},
        "merged_at": change.merged_at_s.and_then(instant_s),
        "merge_commit": change.sha,
        "commits": commits.filter_map(commit).collect::<Vec<_>>(),
        "paths": change.paths.as_deref().unwrap_or_default(),
        "additions": size.map(|size| size.additions),
        "deletions": size.map(|size| size.deletions),
        "reverts": change.reverts,
    })
}

/// None without an instant that is believed: another would make the change begin decades ago.
fn commit(commit: &Commit) -> Option<Value> {
    Some(json!({
        "sha": commit.sha,
        "authored_at": instant_s(commit.authored_at_s?)?,
        "author": {"id": commit.author},
        "message": commit.message,
    }))
}

/// Whether a release brought more changes than a record has room for.
pub(super) fn is_too_large(service: &str, release: &Release) -> bool {
    let Content::Changes(places) = &release.content else {
        return false;
    };
    let id_bytes = LEAST_BYTES + service.len() + release.commit.len() - 40;
    places.len() > MAX_CHANGES || places.len() * id_bytes > MAX_CHANGES_BYTES
}

/// A release; without the changes it brought where they are unknown, or too many for one record.
/// Beside them stand the commits that it holds some of them as.
pub(super) fn deployment(
    service: &str,
    history: &History,
    release: &Release,
    now: &Position,
) -> Value {
    let is_named = !is_too_large(service, release);
    let id = |place: usize| change_id(service, &history.sha(place));
    let changes: Option<Vec<String>> = match &release.content {
        Content::Changes(places) if is_named => Some(places.iter().map(|at| id(*at)).collect()),
        Content::Changes(_) | Content::First | Content::CutOff => None,
    };
    let picked = release.picked.iter().take(MAX_PICKED);
    let picked =
        picked.map(|one| json!({"change": id(one.place), "commit": one.commit, "by": one.by}));
    json!({
        "id": format!("{service}@{}", release.name),
        "service": service,
        "source": super::SOURCE,
        "updated_at": instant_ms(now.knowledge_ms()),
        "environment": "production",
        "commit": release.commit,
        "finished_at": instant_s(release.finished_at_s),
        "result": "success",
        "changes": changes,
        "picked": picked.collect::<Vec<_>>(),
    })
}

pub(super) fn instant_s(at_s: i64) -> Option<String> {
    let at = DateTime::from_timestamp(at_s, 0)?;
    Some(at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn instant_ms(at_ms: i64) -> Option<String> {
    let at = DateTime::from_timestamp_millis(at_ms)?;
    Some(at.to_rfc3339_opts(SecondsFormat::Millis, true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connectors::git::{Shape, Size, Unmeasured};

    fn plain() -> Change {
        Change {
            sha: "a".repeat(40),
            shape: Shape::Plain,
            committed_at_s: Some(1_700_000_000),
            merged_at_s: Some(1_700_000_000),
            author: "ana@host".to_owned(),
            title: "Begin".to_owned(),
            body: String::new(),
            number: None,
            branch: None,
            reverts: None,
            commits: vec![Commit {
                sha: "a".repeat(40),
                author: "ana@host".to_owned(),
                authored_at_s: Some(1_699_990_000),
                message: String::new(),
            }],
            commits_left_out: 0,
            paths: Some(vec!["a.rs".to_owned()]),
            paths_left_out: 0,
            size: Ok(Size {
                additions: 2,
                deletions: 1,
            }),
            is_whole: true,
        }
    }

    #[test]
    fn who_knows_more_has_the_newer_version() {
        let whole = change("shop", &plain());
        let unmeasured = Change {
            size: Err(Unmeasured::ContentsMissing),
            ..plain()
        };
        let unmeasured = change("shop", &unmeasured);
        assert!(whole["updated_at"].as_str() > unmeasured["updated_at"].as_str());
        assert_eq!(unmeasured["additions"], Value::Null);
        assert_eq!(whole["merged_at"], "2023-11-14T22:13:20Z");
    }

    #[test]
    fn a_change_without_a_date_that_is_believed_has_no_merge_until_it_has() {
        let ahead = Change {
            merged_at_s: None,
            ..plain()
        };
        let (ahead, come) = (change("shop", &ahead), change("shop", &plain()));
        assert_eq!(ahead["merged_at"], Value::Null);
        assert!(come["updated_at"].as_str() > ahead["updated_at"].as_str());
    }

    #[test]
    fn a_commit_beyond_2200_has_a_version_that_is_taken_in() {
        let mut late = plain();
        (late.committed_at_s, late.merged_at_s) = (Some(9_000_000_000), None);
        assert_eq!(
            change("shop", &late)["updated_at"],
            "2199-12-31T23:59:59.022Z"
        );
    }

    #[test]
    fn a_commit_without_a_date_that_is_believed_is_no_beginning() {
        let mut old = plain();
        old.commits[0].authored_at_s = None;
        assert_eq!(change("shop", &old)["commits"], json!([]));
    }
}
