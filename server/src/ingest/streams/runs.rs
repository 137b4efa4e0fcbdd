//! The stream `runs`: what an agent did once, with its tool calls and what it says that it left behind.
//!
//! What went in and came out is kept as its size and hash; the text itself is taken out before a record
//! is kept at all, and so is whatever the stream does not know.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::Arrived;
use crate::ingest::instant::Instant;
use crate::ingest::json::Json;
use crate::ingest::record::{name, typed};
use crate::ingest::withheld::{self, Recorded};
use crate::ingest::{Refusal, Stream, StreamName};
use crate::links;
use crate::store::registry::{Effect, Registry};
use crate::store::runs::{self, Call, Counts, Left, Run, Tokens};
use crate::store::versions::Version;
use crate::store::{self, Tx};

pub(crate) struct Runs;

#[derive(Deserialize)]
struct Record {
    id: String,
    workflow: Option<String>,
    agent: String,
    started_at: Instant,
    ended_at: Option<Instant>,
    outcome: Option<Outcome>,
    updated_at: Option<Instant>,
    input: Option<Recorded>,
    output: Option<Recorded>,
    #[serde(default)]
    tool_calls: Vec<ToolCall>,
    tool_call_counts: Option<ToolCallCounts>,
    #[serde(default)]
    artifacts: Vec<Artifact>,
    cost: Option<Cost>,
    provider: Option<String>,
    account: Option<String>,
    #[serde(default)]
    tokens: Vec<ModelTokens>,
    trace_url: Option<String>,
    #[serde(default)]
    keys: Vec<String>,
    trace: Option<Trace>,
}

/// How much of a trace is there.
#[derive(Deserialize, Serialize)]
struct Trace {
    spans: u64,
    has_root: bool,
    missing_parents: u64,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Ok,
    Error,
    HandedOver,
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Error => "error",
            Outcome::HandedOver => "handed_over",
        }
    }
}

#[derive(Deserialize)]
struct ToolCall {
    id: String,
    name: String,
    started_at: Instant,
    ended_at: Option<Instant>,
    input: Option<Recorded>,
    output: Option<Recorded>,
    error: Option<Recorded>,
    effect: Option<Effect>,
    #[serde(default)]
    resources: Vec<String>,
    policy_decision: Option<String>,
    approval: Option<String>,
}

#[derive(Deserialize)]
struct ToolCallCounts {
    calls: u32,
    failed: u32,
    with_input: u32,
    with_output: u32,
    #[serde(default)]
    by_effect: BTreeMap<Effect, u32>,
}

#[derive(Deserialize)]
struct Artifact {
    kind: ArtifactKind,
    #[serde(rename = "ref")]
    reference: String,
    landed_at: Option<Instant>,
    reversal: Option<Reversal>,
}

/// What can land.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum ArtifactKind {
    Change,
    Reply,
    Ticket,
    Configuration,
    Other,
}

impl ArtifactKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            ArtifactKind::Change => "change",
            ArtifactKind::Reply => "reply",
            ArtifactKind::Ticket => "ticket",
            ArtifactKind::Configuration => "configuration",
            ArtifactKind::Other => "other",
        }
    }
}

/// How it is taken back.
#[derive(Deserialize)]
pub(super) struct Reversal {
    kind: String,
    #[serde(rename = "ref")]
    reference: String,
}

impl Reversal {
    /// "revert 4f1c02": kind and reference in words.
    pub(super) fn said(&self) -> String {
        format!("{} {}", self.kind, self.reference)
    }
}

#[derive(Deserialize)]
struct Cost {
    amount: Amount,
    currency: String,
}

/// Money is a decimal text; a number is taken as it is written.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a decimal, as a text or a number")]
enum Amount {
    Text(String),
    Number(serde_json::Number),
}

#[derive(Deserialize)]
struct ModelTokens {
    model: String,
    input: u64,
    #[serde(default)]
    cached_input: u64,
    output: u64,
}

/// The most artifacts that one run may name.
const MAX_ARTIFACTS: usize = 1_000;

impl Stream for Runs {
    type Row = Run;
    const NAME: StreamName = StreamName::Runs;

    const WITHHOLDS: bool = true;

    fn withhold(record: &mut Json<'_>) {
        withheld::run(record);
    }

