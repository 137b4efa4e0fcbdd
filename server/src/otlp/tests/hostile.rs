//! What a sender may send that means no good, or nothing.

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::otlp::fixture::{
    READING, event, log, nanos, protobuf, read_all, row, span, spans, with,
};
use crate::otlp::{Encoding, MAX_ATTRIBUTES, MAX_ROWS, Reading, assemble, logs, traces};

fn is_unreadable(body: &[u8], encoding: Encoding) -> bool {
    traces(body, encoding, READING).is_err() && logs(body, encoding, READING).is_err()
}

#[test]
fn an_empty_export_is_no_fault() {
    assert_eq!(traces(b"", Encoding::Protobuf, READING).unwrap().spans, []);
    assert_eq!(traces(b"{}", Encoding::Json, READING).unwrap().spans, []);
    assert_eq!(
        traces(br#"{"resourceSpans": null}"#, Encoding::Json, READING)
            .unwrap()
            .spans,
        []
    );
}

#[test]
fn broken_bytes_are_unreadable_as_a_whole_and_not_repeated() {
    let whole = protobuf(&spans(&json!({}), &[span(1, 0, &json!({"a": "b"}))]));
    assert!(is_unreadable(&whole[..whole.len() - 1], Encoding::Protobuf));
    for body in [
        &b"{"[..],
        b"",
        b"[]",
        b"\xff",
        br#"{"resourceSpans": "hunter2"}"#,
        b"{\"resourceSpans\": [1]}",
    ] {
        assert!(traces(body, Encoding::Json, READING).is_err(), "{body:?}");
    }
    let error = traces(br#"{"resourceSpans": "hunter2"}"#, Encoding::Json, READING).unwrap_err();
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

#[test]
fn attributes_beyond_the_limit_are_not_read() {
    let mut own = span(1, 0, &json!({}));
    let filler = |at: usize| json!({"key": format!("k{at}"), "value": {"intValue": "1"}});
    let mut all: Vec<Value> = (0..MAX_ATTRIBUTES).map(filler).collect();
    all.push(json!({"key": "pr", "value": {"stringValue": "3"}}));
    own["attributes"] = all.into();
    let span = read_all(&spans(&json!({}), &[own])).spans.remove(0);
    assert_eq!(span.joins, []);
}

#[test]
fn spans_beyond_the_limit_are_counted_and_refused() {
    // Two bytes each: the smallest span there is.
    let mut scope = Vec::new();
    for _ in 0..MAX_ROWS + 7 {
        scope.extend([0x12, 0x00]);
    }
    let wrap = |field: u8, bytes: &[u8]| {
        let mut out = vec![field << 3 | 2];
        let mut length = bytes.len();
        while length > 0x7f {
            out.push((length & 0x7f) as u8 | 0x80);
            length >>= 7;
        }
        out.push(length as u8);
        out.extend(bytes);
        out
    };
    let read = traces(&wrap(1, &wrap(2, &scope)), Encoding::Protobuf, READING).unwrap();
    assert_eq!((read.spans.len(), read.rejected.count), (0, MAX_ROWS + 7));
    assert!(read.rejected.first.len() <= 100);
    let json = format!(
        r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{}{{}}]}}]}}]}}"#,
        "{},".repeat(MAX_ROWS + 6)
    );
    let read = traces(json.as_bytes(), Encoding::Json, READING).unwrap();
    assert_eq!((read.spans.len(), read.rejected.count), (0, MAX_ROWS + 7));
}

#[test]
fn a_megabyte_is_hashed_and_not_kept() {
    let long = "x".repeat(1 << 20);
    let own = json!({"input.value": long, "gen_ai.agent.name": long, "pr": long, "gen_ai.request.model": long});
    let span = row(&own);
    assert_eq!(span.input.as_ref().unwrap().size, 1 << 20);
    assert_eq!(span.joins, []);
    assert!(format!("{span:?}").len() < 4_000);
}

