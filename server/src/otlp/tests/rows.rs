//! What single spans say.

use serde_json::{Value, json};

use crate::otlp::fixture::{
    NOW, READING, attributes, event, read, row, run_id, span, span_id, spans, with,
};
use crate::otlp::{Effect, Encoding, Evaluator, Outcome, Reading, Role, traces};

#[test]
fn a_span_is_a_row_of_its_run() {
    let own = json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "support"});
    let span = row(&own);
    assert_eq!(
        (span.run_id, span.id, span.parent_id),
        (run_id(1), span_id(1), None)
    );
    assert_eq!(
        (span.started_at, span.ended_at),
        (NOW + 1, Some(NOW + 1_001))
    );
    assert_eq!(
        (span.role, span.agent.as_deref()),
        (Role::Agent, Some("support"))
    );
    assert_eq!(span.service.as_deref(), Some("shop"));
}

#[test]
fn each_convention_says_what_a_span_is_for() {
    let role = |own: Value| row(&own).role;
    for (operation, expected) in [
        ("create_agent", Role::Agent),
        ("execute_tool", Role::Tool),
        ("chat", Role::Model),
        ("generate_content", Role::Model),
        ("embeddings", Role::Model),
        ("retrieval", Role::Other),
        ("a new one", Role::Other),
    ] {
        assert_eq!(
            role(json!({"gen_ai.operation.name": operation})),
            expected,
            "{operation}"
        );
    }
    for (kind, expected) in [
        ("AGENT", Role::Agent),
        ("TOOL", Role::Tool),
        ("LLM", Role::Model),
        ("EVALUATOR", Role::Evaluation),
        ("CHAIN", Role::Other),
    ] {
        assert_eq!(
            role(json!({"openinference.span.kind": kind})),
            expected,
            "{kind}"
        );
    }
    assert_eq!(
        role(json!({"traceloop.span.kind": "workflow"})),
        Role::Agent
    );
    assert_eq!(role(json!({"span.type": "tool.execution"})), Role::Other);
    assert_eq!(role(json!({"gen_ai.tool.name": "find"})), Role::Tool);
    assert_eq!(role(json!({"gen_ai.usage.prompt_tokens": 3})), Role::Model);
    assert_eq!(role(json!({})), Role::Other);
}

#[test]
fn a_tool_call_tells_its_name_input_output_effect_and_evidence() {
    let call = row(&json!({
        "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "deploy",
        "gen_ai.tool.call.id": "c-1", "gen_ai.tool.call.arguments": {"to": ["eu", 1, true, 0.5, null]},
        "gen_ai.tool.call.result": "done", "onehop.effect": "production",
        "onehop.resources": ["cluster/eu", "cluster/eu", 7], "onehop.policy_decision": "pd-1",
        "onehop.approval": "ap-1", "onehop.outcome": "handed_over",
    }));
    assert_eq!(
        (call.tool.as_deref(), call.call_id.as_deref()),
        (Some("deploy"), Some("c-1"))
    );
    assert_eq!(
        call.input.unwrap().size,
        r#"{"to":["eu",1,true,0.5,null]}"#.len() as u64
    );
    assert_eq!(call.output.unwrap().size, 4);
    assert_eq!(
        (call.effect, call.outcome),
        (Some(Effect::Production), Some(Outcome::HandedOver))
    );
    assert_eq!(call.resources, ["cluster/eu", "7"]);
    assert_eq!(call.policy_decision.as_deref(), Some("pd-1"));
    assert_eq!(call.approval.as_deref(), Some("ap-1"));
    let named = with(
        span(1, 0, &json!({"gen_ai.operation.name": "execute_tool"})),
        &json!({"name": "execute_tool find"}),
    );
    assert_eq!(read(&[named])[0].tool.as_deref(), Some("find"));
}

