//! Whether an agent made a change, took part in it, or left no mark.
//!
//! *agent*: its author is an agent's own account, or agents authored all its commits. *assisted*:
//! otherwise, an agent authored some commit, a trailer names an agent, or the change names a run.
//! *unmarked*: none of these, which is not the same as made by a person alone.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::store::changes::{Author, AuthorKind, Change};
use crate::store::registry::Registry;

/// Who had a hand in a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    Agent,
    Assisted,
    Unmarked,
}

impl Segment {
    pub fn as_str(self) -> &'static str {
        match self {
            Segment::Agent => "agent",
            Segment::Assisted => "assisted",
            Segment::Unmarked => "unmarked",
        }
    }

    pub fn parse(text: &str) -> Option<Segment> {
        [Segment::Agent, Segment::Assisted, Segment::Unmarked]
            .into_iter()
            .find(|segment| segment.as_str() == text)
    }
}

/// What a link rests on, in words, and how strong that is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    pub level: Level,
    pub what: String,
}

/// Strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// By a platform.
    Recorded,
    /// By the one who did it.
    Declared,
    /// From circumstances.
    Inferred,
}

/// The accounts and addresses that belong to registered agents, lower-cased, and whose they are.
pub(super) struct Agents {
    by_identity: HashMap<String, String>,
}

#[derive(Deserialize)]
struct Marks {
    co_author_emails: BTreeMap<String, String>,
    trailers: Trailers,
}

#[derive(Deserialize)]
struct Trailers {
    keys: HashSet<String>,
}

static MARKS: LazyLock<Option<Marks>> =
    LazyLock::new(|| toml::from_str(include_str!("agent_marks.toml")).ok());

impl Agents {
    pub(super) fn of(registry: &Registry) -> Agents {
        let identities = registry.agents.iter().flat_map(|agent| {
            std::iter::once(&agent.id)
                .chain(&agent.identities)
                .map(|identity| (identity.to_lowercase(), agent.id.clone()))
        });
        Agents {
            by_identity: identities.collect(),
        }
    }

    /// The registered agent behind an account or address.
    fn registered(&self, identity: &str) -> Option<&str> {
        self.by_identity
            .get(&identity.to_lowercase())
            .map(String::as_str)
    }

    /// Whether an account is an agent's: the sender says so, or the registry does. An account that
    /// nobody knows counts as a person's.
    pub(super) fn is_agent(&self, author: &Author) -> bool {
        author.kind == Some(AuthorKind::Agent) || self.registered(&author.id).is_some()
    }

    fn account_evidence(&self, what: &str, author: &Author) -> Evidence {
        let reason = match self.registered(&author.id) {
            Some(agent) => format!("{what} {} is the registered agent {agent}", author.id),
            None => format!("{what} {} is an agent's account", author.id),
        };
        Evidence {
            level: Level::Recorded,
            what: reason,
        }
    }

    /// What a trailer says of an agent, if it names one.
    fn trailer_evidence(&self, trailer: &str) -> Option<Evidence> {
        let (key, value) = trailer.split_once(": ")?;
        let who = if key.eq_ignore_ascii_case("co-authored-by") {
            self.co_author(value)?
        } else {
            MARKS
                .as_ref()?
                .trailers
                .keys
                .contains(key)
                .then(|| value.trim().to_owned())?
        };
        Some(Evidence {
            level: Level::Declared,
            what: format!("trailer {key} names {who}"),
        })
    }

    /// The agent a co-author line stands for: a registered identity, or a well-known address.
    fn co_author(&self, value: &str) -> Option<String> {
        let email = value
            .rsplit_once('<')?
            .1
            .trim_end()
            .strip_suffix('>')?
            .trim()
            .to_lowercase();
        let login = email
            .strip_suffix("@users.noreply.github.com")
            .map(|account| account.split_once('+').map_or(account, |(_, login)| login));
        let registered = self
            .registered(&email)
            .or_else(|| login.and_then(|login| self.registered(login)));
        match registered {
            Some(agent) => Some(format!("the registered agent {agent}")),
            None => MARKS.as_ref()?.co_author_emails.get(&email).cloned(),
        }
    }
}

