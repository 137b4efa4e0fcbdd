//! Exports for tests: written as OTLP's JSON, and as protobuf from the same.

use serde_json::{Value, json};

use super::{Encoding, Logs, Reading, Span, Traces, logs, traces};

/// When exports arrive: 24 November 2025.
pub(super) const NOW: i64 = 1_764_000_000_000;
pub(super) const READING: Reading = Reading {
    received_at: NOW,
    keeps_bodies: false,
};

/// Nanoseconds, so many milliseconds after [`NOW`].
pub(super) fn nanos(after: i64) -> String {
    ((NOW + after) * 1_000_000).to_string()
}

pub(super) fn run_id(run: u64) -> String {
    format!("{run:032x}")
}

pub(super) fn span_id(id: u64) -> String {
    format!("{id:016x}")
}

/// A span of run 1, from its id's millisecond to a second later; 0 is no parent.
pub(super) fn span(id: u64, parent: u64, own: &Value) -> Value {
    let after = i64::try_from(id).unwrap();
    json!({
        "traceId": run_id(1),
        "spanId": span_id(id),
        "parentSpanId": if parent == 0 { String::new() } else { span_id(parent) },
        "name": "step",
        "startTimeUnixNano": nanos(after),
        "endTimeUnixNano": nanos(after + 1_000),
        "attributes": attributes(own),
    })
}

/// The same with other members.
pub(super) fn with(mut own: Value, more: &Value) -> Value {
    for (name, value) in more.as_object().unwrap() {
        own[name] = value.clone();
    }
    own
}

pub(super) fn event(name: &str, own: &Value) -> Value {
    json!({"timeUnixNano": nanos(5), "name": name, "attributes": attributes(own)})
}

pub(super) fn log(name: &str, own: &Value) -> Value {
    json!({"timeUnixNano": nanos(7), "body": {"stringValue": name}, "attributes": attributes(own)})
}

pub(super) fn attributes(own: &Value) -> Value {
    let all = own.as_object().unwrap().iter();
    all.map(|(key, value)| json!({"key": key, "value": any(value)}))
        .collect()
}

fn any(own: &Value) -> Value {
    match own {
        Value::Null => json!({}),
        Value::Bool(own) => json!({"boolValue": own}),
        Value::Number(number) if number.is_i64() => json!({"intValue": number.to_string()}),
        Value::Number(number) => json!({"doubleValue": number}),
        Value::String(text) => json!({"stringValue": text}),
        Value::Array(all) => {
            json!({"arrayValue": {"values": all.iter().map(any).collect::<Value>()}})
        }
        Value::Object(_) => json!({"kvlistValue": {"values": attributes(own)}}),
    }
}

pub(super) fn spans(resource: &Value, spans: &[Value]) -> Value {
    json!({"resourceSpans": [{
        "resource": {"attributes": attributes(resource)},
        "scopeSpans": [{"scope": {"name": "test"}, "spans": spans}],
    }]})
}

/// What both encodings of the same spans say.
pub(super) fn read_all(export: &Value) -> Traces {
    let body = serde_json::to_vec(export).unwrap();
    let of_json = traces(&body, Encoding::Json, READING).unwrap();
    let of_protobuf = traces(&protobuf(export), Encoding::Protobuf, READING).unwrap();
    assert_eq!(of_json, of_protobuf);
    of_json
}

pub(super) fn read(all: &[Value]) -> Vec<Span> {
    let read = read_all(&spans(&json!({"service.name": "shop"}), all));
    assert_eq!(read.rejected.first, []);
    read.spans
}

/// The row of one span with these attributes.
pub(super) fn row(own: &Value) -> Span {
    read(&[span(1, 0, own)]).remove(0)
}

/// The reason for which one span is refused.
pub(super) fn refused(own: &Value) -> String {
    let read = read_all(&spans(&json!({}), &[own.clone(), span(2, 0, &json!({}))]));
    assert_eq!(
        (read.spans.len(), read.rejected.count),
        (1, 1),
        "the other is kept"
    );
    read.rejected.first[0].reason.clone()
}

/// What both encodings of the same records of one service say.
pub(super) fn read_logs(service: &str, records: &[Value]) -> Logs {
    let export = json!({"resourceLogs": [{
        "resource": {"attributes": attributes(&json!({"service.name": service}))},
        "scopeLogs": [{"logRecords": records}],
    }]});
    let body = serde_json::to_vec(&export).unwrap();
    let of_json = logs(&body, Encoding::Json, READING).unwrap();
    let of_protobuf = logs(&protobuf(&export), Encoding::Protobuf, READING).unwrap();
    assert_eq!(of_json, of_protobuf);
    of_json
}

