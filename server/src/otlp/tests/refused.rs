//! Which spans are not taken, and why.

use serde_json::{Value, json};

use crate::otlp::fixture::{NOW, READING, nanos, read, refused, span, spans, with};
use crate::otlp::{Encoding, Span, traces};

#[test]
fn a_span_without_an_id_or_a_believable_time_is_refused_and_the_others_are_kept() {
    let own = |more: Value| refused(&with(span(1, 0, &json!({})), &more));
    assert_eq!(
        own(json!({"traceId": ""})),
        "its trace id is missing or zero"
    );
    assert_eq!(
        own(json!({"traceId": "0".repeat(32)})),
        "its trace id is missing or zero"
    );
    assert_eq!(
        own(json!({"spanId": "ab"})),
        "its span id has the wrong length"
    );
    assert_eq!(
        own(json!({"parentSpanId": "ab"})),
        "its parent's id has the wrong length"
    );
    assert!(own(json!({"startTimeUnixNano": NOW.to_string()})).contains("looks like milliseconds"));
    let later = nanos(2 * 24 * 60 * 60 * 1_000);
    assert!(own(json!({"endTimeUnixNano": later})).contains("in the future"));
    assert_eq!(
        own(json!({"endTimeUnixNano": nanos(0)})),
        "its end lies before its start"
    );
}

#[test]
fn a_span_that_has_not_ended_is_kept() {
    let own: Span = read(&[with(
        span(1, 0, &json!({})),
        &json!({"endTimeUnixNano": "0"}),
    )])
    .remove(0);
    assert_eq!(own.ended_at, None);
}

#[test]
fn json_takes_numbers_as_text_or_not_and_ids_in_either_case() {
    let mut own = span(0xab, 0, &json!({"gen_ai.usage.input_tokens": 3}));
    own["spanId"] = json!("00000000000000AB");
    own["startTimeUnixNano"] = json!(NOW * 1_000_000);
    own["attributes"][0]["value"] = json!({"intValue": 3});
    own["endTimeUnixNano"] = Value::Null;
    own["something new"] = json!([{}]);
    let body = serde_json::to_vec(&spans(&json!({}), &[own])).unwrap();
    let read = traces(&body, Encoding::Json, READING).unwrap();
    assert_eq!(read.rejected.first, []);
    assert_eq!(
        (read.spans[0].id.as_str(), read.spans[0].started_at),
        ("00000000000000ab", NOW)
    );
    assert_eq!(read.spans[0].tokens.as_ref().unwrap().input, 3);
}

#[test]
fn a_span_of_another_shape_is_refused_by_place_and_never_by_content() {
    let good = span(1, 0, &json!({}));
    let mut bad = span(2, 0, &json!({}));
    bad["attributes"] = json!("hunter2");
    let base64 = with(
        span(3, 0, &json!({})),
        &json!({"traceId": "W47/95gDgQPSabYzgT/GDA=="}),
    );
    let body = serde_json::to_vec(&spans(&json!({}), &[good, bad, base64])).unwrap();
    let read = traces(&body, Encoding::Json, READING).unwrap();
    assert_eq!((read.spans.len(), read.rejected.count), (1, 2));
    assert!(
        read.rejected.first[0]
            .reason
            .contains("something else than OTLP asks for")
    );
    assert!(!read.rejected.first[0].reason.contains("hunter2"));
    assert!(read.rejected.first[1].reason.contains("not hexadecimal"));
}
