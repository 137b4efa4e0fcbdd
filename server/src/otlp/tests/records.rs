//! What log records say.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::otlp::fixture::{NOW, log, nanos, read_logs, run_id, with};
use crate::otlp::{Decider, Event, Said, Tokens};

fn claude(name: &str, own: &Value) -> Vec<Event> {
    let own = with(
        own.clone(),
        &json!({"session.id": "s-1", "event.name": name}),
    );
    let read = read_logs("claude-code", &[log(&format!("claude_code.{name}"), &own)]);
    assert_eq!(read.rejected.first, []);
    read.events
}

fn codex(name: &str, own: &Value) -> Vec<Event> {
    let own = with(
        own.clone(),
        &json!({"conversation.id": "c-1", "event.name": format!("codex.{name}")}),
    );
    read_logs("codex", &[with(log("", &own), &json!({"body": {}}))]).events
}

#[test]
fn who_decided_on_a_call_is_a_person_or_a_policy() {
    let own = |source: &str, decision: &str| {
        let own = json!({"tool_name": "Bash", "tool_use_id": "t-1", "decision": decision, "source": source});
        let event = claude("tool_decision", &own).remove(0);
        assert_eq!((event.run_id.as_str(), event.at), ("s-1", NOW + 7));
        assert_eq!(
            (event.tool.as_deref(), event.call_id.as_deref()),
            (Some("Bash"), Some("t-1"))
        );
        match event.said {
            Said::Decision { by, is_allowed, .. } => (by, is_allowed),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(own("user_temporary", "accept"), (Decider::Person, true));
    assert_eq!(own("user_permanent", "accept"), (Decider::Person, true));
    assert_eq!(own("user_reject", "reject"), (Decider::Person, false));
    assert_eq!(own("user_abort", "reject"), (Decider::Person, false));
    assert_eq!(own("config", "accept"), (Decider::Policy, true));
    assert_eq!(own("hook", "reject"), (Decider::Policy, false));
}

#[test]
fn codex_says_the_same_in_its_own_words() {
    let decision = |decision: &str, source: &str| {
        let own =
            json!({"tool_name": "shell", "call_id": "k", "decision": decision, "source": source});
        codex("tool_decision", &own).remove(0).said
    };
    let said = |by, is_allowed, source: &str| Said::Decision {
        by,
        is_allowed,
        source: Some(source.to_owned()),
    };
    assert_eq!(
        decision("approvedforsession", "user"),
        said(Decider::Person, true, "user")
    );
    assert_eq!(
        decision("denied", "user"),
        said(Decider::Person, false, "user")
    );
    assert_eq!(
        decision("approved", "config"),
        said(Decider::Policy, true, "config")
    );
    assert_eq!(
        codex("conversation_starts", &json!({}))[0].said,
        Said::Start
    );
}

#[test]
fn a_call_tells_how_it_went_and_how_much_went_in_and_out() {
    let own = json!({"tool_name": "Bash", "success": "false", "duration_ms": "88", "error": "exit 1",
        "tool_parameters": "{\"bash_command\": \"ls\"}", "tool_result_size_bytes": "512"});
    let Said::ToolResult {
        has_failed,
        error,
        duration_ms,
        input,
        output,
    } = claude("tool_result", &own).remove(0).said
    else {
        panic!("no result");
    };
    assert_eq!((has_failed, duration_ms), (true, Some(88)));
    assert_eq!(error.unwrap().size, 6);
    assert!(input.unwrap().is_recorded());
    let output = output.unwrap();
    assert_eq!((output.size, output.is_recorded()), (512, false));
}

#[test]
fn a_models_call_tells_tokens_and_cost() {
    let own = json!({"model": "m", "input_tokens": "12", "output_tokens": "340",
        "cache_read_tokens": "15000", "cache_creation_tokens": "2000", "cost_usd": "0.0171"});
    let Said::ModelCall { tokens, cost, .. } = claude("api_request", &own).remove(0).said else {
        panic!("no call");
    };
    let used = |input, cached_input, output| {
        Some(Tokens {
            model: "m".to_owned(),
            input,
            cached_input,
            output,
        })
    };
    assert_eq!(tokens, used(17_012, 15_000, 340));
    assert_eq!(cost, Some(Decimal::new(171, 4)));
    let own = json!({"model": "m", "event.kind": "response.completed", "input_token_count": "900",
        "output_token_count": "30", "cached_token_count": 640});
    let Said::ModelCall { tokens, .. } = codex("sse_event", &own).remove(0).said else {
        panic!("no call");
    };
    assert_eq!(tokens, used(900, 640, 30));
    assert_eq!(
        codex(
            "sse_event",
            &json!({"event.kind": "response.output_text.delta"})
        ),
        []
    );
}

#[test]
fn a_prompt_that_was_taken_out_keeps_its_size_alone() {
    let own = json!({"prompt": "<REDACTED>", "prompt_length": "120"});
    let Said::Prompt { input } = claude("user_prompt", &own).remove(0).said else {
        panic!("no prompt");
    };
    let input = input.unwrap();
    assert_eq!((input.size, input.is_recorded()), (120, false));
}

#[test]
fn the_name_stands_in_the_record_its_body_or_an_attribute() {
    let own = json!({"session.id": "s", "decision": "accept", "source": "hook", "event.name": "tool_decision"});
    let bare = with(log("", &own), &json!({"body": {}}));
    assert_eq!(
        read_logs("claude-code", std::slice::from_ref(&bare))
            .events
            .len(),
        1
    );
    assert_eq!(read_logs("another", &[bare]).events, []);
    let own = json!({"session.id": "s", "decision": "accept"});
    let named = with(log("", &own), &json!({"eventName": "codex.tool_decision"}));
    assert_eq!(read_logs("another", &[named]).events.len(), 1);
}

#[test]
fn a_trace_wins_over_a_session_and_without_either_there_is_no_run() {
    let own = json!({"session.id": "s", "decision": "accept"});
    let traced = with(
        log("codex.tool_decision", &own),
        &json!({"traceId": run_id(5)}),
    );
    let event = read_logs("codex", &[traced]).events.remove(0);
    assert_eq!(
        (event.run_id, event.sessions),
        (run_id(5), vec!["s".to_owned()])
    );
    let lost = read_logs(
        "codex",
        &[log("codex.tool_decision", &json!({"decision": "accept"}))],
    );
    assert!(lost.rejected.first[0].reason.contains("belongs to no run"));
}

#[test]
fn of_several_sessions_the_name_that_is_listed_first_wins() {
    let own =
        json!({"conversation.id": "a", "thread_id": "b", "session.id": "c", "decision": "accept"});
    let mut turned = log("codex.tool_decision", &own);
    turned["attributes"].as_array_mut().unwrap().reverse();
    let events = read_logs("codex", &[log("codex.tool_decision", &own), turned]).events;
    assert_eq!(events[0], events[1]);
    assert_eq!(events[0].run_id, "c");
}

#[test]
fn an_event_delivered_twice_is_one_and_a_session_taken_up_again_is_another() {
    let own = json!({"session.id": "s", "event.sequence": 3, "decision": "accept"});
    let first = log("claude_code.tool_decision", &own);
    let later = with(first.clone(), &json!({"timeUnixNano": nanos(9)}));
    let ids: Vec<String> = read_logs("claude-code", &[first.clone(), first, later])
        .events
        .into_iter()
        .map(|event| event.id)
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2]);
    let own = |call: &str| json!({"session.id": "s", "call_id": call, "decision": "accept"});
    let two = [
        log("codex.tool_decision", &own("a")),
        log("codex.tool_decision", &own("b")),
    ];
    let events = read_logs("codex", &two).events;
    assert_ne!(events[0].id, events[1].id);
}

