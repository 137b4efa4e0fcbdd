//! The value of an attribute, and how it is read as what we expect: a number may come as text.

use std::borrow::Cow;
use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use super::limits::MAX_DEPTH;
use super::{json, protobuf};

#[derive(Clone, Debug)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Bool(bool),
    Int(i64),
    Double(f64),
    Bytes(Cow<'a, [u8]>),
    Nested(Nested<'a>),
}

/// A list or a map, unread until it is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Nested<'a> {
    List(Source<'a>),
    Map(Source<'a>),
}

/// The bytes of a list or a map in its encoding.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    Protobuf(&'a [u8]),
    Json(&'a RawValue),
}

impl<'a> Source<'a> {
    fn values(self) -> Vec<Option<Value<'a>>> {
        match self {
            Source::Protobuf(bytes) => protobuf::values(bytes),
            Source::Json(raw) => json::values(raw),
        }
    }

    fn members(self) -> Vec<(Cow<'a, str>, Option<Value<'a>>)> {
        match self {
            Source::Protobuf(bytes) => protobuf::members(bytes),
            Source::Json(raw) => json::members(raw),
        }
    }
}

impl<'a> Value<'a> {
    /// As text, if it is one thing and not empty.
    pub(super) fn text(&self) -> Option<Cow<'_, str>> {
        match self {
            Value::Text(text) => Some(Cow::Borrowed(text.trim())).filter(|text| !text.is_empty()),
            Value::Bool(own) => Some(own.to_string().into()),
            Value::Int(own) => Some(own.to_string().into()),
            Value::Double(own) if own.is_finite() => Some(own.to_string().into()),
            _ => None,
        }
    }

    /// As a count of something.
    pub(super) fn count(&self) -> Option<u64> {
        match self {
            Value::Int(own) => u64::try_from(*own).ok(),
            Value::Text(text) => text.trim().parse().ok(),
            Value::Double(own) if own.fract() == 0.0 && (0.0..9e15).contains(own) => {
                Some(*own as u64)
            }
            _ => None,
        }
    }

    /// As a finite number.
    pub(super) fn number(&self) -> Option<f64> {
        let number = match self {
            Value::Double(own) => *own,
            Value::Int(own) => *own as f64,
            Value::Bool(own) => f64::from(u8::from(*own)),
            Value::Text(text) => text.trim().parse().ok()?,
            _ => return None,
        };
        number.is_finite().then_some(number)
    }

    /// As an amount that is not below zero, exactly as it was written.
    pub(super) fn amount(&self) -> Option<Decimal> {
        let text = match self {
            Value::Text(_) | Value::Int(_) | Value::Double(_) => self.text()?,
            _ => return None,
        };
        let exact = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text));
        // A double has more digits than money needs and than the decimal may hold.
        let amount = exact.or_else(|_| text.parse::<Decimal>()).ok()?;
        (!amount.is_sign_negative()).then(|| amount.normalize())
    }

    /// The texts of a list, or the one text.
    pub(super) fn texts(&self) -> Vec<String> {
        match self {
            Value::Nested(Nested::List(source)) => {
                let values = source.values();
                values
                    .iter()
                    .flatten()
                    .filter_map(Value::text)
                    .map(Cow::into_owned)
                    .collect()
            }
            own => own.text().map(Cow::into_owned).into_iter().collect(),
        }
    }

    /// What was sent, as it would be written down: text as it is, bytes as they are, all else as JSON.
    pub(super) fn written(&self) -> Cow<'_, [u8]> {
        match self {
            Value::Text(text) => Cow::Borrowed(text.as_bytes()),
            Value::Bytes(bytes) => Cow::Borrowed(bytes),
            own => {
                let mut out = String::new();
                write(Some(own), &mut out, 0);
                Cow::Owned(out.into_bytes())
            }
        }
    }
}

/// Appends a value as JSON. What lies too deep is written as null.
pub(super) fn write(value: Option<&Value<'_>>, out: &mut String, depth: usize) {
    // Writing to a String cannot fail.
    let _ = match value {
        Some(Value::Text(text)) => out.write_str(&quoted(text)),
        Some(Value::Bool(own)) => write!(out, "{own}"),
        Some(Value::Int(own)) => write!(out, "{own}"),
        Some(Value::Double(own)) if own.is_finite() => write!(out, "{own}"),
        Some(Value::Bytes(bytes)) => write!(out, "\"{}\"", STANDARD.encode(bytes)),
        Some(Value::Nested(nested)) if depth < MAX_DEPTH => {
            write_nested(*nested, out, depth + 1);
            Ok(())
        }
        _ => out.write_str("null"),
    };
}

fn write_nested(nested: Nested<'_>, out: &mut String, depth: usize) {
    match nested {
        Nested::List(source) => {
            out.push('[');
            for (at, value) in source.values().iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                write(value.as_ref(), out, depth);
            }
            out.push(']');
        }
        Nested::Map(source) => {
            out.push('{');
            for (at, (key, value)) in source.members().iter().enumerate() {
                out.push_str(if at == 0 { "" } else { "," });
                out.push_str(&quoted(key));
                out.push(':');
                write(value.as_ref(), out, depth);
            }
            out.push('}');
        }
    }
}

pub(super) fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
