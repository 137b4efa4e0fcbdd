//! What spans together say of a run.

use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::otlp::fixture::{NOW, event, read, run_id, span, span_id, with};
use crate::otlp::{Assembled, Outcome, Span, assemble};

fn run(all: &[Value]) -> Assembled {
    assemble(&run_id(1), &read(all))
}

fn agent() -> Value {
    json!({"gen_ai.operation.name": "invoke_agent", "gen_ai.agent.id": "support",
        "onehop.workflow": "answers", "input.value": "where?", "output.value": "there",
        "gen_ai.usage.input_tokens": 1_000, "gen_ai.usage.output_tokens": 1_000, "llm.cost.total": 9})
}

fn model(input: u32) -> Value {
    json!({"gen_ai.operation.name": "chat", "gen_ai.request.model": "m", "input.value": "asked",
        "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": 5, "llm.cost.total": 0.25})
}

fn tool(name: &str) -> Value {
    json!({"gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": name})
}

#[test]
fn a_run_is_what_its_spans_say() {
    let run = run(&[
        span(1, 0, &agent()),
        span(2, 1, &model(10)),
        span(3, 1, &tool("find")),
        span(4, 1, &model(20)),
        with(
            span(5, 3, &json!({"pr": 7})),
            &json!({"status": {"code": 2}}),
        ),
    ]);
    assert_eq!(run.agent.as_deref(), Some("support"));
    assert_eq!(run.workflow.as_deref(), Some("answers"));
    assert_eq!(
        (run.started_at, run.ended_at),
        (Some(NOW + 1), Some(NOW + 1_001))
    );
    assert_eq!(run.outcome, Some(Outcome::Ok));
    assert_eq!((run.input.unwrap().size, run.output.unwrap().size), (6, 5));
    assert_eq!(run.tool_calls.len(), 1);
    assert_eq!(run.joins.len(), 1);
    let whole = (
        run.completeness.spans,
        run.completeness.has_root,
        run.completeness.missing_parents,
    );
    assert_eq!(whole, (5, true, 0));
}

#[test]
fn usage_counts_once_on_models_and_only_without_them_on_agents() {
    let with_models = run(&[
        span(1, 0, &agent()),
        span(2, 1, &model(10)),
        span(3, 1, &model(20)),
    ]);
    assert_eq!(
        (with_models.tokens[0].input, with_models.tokens[0].output),
        (30, 10)
    );
    assert_eq!(with_models.cost, Some(Decimal::new(5, 1)));
    let without = run(&[span(1, 0, &agent()), span(2, 1, &agent())]);
    assert_eq!(without.tokens[0].input, 1_000);
    assert_eq!(without.cost, Some(Decimal::from(9)));
    // A framework and a provider's package both report the same call.
    let twice = run(&[
        span(1, 0, &agent()),
        span(2, 1, &model(10)),
        span(3, 2, &model(10)),
    ]);
    assert_eq!(twice.tokens[0].input, 10);
    assert_eq!(run(&[span(1, 0, &tool("find"))]).cost, None);
}

#[test]
fn a_model_that_leads_to_an_agent_hides_none_of_its_calls() {
    let run = run(&[
        span(1, 0, &model(10)),
        span(2, 1, &tool("ask")),
        span(3, 2, &model(20)),
    ]);
    assert_eq!(run.tokens[0].input, 30);
}

#[test]
fn claude_codes_own_spans_are_a_run() {
    let of = |kind: &str, more: &Value| with(json!({"span.type": kind, "session.id": "s"}), more);
    let call =
        json!({"model": "m", "input_tokens": 2, "output_tokens": 12, "cache_read_tokens": 84});
    let bash = json!({"tool_name": "Bash", "gen_ai.tool.call.id": "t-1"});
    let run = run(&[
        span(
            1,
            0,
            &of("interaction", &json!({"user_prompt": "<REDACTED>"})),
        ),
        span(2, 1, &of("llm_request", &call)),
        span(3, 1, &of("tool", &bash)),
        span(
            4,
            3,
            &of(
                "tool.blocked_on_user",
                &json!({"decision": "accept", "source": "user"}),
            ),
        ),
        span(5, 3, &of("tool.execution", &bash)),
    ]);
    assert_eq!((run.tokens[0].input, run.tokens[0].cached_input), (86, 84));
    assert_eq!(
        (run.tool_calls.len(), run.sessions),
        (1, vec!["s".to_owned()])
    );
    assert_eq!(run.input, None);
}

#[test]
fn a_tool_call_that_two_packages_report_is_one_and_calls_of_agents_within_are_their_own() {
    let calls = run(&[
        span(1, 0, &tool("ask_expert")),
        span(2, 1, &tool("ask_expert")),
        span(3, 2, &agent()),
        span(4, 3, &tool("ask_expert")),
        span(5, 1, &tool("find")),
    ]);
    let ids: Vec<_> = calls
        .tool_calls
        .iter()
        .map(|call| call.id.clone())
        .collect();
    assert_eq!(ids, [span_id(1), span_id(4), span_id(5)]);
}

