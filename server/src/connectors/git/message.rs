//! What the message of a commit on the first-parent line tells of the change behind it.

/// How a change came onto the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A merge commit; its other parents' sides hold the change's commits.
    Merge,
    /// One commit in place of a branch, known by `(#n)` at the end of its subject.
    Squash,
    /// A commit that is its own change.
    Plain,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub title: String,
    pub body: String,
    pub number: Option<u32>,
    pub branch: Option<String>,
    /// The commit that this one takes back.
    pub reverts: Option<String>,
}

/// The longest title that is kept.
const MAX_TITLE_BYTES: usize = 1_000;
/// The longest body that is kept.
const MAX_BODY_BYTES: usize = 64 << 10;

pub(super) fn shape(parents: usize, message: &str) -> Shape {
    match (parents, number(subject_and_body(message).0)) {
        (2.., _) => Shape::Merge,
        (_, Some(_)) => Shape::Squash,
        (_, None) => Shape::Plain,
    }
}

pub(super) fn said(message: &str) -> Said {
    let (subject, body) = subject_and_body(message);
    let pull_request = pull_request(subject);
    let own_title = body.lines().map(str::trim).find(|line| !line.is_empty());
    let title = match pull_request {
        Some(_) => own_title.unwrap_or(subject),
        None => subject,
    };
    Said {
        title: bounded(title, MAX_TITLE_BYTES),
        body: bounded(body.trim(), MAX_BODY_BYTES),
        number: number(subject),
        branch: match pull_request {
            Some((_, branch)) => branch.split_once('/').map(|(_, branch)| branch.to_owned()),
            None => merged_branch(subject),
        },
        reverts: reverts(body),
    }
}

/// The first line that is not blank, and what follows it.
fn subject_and_body(message: &str) -> (&str, &str) {
    let message = message.trim_start();
    let (subject, body) = message.split_once('\n').unwrap_or((message, ""));
    (subject.trim_end(), body)
}

/// The first line alone.
pub(super) fn subject(message: &str) -> &str {
    subject_and_body(message).0
}

/// `Merge pull request #12 from owner/branch` as number and source.
fn pull_request(subject: &str) -> Option<(u32, &str)> {
    let rest = subject.strip_prefix("Merge pull request #")?;
    let (number, source) = rest.split_once(" from ")?;
    Some((number.parse().ok()?, source.split_whitespace().next()?))
}

/// `Merge branch 'name'` as the name.
fn merged_branch(subject: &str) -> Option<String> {
    let rest = subject.strip_prefix("Merge branch '")?;
    let (branch, _) = rest.split_once('\'')?;
    Some(branch.to_owned())
}

/// The pull request that a subject names: of a merge, or as the last `(#n)`.
pub(super) fn number(subject: &str) -> Option<u32> {
    if let Some((number, _)) = pull_request(subject) {
        return Some(number);
    }
    let (_, number) = subject.trim_end().strip_suffix(')')?.rsplit_once("(#")?;
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| number.parse().ok()).flatten()
}

/// All pull requests that a subject names, the last first: a backport may carry its own and that of
/// what it brings, as in `Fix (#12) (#34)`.
pub(super) fn numbers(subject: &str) -> Vec<u32> {
    let mut numbers = Vec::new();
    let mut rest = subject;
    while let Some(number) = number(rest) {
        numbers.push(number);
        rest = match rest.rsplit_once("(#") {
            Some((rest, _)) => rest,
            None => "",
        };
    }
    numbers
}

/// The commit named by "This reverts commit …".
fn reverts(body: &str) -> Option<String> {
    sha_after(body, "This reverts commit ")
}

/// The commit named by "(cherry picked from commit …)".
pub(super) fn picked_from(message: &str) -> Option<String> {
    sha_after(message, "(cherry picked from commit ")
}

fn sha_after(text: &str, words: &str) -> Option<String> {
    let (_, rest) = text.split_once(words)?;
    let end = rest
        .find(|c: char| !c.is_ascii_hexdigit())
        .unwrap_or(rest.len());
    (7..=64).contains(&end).then(|| rest[..end].to_lowercase())
}

/// A text of at most so many bytes: of a longer one its beginning and its end, where marks stand.
pub(super) fn bounded(text: &str, max_bytes: usize) -> String {
    const GAP: &str = "\n…\n";
    if text.len() <= max_bytes {
        return text.to_owned();
    }
    let half = max_bytes.saturating_sub(GAP.len()) / 2;
    let head = text.floor_char_boundary(half);
    let tail = text.ceil_char_boundary(text.len() - half);
    format!("{}{GAP}{}", &text[..head], &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_merge_of_a_pull_request_tells_number_branch_and_title() {
        let said =
            said("Merge pull request #12 from acme/hotfix/rounding\n\nRound half up\n\nMore");
        assert_eq!(said.number, Some(12));
        assert_eq!(said.branch.as_deref(), Some("hotfix/rounding"));
        assert_eq!(said.title, "Round half up");
        assert_eq!(said.body, "Round half up\n\nMore");
    }

    #[test]
    fn of_several_numbers_the_last_counts_and_only_at_the_end() {
        assert_eq!(number("Revert \"Round (#12)\" (#13)"), Some(13));
        assert_eq!(number("Revert \"Round (#12)\""), None);
        assert_eq!(number("Round (#12) again"), None);
        assert_eq!(number("Round (#)"), None);
        assert_eq!(number("Round (#99999999999)"), None);
    }

    #[test]
    fn a_backport_names_its_own_number_and_that_of_what_it_brings() {
        assert_eq!(numbers("Round (#12) (#13)"), [13, 12]);
        assert_eq!(numbers("Revert \"Round (#12)\" (#13)"), [13]);
        assert_eq!(numbers("Merge pull request #12 from acme/part"), [12]);
        assert_eq!(numbers("Round"), [0; 0]);
    }

    #[test]
    fn parents_part_merges_from_squashes() {
        assert_eq!(shape(2, "Round (#12)"), Shape::Merge);
        assert_eq!(shape(1, "Round (#12)\n\nx"), Shape::Squash);
        assert_eq!(shape(1, "Round\n\n(#12)"), Shape::Plain);
        assert_eq!(shape(0, "Begin"), Shape::Plain);
    }

    #[test]
    fn a_revert_names_its_commit() {
        let sha = "0123456789abcdef0123456789abcdef01234567";
        let merge =
            format!("Revert \"x\"\n\nThis reverts commit {sha}, reversing\nchanges made to y.");
        assert_eq!(said(&merge).reverts.as_deref(), Some(sha));
        assert_eq!(said("Revert\n\nThis reverts commit none.").reverts, None);
    }

    #[test]
    fn a_long_text_keeps_its_ends() {
        let text = format!("head{}tail", "é".repeat(500));
        let short = bounded(&text, 101);
        assert!(short.len() <= 101);
        assert!(short.starts_with("headé") && short.ends_with("étail"));
    }
}
