//! A run that was put together, as the records of the streams that it belongs to.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::merged::{Call, Decision, Merged, outcome};
use crate::connectors::Read;
use crate::otlp::{Evaluation, Evaluator, JoinKey, Recorded};

/// Who a run is by that names neither an agent nor a service.
const UNKNOWN_AGENT: &str = "unknown";

/// Its run, its evaluations, and what the agent's own policy said.
pub(super) fn records(own: &Merged) -> Vec<Read> {
    let id = &own.run.run_id;
    let run = run(own).map(|body| Read::Record {
        stream: "runs",
        body: body.to_string(),
    });
    let evaluations = own.evaluations.iter().map(|one| Read::Record {
        stream: "evaluations",
        body: evaluation(id, one).to_string(),
    });
    let decisions = own.decisions.iter().map(|one| Read::Record {
        stream: "policy_decisions",
        body: decision(id, one).to_string(),
    });
    run.into_iter()
        .chain(evaluations)
        .chain(decisions)
        .collect()
}

fn run(own: &Merged) -> Option<Value> {
    let run = &own.run;
    let completeness = &run.completeness;
    let tokens: Vec<Value> = run
        .tokens
        .iter()
        .map(|one| {
            json!({"model": one.model, "input": one.input, "cached_input": one.cached_input, "output": one.output})
        })
        .collect();
    Some(json!({
        "id": run.run_id,
        "workflow": run.workflow,
        "agent": run.agent.as_deref().unwrap_or(UNKNOWN_AGENT),
        "started_at": instant(run.started_at?),
        "ended_at": run.ended_at.map(instant),
        "outcome": run.outcome.map(outcome),
        "input": run.input.as_ref().map(recorded),
        "output": run.output.as_ref().map(recorded),
        "tool_calls": own.calls.iter().map(call).collect::<Vec<_>>(),
        "artifacts": artifacts(&run.joins),
        "cost": run.cost.map(|cost| json!({"amount": cost.to_string(), "currency": "USD"})),
        "provider": run.provider,
        "tokens": tokens,
        "keys": keys(own),
        "trace": {
            "spans": completeness.spans,
            "has_root": completeness.has_root,
            "missing_parents": completeness.missing_parents,
        },
    }))
}

fn call(own: &Call) -> Value {
    json!({
        "id": own.id,
        "name": own.name,
        "started_at": instant(own.started_at),
        "ended_at": own.ended_at.map(instant),
        "input": own.input.as_ref().map(recorded),
        "output": own.output.as_ref().map(recorded),
        "error": own.error.as_ref().map(recorded),
        "effect": own.effect,
        "resources": own.resources,
        "policy_decision": own.policy_decision,
        "approval": own.approval,
    })
}

fn recorded(own: &Recorded) -> Value {
    json!({"recorded": own.sha256.is_some(), "size": own.size, "sha256": own.sha256})
}

/// What says so of an evaluation that does not say what it is by: the conventions have no word for it,
/// and their evaluators are models.
fn evaluation(run: &str, own: &Evaluation) -> Value {
    let kind = match own.kind {
        Some(Evaluator::Code) => "code",
        Some(Evaluator::Human) => "human",
        Some(Evaluator::Model) | None => "model",
    };
    json!({
        "id": own.id,
        "run": run,
        "evaluator": {"name": own.name, "kind": kind},
        "score": own.score,
        "passed": own.passed,
        "finished_at": instant(own.at),
    })
}

fn decision(run: &str, own: &Decision) -> Value {
    json!({
        "id": own.id,
        "run": run,
        "tool_call": own.call_id,
        "at": instant(own.at),
        "policy": own.policy,
        "decision": if own.is_allowed { "allow" } else { "deny" },
        "level": "declared",
    })
}

/// A change that is named by an id of its own; a number is one only within a repository.
fn artifacts(joins: &[(JoinKey, String)]) -> Vec<Value> {
    let changes = joins.iter().filter(|(key, _)| *key == JoinKey::Change);
    let named = changes.filter(|(_, value)| !is_number(value) && !is_address(value));
    named
        .map(|(_, value)| json!({"kind": "change", "ref": value}))
        .collect()
}

/// What else joins it to a change.
fn keys(own: &Merged) -> Vec<String> {
    let all = |key: JoinKey| {
        let joins = own.run.joins.iter();
        joins
            .filter(move |(own, _)| *own == key)
            .map(|(_, value)| value.as_str())
    };
    let mut keys: Vec<String> = all(JoinKey::Commit)
        .map(|sha| format!("commit:{sha}"))
        .collect();
    keys.extend(all(JoinKey::Branch).map(|name| format!("branch:{}", branch(name))));
    keys.extend(own.run.sessions.iter().map(|id| format!("session:{id}")));
    for change in all(JoinKey::Change) {
        if is_address(change) {
            keys.push(format!("change:{change}"));
        } else if is_number(change) {
            let pages = all(JoinKey::Repository).filter(|own| is_address(own));
            let number = change.trim_start_matches('#');
            keys.extend(pages.flat_map(|own| addresses(own, number)));
        }
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches('#');
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// The pages that a change of this number may have in a repository.
fn addresses(repository: &str, number: &str) -> [String; 2] {
    let own = repository.trim_end_matches('/').trim_end_matches(".git");
    [
        format!("change:{own}/pull/{number}"),
        format!("change:{own}/-/merge_requests/{number}"),
    ]
}

/// A branch without what says that it is one.
fn branch(name: &str) -> &str {
    name.strip_prefix("refs/heads/").unwrap_or(name)
}

fn instant(at_ms: i64) -> String {
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otlp::Assembled;

    fn joined(joins: &[(JoinKey, &str)]) -> Merged {
        let joins = joins.iter().map(|(key, value)| (*key, (*value).to_owned()));
        Merged {
            run: Assembled {
                joins: joins.collect(),
                ..Assembled::default()
            },
            ..Merged::default()
        }
    }

    #[test]
    fn a_number_is_a_change_within_its_repository_and_none_without() {
        let own = joined(&[
            (JoinKey::Change, "7"),
            (JoinKey::Repository, "https://forge.example/acme/shop.git"),
        ]);
        assert_eq!(
            keys(&own)[1],
            "change:https://forge.example/acme/shop/pull/7"
        );
        assert!(keys(&joined(&[(JoinKey::Change, "7")])).is_empty());
        assert!(artifacts(&own.run.joins).is_empty());
    }

    #[test]
    fn an_id_of_its_own_is_the_change_itself() {
        let own = joined(&[(JoinKey::Change, "shop#4821")]);
        assert_eq!(
            artifacts(&own.run.joins),
            [json!({"kind": "change", "ref": "shop#4821"})]
        );
    }

    #[test]
    fn commits_and_branches_are_keys() {
        let own = joined(&[
            (JoinKey::Commit, "abc"),
            (JoinKey::Branch, "refs/heads/fix"),
        ]);
        assert_eq!(keys(&own), ["branch:fix", "commit:abc"]);
    }
}