/// An export as protobuf.
pub(super) fn protobuf(export: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    for (list, inner, rows) in [
        ("resourceSpans", "scopeSpans", "spans"),
        ("resourceLogs", "scopeLogs", "logRecords"),
    ] {
        for resource in items(&export[list]) {
            let mut own = Vec::new();
            let mut of = Vec::new();
            put_attributes(&mut of, 1, &resource["resource"]["attributes"]);
            put(&mut own, 1, &of);
            for scope in items(&resource[inner]) {
                let mut all = Vec::new();
                for row in items(&scope[rows]) {
                    put(
                        &mut all,
                        2,
                        &if rows == "spans" {
                            span_of(row)
                        } else {
                            log_of(row)
                        },
                    );
                }
                put(&mut own, 2, &all);
            }
            put(&mut out, 1, &own);
        }
    }
    out
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

fn span_of(span: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put_hex(&mut out, 1, &span["traceId"]);
    put_hex(&mut out, 2, &span["spanId"]);
    put_hex(&mut out, 4, &span["parentSpanId"]);
    put_text(&mut out, 5, &span["name"]);
    put_fixed(&mut out, 7, &span["startTimeUnixNano"]);
    put_fixed(&mut out, 8, &span["endTimeUnixNano"]);
    put_attributes(&mut out, 9, &span["attributes"]);
    for event in items(&span["events"]) {
        let mut own = Vec::new();
        put_fixed(&mut own, 1, &event["timeUnixNano"]);
        put_text(&mut own, 2, &event["name"]);
        put_attributes(&mut own, 3, &event["attributes"]);
        put(&mut out, 11, &own);
    }
    let mut status = Vec::new();
    put_text(&mut status, 2, &span["status"]["message"]);
    put_number(&mut status, 3, span["status"]["code"].as_u64().unwrap_or(0));
    put(&mut out, 15, &status);
    out
}

fn log_of(log: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put_fixed(&mut out, 1, &log["timeUnixNano"]);
    put(&mut out, 5, &any_of(&log["body"]));
    put_attributes(&mut out, 6, &log["attributes"]);
    put_hex(&mut out, 9, &log["traceId"]);
    put_fixed(&mut out, 11, &log["observedTimeUnixNano"]);
    put_text(&mut out, 12, &log["eventName"]);
    out
}

fn any_of(any: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    put_text(&mut out, 1, &any["stringValue"]);
    if let Some(own) = any["boolValue"].as_bool() {
        put_number(&mut out, 2, own.into());
    }
    if let Some(own) = any["intValue"].as_str() {
        put_number(&mut out, 3, own.parse::<i64>().unwrap().cast_unsigned());
    }
    if let Some(own) = any["doubleValue"].as_f64() {
        out.push(4 << 3 | 1);
        out.extend(own.to_le_bytes());
    }
    if let Some(all) = any["arrayValue"]["values"].as_array() {
        let mut own = Vec::new();
        all.iter()
            .for_each(|value| put(&mut own, 1, &any_of(value)));
        put(&mut out, 5, &own);
    }
    if any["kvlistValue"].is_object() {
        let mut own = Vec::new();
        put_attributes(&mut own, 1, &any["kvlistValue"]["values"]);
        put(&mut out, 6, &own);
    }
    out
}

fn put_attributes(out: &mut Vec<u8>, field: u64, all: &Value) {
    for own in items(all) {
        let mut pair = Vec::new();
        put_text(&mut pair, 1, &own["key"]);
        put(&mut pair, 2, &any_of(&own["value"]));
        put(out, field, &pair);
    }
}

fn put_text(out: &mut Vec<u8>, field: u64, text: &Value) {
    if let Some(text) = text.as_str() {
        put(out, field, text.as_bytes());
    }
}

fn put_hex(out: &mut Vec<u8>, field: u64, text: &Value) {
    if let Some(text) = text.as_str() {
        put(out, field, &hex::decode(text).unwrap());
    }
}

fn put_fixed(out: &mut Vec<u8>, field: u64, number: &Value) {
    if let Some(text) = number.as_str() {
        varint(out, field << 3 | 1);
        out.extend(text.parse::<u64>().unwrap().to_le_bytes());
    }
}

fn put_number(out: &mut Vec<u8>, field: u64, number: u64) {
    varint(out, field << 3);
    varint(out, number);
}

fn put(out: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    varint(out, field << 3 | 2);
    varint(out, bytes.len() as u64);
    out.extend(bytes);
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}