#[test]
fn a_record_without_its_own_time_takes_the_observed_one() {
    let own = json!({"session.id": "s", "decision": "accept"});
    let record = log("codex.tool_decision", &own);
    let observed = json!({"timeUnixNano": "0", "observedTimeUnixNano": nanos(11)});
    assert_eq!(
        read_logs("codex", &[with(record.clone(), &observed)]).events[0].at,
        NOW + 11
    );
    let none = read_logs("codex", &[with(record, &json!({"timeUnixNano": "0"}))]);
    assert!(
        none.rejected.first[0]
            .reason
            .contains("its time is not given")
    );
}

#[test]
fn an_evaluation_comes_as_a_log_event_too() {
    let own = json!({"gen_ai.evaluation.name": "safe", "gen_ai.evaluation.score.value": 0,
        "gen_ai.evaluation.score.label": "fail"});
    let record = with(
        log("", &own),
        &json!({"eventName": "gen_ai.evaluation.result", "traceId": run_id(2)}),
    );
    let Said::Evaluation(result) = read_logs("judge", &[record]).events.remove(0).said else {
        panic!("no evaluation");
    };
    assert_eq!((result.score, result.passed), (Some(0.0), Some(false)));
}

#[test]
fn other_logs_are_ignored() {
    let other = log("GET /orders 200", &json!({"http.route": "/orders"}));
    assert_eq!(
        read_logs("web", &[other.clone(), other]),
        crate::otlp::Logs::default()
    );
}
