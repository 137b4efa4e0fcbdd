//! Whether an agent made a change, took part in it, or left no mark.
//!
//! *agent*: its author is an agent's own account, or agents authored all its commits. *assisted*:
//! otherwise, an agent authored some commit, a mark in its texts names an agent, the change names a
//! run or a run lists it, or its branch is named as an agent's are. *unmarked*: none of these, which is not the same
//! as made by a person alone.

use serde::{Deserialize, Serialize};

use super::agents::{Agent, Agents};
use super::known::KNOWN;
use super::marks;
use crate::store::changes::{Author, Change};

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

impl Evidence {
    /// A person's word, which wins over all that was found.
    pub(super) fn by_hand() -> Evidence {
        Evidence {
            level: Level::Declared,
            what: "put right by hand".to_owned(),
        }
    }
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

impl Level {
    const ALL: [Level; 3] = [Level::Recorded, Level::Declared, Level::Inferred];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Level::Recorded => "recorded",
            Level::Declared => "declared",
            Level::Inferred => "inferred",
        }
    }

    /// The level of this name; the weakest for a name that is none.
    pub fn parse(text: &str) -> Level {
        let mut all = Level::ALL.into_iter();
        all.find(|level| level.as_str() == text)
            .unwrap_or(Level::Inferred)
    }
}

/// A change's segment and all the evidence for it, strongest first, each piece once.
pub(super) fn segment(
    change: &Change,
    of_runs: Vec<Evidence>,
    agents: &Agents,
) -> (Segment, Vec<Evidence>) {
    let mut evidence = Vec::new();
    let author = agents.behind(&change.author);
    evidence.extend(author.map(|agent| account("the author", &change.author, agent)));
    let mut by_agents = 0;
    for by in change
        .commits
        .iter()
        .filter_map(|commit| commit.author.as_ref())
    {
        let Some(agent) = agents.behind(by) else {
            continue;
        };
        by_agents += 1;
        if author.is_none() || by.id != change.author.id {
            evidence.push(account("the commit author", by, agent));
        }
    }
    evidence.extend(declared(change, agents));
    evidence.extend(of_runs);
    evidence.extend(branch(change));
    evidence.sort();
    evidence.dedup();
    let all_commits = by_agents > 0 && by_agents == change.commits.len();
    let segment = if author.is_some() || all_commits {
        Segment::Agent
    } else if evidence.is_empty() {
        Segment::Unmarked
    } else {
        Segment::Assisted
    };
    (segment, evidence)
}

fn account(what: &str, author: &Author, agent: Agent<'_>) -> Evidence {
    Evidence {
        level: Level::Recorded,
        what: format!("{what} {} is {agent}", author.id),
    }
}

/// What the change's texts and its runs say.
fn declared<'a>(change: &'a Change, agents: &'a Agents) -> impl Iterator<Item = Evidence> + 'a {
    let commits = change.commits.iter().flat_map(|commit| &commit.trailers);
    let lines = change.trailers.iter().chain(commits);
    let marks = lines.filter_map(|line| marks::says(line, agents));
    let runs = change.run_ids.iter();
    let runs = runs.map(|run| format!("the change names run {run}"));
    marks.chain(runs).map(|what| Evidence {
        level: Level::Declared,
        what,
    })
}

