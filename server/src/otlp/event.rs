//! Log events of coding agents as rows: what a person or a policy decided, what a call gave, what a
//! model used. Approvals come this way and no other.
//!
//! An event's id is made of what it says, so that one delivered twice is one row.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::evaluation::{self, Evaluation};
use super::facts::{Facts, Origin};
use super::limits::MAX_NAME_BYTES;
use super::names::{self, Field, JoinKey, NAMES, Told};
use super::raw::{RawLog, digits};
use super::recorded::Recorded;
use super::span;
use super::tokens::{self, Tokens};
use super::value::Value;
use super::{Reading, Rejected, instant};

/// Who decided on a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decider {
    /// An approval.
    Person,
    /// A policy decision: a rule of the configuration, or a hook.
    Policy,
}

/// What an event tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Start,
    Prompt {
        input: Option<Recorded>,
    },
    Decision {
        by: Decider,
        is_allowed: bool,
        /// As it was sent: `user_permanent`, `hook`, ….
        source: Option<String>,
    },
    ToolResult {
        has_failed: bool,
        error: Option<Recorded>,
        duration_ms: Option<u64>,
        input: Option<Recorded>,
        output: Option<Recorded>,
    },
    ModelCall {
        tokens: Option<Tokens>,
        /// In US dollars at list prices; an estimate and no bill.
        cost: Option<Decimal>,
        error: Option<Recorded>,
    },
    Evaluation(Evaluation),
}

/// One event of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    pub id: String,
    /// The trace's id where the record carries one, else the session's.
    #[serde(skip)]
    pub run_id: String,
    /// In milliseconds since 1970.
    pub at: i64,
    pub agent: Option<String>,
    pub service: Option<String>,
    pub workflow: Option<String>,
    pub sessions: Vec<String>,
    pub joins: Vec<(JoinKey, String)>,
    pub tool: Option<String>,
    pub call_id: Option<String>,
    pub said: Said,
}

impl Event {
    /// What went in and came out of the run as a whole or of a call of a tool.
    pub fn told_bodies(&self) -> impl Iterator<Item = &Recorded> {
        let is_told = !matches!(self.said, Said::ModelCall { .. });
        self.bodies().filter(move |_| is_told)
    }

    /// What went in and came out.
    fn bodies(&self) -> impl Iterator<Item = &Recorded> {
        let own = match &self.said {
            Said::Prompt { input } => [input.as_ref(), None, None],
            Said::ToolResult {
                error,
                input,
                output,
                ..
            } => [error.as_ref(), input.as_ref(), output.as_ref()],
            Said::ModelCall { error, .. } => [error.as_ref(), None, None],
            Said::Start | Said::Decision { .. } | Said::Evaluation(_) => [None; 3],
        };
        own.into_iter().flatten()
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        let keys = self
            .sessions
            .iter()
            .chain(self.joins.iter().map(|(_, value)| value));
        size_of::<Event>()
            + self.bodies().map(Recorded::weight).sum::<usize>()
            + keys
                .map(|own| size_of::<String>() + own.len())
                .sum::<usize>()
            + 8 * MAX_NAME_BYTES
    }
}

/// The row of a record, none if it tells of nothing that is kept, or why it is refused.
pub(super) fn read(
    raw: &RawLog<'_>,
    origin: &Origin,
    reading: Reading,
) -> Result<Option<Event>, Rejected> {
    let mut facts = Facts::of(&raw.attributes);
    let Some((name, told)) = told(raw, &facts, origin) else {
        return Ok(None);
    };
    let trace_id = raw.trace_id.hex::<16>().ok().flatten();
    let rejected = |reason: String| Rejected {
        trace_id: trace_id.clone(),
        span_id: None,
        reason: format!("{name}: {reason}"),
    };
    let nanos = if raw.at == 0 { raw.observed_at } else { raw.at };
    let at = instant::read(nanos, reading.received_at);
    let at = at.map_err(|fault| rejected(format!("its time {fault}")))?;
    let own = facts.sessions();
    let session = own
        .first()
        .cloned()
        .or_else(|| origin.sessions.first().cloned());
    let Some(run_id) = trace_id.clone().or_else(|| session.clone()) else {
        let reason = "it names neither a trace nor a session, so that it belongs to no run";
        return Err(rejected(reason.to_owned()));
    };
    let id = id(
        &[&run_id, session.as_deref().unwrap_or_default(), &name],
        nanos,
        raw,
        &facts,
    );
    let Some(said) = said(told, &facts, (&id, at), reading) else {
        return Ok(None);
    };
    let agent = facts
        .key(Field::Agent)
        .or_else(|| facts.name(Field::AgentName));
    let of_origin = || origin.agent.clone().or_else(|| origin.agent_name.clone());
    Ok(Some(Event {
        id,
        run_id,
        at,
        agent: agent.or_else(of_origin),
        service: origin.service.clone(),
        workflow: facts
            .key(Field::Workflow)
            .or_else(|| origin.workflow.clone()),
        sessions: origin.sessions(own),
        joins: origin.joins(std::mem::take(&mut facts.joins)),
        tool: facts.name(Field::ToolName),
        call_id: facts.key(Field::ToolCall),
        said,
    }))
}

