//! What a sender is answered, in the encoding that it sent: how many rows were not taken and why, or
//! why nothing could be read.

use serde_json::json;

use super::{Encoding, Refusals};

/// The longest reason that is sent back.
const MAX_REASON_BYTES: usize = 500;

/// What was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Traces,
    Logs,
}

impl Signal {
    pub fn as_str(self) -> &'static str {
        match self {
            Signal::Traces => "traces",
            Signal::Logs => "logs",
        }
    }

    /// Where it is sent.
    pub fn path(self) -> &'static str {
        match self {
            Signal::Traces => "/v1/traces",
            Signal::Logs => "/v1/logs",
        }
    }
}

/// The body of a success, with OTLP's partial success where rows were refused.
pub fn answer(refusals: &Refusals, signal: Signal, encoding: Encoding) -> Vec<u8> {
    let reason = refusals.first.first().map_or("", |own| own.reason.as_str());
    let reason = &reason[..reason.floor_char_boundary(MAX_REASON_BYTES)];
    let more = match refusals.count {
        0 | 1 => "",
        _ => "; this is the first, and /sources lists what was set aside",
    };
    let reason = format!("{reason}{more}");
    let rejected = match signal {
        Signal::Traces => "rejectedSpans",
        Signal::Logs => "rejectedLogRecords",
    };
    match encoding {
        _ if refusals.count == 0 => empty(encoding),
        Encoding::Json => {
            let count = refusals.count.to_string();
            let partial = json!({rejected: count, "errorMessage": reason});
            json!({"partialSuccess": partial}).to_string().into_bytes()
        }
        Encoding::Protobuf => {
            let mut partial = number(1, refusals.count as u64);
            partial.extend(bytes(2, reason.as_bytes()));
            bytes(1, &partial)
        }
    }
}

/// The body of a refusal of the whole, a `google.rpc.Status`.
pub fn failure(reason: &str, encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Json => json!({"message": reason}).to_string().into_bytes(),
        Encoding::Protobuf => bytes(2, reason.as_bytes()),
    }
}

fn empty(encoding: Encoding) -> Vec<u8> {
    match encoding {
        Encoding::Json => b"{}".to_vec(),
        Encoding::Protobuf => Vec::new(),
    }
}

fn number(field: u8, number: u64) -> Vec<u8> {
    let mut out = vec![field << 3];
    varint(&mut out, number);
    out
}

fn bytes(field: u8, own: &[u8]) -> Vec<u8> {
    let mut out = vec![field << 3 | 2];
    varint(&mut out, own.len() as u64);
    out.extend(own);
    out
}

fn varint(out: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        out.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::otlp::Rejected;

    fn refusals(count: usize) -> Refusals {
        let rejected = Rejected {
            trace_id: None,
            span_id: None,
            reason: "no".to_owned(),
        };
        Refusals {
            count,
            first: vec![rejected],
        }
    }

    #[test]
    fn a_batch_that_was_taken_whole_is_answered_with_nothing() {
        let none = Refusals::default();
        assert_eq!(answer(&none, Signal::Traces, Encoding::Json), b"{}");
        assert_eq!(answer(&none, Signal::Logs, Encoding::Protobuf), b"");
    }

    #[test]
    fn what_was_refused_is_counted_with_the_first_reason() {
        let json = answer(&refusals(300), Signal::Logs, Encoding::Json);
        let told: serde_json::Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(told["partialSuccess"]["rejectedLogRecords"], "300");
        let said = told["partialSuccess"]["errorMessage"].as_str().unwrap();
        assert!(said.starts_with("no; this is the first"), "{said}");
        let protobuf = answer(&refusals(1), Signal::Traces, Encoding::Protobuf);
        assert_eq!(protobuf, [0x0a, 6, 0x08, 1, 0x12, 2, b'n', b'o']);
    }

    #[test]
    fn a_failure_is_a_status() {
        assert_eq!(failure("no", Encoding::Json), br#"{"message":"no"}"#);
        assert_eq!(failure("no", Encoding::Protobuf), [0x12, 2, b'n', b'o']);
    }
}
