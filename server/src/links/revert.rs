//! What a change says that it reverts, and which earlier change that is.
//!
//! Its field `reverts` comes first, then what git writes into messages, then a title as forges write
//! it. The first is the sender's word; the others are found, and can be turned off for a service.

use serde::{Deserialize, Serialize};

use crate::store::changes::Change;
use crate::store::registry::{RuleOff, Service};

/// What a change says that it reverts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reverts {
    /// A change's id or a commit, as its sender says.
    Named(String),
    /// The commits that its texts name.
    Commits(Vec<String>),
    /// The change of this title.
    Titled(String),
}

const SENTENCE: &str = "This reverts commit ";

/// The part of a text's line that names a reverted commit, to the end of its name.
pub(crate) fn sentence(line: &str) -> Option<&str> {
    let from = line.find(SENTENCE)?;
    let name = &line[from + SENTENCE.len()..];
    let end = name
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(name.len());
    (7..=64)
        .contains(&end)
        .then(|| &line[from..from + SENTENCE.len() + end])
}

/// What a change says that it reverts, by the rules that are on for its service.
pub(super) fn says(change: &Change, service: Option<&Service>) -> Option<Reverts> {
    if let Some(named) = change.reverts.as_ref().filter(|named| !named.is_empty()) {
        return Some(Reverts::Named(named.clone()));
    }
    if service.is_some_and(|service| service.is_off(RuleOff::Revert)) {
        return None;
    }
    let messages = change.commits.iter().flat_map(|commit| &commit.trailers);
    let mut commits: Vec<String> = change
        .trailers
        .iter()
        .chain(messages)
        .filter_map(|line| sentence(line)?.strip_prefix(SENTENCE))
        .map(str::to_owned)
        .collect();
    commits.sort_unstable();
    commits.dedup();
    if !commits.is_empty() {
        return Some(Reverts::Commits(commits));
    }
    let title = change.title.as_deref()?.strip_prefix("Revert \"")?;
    let title = &title[..title.rfind('"')?];
    (!title.is_empty()).then(|| Reverts::Titled(title.to_owned()))
}

impl Reverts {
    /// The commits it may mean.
    pub(super) fn commits(&self) -> &[String] {
        match self {
            Reverts::Named(name) => std::slice::from_ref(name),
            Reverts::Commits(commits) => commits,
            Reverts::Titled(_) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::marks;

    const SHA: &str = "0123456789abcdef0123456789abcdef01234567";

    fn titled(title: &str) -> Change {
        Change {
            title: Some(title.to_owned()),
            ..Change::default()
        }
    }

    #[test]
    fn the_field_comes_before_the_text_and_the_text_before_the_title() {
        let mut change = titled("Revert \"Add tax\"");
        assert_eq!(
            says(&change, None),
            Some(Reverts::Titled("Add tax".to_owned()))
        );
        change.trailers = marks::kept(&format!("Broke.\n\nThis reverts commit {SHA}."));
        assert_eq!(
            says(&change, None),
            Some(Reverts::Commits(vec![SHA.to_owned()]))
        );
        change.reverts = Some("shop#1".to_owned());
        assert_eq!(
            says(&change, None),
            Some(Reverts::Named("shop#1".to_owned()))
        );
    }

    #[test]
    fn turned_off_only_the_senders_word_counts() {
        let service: Service =
            serde_json::from_str(r#"{"slug": "shop", "rules_off": ["revert"]}"#).unwrap();
        let mut change = titled("Revert \"Add tax\"");
        assert_eq!(says(&change, Some(&service)), None);
        change.reverts = Some("shop#1".to_owned());
        assert!(says(&change, Some(&service)).is_some());
    }

    #[test]
    fn a_quoted_title_may_hold_quotes_and_an_unquoted_one_reverts_nothing() {
        let quoted = titled("Revert \"Say \"hello\"\"");
        assert_eq!(
            says(&quoted, None),
            Some(Reverts::Titled("Say \"hello\"".to_owned()))
        );
        for plain in [
            "Revert the tax",
            "Revert \"",
            "Revert \"\"",
            "Reverting \"x\"",
        ] {
            assert_eq!(says(&titled(plain), None), None, "{plain}");
        }
    }

    #[test]
    fn a_commit_is_named_by_at_least_seven_digits_and_its_sentence_ends_with_them() {
        let line = format!("    This reverts commit {SHA}, reversing changes made to abc.");
        assert_eq!(
            sentence(&line),
            Some(format!("This reverts commit {SHA}").as_str())
        );
        assert_eq!(sentence("This reverts commit abc."), None);
        assert_eq!(sentence("It reverts commit 0123456789"), None);
    }
}
