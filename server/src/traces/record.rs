//! A run that was put together, as the records of the streams that it belongs to.

use std::collections::BTreeMap;

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use super::merged::{Call, Decision, Merged, outcome};
use crate::connectors::Read;
use crate::ingest::MAX_RECORD_BYTES;
use crate::otlp::{Effect, Evaluation, Evaluator, JoinKey, Recorded};

/// Who a run is by that names neither an agent nor a service.
const UNKNOWN_AGENT: &str = "unknown";

/// Its run, its evaluations, and what the agent's own policy said.
pub(super) fn records(own: &Merged) -> Vec<Read> {
    let id = &own.run.run_id;
    let run = run(own).map(|body| Read::Record {
        stream: "runs",
        body,
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

/// With its calls as far as a record may hold them; a run of more tells how many there were.
fn run(own: &Merged) -> Option<String> {
    let mut run = frame(own)?;
    run["tool_calls"] = own.calls.iter().map(call).collect();
    let whole = run.to_string();
    if whole.len() <= MAX_RECORD_BYTES {
        return Some(whole);
    }
    run["tool_calls"] = json!([]);
    run["tool_call_counts"] = counts(&own.calls, own.run.completeness.calls_left_out);
    Some(run.to_string())
}

fn counts(calls: &[Call], left_out: usize) -> Value {
    let is_there = |own: &Option<Recorded>| own.as_ref().is_some_and(Recorded::is_recorded);
    let of = |is: &dyn Fn(&Call) -> bool| calls.iter().filter(|own| is(own)).count();
    let mut by_effect: BTreeMap<Effect, usize> = BTreeMap::new();
    for effect in calls.iter().filter_map(|own| own.effect) {
        *by_effect.entry(effect).or_default() += 1;
    }
    json!({
        "calls": calls.len() + left_out,
        "failed": of(&|own| own.error.is_some()),
        "with_input": of(&|own| is_there(&own.input)),
        "with_output": of(&|own| is_there(&own.output)),
        "by_effect": by_effect,
    })
}

fn frame(own: &Merged) -> Option<Value> {
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
    json!({"recorded": own.is_recorded(), "size": own.size, "sha256": own.sha256})
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

/// What else joins it to a change, and the deployments that it carried out.
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
    keys.extend(all(JoinKey::Deployment).map(|id| format!("deployment:{id}")));
    keys.extend(all(JoinKey::Branch).map(|name| format!("branch:{}", branch(name))));
    let pages: Vec<String> = all(JoinKey::Repository).filter_map(page).collect();
    if all(JoinKey::Branch).next().is_some() {
        keys.extend(pages.iter().map(|page| format!("repository:{page}")));
    }
    keys.extend(own.run.sessions.iter().map(|id| format!("session:{id}")));
    for change in all(JoinKey::Change) {
        if is_address(change) {
            keys.push(format!("change:{change}"));
        } else if is_number(change) {
            let number = change.trim_start_matches('#');
            keys.extend(pages.iter().flat_map(|page| addresses(page, number)));
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

/// The page of a repository, where its address tells it: also one that git reads from over SSH.
fn page(repository: &str) -> Option<String> {
    let own = repository.trim_end_matches('/').trim_end_matches(".git");
    if is_address(own) {
        return Some(own.to_owned());
    }
    let (host, path) = match own.strip_prefix("ssh://") {
        Some(own) => own.split_once('/')?,
        None => own.strip_prefix("git@")?.split_once(':')?,
    };
    let host = host.split(':').next()?;
    Some(format!("https://{host}/{path}"))
}

/// The pages that a change of this number may have in a repository.
fn addresses(page: &str, number: &str) -> [String; 2] {
    [
        format!("change:{page}/pull/{number}"),
        format!("change:{page}/-/merge_requests/{number}"),
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
    fn a_run_of_more_calls_than_a_record_holds_tells_how_many_there_were() {
        let call = |number: usize| Call {
            id: format!("call {number}"),
            name: "read".to_owned(),
            error: (number < 3).then(Recorded::default),
            ..Call::default()
        };
        let of = |calls: usize| {
            let own = Merged {
                run: Assembled {
                    started_at: Some(0),
                    ..Assembled::default()
                },
                calls: (0..calls).map(call).collect(),
                ..Merged::default()
            };
            let text = run(&own).unwrap();
            assert!(text.len() <= MAX_RECORD_BYTES);
            serde_json::from_str::<Value>(&text).unwrap()
        };
        let few = of(5);
        assert_eq!(few["tool_calls"].as_array().unwrap().len(), 5);
        assert!(few["tool_call_counts"].is_null());
        let many = of(20_000);
        assert_eq!(many["tool_calls"], json!([]));
        assert_eq!(many["tool_call_counts"]["calls"], 20_000);
        assert_eq!(many["tool_call_counts"]["failed"], 3);
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
    fn commits_branches_and_deployments_are_keys() {
        let own = joined(&[
            (JoinKey::Commit, "abc"),
            (JoinKey::Branch, "refs/heads/fix"),
            (JoinKey::Deployment, "shop-981"),
        ]);
        let told = ["branch:fix", "commit:abc", "deployment:shop-981"];
        assert_eq!(keys(&own), told);
        for address in [
            "https://forge.example/acme/shop.git",
            "https://forge.example/acme/shop/",
            "git@forge.example:acme/shop.git",
            "ssh://forge.example:7999/acme/shop.git",
        ] {
            let own = joined(&[(JoinKey::Branch, "fix"), (JoinKey::Repository, address)]);
            let told = ["branch:fix", "repository:https://forge.example/acme/shop"];
            assert_eq!(keys(&own), told, "{address}");
        }
    }
}
