//! The names that senders give to what we keep, as `names.toml` lists them.
//!
//! Of several names of one fact the one listed first wins, whatever the order in the export.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::span::Role;

pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| toml::from_str(include_str!("names.toml")).unwrap_or_default());

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Names {
    sessions: Vec<String>,
    pub(super) metadata: Vec<String>,
    pub(super) input_parts: Vec<String>,
    pub(super) output_parts: Vec<String>,
    pub(super) results: Vec<String>,
    pub(super) of_services: Vec<String>,
    pub(super) fact_events: Vec<String>,
    pub(super) result_event: String,
    pub(super) taken_out: Vec<String>,
    pub(super) short_events: ShortEvents,
    pub(super) stream_end: String,
    pub(super) allowing: Vec<String>,
    pub(super) by_person: Vec<String>,
    facts: BTreeMap<Field, Vec<String>>,
    joins: BTreeMap<JoinKey, Vec<String>>,
    roles: BTreeMap<Role, Vec<String>>,
    events: BTreeMap<Told, Vec<String>>,
}

/// Whose events have short names, and what was left off.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShortEvents {
    pub(super) service: String,
    pub(super) prefix: String,
}

/// A fact that a span, event or record may carry once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Field {
    Operation,
    Kind,
    Agent,
    AgentName,
    Service,
    Workflow,
    Outcome,
    Provider,
    ToolName,
    ToolCall,
    ToolInput,
    ToolOutput,
    ToolInputSize,
    ToolOutputSize,
    Input,
    InputSize,
    Output,
    RequestModel,
    ResponseModel,
    InputTokens,
    OutputTokens,
    TotalTokens,
    CacheRead,
    CacheWritten,
    InputBesideCache,
    CacheReadBeside,
    CacheWrittenBeside,
    Cost,
    CostMicros,
    Effect,
    Resources,
    PolicyDecision,
    Approval,
    Metadata,
    ErrorMessage,
    EvaluationName,
    EvaluationScore,
    EvaluationLabel,
    EvaluationKind,
    EventName,
    StreamKind,
    Sequence,
    Decision,
    DecisionSource,
    Success,
    Duration,
}

/// How many fields there are.
pub(super) const FIELDS: usize = Field::Duration as usize + 1;

/// What joins a run to something outside of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinKey {
    /// The number of a pull request.
    Change,
    Commit,
    Branch,
    /// The address or name of a repository.
    Repository,
    Deployment,
}

/// The kinds of log events that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Told {
    Start,
    Prompt,
    Model,
    Stream,
    Decision,
    Result,
    Evaluation,
}

/// What an attribute's name means to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The fact, and the place of the name among the fact's names.
    Fact(Field, usize),
    Joins(JoinKey),
    /// A session, and the place of the name among those of sessions.
    Session(usize),
}

static MEANINGS: LazyLock<HashMap<&str, Meaning>> = LazyLock::new(|| {
    let facts = NAMES.facts.iter().flat_map(|(field, names)| {
        let ranked = names.iter().enumerate();
        ranked.map(|(rank, name)| (name.as_str(), Meaning::Fact(*field, rank)))
    });
    let joins = NAMES.joins.iter().flat_map(|(key, names)| {
        let named = names.iter();
        named.map(|name| (name.as_str(), Meaning::Joins(*key)))
    });
    let sessions = NAMES.sessions.iter().enumerate();
    let sessions = sessions.map(|(rank, name)| (name.as_str(), Meaning::Session(rank)));
    facts.chain(joins).chain(sessions).collect()
});

/// What an attribute's name means, if it means anything to us.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    MEANINGS.get(name).copied()
}

/// What an operation or kind makes of a span.
pub(super) fn role(word: &str) -> Option<Role> {
    let is_word = |own: &String| own.eq_ignore_ascii_case(word.trim());
    let mut roles = NAMES.roles.iter();
    let found = roles.find(|(_, words)| words.iter().any(is_word));
    found.map(|(role, _)| *role)
}

/// What a log event of this name tells.
pub(super) fn told(name: &str) -> Option<Told> {
    let mut events = NAMES.events.iter();
    let found = events.find(|(_, names)| names.iter().any(|own| own == name));
    found.map(|(told, _)| *told)
}

/// Whether a text begins as one of the list does; what follows.
pub(super) fn begins<'a>(text: &'a str, with: &[String]) -> Option<&'a str> {
    with.iter().find_map(|own| text.strip_prefix(own.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read() {
        let read = toml::from_str::<Names>(include_str!("names.toml"));
        assert!(read.is_ok(), "{read:?}");
    }

    #[test]
    fn no_name_means_two_things() {
        let facts = NAMES.facts.values().map(Vec::len).sum::<usize>();
        let joins = NAMES.joins.values().map(Vec::len).sum::<usize>();
        assert_eq!(MEANINGS.len(), facts + joins + NAMES.sessions.len());
    }

    #[test]
    fn each_fact_has_a_name() {
        let listed = NAMES.facts.keys().map(|field| *field as usize);
        assert!(listed.eq(0..FIELDS));
    }
}
