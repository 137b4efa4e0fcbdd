//! A span as a row: what it was for, what it used, what went in and came out, and what it joins.

use rust_decimal::Decimal;

use serde::{Deserialize, Serialize};

use super::evaluation::{self, Evaluation};
use super::facts::{Facts, Origin};
use super::limits::MAX_NAME_BYTES;
use super::names::{self, Field, JoinKey, NAMES};
use super::place::Place;
use super::raw::RawSpan;
use super::recorded::{Recorded, cut};
use super::tokens::{self, Tokens};
use super::{Reading, Rejected};

/// More dollars than any call costs; what is above it is a fault.
const MOST_DOLLARS: i64 = 1_000_000_000;

/// What a span is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Agent,
    Tool,
    Model,
    Evaluation,
    Other,
    /// What a service does, as of a request or a query.
    Service,
}

/// What a tool call does to the world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    None,
    Propose,
    NonProduction,
    Production,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Ok,
    Error,
    HandedOver,
}

/// One span of a run. Instants are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// The trace's id, in hexadecimal.
    #[serde(skip)]
    pub run_id: String,
    /// In hexadecimal; one within its run.
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<String>,
    pub role: Role,
    pub name: String,
    pub started_at: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<i64>,
    /// What it says of its failure; none if it did not fail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Recorded>,
    /// The agent's id, else its name, as the span or its resource gives it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<String>,
    /// The service that sent it, for where no agent is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sessions: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tool: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Recorded>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output: Option<Recorded>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<Tokens>,
    /// In US dollars, as its sender reckons it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effect: Option<Effect>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_decision: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluations: Vec<Evaluation>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<(JoinKey, String)>,
}

impl Span {
    /// What went in and came out of the run as a whole or of a call of a tool; of models' calls sizes are enough.
    pub fn told_bodies(&self) -> impl Iterator<Item = &Recorded> {
        let is_told = matches!(self.role, Role::Agent | Role::Tool) || self.parent_id.is_none();
        self.bodies().filter(move |_| is_told)
    }

    /// What went in and came out.
    fn bodies(&self) -> impl Iterator<Item = &Recorded> {
        let own = [&self.error, &self.input, &self.output];
        own.into_iter().flatten()
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.agent, &self.service, &self.workflow, &self.provider];
        let keys = self
            .sessions
            .iter()
            .chain(&self.resources)
            .chain(texts.into_iter().flatten());
        let joins = self.joins.iter().map(|(_, value)| value);
        size_of::<Span>()
            + self.bodies().map(Recorded::weight).sum::<usize>()
            + keys
                .chain(joins)
                .map(|own| size_of::<String>() + own.len())
                .sum::<usize>()
            + self.evaluations.len() * (size_of::<Evaluation>() + 2 * MAX_NAME_BYTES)
    }
}

/// The row of a span, or why there is none.
pub(super) fn read(raw: &RawSpan<'_>, origin: &Origin, reading: Reading) -> Result<Span, Rejected> {
    let place = Place::of(raw, reading)?;
    let mut facts = Facts::of(&raw.attributes);
    for event in &raw.events {
        if NAMES.fact_events.iter().any(|own| *own == event.name) {
            facts.add_event(&event.attributes);
        }
    }
    let tokens = tokens::read(&facts);
    let role = role(&facts, tokens.is_some());
    let (input, output) = bodies(&facts, role, reading);
    let error = error(raw, &facts, role, reading);
    let of_span = || facts.name(Field::AgentName);
    let agent = facts.key(Field::Agent).or_else(of_span);
    let or_origin = |own: Option<String>, other: &Option<String>| own.or_else(|| other.clone());
    let of_origin = || origin.agent.clone().or_else(|| origin.agent_name.clone());
    Ok(Span {
        role,
        name: cut(&raw.name, MAX_NAME_BYTES),
        error,
        agent: agent.or_else(of_origin),
        service: or_origin(facts.name(Field::Service), &origin.service),
        workflow: or_origin(facts.key(Field::Workflow), &origin.workflow),
        outcome: outcome(&facts),
        provider: or_origin(facts.key(Field::Provider), &origin.provider),
        tool: tool(&facts, role, &raw.name),
        call_id: facts.key(Field::ToolCall),
        input,
        output,
        tokens,
        cost: cost(&facts),
        effect: effect(&facts),
        resources: facts.keys(Field::Resources),
        policy_decision: facts.key(Field::PolicyDecision),
        approval: facts.key(Field::Approval),
        evaluations: evaluation::of_span(raw, &facts, (&place.run_id, &place.id), reading),
        sessions: origin.sessions(facts.sessions()),
        joins: origin.joins(facts.joins),
        run_id: place.run_id,
        id: place.id,
        parent_id: place.parent_id,
        started_at: place.started_at,
        ended_at: place.ended_at,
    })
}