#[test]
fn values_nested_without_end_are_cut() {
    let mut deep = json!({"stringValue": "x"});
    for _ in 0..40 {
        deep = json!({"arrayValue": {"values": [deep]}});
    }
    let mut own = span(1, 0, &json!({}));
    own["attributes"] = json!([{"key": "input.value", "value": deep}]);
    let input = read_all(&spans(&json!({}), &[own]))
        .spans
        .remove(0)
        .input
        .unwrap();
    assert_eq!(input.size, 2 * 16 + 4);
    let bottomless = format!(r#"{{"resourceSpans":{}"#, "[".repeat(100_000));
    assert!(traces(bottomless.as_bytes(), Encoding::Json, READING).is_err());
}

#[test]
fn what_a_resource_says_is_not_repeated_without_end() {
    let long = |at: usize| format!("{at:0>290}");
    let own = |at: usize| json!({"key": "pr", "value": {"stringValue": long(at)}});
    let mut export = spans(&json!({}), &[]);
    let all: Vec<Value> = (0..32).map(own).collect();
    export["resourceSpans"][0]["resource"]["attributes"] = all.into();
    let bare =
        json!({"traceId": "1".repeat(32), "spanId": "1".repeat(16), "startTimeUnixNano": nanos(0)});
    let many: Vec<Value> = vec![bare; 40_000];
    export["resourceSpans"][0]["scopeSpans"][0]["spans"] = many.into();
    let read = traces(&protobuf(&export), Encoding::Protobuf, READING).unwrap();
    assert!(read.spans.len() > 1_000 && read.rejected.count > 10_000);
    assert!(read.rejected.first[0].reason.contains("send smaller ones"));
}

#[test]
fn a_name_nested_without_end_is_one_name() {
    let name = "annotations.0.".repeat(100_000);
    let span = row(&json!({name.as_str(): 1, format!("{name}annotation.name"): "x"}));
    assert_eq!(span.evaluations, []);
}

/// An export of each kind, full of what is read.
fn samples() -> [Value; 2] {
    let own = json!({"gen_ai.operation.name": "execute_tool", "input.value": ["a", {"b": 1}],
        "metadata": "{\"pr\": 1}", "annotations.0.annotation.name": "x", "annotations.0.annotation.score": 0.5,
        "llm.cost.total": 0.25, "gen_ai.usage.input_tokens": 5, "llm.input_messages.0.message.role": "user"});
    let result = json!({"gen_ai.evaluation.name": "e", "gen_ai.evaluation.score.value": 1});
    let told = with(
        span(1, 2, &own),
        &json!({"events": [event("gen_ai.evaluation.result", &result)],
        "status": {"code": 2, "message": "no"}}),
    );
    let traced = spans(
        &json!({"service.name": "shop", "pr": "1"}),
        &[told, span(2, 0, &json!({"pr": 2}))],
    );
    let decision =
        json!({"session.id": "s", "event.sequence": 1, "decision": "accept", "source": "user"});
    let call =
        json!({"session.id": "s", "input_tokens": "5", "cost_usd": "0.1", "success": "false"});
    let records = [
        log("codex.tool_decision", &decision),
        with(
            log("claude_code.api_request", &call),
            &json!({"observedTimeUnixNano": nanos(1)}),
        ),
        log("claude_code.tool_result", &call),
    ];
    [
        traced,
        json!({"resourceLogs": [{"scopeLogs": [{"logRecords": records}]}]}),
    ]
}

fn try_all(body: &[u8], encoding: Encoding) {
    for keeps_bodies in [false, true] {
        let reading = Reading {
            keeps_bodies,
            ..READING
        };
        if let Ok(read) = traces(body, encoding, reading) {
            for span in &read.spans {
                let _ = assemble(&span.run_id, &read.spans);
            }
        }
        let _ = logs(body, encoding, reading);
    }
}

proptest! {
    #[test]
    fn changed_bytes_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        for sample in samples() {
            let bodies = [
                (protobuf(&sample), Encoding::Protobuf),
                (serde_json::to_vec(&sample).unwrap(), Encoding::Json),
            ];
            for (mut body, encoding) in bodies {
                for (at, byte) in &changes {
                    let at = at.index(body.len());
                    body[at] = *byte;
                }
                if is_cut {
                    body.truncate(cut.index(body.len()));
                }
                try_all(&body, encoding);
            }
        }
    }

    #[test]
    fn any_bytes_never_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
        try_all(&body, Encoding::Protobuf);
        try_all(&body, Encoding::Json);
    }
}