fn branch(change: &Change) -> Option<Evidence> {
    let branch = change.branch.as_deref()?;
    let agent = KNOWN.of_branch(branch)?;
    Some(Evidence {
        level: Level::Inferred,
        what: format!("branch {branch} is named as those of {} are", agent.name),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::links::agents::tests::agents;
    use crate::store::changes::Commit;

    fn author(id: &str) -> Author {
        Author {
            id: id.to_owned(),
            kind: None,
        }
    }

    fn commit(by: Option<&str>, trailers: &[&str]) -> Commit {
        Commit {
            sha: "a".to_owned(),
            authored_at: 0,
            author: by.map(author),
            trailers: trailers.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    fn change(by: &str, commits: Vec<Commit>) -> Change {
        Change {
            author: author(by),
            commits,
            ..Change::default()
        }
    }

    /// The segment, and the levels of its evidence.
    fn judged(change: &Change) -> (Segment, Vec<Level>) {
        let (segment, evidence) = segment(change, Vec::new(), &agents(&["Checkout[bot]"]));
        let levels = evidence.iter().map(|piece| piece.level).collect();
        (segment, levels)
    }

    const CLAUDE: &str = "Co-authored-by: Claude <noreply@anthropic.com>";

    #[test]
    fn an_agents_own_account_makes_it_an_agents_change_whoever_wrote_its_commits() {
        for (by, what) in [
            (
                "checkout[bot]",
                "the author checkout[bot] is the registered agent checkout-agent",
            ),
            ("claude[bot]", "the author claude[bot] is Claude Code"),
        ] {
            let change = change(by, vec![commit(Some("ana"), &[])]);
            let (segment, evidence) = segment(&change, Vec::new(), &agents(&["Checkout[bot]"]));
            assert_eq!((segment, evidence[0].what.as_str()), (Segment::Agent, what));
        }
    }

    #[test]
    fn all_commits_by_agents_make_it_an_agents_change_and_some_assisted() {
        let by = |commits: &[Option<&str>]| {
            let commits = commits.iter().map(|by| commit(*by, &[])).collect();
            judged(&change("ana", commits)).0
        };
        let agent = Some("checkout[bot]");
        assert_eq!(by(&[agent]), Segment::Agent);
        assert_eq!(by(&[agent, Some("noreply@anthropic.com")]), Segment::Agent);
        assert_eq!(by(&[agent, Some("ana")]), Segment::Assisted);
        assert_eq!(by(&[agent, None]), Segment::Assisted);
        assert_eq!(by(&[]), Segment::Unmarked);
    }

    #[test]
    fn a_mark_in_body_or_message_or_a_named_run_makes_it_assisted_and_is_declared() {
        let own = |text: &str| vec![text.to_owned()];
        let plain = || change("ana", vec![commit(Some("ana"), &[])]);
        let declared = (Segment::Assisted, vec![Level::Declared]);
        let in_body = Change {
            trailers: own("Generated with Codex"),
            ..plain()
        };
        assert_eq!(judged(&in_body), declared);
        let run = Change {
            run_ids: own("r1"),
            ..plain()
        };
        assert_eq!(judged(&run), declared);
        let listed = Evidence {
            level: Level::Declared,
            what: "run r1 lists it".to_owned(),
        };
        let (segment, _) = segment(&plain(), vec![listed], &agents(&[]));
        assert_eq!(segment, Segment::Assisted);
        let in_message = change("ana", vec![commit(Some("ana"), &[CLAUDE])]);
        assert_eq!(judged(&in_message), declared);
    }

    #[test]
    fn a_suggestion_that_a_person_took_over_makes_it_assisted_and_not_the_agents() {
        for address in [
            "175728472+Copilot@users.noreply.github.com",
            "62310815+github-advanced-security[bot]@users.noreply.github.com",
        ] {
            let trailer = format!("Co-authored-by: Copilot Autofix powered by AI <{address}>");
            let taken = change("ana", vec![commit(Some("ana"), &[&trailer])]);
            assert_eq!(judged(&taken).0, Segment::Assisted, "{address}");
        }
    }

    #[test]
    fn a_mark_on_every_commit_and_in_the_body_is_evidence_once() {
        let squashed = Change {
            trailers: vec![CLAUDE.to_owned()],
            ..change("ana", vec![commit(Some("ana"), &[CLAUDE]); 8])
        };
        assert_eq!(
            judged(&squashed),
            (Segment::Assisted, vec![Level::Declared])
        );
    }

    #[test]
    fn a_branch_named_as_an_agents_makes_it_assisted_by_inference() {
        let on = |branch: &str| {
            judged(&Change {
                branch: Some(branch.to_owned()),
                ..change("ana", Vec::new())
            })
        };
        let inferred = (Segment::Assisted, vec![Level::Inferred]);
        for branch in ["codex/fix", "claude/issue-1", "copilot/x", "gemini/y"] {
            assert_eq!(on(branch), inferred, "{branch}");
        }
        for branch in ["main", "claude", "fix/claude/x", "codexx/y"] {
            assert_eq!(on(branch), (Segment::Unmarked, Vec::new()), "{branch}");
        }
    }

    #[test]
    fn evidence_is_listed_strongest_first() {
        let all = Change {
            branch: Some("claude/x".to_owned()),
            trailers: vec![CLAUDE.to_owned()],
            ..change("claude[bot]", Vec::new())
        };
        assert_eq!(
            judged(&all),
            (
                Segment::Agent,
                vec![Level::Recorded, Level::Declared, Level::Inferred]
            )
        );
    }

    #[test]
    fn a_persons_co_author_trailer_is_no_mark() {
        let plain = change(
            "ana",
            vec![commit(Some("ana"), &["Co-authored-by: Ben <ben@host>"])],
        );
        assert_eq!(
            segment(&plain, Vec::new(), &agents(&[])),
            (Segment::Unmarked, Vec::new())
        );
    }
}