    fn read(record: &Json<'_>) -> Result<Run, Refusal> {
        let record: Record = typed(record)?;
        name("id", &record.id)?;
        name("agent", &record.agent)?;
        for (field, given) in [
            ("workflow", &record.workflow),
            ("provider", &record.provider),
            ("account", &record.account),
        ] {
            if let Some(given) = given {
                name(field, given)?;
            }
        }
        in_order("ended_at", record.started_at, record.ended_at)?;
        if record.tool_call_counts.is_some() && !record.tool_calls.is_empty() {
            let both = "stands beside tool_calls; send the calls or their counts";
            return Err(Refusal::field("tool_call_counts", both));
        }
        let (cost, currency) = record.cost.map(cost).transpose()?.unzip();
        Ok(Run {
            version: Version {
                id: record.id,
                updated_at: record.updated_at.map(|at| at.0),
                ..Version::default()
            },
            workflow: record.workflow,
            agent: record.agent,
            started_at: record.started_at.0,
            ended_at: record.ended_at.map(|at| at.0),
            outcome: record.outcome.map(|own| own.as_str().to_owned()),
            input: record.input.map(Recorded::kept),
            output: record.output.map(Recorded::kept),
            counts: record.tool_call_counts.map(counts).transpose()?,
            calls: calls(record.tool_calls)?,
            artifacts: left(record.artifacts)?,
            cost,
            currency,
            provider: record.provider,
            account: record.account,
            tokens: tokens(record.tokens)?,
            trace_url: record.trace_url,
            keys: keys(record.keys)?,
            trace: record
                .trace
                .and_then(|own| serde_json::to_string(&own).ok()),
        })
    }

    fn version(row: &Run) -> &Version {
        &row.version
    }

    fn version_mut(row: &mut Run) -> &mut Version {
        &mut row.version
    }

    async fn put(tx: &mut Tx, rows: &[Run]) -> store::Result<()> {
        runs::put(tx, rows).await
    }

    /// A run moves itself, what it left behind and before, and the changes that name it.
    async fn link(
        tx: &mut Tx,
        registry: &Registry,
        arrived: Arrived<'_, Run>,
    ) -> store::Result<Vec<i64>> {
        links::agent_work::runs_came(tx, registry, arrived.rows).await
    }
}

fn in_order(field: &str, from: Instant, to: Option<Instant>) -> Result<(), Refusal> {
    match to {
        Some(to) if to < from => Err(Refusal::field(field, "lies before started_at")),
        _ => Ok(()),
    }
}

fn calls(given: Vec<ToolCall>) -> Result<Vec<Call>, Refusal> {
    let mut seen = BTreeSet::new();
    let mut calls = Vec::with_capacity(given.len());
    for (at, call) in given.into_iter().enumerate() {
        let field = |own: &str| format!("tool_calls[{at}].{own}");
        name(&field("id"), &call.id)?;
        name(&field("name"), &call.name)?;
        in_order(&field("ended_at"), call.started_at, call.ended_at)?;
        if !seen.insert(call.id.clone()) {
            return Err(Refusal::field(
                &field("id"),
                "is that of an earlier call too",
            ));
        }
        calls.push(Call {
            id: call.id,
            name: call.name,
            started_at: call.started_at.0,
            ended_at: call.ended_at.map(|at| at.0),
            input: call.input.map(Recorded::kept),
            output: call.output.map(Recorded::kept),
            error: call.error.map(Recorded::kept),
            effect: call.effect,
            resources: call.resources,
            policy_decision: call.policy_decision,
            approval: call.approval,
        });
    }
    Ok(calls)
}

fn counts(given: ToolCallCounts) -> Result<Counts, Refusal> {
    for (field, part) in [
        ("failed", given.failed),
        ("with_input", given.with_input),
        ("with_output", given.with_output),
    ] {
        if part > given.calls {
            return Err(Refusal::field(
                &format!("tool_call_counts.{field}"),
                format!("is {part}, of {} calls", given.calls),
            ));
        }
    }
    Ok(Counts {
        calls: i64::from(given.calls),
        failed: i64::from(given.failed),
        with_input: i64::from(given.with_input),
        with_output: i64::from(given.with_output),
        by_effect: given.by_effect,
    })
}

/// Of a thing that is named twice the last mention counts.
fn left(given: Vec<Artifact>) -> Result<Vec<Left>, Refusal> {
    if given.len() > MAX_ARTIFACTS {
        let many = format!("names {}; at most {MAX_ARTIFACTS} are read", given.len());
        return Err(Refusal::field("artifacts", many));
    }
    let mut left = BTreeMap::new();
    for (at, own) in given.into_iter().enumerate() {
        name(&format!("artifacts[{at}].ref"), &own.reference)?;
        let key = (own.kind, own.reference.clone());
        left.insert(
            key,
            Left {
                kind: own.kind.as_str().to_owned(),
                reference: own.reference,
                landed_at: own.landed_at.map(|at| at.0),
                reversal: own.reversal.map(|own| own.said()),
            },
        );
    }
    Ok(left.into_values().collect())
}

