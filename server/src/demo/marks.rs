//! How an agent's hand shows in a change: in its account, in commits, in a trailer, or not at all.
//!
//! Decides the true segment first and the marks that tell it after, so that the segment is known
//! and not read back from the record.

use serde_json::Value;

use super::chance::Chance;
use super::company::{Company, PAIR_AGENT, Service, UPKEEP_AGENT, Week, login};
use super::object::account;
use super::titles::Kind;

/// Who had a hand in a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Segment {
    Agent,
    Assisted,
    Unmarked,
}

impl Segment {
    pub(super) fn of_week(week: &Week, chance: &mut Chance) -> Segment {
        let drawn = chance.unit();
        if drawn < week.agent_share {
            Segment::Agent
        } else if drawn < week.agent_share + week.assisted_share {
            Segment::Assisted
        } else {
            Segment::Unmarked
        }
    }

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Segment::Agent => "agent",
            Segment::Assisted => "assisted",
            Segment::Unmarked => "unmarked",
        }
    }
}

/// Who signs what in a change.
pub(super) struct Marks {
    /// As the record carries it.
    pub author: Value,
    /// The account behind `author`.
    pub login: String,
    /// Authors of the commits: the first commit's, and every other one's.
    pub committers: [Value; 2],
    /// Ends the last commit's message.
    pub commit_trailer: Option<String>,
    /// Ends the body.
    pub body_trailer: Option<String>,
    /// Id of the agent that had a hand in it.
    pub agent: Option<String>,
}

/// A change that is to be marked.
pub(super) struct Unsigned {
    pub segment: Segment,
    pub kind: Kind,
    pub has_commits: bool,
}

impl Marks {
    pub(super) fn of(
        (company, service): (&Company, &Service),
        change: &Unsigned,
        chance: &mut Chance,
    ) -> Marks {
        let login = &company.people[*chance.one(&service.team)].login;
        let person = account(login, Some("person"));
        let id = match change.kind {
            Kind::Dependencies => UPKEEP_AGENT,
            _ => &service.agent,
        };
        let marks = Marks {
            login: login.clone(),
            committers: [person.clone(), person.clone()],
            author: person,
            commit_trailer: None,
            body_trailer: None,
            agent: None,
        };
        match change.segment {
            Segment::Agent => marks.by(id, change.has_commits, chance),
            Segment::Assisted => marks.with(id, change.has_commits, chance),
            Segment::Unmarked => marks.alone((company, service), chance),
        }
    }

    /// Made by an agent: under its own account, known to the platform as an agent's or only to the
    /// registry; or opened by a person, all commits being the agent's.
    fn by(self, id: &str, has_commits: bool, chance: &mut Chance) -> Marks {
        let login = login(id);
        let agent = account(&login, chance.happens(0.7).then_some("agent"));
        let committers = [agent.clone(), agent.clone()];
        if has_commits && chance.happens(0.15) {
            return Marks {
                committers,
                agent: Some(id.to_owned()),
                ..self
            };
        }
        let [person, _] = self.committers;
        let mended = chance.happens(0.2);
        Marks {
            author: agent.clone(),
            login,
            committers: [agent.clone(), if mended { person } else { agent }],
            agent: Some(id.to_owned()),
            ..self
        }
    }

    /// Made by a person with an agent: a trailer in a commit or in the body, or one of the commits.
    fn with(mut self, id: &str, has_commits: bool, chance: &mut Chance) -> Marks {
        let trailer = format!("Co-authored-by: Pair agent <{PAIR_AGENT}@example.com>");
        let way = chance.weighted(&[0.55, 0.2, 0.25]);
        let by_commit = way == 1 && has_commits;
        self.agent = Some(if by_commit { id } else { PAIR_AGENT }.to_owned());
        match way {
            0 if has_commits => self.commit_trailer = Some(trailer),
            1 if has_commits => self.committers[1] = account(&login(id), Some("agent")),
            _ => self.body_trailer = Some(trailer),
        }
        self
    }

    /// No mark of an agent; now and then a trailer that names a colleague.
    fn alone(mut self, (company, service): (&Company, &Service), chance: &mut Chance) -> Marks {
        let colleague = &company.people[*chance.one(&service.team)];
        if colleague.login != self.login && chance.happens(0.12) {
            let trailer = format!("Co-authored-by: {} <{}>", colleague.name, colleague.email());
            self.commit_trailer = Some(trailer);
        }
        self
    }
}
