//! Whether a deployment is a rollback or a fix, and which earlier deployment it puts right.
//!
//! A sender's word wins; without one a rollback is known by its commit, which reached production
//! before the one that runs, and a fix by the changes that it is the first to deliver.

use std::collections::HashMap;

use super::production::{Attempt, Kind, Ways};
use crate::store::changes::Change;
use crate::store::registry::{RuleOff, Service};

/// What labels a change as a fix where a service does not say.
const FIX_LABEL: &str = "hotfix";
const FIX_BRANCH: &str = "hotfix/";

/// Whether a change's label or branch says that it mends what an earlier one broke.
pub(super) fn is_fix(change: &Change, service: Option<&Service>) -> bool {
    let own = service.map_or(&[][..], |service| service.fix_labels.as_slice());
    let is_label = |label: &String| match own {
        [] => label == FIX_LABEL,
        own => own.contains(label),
    };
    let branch = change.branch.as_deref().unwrap_or_default();
    change.labels.iter().any(is_label) || branch.starts_with(FIX_BRANCH)
}

/// When commits reached production, by commit, the first time first.
#[derive(Debug, Default)]
pub(super) struct History(HashMap<String, Vec<(i64, String)>>);

impl History {
    /// From deployments that were done, in their order.
    pub(super) fn of(done: impl Iterator<Item = Attempt>) -> History {
        let mut history: HashMap<String, Vec<(i64, String)>> = HashMap::new();
        for attempt in done {
            if let Some(commit) = attempt.commit {
                let place = (attempt.finished_at, attempt.id);
                history.entry(commit).or_default().push(place);
            }
        }
        History(history)
    }

    fn before(&self, commit: &str, place: (i64, &str)) -> &[(i64, String)] {
        let all = self.0.get(commit).map_or(&[][..], Vec::as_slice);
        let earlier = all.partition_point(|(at, id)| (*at, id.as_str()) < place);
        &all[..earlier]
    }

    fn first_before(&self, commit: &str, place: (i64, &str)) -> Option<&(i64, String)> {
        self.before(commit, place).first()
    }

    /// The last time that an attempt's commit reached production before it.
    pub(super) fn latest_before(&self, attempt: &Attempt) -> Option<(i64, &str)> {
        let (at, id) = self
            .before(attempt.commit.as_deref()?, attempt.place())
            .last()?;
        Some((*at, id))
    }

    /// Whether an attempt goes back to a commit that reached production before the one that runs.
    fn goes_back(&self, attempt: &Attempt, running: &str) -> bool {
        let Some(commit) = attempt.commit.as_deref() else {
            return false;
        };
        let place = attempt.place();
        match (
            self.first_before(commit, place),
            self.first_before(running, place),
        ) {
            (Some(back), Some(running)) => back < running,
            _ => false,
        }
    }
}

/// What an attempt is for. `running` is the commit in production before it, `brings_a_fix` whether
/// it is the first to deliver a change that is one.
pub(super) fn kind(
    attempt: &Attempt,
    (history, running): (&History, Option<&str>),
    brings_a_fix: bool,
    ways: Ways<'_>,
) -> Kind {
    if let Some(kind) = attempt.kind {
        return kind;
    }
    let goes_back = || running.is_some_and(|running| history.goes_back(attempt, running));
    if ways.finds(RuleOff::Rollback) && goes_back() {
        Kind::Rollback
    } else if ways.finds(RuleOff::Fix) && brings_a_fix {
        Kind::Fix
    } else {
        Kind::Planned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(at: i64, commit: &str) -> Attempt {
        Attempt {
            id: format!("d{at}"),
            finished_at: at,
            commit: Some(commit.to_owned()),
            is_success: true,
            kind: None,
            changes: None,
        }
    }

    /// The kind of each in turn.
    fn kinds(commits: &[&str]) -> Vec<Kind> {
        let all: Vec<Attempt> = (1..)
            .zip(commits)
            .map(|(at, commit)| attempt(at, commit))
            .collect();
        let history = History::of(all.iter().cloned());
        let running = std::iter::once(None).chain(commits.iter().copied().map(Some));
        all.iter()
            .zip(running)
            .map(|(attempt, running)| kind(attempt, (&history, running), false, Ways::of(None)))
            .collect()
    }

    #[test]
    fn going_back_is_a_rollback_and_going_forward_again_is_planned() {
        use Kind::{Planned, Rollback};
        assert_eq!(
            kinds(&["v1", "v2", "v3", "v1"]),
            [Planned, Planned, Planned, Rollback]
        );
        assert_eq!(
            kinds(&["v1", "v2", "v1", "v2"]),
            [Planned, Planned, Rollback, Planned]
        );
        assert_eq!(kinds(&["v1", "v2", "v2"]), [Planned; 3]);
    }

    #[test]
    fn the_senders_word_and_a_rule_turned_off_win() {
        let all = [attempt(1, "v1"), attempt(2, "v2"), attempt(3, "v1")];
        let history = History::of(all.iter().cloned());
        let said = Attempt {
            kind: Some(Kind::Planned),
            ..all[2].clone()
        };
        let of = |attempt: &Attempt, ways| kind(attempt, (&history, Some("v2")), true, ways);
        assert_eq!(of(&said, Ways::of(None)), Kind::Planned);
        let service: Service =
            serde_json::from_str(r#"{"slug": "shop", "rules_off": ["rollback"]}"#).unwrap();
        assert_eq!(of(&all[2], Ways::of(Some(&service))), Kind::Fix);
    }

    #[test]
    fn a_fix_is_known_by_label_or_branch_and_a_services_own_labels_replace_the_usual() {
        let labelled = |label: &str| Change {
            labels: vec![label.to_owned()],
            ..Change::default()
        };
        let service: Service =
            serde_json::from_str(r#"{"slug": "shop", "fix_labels": ["urgent"]}"#).unwrap();
        assert!(is_fix(&labelled("hotfix"), None) && !is_fix(&labelled("urgent"), None));
        assert!(is_fix(&labelled("urgent"), Some(&service)));
        assert!(!is_fix(&labelled("hotfix"), Some(&service)));
        let branch = Change {
            branch: Some("hotfix/tax".to_owned()),
            ..Change::default()
        };
        assert!(is_fix(&branch, Some(&service)));
    }
}