/// What joins it to a change or a deployment, each once.
fn keys(mut given: Vec<String>) -> Result<Vec<String>, Refusal> {
    const KINDS: [&str; 6] = [
        "change:",
        "commit:",
        "branch:",
        "repository:",
        "session:",
        "deployment:",
    ];
    for (at, key) in given.iter().enumerate() {
        let field = format!("keys[{at}]");
        name(&field, key)?;
        if !KINDS.iter().any(|kind| key.starts_with(kind)) {
            let kinds = KINDS.join(", ");
            return Err(Refusal::field(
                &field,
                format!("begins with none of {kinds}"),
            ));
        }
    }
    given.sort_unstable();
    given.dedup();
    Ok(given)
}

fn cost(given: Cost) -> Result<(Decimal, String), Refusal> {
    name("cost.currency", &given.currency)?;
    let text = match given.amount {
        Amount::Text(text) => text,
        Amount::Number(number) => number.to_string(),
    };
    let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
    let amount = exact.map_err(|_| {
        Refusal::field(
            "cost.amount",
            format!("{text:.40?} is no decimal such as \"0.0421\""),
        )
    })?;
    if amount.is_sign_negative() && !amount.is_zero() {
        return Err(Refusal::field("cost.amount", "is below zero"));
    }
    Ok((amount, given.currency))
}

fn tokens(given: Vec<ModelTokens>) -> Result<Vec<Tokens>, Refusal> {
    let mut tokens = Vec::with_capacity(given.len());
    for (at, own) in given.into_iter().enumerate() {
        let field = |name: &str| format!("tokens[{at}].{name}");
        name(&field("model"), &own.model)?;
        let whole = |name: &str, count: u64| {
            let most = "is more than can be counted";
            i64::try_from(count).map_err(|_| Refusal::field(&field(name), most))
        };
        if own.cached_input > own.input {
            return Err(Refusal::field(
                &field("cached_input"),
                "is more than input, which holds it; count cached tokens into input",
            ));
        }
        tokens.push(Tokens {
            input: whole("input", own.input)?,
            cached_input: whole("cached_input", own.cached_input)?,
            output: whole("output", own.output)?,
            model: own.model,
        });
    }
    Ok(tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    fn read(more: &Value) -> Result<Run, Refusal> {
        let mut record = json!({"id": "r", "agent": "bot", "started_at": "2026-01-01T00:00:00Z"});
        let more = more.as_object().unwrap().clone();
        record.as_object_mut().unwrap().extend(more);
        Runs::read(&parse(&record.to_string()).unwrap())
    }

    fn refused(more: &Value) -> Option<String> {
        read(more).unwrap_err().field
    }

    #[test]
    fn what_contradicts_itself_is_refused_with_its_field() {
        let call = |id| json!({"id": id, "name": "t", "started_at": "2026-01-01T00:00:00Z"});
        let counts =
            |failed| json!({"calls": 2, "failed": failed, "with_input": 2, "with_output": 2});
        let tokens =
            |cached| json!([{"model": "m", "input": 5, "cached_input": cached, "output": 1}]);
        for (record, field) in [
            (json!({"ended_at": "2025-12-31T00:00:00Z"}), "ended_at"),
            (
                json!({"tool_calls": [call("a"), call("a")]}),
                "tool_calls[1].id",
            ),
            (
                json!({"tool_calls": [call("a")], "tool_call_counts": counts(0)}),
                "tool_call_counts",
            ),
            (
                json!({"tool_call_counts": counts(3)}),
                "tool_call_counts.failed",
            ),
            (json!({"tokens": tokens(6)}), "tokens[0].cached_input"),
            (
                json!({"cost": {"amount": "a lot", "currency": "EUR"}}),
                "cost.amount",
            ),
            (
                json!({"cost": {"amount": "-1", "currency": "EUR"}}),
                "cost.amount",
            ),
            (json!({"outcome": "perhaps"}), "outcome"),
        ] {
            assert_eq!(refused(&record).as_deref(), Some(field), "{record}");
        }
    }

    #[test]
    fn money_is_exact_however_it_is_written() {
        let cost = |amount: Value| {
            let record = json!({"cost": {"amount": amount, "currency": "EUR"}});
            read(&record).unwrap().cost.unwrap().to_string()
        };
        assert_eq!(cost(json!("0.10")), "0.10");
        assert_eq!(cost(json!(0.1)), "0.1");
        assert_eq!(cost(json!(2.5e-7)), "0.00000025");
    }

    #[test]
    fn a_thing_that_is_named_twice_is_left_once() {
        let own = |at: &str| json!({"kind": "ticket", "ref": "T-1", "landed_at": at});
        let record =
            json!({"artifacts": [own("2026-01-01T00:00:00Z"), own("2026-01-02T00:00:00Z")]});
        let left = read(&record).unwrap().artifacts;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].landed_at, Some(1_767_312_000_000));
    }
}