#[test]
fn a_failure_is_told_by_status_message_or_exception() {
    let failed = |more: Value| read(&[with(span(1, 0, &json!({})), &more)]).remove(0);
    let said = failed(json!({"status": {"code": 2, "message": "quota"}}));
    assert_eq!(said.error.unwrap().size, 5);
    let thrown = failed(json!({
        "status": {"code": 2},
        "events": [event("exception", &json!({"exception.message": "no such order", "exception.type": "LookupError"}))],
    }));
    assert_eq!(thrown.error.unwrap().size, 13);
    let fine = failed(json!({
        "status": {"code": 1},
        "events": [event("exception", &json!({"exception.message": "tried again"}))],
    }));
    assert_eq!(fine.error, None);
}

#[test]
fn messages_stand_on_the_span_on_an_event_or_in_parts() {
    let own = row(&json!({"gen_ai.input.messages": "[]", "input.value": "longer"}));
    assert_eq!(own.input.unwrap().size, 2);
    let on_event = with(
        span(1, 0, &json!({})),
        &json!({"events": [
            event("gen_ai.content.prompt", &json!({"gen_ai.prompt": "hello"})),
            event("gen_ai.content.completion", &json!({"gen_ai.completion": "hi"})),
        ]}),
    );
    let on_event = read(&[on_event]).remove(0);
    assert_eq!(
        (on_event.input.unwrap().size, on_event.output.unwrap().size),
        (5, 2)
    );
    let parts = json!({"llm.input_messages.0.message.role": "user", "llm.input_messages.0.message.content": "x"});
    let mut turned = span(1, 0, &parts);
    turned["attributes"].as_array_mut().unwrap().reverse();
    assert_eq!(row(&parts).input, read(&[turned])[0].input);
    assert_eq!(row(&json!({"input.value": "__REDACTED__"})).input, None);
}

#[test]
fn bodies_are_kept_only_when_asked_for() {
    let body = serde_json::to_vec(&spans(
        &json!({}),
        &[span(1, 0, &json!({"input.value": "secret"}))],
    ))
    .unwrap();
    let text = |keeps_bodies| {
        let reading = Reading {
            keeps_bodies,
            ..READING
        };
        traces(&body, Encoding::Json, reading).unwrap().spans[0]
            .input
            .clone()
            .unwrap()
            .text
    };
    assert_eq!((text(false), text(true).as_deref()), (None, Some("secret")));
}

#[test]
fn evaluations_come_from_events_annotations_and_evaluators() {
    let result = json!({"gen_ai.evaluation.name": "safe", "gen_ai.evaluation.score.value": 0.2,
        "gen_ai.evaluation.score.label": "fail"});
    let own = json!({
        "annotations.0.annotation.name": "polite", "annotations.0.annotation.score": 1,
        "annotations.0.annotation.annotator_kind": "LLM",
        "annotations.1.annotation.name": "without a score or label",
        "evaluations.0.evaluation.name": "kept", "evaluations.0.evaluation.label": "true",
        "evaluations.0.evaluation.annotator_kind": "CODE",
    });
    let told = with(
        span(1, 0, &own),
        &json!({"events": [event("gen_ai.evaluation.result", &result)]}),
    );
    let all = read(&[told]).remove(0).evaluations;
    let seen: Vec<_> = all
        .iter()
        .map(|own| (own.name.as_str(), own.score, own.passed, own.kind))
        .collect();
    assert_eq!(
        seen,
        [
            ("polite", Some(1.0), None, Some(Evaluator::Model)),
            ("kept", None, Some(true), Some(Evaluator::Code)),
            ("safe", Some(0.2), Some(false), None),
        ]
    );
    assert_eq!(all[2].at, NOW + 5);
    let evaluator = json!({"openinference.span.kind": "EVALUATOR", "evaluation.name": "judge", "evaluation.score": 0.5});
    assert_eq!(row(&evaluator).evaluations[0].name, "judge");
}

#[test]
fn an_attributes_order_changes_nothing() {
    let own = json!({"input.value": "b", "gen_ai.input.messages": "a", "agent.name": "x",
        "gen_ai.agent.id": "y", "pr": "2", "vcs.change.id": "1"});
    let mut turned = span(1, 0, &own);
    turned["attributes"].as_array_mut().unwrap().reverse();
    assert_eq!(row(&own), read(&[turned])[0]);
    assert_eq!(attributes(&own).as_array().unwrap().len(), 6);
}
