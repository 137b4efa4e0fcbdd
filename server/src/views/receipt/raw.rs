//! The records behind a receipt, without names of people, texts and tokens.
//!
//! What may be shown is listed; all else is withheld by its name, so that a field that a source adds
//! tomorrow shows nothing it should not.

use app::view::receipt::Raw;
use serde_json::{Map, Value};

use super::draft::{Draft, Told};
use super::draws::Draws;
use crate::views::rfc3339;

/// The most records a receipt lists.
const SHOWN: usize = 60;
/// What stands in the place of what is not shown.
const WITHHELD: &str = "withheld";

/// Fields of the streams that hold neither a person nor a text nor a count of tokens.
const SHOWABLE: &[&str] = &[
    "acknowledged_at",
    "additions",
    "agent",
    "amount",
    "approval",
    "approver",
    "artifact",
    "artifacts",
    "at",
    "authored_at",
    "by_effect",
    "calls",
    "cases",
    "caused_by",
    "change",
    "changes",
    "closed_at",
    "commit",
    "commits",
    "cost",
    "created_at",
    "currency",
    "decided_at",
    "decision",
    "deletions",
    "deployment",
    "effect",
    "ended_at",
    "environment",
    "evaluator",
    "failed",
    "finished_at",
    "found_at",
    "found_in",
    "has_root",
    "id",
    "introduced_by",
    "kind",
    "labels",
    "landed_at",
    "level",
    "merge_commit",
    "merged_at",
    "missing_parents",
    "number",
    "outcome",
    "passed",
    "paths",
    "policy",
    "policy_decision",
    "provider",
    "ready_at",
    "recorded",
    "ref",
    "release",
    "requested_at",
    "required",
    "resolution",
    "resolved_at",
    "resources",
    "result",
    "reversal",
    "reverts",
    "revision",
    "run",
    "run_ids",
    "score",
    "service",
    "severity",
    "sha",
    "sha256",
    "size",
    "source",
    "spans",
    "started_at",
    "state",
    "subject",
    "submitted_at",
    "suite",
    "threshold_ratio",
    "title",
    "tool_call",
    "tool_call_counts",
    "tool_calls",
    "trace",
    "trace_url",
    "updated_at",
    "url",
    "with_input",
    "with_output",
    "workflow",
];

/// The first records, as they are kept, and how many more there are.
pub(super) fn records(draft: &Draft, draws: &Draws) -> (Vec<Raw>, u64) {
    let all = draft.records();
    let more = all.len().saturating_sub(SHOWN) as u64;
    let shown = all.into_iter().take(SHOWN);
    (shown.map(|told| record(told, draws)).collect(), more)
}

fn record(told: &Told, draws: &Draws) -> Raw {
    Raw {
        stream: told.stream.to_owned(),
        id: told.id.clone(),
        source: draws.source(told),
        received_at: draws.received_at(told).map(rfc3339),
        hash: told.hash.clone(),
        record: draws.record(told).map(|kept| shown(kept, None)),
    }
}

/// A value with everything withheld that is not known to be harmless.
fn shown(value: &Value, within: Option<&str>) -> Value {
    match value {
        Value::Object(fields) => Value::Object(fields_shown(fields, within)),
        Value::Array(items) => Value::Array(items.iter().map(|item| shown(item, within)).collect()),
        plain => plain.clone(),
    }
}

fn fields_shown(fields: &Map<String, Value>, within: Option<&str>) -> Map<String, Value> {
    let field = |(name, value): (&String, &Value)| {
        let kept = match is_showable(name, within, fields) {
            true => shown(value, Some(name)),
            false => Value::String(WITHHELD.to_owned()),
        };
        (name.clone(), kept)
    };
    fields.iter().map(field).collect()
}

fn is_showable(name: &str, within: Option<&str>, beside: &Map<String, Value>) -> bool {
    match (name, within) {
        // A tool and an evaluator have a name, unless the evaluator is a person.
        ("name", Some("tool_calls")) => true,
        ("name", Some("evaluator")) => beside.get("kind").is_some_and(|kind| kind != "human"),
        // Counts by category.
        (_, Some("by_effect" | "failed")) => true,
        // Of a recorded text, that it is there and how it is known again; never the text.
        ("input" | "output" | "error", _) => beside.get(name).is_some_and(Value::is_object),
        _ => SHOWABLE.contains(&name),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn people_texts_and_tokens_are_withheld_and_what_is_new_is_too() {
        let kept = json!({
            "id": "r1", "agent": "bot", "author": {"id": "ana"}, "body": "for Ana", "tokens": [{"input": 5}],
            "input": "a prompt", "output": {"recorded": true, "size": 3}, "tomorrow": 1,
            "trace": {"spans": 3, "has_root": true, "missing_parents": 0},
            "commits": [{"sha": "a1", "author": {"id": "ana"}, "message": "by Ana"}],
            "tool_calls": [{"name": "edit", "input": "text"}],
        });
        let said = shown(&kept, None);
        assert_eq!(said["agent"], "bot");
        assert_eq!(said["output"], json!({"recorded": true, "size": 3}));
        assert_eq!(said["trace"], kept["trace"]);
        assert_eq!(
            said["tool_calls"][0],
            json!({"name": "edit", "input": "withheld"})
        );
        assert_eq!(said["commits"][0]["sha"], "a1");
        for name in ["author", "body", "tokens", "input", "tomorrow"] {
            assert_eq!(said[name], "withheld", "{name}");
        }
        let text = said.to_string();
        assert!(!text.to_lowercase().contains("ana"), "{text}");
    }

    #[test]
    fn an_evaluators_name_is_shown_unless_it_is_a_persons() {
        let named = |kind: &str| shown(&json!({"evaluator": {"name": "x", "kind": kind}}), None);
        assert_eq!(named("code")["evaluator"]["name"], "x");
        assert_eq!(named("human")["evaluator"]["name"], "withheld");
    }
}