#[test]
fn without_its_root_a_run_has_not_ended_and_says_what_is_missing() {
    let run = run(&[
        span(3, 2, &model(10)),
        span(4, 2, &tool("find")),
        span(6, 5, &tool("find")),
    ]);
    assert_eq!((run.ended_at, run.outcome), (None, None));
    assert!(!run.completeness.has_root);
    assert_eq!(run.completeness.missing_parents, 2);
    assert_eq!(
        run.agent.as_deref(),
        Some("shop"),
        "the service, where no agent is named"
    );
    assert_eq!(run.input.unwrap().size, 5, "of the first model's call");
}

#[test]
fn a_run_ends_as_its_root_does_unless_it_is_told_otherwise() {
    let failed = json!({"status": {"code": 2, "message": "quota"}});
    let run_of = |root: Value| run(&[root, span(2, 1, &tool("find"))]);
    let error = run_of(with(span(1, 0, &agent()), &failed));
    assert_eq!(error.outcome, Some(Outcome::Error));
    let open = run_of(with(span(1, 0, &agent()), &json!({"endTimeUnixNano": "0"})));
    assert_eq!((open.outcome, open.ended_at), (None, None));
    let told = with(agent(), &json!({"onehop.outcome": "handed_over"}));
    assert_eq!(run_of(span(1, 0, &told)).outcome, Some(Outcome::HandedOver));
    let below = run(&[span(1, 0, &json!({})), span(2, 1, &told)]);
    assert_eq!(below.outcome, Some(Outcome::HandedOver));
}

#[test]
fn a_run_within_a_request_ends_as_its_last_agent_does() {
    let failed = json!({"status": {"code": 2, "message": "quota"}});
    let request = span(1, 0, &json!({"http.request.method": "POST"}));
    let first = with(span(2, 1, &agent()), &failed);
    let alone = run(&[request.clone(), first.clone()]);
    assert_eq!(alone.outcome, Some(Outcome::Error));
    let again = run(&[request.clone(), first, span(3, 1, &agent())]);
    assert_eq!(again.outcome, Some(Outcome::Ok));
    assert!(!again.is_of_services && run(&[request]).is_of_services);
}

#[test]
fn spans_below_themselves_do_no_harm() {
    let run = run(&[
        span(1, 0, &agent()),
        span(2, 3, &model(10)),
        span(3, 2, &model(10)),
        span(4, 4, &tool("x")),
    ]);
    assert_eq!(run.completeness.missing_parents, 0);
    assert_eq!((run.tool_calls.len(), run.tokens[0].input), (1, 20));
}

#[test]
fn a_span_sent_again_once_it_has_ended_replaces_its_first_report() {
    let open = with(span(1, 0, &json!({})), &json!({"endTimeUnixNano": "0"}));
    let ended = span(1, 0, &agent());
    assert_eq!(
        run(&[open.clone(), ended.clone()]),
        run(&[ended.clone(), open])
    );
    assert_eq!(run(&[ended]).completeness.spans, 1);
}

#[test]
fn spans_of_other_runs_are_left_out() {
    let other = with(span(2, 0, &agent()), &json!({"traceId": run_id(2)}));
    assert_eq!(
        run(&[span(1, 0, &tool("find")), other]).completeness.spans,
        1
    );
    assert_eq!(run(&[]).started_at, None);
}

#[test]
fn a_long_chain_is_read_as_fast_as_a_wide_one() {
    let one = read(&[span(1, 0, &model(10))]).remove(0);
    let link = |at: u64| Span {
        id: span_id(at),
        parent_id: (at > 1).then(|| span_id(at - 1)),
        ..one.clone()
    };
    let chain: Vec<Span> = (1..=20_000).map(link).collect();
    assert_eq!(assemble(&run_id(1), &chain).tokens[0].input, 10);
}

/// Spans with few ids, so that they repeat, miss their parents and lie in cycles.
fn any_span() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![
        Just(agent()),
        (0..50_u32).prop_map(model),
        Just(tool("find")),
        Just(tool("deploy")),
        Just(
            json!({"pr": 3, "annotations.0.annotation.name": "x", "annotations.0.annotation.score": 1})
        ),
    ];
    let more = prop_oneof![
        Just(json!({})),
        Just(json!({"endTimeUnixNano": "0"})),
        Just(json!({"status": {"code": 2}})),
        Just(json!({"events": [event("gen_ai.evaluation.result",
            &json!({"gen_ai.evaluation.name": "e", "gen_ai.evaluation.score.value": 0.5}))]})),
    ];
    (1..9_u64, 0..10_u64, kind, more)
        .prop_map(|(id, parent, own, more)| with(span(id, parent, &own), &more))
}

proptest! {
    #[test]
    fn order_and_repetition_change_nothing(
        all in prop::collection::vec(any_span(), 0..12),
        order in prop::collection::vec(any::<prop::sample::Index>(), 0..30),
    ) {
        let spans = read(&all);
        let mut sorted = spans.clone();
        sorted.sort_by_key(|span| format!("{span:?}"));
        let mut shuffled: Vec<Span> = Vec::new();
        if !spans.is_empty() {
            shuffled.extend(order.iter().map(|at| spans[at.index(spans.len())].clone()));
        }
        shuffled.extend(spans.iter().rev().cloned());
        prop_assert_eq!(assemble(&run_id(1), &shuffled), assemble(&run_id(1), &sorted));
    }
}