/// A change's segment and all the evidence for it, strongest first, each piece once.
pub(super) fn segment(change: &Change, agents: &Agents) -> (Segment, Vec<Evidence>) {
    let mut evidence = Vec::new();
    let by_agent = agents.is_agent(&change.author);
    if by_agent {
        evidence.push(agents.account_evidence("the author", &change.author));
    }
    let commit_authors = || change.commits.iter().map(|commit| commit.author.as_ref());
    let is_agents = |author: Option<&Author>| author.is_some_and(|author| agents.is_agent(author));
    evidence.extend(
        commit_authors()
            .flatten()
            .filter(|author| agents.is_agent(author) && author.id != change.author.id)
            .map(|author| agents.account_evidence("the commit author", author)),
    );
    let all_commits = !change.commits.is_empty() && commit_authors().all(is_agents);
    let trailers = change
        .trailers
        .iter()
        .chain(change.commits.iter().flat_map(|commit| &commit.trailers));
    evidence.extend(trailers.filter_map(|trailer| agents.trailer_evidence(trailer)));
    evidence.extend(change.run_ids.iter().map(|run| Evidence {
        level: Level::Declared,
        what: format!("the change names run {run}"),
    }));
    evidence.sort();
    evidence.dedup();
    let segment = if by_agent || all_commits {
        Segment::Agent
    } else if evidence.is_empty() {
        Segment::Unmarked
    } else {
        Segment::Assisted
    };
    (segment, evidence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::changes::Commit;
    use crate::store::registry::Agent;

    fn agents() -> Agents {
        Agents::of(&Registry {
            agents: vec![Agent {
                id: "checkout-agent".to_owned(),
                name: None,
                workflow: None,
                tier: None,
                identities: vec!["Checkout[bot]".to_owned()],
                scopes: Vec::new(),
            }],
            ..Registry::default()
        })
    }

    fn author(id: &str) -> Author {
        Author {
            id: id.to_owned(),
            kind: None,
        }
    }

    fn commit(by: &str, trailers: &[&str]) -> Commit {
        Commit {
            sha: "a".to_owned(),
            authored_at: 0,
            author: Some(author(by)),
            trailers: trailers
                .iter()
                .map(|trailer| (*trailer).to_owned())
                .collect(),
        }
    }

    fn change(by: &str, commits: Vec<Commit>) -> Change {
        Change {
            author: author(by),
            commits,
            ..Change::default()
        }
    }

    #[test]
    fn the_marks_can_be_read() {
        assert!(MARKS.is_some());
    }

    #[test]
    fn an_agents_own_account_makes_it_an_agents_change() {
        let (segment, evidence) = segment(
            &change("checkout[bot]", vec![commit("ana", &[])]),
            &agents(),
        );
        assert_eq!(segment, Segment::Agent);
        assert_eq!(
            evidence[0].what,
            "the author checkout[bot] is the registered agent checkout-agent"
        );
    }

    #[test]
    fn all_commits_by_agents_make_it_an_agents_change_and_some_assisted() {
        let all = change("ana", vec![commit("checkout[bot]", &[])]);
        assert_eq!(segment(&all, &agents()).0, Segment::Agent);
        let some = change(
            "ana",
            vec![commit("checkout[bot]", &[]), commit("ana", &[])],
        );
        assert_eq!(segment(&some, &agents()).0, Segment::Assisted);
    }

    #[test]
    fn a_co_author_trailer_of_an_agent_makes_it_assisted() {
        for trailer in [
            "Co-authored-by: Claude <noreply@anthropic.com>",
            "Co-Authored-By: x <7+checkout[bot]@users.noreply.github.com>",
            "Assisted-by: Codex",
        ] {
            let (segment, evidence) =
                segment(&change("ana", vec![commit("ana", &[trailer])]), &agents());
            assert_eq!(
                (segment, evidence[0].level),
                (Segment::Assisted, Level::Declared),
                "{trailer}"
            );
        }
    }

    #[test]
    fn a_persons_co_author_trailer_is_no_mark() {
        let plain = change(
            "ana",
            vec![commit("ana", &["Co-authored-by: Ben <ben@host>"])],
        );
        assert_eq!(segment(&plain, &agents()), (Segment::Unmarked, Vec::new()));
    }
}
