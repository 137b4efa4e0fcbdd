//! A receipt on its way: its parts name the records they rest on, and where each of these came from is
//! asked once at the end.

use std::collections::BTreeSet;

use app::view::receipt::{
    Answer, Computed, Cost, Counted, Found, Item, Kind, Link, NotCounted, Quality, Question,
};
use app::view::records::{Evidence, Level};

use super::draws::Draws;
use super::words;
use crate::store::versions::Version;

/// A record that something rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub stream: &'static str,
    pub id: String,
    pub hash: String,
    pub raw_id: String,
    pub ordinal: i64,
}

impl Told {
    pub(super) fn of(stream: &'static str, version: &Version) -> Told {
        Told {
            stream,
            id: version.id.clone(),
            hash: version.hash.clone(),
            raw_id: version.raw_id.clone(),
            ordinal: version.ordinal,
        }
    }

    fn key(&self) -> (&'static str, &str, &str) {
        (self.stream, &self.id, &self.hash)
    }
}

/// A piece of an answer.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub what: String,
    pub link: Option<Link>,
    pub level: Level,
    pub told: Option<Told>,
    pub is_exception: bool,
}

impl Piece {
    pub(super) fn new(level: Level, what: impl Into<String>) -> Piece {
        Piece {
            what: what.into(),
            link: None,
            level,
            told: None,
            is_exception: false,
        }
    }

    pub(super) fn link(self, text: impl Into<String>, url: String) -> Piece {
        let text = text.into();
        Piece {
            link: Some(Link { text, url }),
            ..self
        }
    }

    pub(super) fn told(self, told: Option<Told>) -> Piece {
        Piece { told, ..self }
    }

    pub(super) fn exception(self) -> Piece {
        Piece {
            is_exception: true,
            ..self
        }
    }
}

/// The seven answers on their way.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    found: Vec<(Question, Piece)>,
    missing: Vec<(Question, String)>,
}

impl Answers {
    pub(super) fn add(&mut self, question: Question, piece: Piece) {
        self.found.push((question, piece));
    }

    /// What is not there, in a sentence without its capital; what is not done yet begins with "not".
    pub(super) fn lack(&mut self, question: Question, what: impl Into<String>) {
        self.missing.push((question, what.into()));
    }

    pub(super) fn has(&self, question: Question) -> bool {
        self.found.iter().any(|(own, _)| *own == question)
    }

    /// All seven, each with something said.
    pub(super) fn finish(self, draws: &Draws) -> Vec<Answer> {
        let answer = |question: Question| {
            let found = self.found.iter().filter(|(own, _)| *own == question);
            let found: Vec<Found> = found.map(|(_, piece)| draws.found(piece)).collect();
            let missing = self.missing.iter().filter(|(own, _)| *own == question);
            let missing: Vec<&str> = missing.map(|(_, what)| what.as_str()).collect();
            Answer {
                question,
                missing: absent(&missing, !found.is_empty()),
                found,
            }
        };
        Question::ALL.map(answer).into()
    }
}

/// What is not there, in sentences; where nothing is there it begins by saying so.
fn absent(missing: &[&str], has_more: bool) -> Option<String> {
    let sentences: Vec<String> = missing.iter().map(|own| words::capital(own)).collect();
    let said = sentences.join(" ");
    match (missing.first(), has_more) {
        (None, true) => None,
        (None, false) => Some("Not recorded.".to_owned()),
        // What is not done yet is no gap in the records.
        (Some(first), false) if !first.starts_with("not ") => {
            let rest = said.strip_prefix(words::capital(first).as_str());
            Some(format!("Not recorded: {first}{}", rest.unwrap_or_default()))
        }
        _ => Some(said),
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Happened {
    pub at_ms: i64,
    pub what: String,
    pub link: Option<Link>,
    pub told: Option<Told>,
    /// What was waited for when nothing happened before it: "review".
    pub awaited: Option<&'static str>,
}

impl Happened {
    pub(super) fn new(at_ms: i64, what: impl Into<String>, told: Option<&Told>) -> Happened {
        Happened {
            at_ms,
            what: what.into(),
            link: None,
            told: told.cloned(),
            awaited: None,
        }
    }

    pub(super) fn awaited(self, what: &'static str) -> Happened {
        Happened {
            awaited: Some(what),
            ..self
        }
    }

    pub(super) fn link(self, text: impl Into<String>, url: String) -> Happened {
        let text = text.into();
        Happened {
            link: Some(Link { text, url }),
            ..self
        }
    }
}

/// What figures make of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    pub counted: Vec<Counted>,
    pub not_counted: Vec<NotCounted>,
}

/// All parts of a receipt but those that need every record's origin.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub kind: Kind,
    pub id: String,
    pub title: String,
    pub what: String,
    pub url: Option<String>,
    /// Empty where it is of none.
    pub service: String,
    pub workflows: Vec<String>,
    pub agent: Option<String>,
    /// By which the time zone is chosen.
    pub at_ms: i64,
    pub answers: Answers,
    pub events: Vec<Happened>,
    /// Every record it rests on, its own first.
    pub told: Vec<Told>,
    pub computed: Vec<Computed>,
    pub items: Vec<Item>,
    pub counts: Counts,
    pub stands: String,
    pub evidence: Vec<Evidence>,
    pub reason: Option<String>,
    pub cost: Vec<Cost>,
    pub no_cost: Option<String>,
    pub quality: Vec<Quality>,
    /// As what it can be put right.
    pub corrected_as: Option<&'static str>,
    /// Where its texts are read.
    pub bodies_url: Option<String>,
}

impl Draft {
    pub(super) fn new(kind: Kind, id: &str) -> Draft {
        Draft {
            kind,
            id: id.to_owned(),
            title: id.to_owned(),
            what: kind.name().to_owned(),
            url: None,
            service: String::new(),
            workflows: Vec::new(),
            agent: None,
            at_ms: 0,
            answers: Answers::default(),
            events: Vec::new(),
            told: Vec::new(),
            computed: Vec::new(),
            items: Vec::new(),
            counts: Counts::default(),
            stands: String::new(),
            evidence: Vec::new(),
            reason: None,
            cost: Vec::new(),
            no_cost: None,
            quality: Vec::new(),
            corrected_as: None,
            bodies_url: None,
        }
    }

    /// Its records, each once, its own first.
    pub(super) fn records(&self) -> Vec<&Told> {
        let mut seen = BTreeSet::new();
        self.told
            .iter()
            .filter(|told| seen.insert(told.key()))
            .collect()
    }
}
