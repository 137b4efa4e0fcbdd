//! Results of evaluations that a trace carries: on a span, on its events, or as a log event.

use serde::{Deserialize, Serialize};

use super::facts::{Facts, add};
use super::names::{Field, NAMES};
use super::raw::RawSpan;
use super::{Reading, instant};

/// Who or what judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Evaluator {
    Code,
    Model,
    Human,
}

/// One result of an evaluation of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// The same for the same result, however often it is sent.
    pub id: String,
    pub name: String,
    /// None if none was given or it is not finite.
    pub score: Option<f64>,
    pub label: Option<String>,
    /// What the label says of it, where it says it plainly.
    pub passed: Option<bool>,
    /// None where the sender doesn't say; the GenAI conventions have no word for it.
    pub kind: Option<Evaluator>,
    /// In milliseconds since 1970.
    pub at: i64,
}

const PASSED: &[&str] = &["pass", "passed", "true", "yes"];
const FAILED: &[&str] = &["fail", "failed", "false", "no"];

/// The result that facts tell of: a name with a score or a label.
pub(super) fn read(facts: &Facts<'_>, id: String, at: i64) -> Option<Evaluation> {
    let name = facts.name(Field::EvaluationName)?;
    let score = facts
        .value(Field::EvaluationScore)
        .and_then(|own| own.number());
    let label = facts.name(Field::EvaluationLabel);
    if score.is_none() && label.is_none() {
        return None;
    }
    let is_one_of = |words: &[&str]| {
        let label = label.as_deref().unwrap_or_default();
        words.iter().any(|word| word.eq_ignore_ascii_case(label))
    };
    let passed = if is_one_of(PASSED) {
        Some(true)
    } else {
        is_one_of(FAILED).then_some(false)
    };
    Some(Evaluation {
        id,
        name,
        score,
        passed,
        label,
        kind: kind(facts),
        at,
    })
}

fn kind(facts: &Facts<'_>) -> Option<Evaluator> {
    match facts
        .text(Field::EvaluationKind)?
        .to_ascii_lowercase()
        .as_str()
    {
        "code" => Some(Evaluator::Code),
        "llm" | "model" => Some(Evaluator::Model),
        "human" => Some(Evaluator::Human),
        _ => None,
    }
}

/// The results on a span, in its lists and on its events.
pub(super) fn of_span(
    raw: &RawSpan<'_>,
    facts: &Facts<'_>,
    (run_id, span_id): (&str, &str),
    reading: Reading,
) -> Vec<Evaluation> {
    let last = if raw.end == 0 { raw.start } else { raw.end };
    let at = |nanos| instant::read(nanos, reading.received_at);
    let ended_at = at(last).unwrap_or(reading.received_at);
    let id = |part: &str| format!("{run_id}-{span_id}-{part}");
    let mut all = Vec::new();
    if facts.value(Field::EvaluationName).is_some() {
        read(facts, id("own"), ended_at)
            .into_iter()
            .for_each(|own| add(&mut all, own));
    }
    for (list, result) in &facts.results {
        read(result, id(list), ended_at)
            .into_iter()
            .for_each(|own| add(&mut all, own));
    }
    let events = raw.events.iter().enumerate();
    for (nth, event) in events.filter(|(_, event)| event.name == NAMES.result_event) {
        let facts = Facts::of(&event.attributes);
        let own = read(
            &facts,
            id(&nth.to_string()),
            at(event.at).unwrap_or(ended_at),
        );
        own.into_iter().for_each(|own| add(&mut all, own));
    }
    all
}
