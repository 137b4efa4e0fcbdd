//! Which changes carry an agent's mark, counted from git's output alone.
//!
//! A line of a message is a trailer when it reads `Key: value` with a key that agents leave; who is an
//! agent stands in the list that the product keeps as data. Footers, an agent as author and the name of
//! a merged branch mark a change too, and are counted apart.

use std::collections::{BTreeSet, HashMap};
use std::fmt;
use std::path::Path;

use serde::Deserialize;
use tests::{git, repository};

use super::{ByWeek, by_week};

/// The list of marks, as far as it is needed here.
#[derive(Deserialize)]
struct List {
    footers: Vec<String>,
    agent: Vec<Agent>,
    trailer: Vec<Trailer>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Agent {
    logins: Vec<String>,
    ids: Vec<u64>,
    emails: Vec<String>,
    branches: Vec<String>,
    texts: Vec<String>,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct Trailer {
    key: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    named: bool,
}

impl List {
    fn read() -> List {
        let text = repository::text("server/src/links/agent_marks.toml").unwrap();
        toml::from_str(&text).unwrap()
    }

    /// Whether an address is an agent's own, or stands for its account at GitHub.
    fn owns(&self, address: &str) -> bool {
        let address = address.to_lowercase();
        let hidden = address.strip_suffix("@users.noreply.github.com");
        let (id, login) = match hidden.and_then(|hidden| hidden.split_once('+')) {
            Some((id, login)) => (id.parse().unwrap_or_default(), login),
            None => (0, hidden.unwrap_or_default()),
        };
        self.agent.iter().any(|agent| {
            agent.emails.contains(&address)
                || agent.ids.contains(&id)
                || agent.logins.iter().any(|own| own.to_lowercase() == login)
        })
    }

    fn is_trailer(&self, line: &str) -> bool {
        let Some((key, value)) = line.trim().split_once(':') else {
            return false;
        };
        let address = value
            .split_once('<')
            .and_then(|(_, rest)| rest.split_once('>'));
        let by_agent = address.is_some_and(|(address, _)| self.owns(address));
        if key.eq_ignore_ascii_case("Co-authored-by") {
            return by_agent;
        }
        self.trailer.iter().any(|trailer| {
            let is_listed = trailer.values.iter().any(|listed| listed == value.trim());
            let is_any = trailer.values.is_empty() && !trailer.named && address.is_none();
            trailer.key.eq_ignore_ascii_case(key) && (by_agent || is_listed || is_any)
        })
    }

    /// A line such as "Generated with [Claude Code]", or the address of an agent's session.
    fn is_footer(&self, line: &str) -> bool {
        let plain = line
            .trim_start_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase();
        let rest = self
            .footers
            .iter()
            .find_map(|begin| plain.strip_prefix(begin.as_str()));
        let rest = rest
            .unwrap_or_default()
            .trim_start_matches(|c: char| !c.is_alphanumeric());
        self.agent.iter().any(|agent| {
            agent
                .words
                .iter()
                .any(|word| rest.starts_with(word.as_str()))
                || agent.texts.iter().any(|text| line.contains(text.as_str()))
        })
    }

    /// `Merge pull request #7 from acme/claude/fix`.
    fn is_branch(&self, subject: &str) -> bool {
        let merged = subject.strip_prefix("Merge pull request #");
        let source = merged.and_then(|rest| rest.split_once(" from "));
        let branch = source.and_then(|(_, source)| source.split_once('/'));
        let mut branches = self.agent.iter().flat_map(|agent| &agent.branches);
        branch.is_some_and(|(_, branch)| branches.any(|begin| branch.starts_with(begin.as_str())))
    }
}

/// The marked commits of the first-parent line.
pub struct Marked {
    instants: Vec<i64>,
    by_trailer: usize,
}

impl Marked {
    /// `git log --format='%H %ae' -z` with the message of each commit, and for each marked commit
    /// beside the line `git rev-list --ancestry-path`, to find the merge that brought it.
    pub fn of(clone: &Path) -> Marked {
        let list = List::read();
        let line = git::said(clone, &["log", "--first-parent", "--format=%H %ct", "HEAD"]);
        let line: HashMap<&str, i64> = line
            .lines()
            .filter_map(|line| line.split_once(' '))
            .map(|(sha, at_s)| (sha, at_s.parse().unwrap()))
            .collect();
        let (mut trailers, mut others) = (BTreeSet::new(), BTreeSet::new());
        let log = git::said(clone, &["log", "-z", "--format=%H %ae%n%B", "HEAD"]);
        for commit in log.split_terminator('\0') {
            let (head, message) = commit.split_once('\n').unwrap_or((commit, ""));
            let (sha, author) = head.split_once(' ').unwrap();
            let brought_by = || brought_by(clone, &line, sha);
            if message.lines().any(|line| list.is_trailer(line)) {
                trailers.insert(brought_by());
            } else if message.lines().any(|line| list.is_footer(line))
                || list.owns(author)
                || list.is_branch(message.lines().next().unwrap_or_default())
            {
                others.insert(brought_by());
            }
        }
        let by_trailer = trailers.len();
        let all = trailers.union(&others);
        Marked {
            instants: all.map(|sha| line[sha.as_str()]).collect(),
            by_trailer,
        }
    }

    pub fn by_week(&self) -> ByWeek {
        by_week(self.instants.iter().copied())
    }
}

/// The commit of the line that brought a commit: itself, or the first that has it as an ancestor.
fn brought_by(clone: &Path, line: &HashMap<&str, i64>, sha: &str) -> String {
    if line.contains_key(sha) {
        return sha.to_owned();
    }
    let after = format!("{sha}..HEAD");
    let later = git::said(
        clone,
        &["rev-list", "--ancestry-path", "--topo-order", &after],
    );
    let mut on_line = later.lines().filter(|sha| line.contains_key(sha));
    on_line.next_back().unwrap().to_owned()
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let others = self.instants.len() - self.by_trailer;
        write!(
            f,
            "{} marked changes, {} by a trailer and {others} by a footer, an author or a branch alone",
            self.instants.len(),
            self.by_trailer
        )
    }
}