/// The event's name and kind. It stands in the record's own field, its body or an attribute.
fn told(raw: &RawLog<'_>, facts: &Facts<'_>, origin: &Origin) -> Option<(String, Told)> {
    let attribute = facts.text(Field::EventName);
    let body = match &raw.body {
        Some(Value::Text(text)) => Some(text.as_ref()),
        _ => None,
    };
    let short = &NAMES.short_events;
    let is_short = origin.service.as_ref() == Some(&short.service);
    let whole = attribute.as_deref().filter(|_| is_short);
    let whole = whole.map(|name| format!("{}{name}", short.prefix));
    let names = [
        Some(raw.name.as_ref()),
        attribute.as_deref(),
        body,
        whole.as_deref(),
    ];
    let mut names = names.into_iter().flatten();
    names.find_map(|name| Some((name.to_owned(), names::told(name)?)))
}

/// A counter starts again when a session is taken up, so the instant is part of the id; without a
/// counter all that was said is.
fn id(who: &[&str], nanos: u64, raw: &RawLog<'_>, facts: &Facts<'_>) -> String {
    let mut hash = Sha256::new();
    let mut part = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    who.iter().for_each(|own| part(own.as_bytes()));
    part(&nanos.to_le_bytes());
    if let Some(sequence) = facts.text(Field::Sequence) {
        part(sequence.as_bytes());
    } else {
        let all = raw.attributes.read.iter();
        let mut all: Vec<_> = all
            .map(|(name, value)| (name.as_ref(), value.written()))
            .collect();
        all.sort_unstable();
        for (name, value) in all {
            part(name.as_bytes());
            part(&value);
        }
    }
    digits(&hash.finalize()[..16])
}

fn said(told: Told, facts: &Facts<'_>, (id, at): (&str, i64), reading: Reading) -> Option<Said> {
    let of = |field| {
        facts
            .value(field)
            .and_then(|value| Recorded::of(value, reading))
    };
    let size = |field| facts.value(field).and_then(Recorded::size_of);
    match told {
        Told::Start => Some(Said::Start),
        Told::Prompt => Some(Said::Prompt {
            input: of(Field::Input).or_else(|| size(Field::InputSize)),
        }),
        Told::Decision => decision(facts),
        Told::Result => {
            let has_failed = facts.is(Field::Success, "false");
            let said = || facts.text(Field::ErrorMessage).map(|own| own.into_owned());
            Some(Said::ToolResult {
                has_failed,
                error: has_failed.then(|| error(said(), reading)).flatten(),
                duration_ms: facts.count(Field::Duration),
                input: of(Field::ToolInput).or_else(|| size(Field::ToolInputSize)),
                output: of(Field::ToolOutput).or_else(|| size(Field::ToolOutputSize)),
            })
        }
        Told::Stream if !is_end(facts) => None,
        Told::Model | Told::Stream => Some(model_call(facts, reading)),
        Told::Evaluation => evaluation::read(facts, id.to_owned(), at).map(Said::Evaluation),
    }
}

/// Whether a stream's event is the one that counts tokens, or tells of a failure.
fn is_end(facts: &Facts<'_>) -> bool {
    facts.is(Field::StreamKind, &NAMES.stream_end) || facts.value(Field::ErrorMessage).is_some()
}

fn decision(facts: &Facts<'_>) -> Option<Said> {
    let decision = facts.text(Field::Decision)?.to_ascii_lowercase();
    let source = facts.name(Field::DecisionSource);
    let begins = |text: &str, with| names::begins(text, with).is_some();
    let is_person = source
        .as_deref()
        .is_some_and(|own| begins(own, &NAMES.by_person));
    Some(Said::Decision {
        by: if is_person {
            Decider::Person
        } else {
            Decider::Policy
        },
        is_allowed: begins(&decision, &NAMES.allowing),
        source,
    })
}

fn model_call(facts: &Facts<'_>, reading: Reading) -> Said {
    let message = facts.text(Field::ErrorMessage).map(|own| own.into_owned());
    Said::ModelCall {
        tokens: tokens::read(facts),
        cost: span::cost(facts),
        error: message.and_then(|own| error(Some(own), reading)),
    }
}

fn error(message: Option<String>, reading: Reading) -> Option<Recorded> {
    let message = message.unwrap_or_else(|| "error".to_owned());
    Recorded::error(&message, reading)
}