/// What the operation or kind says, else what the facts suggest.
fn role(facts: &Facts<'_>, has_tokens: bool) -> Role {
    let said = |field| {
        facts
            .text(field)
            .map(|word| names::role(&word).unwrap_or(Role::Other))
    };
    let operation = said(Field::Operation).filter(|role| *role != Role::Other);
    operation.or_else(|| said(Field::Kind)).unwrap_or_else(|| {
        let is_tool = [Field::ToolName, Field::ToolCall];
        if is_tool.iter().any(|field| facts.value(*field).is_some()) {
            Role::Tool
        } else if has_tokens && facts.value(Field::Operation).is_none() {
            Role::Model
        } else if facts.is_of_service {
            Role::Service
        } else {
            Role::Other
        }
    })
}

fn bodies(facts: &Facts<'_>, role: Role, reading: Reading) -> (Option<Recorded>, Option<Recorded>) {
    let is_tool = role == Role::Tool;
    let of = |field| {
        facts
            .value(field)
            .and_then(|value| Recorded::of(value, reading))
    };
    let of_tool = |field| if is_tool { of(field) } else { None };
    let size = |field| {
        facts
            .value(field)
            .filter(|_| is_tool)
            .and_then(Recorded::size_of)
    };
    let input = of(Field::Input)
        .or_else(|| of_tool(Field::ToolInput))
        .or_else(|| Recorded::parts(&facts.input_parts, reading))
        .or_else(|| size(Field::ToolInputSize));
    let output = of(Field::Output)
        .or_else(|| of_tool(Field::ToolOutput))
        .or_else(|| Recorded::parts(&facts.output_parts, reading))
        .or_else(|| size(Field::ToolOutputSize));
    (input, output)
}

fn error(raw: &RawSpan<'_>, facts: &Facts<'_>, role: Role, reading: Reading) -> Option<Recorded> {
    let is_failed_call = || role == Role::Tool && facts.is(Field::Success, "false");
    if !raw.has_failed && !is_failed_call() {
        return None;
    }
    let message = facts.text(Field::ErrorMessage).filter(|own| own != "true");
    let said = Some(raw.message.trim()).filter(|own| !own.is_empty());
    let said = said.or(message.as_deref()).unwrap_or("error");
    Recorded::error(said, reading)
}

fn outcome(facts: &Facts<'_>) -> Option<Outcome> {
    match facts.text(Field::Outcome)?.as_ref() {
        "ok" => Some(Outcome::Ok),
        "error" => Some(Outcome::Error),
        "handed_over" => Some(Outcome::HandedOver),
        _ => None,
    }
}

fn effect(facts: &Facts<'_>) -> Option<Effect> {
    match facts.text(Field::Effect)?.as_ref() {
        "none" => Some(Effect::None),
        "propose" => Some(Effect::Propose),
        "non_production" => Some(Effect::NonProduction),
        "production" => Some(Effect::Production),
        _ => None,
    }
}

/// Millionths are exact where a sender gives both.
pub(super) fn cost(facts: &Facts<'_>) -> Option<Decimal> {
    let micros = facts
        .count(Field::CostMicros)
        .and_then(|own| i64::try_from(own).ok());
    let exact = micros.map(|own| Decimal::new(own, 6).normalize());
    let cost = exact.or_else(|| facts.value(Field::Cost)?.amount())?;
    (cost <= Decimal::from(MOST_DOLLARS)).then_some(cost)
}

/// The tool's name, which the conventions also put into the span's.
fn tool(facts: &Facts<'_>, role: Role, name: &str) -> Option<String> {
    let of_span = || {
        let own = name.strip_prefix("execute_tool ").unwrap_or(name).trim();
        (role == Role::Tool && !own.is_empty()).then(|| cut(own, MAX_NAME_BYTES))
    };
    facts.name(Field::ToolName).or_else(of_span)
}
