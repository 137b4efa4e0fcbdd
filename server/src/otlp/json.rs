//! OTLP's messages in JSON: ids as hexadecimal text, whole numbers as text or numbers.
//!
//! The outer lists are only cut into rows, and each row is read on its own, so that one that is
//! wrong does not take the others with it. What is refused is told by place, never by content.

mod parts;

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::limits::{MAX_ATTRIBUTES, MAX_EVENTS, MAX_ROWS, MAX_VALUES};
use super::raw::{Attributes, RawEvent, RawId, RawLog, RawSpan};
use super::value::{Nested, Source, Value};
use super::{Reader, Unreadable};
use parts::{Double, First, Number, Text, text};

/// What lies in an export's innermost lists.
pub(super) trait Message<'a>: Sized {
    fn read(raw: &'a RawValue) -> Result<Self, serde_json::Error>;
}

/// The most resources of one export; each has a service's rows.
const MAX_RESOURCES: usize = 100_000;

/// An export of either kind: rows of the other lack what a row must have, and are refused for it.
#[derive(Deserialize)]
struct Export<'a> {
    #[serde(rename = "resourceSpans", alias = "resourceLogs", borrow)]
    resources: Option<First<OfResource<'a>, MAX_RESOURCES>>,
}

#[derive(Deserialize)]
struct OfResource<'a> {
    #[serde(borrow)]
    resource: Option<&'a RawValue>,
    #[serde(rename = "scopeSpans", alias = "scopeLogs", borrow)]
    scopes: Option<Vec<OfScope<'a>>>,
}

#[derive(Deserialize)]
struct OfScope<'a> {
    #[serde(rename = "spans", alias = "logRecords", borrow)]
    rows: Option<Vec<&'a RawValue>>,
}

/// Hands every row of an export to its reader, each resource before its rows. Gives how many rows
/// were too many.
pub(super) fn rows<'a, R: Message<'a>>(
    body: &'a [u8],
    reader: &mut impl Reader<'a, R>,
) -> Result<usize, Unreadable> {
    let export: Export<'a> = serde_json::from_slice(body).map_err(|error| unreadable(&error))?;
    let First(resources, beyond) = export.resources.unwrap_or(First(Vec::new(), 0));
    if beyond > 0 {
        let many = format!("the JSON holds more than {MAX_RESOURCES} resources");
        return Err(Unreadable(many.into()));
    }
    let mut seen = 0_usize;
    for of in resources {
        reader.resource(&resource_attributes(of.resource)?);
        let scopes = of.scopes.unwrap_or_default().into_iter();
        for row in scopes.flat_map(|of| of.rows.unwrap_or_default()) {
            seen += 1;
            if seen <= MAX_ROWS {
                reader.row(R::read(row).map_err(|error| said(&error)));
            }
        }
    }
    Ok(seen.saturating_sub(MAX_ROWS))
}

fn resource_attributes(raw: Option<&RawValue>) -> Result<Attributes<'_>, Unreadable> {
    #[derive(Deserialize)]
    struct Resource<'a> {
        #[serde(borrow)]
        attributes: Option<Attributes<'a>>,
    }
    let Some(raw) = raw else {
        return Ok(Attributes::default());
    };
    let resource: Resource<'_> =
        serde_json::from_str(raw.get()).map_err(|error| unreadable(&error))?;
    Ok(resource.attributes.unwrap_or_default())
}

fn unreadable(error: &serde_json::Error) -> Unreadable {
    Unreadable(said(error).into())
}

/// Where the JSON is wrong and in what way; the parser's own words may repeat what was sent.
fn said(error: &serde_json::Error) -> String {
    let fault = match error.classify() {
        serde_json::error::Category::Data => "holds something else than OTLP asks for",
        serde_json::error::Category::Eof => "ends too early",
        _ => "is broken",
    };
    format!(
        "the JSON {fault}, at line {} column {}",
        error.line(),
        error.column()
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Any<'a> {
    #[serde(borrow)]
    string_value: Option<Text<'a>>,
    bool_value: Option<bool>,
    int_value: Option<Number>,
    #[serde(borrow)]
    double_value: Option<Double<'a>>,
    #[serde(borrow)]
    array_value: Option<&'a RawValue>,
    #[serde(borrow)]
    kvlist_value: Option<&'a RawValue>,
    #[serde(borrow)]
    bytes_value: Option<Text<'a>>,
}

impl<'a> Any<'a> {
    fn value(self) -> Option<Value<'a>> {
        let int = |own: Number| i64::try_from(own.0).ok().map(Value::Int);
        let double = |own| match own {
            Double::Number(own) => Value::Double(own),
            Double::Word(word) => Value::Double(word.trim().parse().unwrap_or(f64::NAN)),
        };
        let bytes = |own: Text<'a>| STANDARD.decode(own.0.as_bytes()).ok();
        let text = self.string_value.map(|own| Value::Text(own.0));
        text.or(self.bool_value.map(Value::Bool))
            .or_else(|| self.int_value.and_then(int))
            .or_else(|| self.double_value.map(double))
            .or_else(|| {
                self.array_value
                    .map(|own| Value::Nested(Nested::List(Source::Json(own))))
            })
            .or_else(|| {
                self.kvlist_value
                    .map(|own| Value::Nested(Nested::Map(Source::Json(own))))
            })
            .or_else(|| {
                self.bytes_value
                    .and_then(bytes)
                    .map(|own| Value::Bytes(Cow::Owned(own)))
            })
    }
}

#[derive(Deserialize)]
struct KeyValue<'a> {
    #[serde(borrow)]
    key: Option<Text<'a>>,
    #[serde(borrow)]
    value: Option<Any<'a>>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Attributes<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let First(all, _) = First::<KeyValue<'a>, MAX_ATTRIBUTES>::deserialize(deserializer)?;
        let read = all
            .into_iter()
            .filter_map(|own| Some((text(own.key), own.value?.value()?)));
        Ok(Attributes {
            read: read.collect(),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    time_unix_nano: Option<Number>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    attributes: Option<Attributes<'a>>,
}

#[derive(Deserialize)]
struct Status<'a> {
    #[serde(borrow)]
    message: Option<Text<'a>>,
    code: Option<Number>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Span<'a> {
    #[serde(borrow)]
    trace_id: Option<Text<'a>>,
    #[serde(borrow)]
    span_id: Option<Text<'a>>,
    #[serde(borrow)]
    parent_span_id: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    start_time_unix_nano: Option<Number>,
    end_time_unix_nano: Option<Number>,
    #[serde(borrow)]
    attributes: Option<Attributes<'a>>,
    #[serde(borrow)]
    events: Option<First<Event<'a>, MAX_EVENTS>>,
    #[serde(borrow)]
    status: Option<Status<'a>>,
}

impl<'a> Message<'a> for RawSpan<'a> {
    fn read(raw: &'a RawValue) -> Result<RawSpan<'a>, serde_json::Error> {
        let span: Span<'a> = serde_json::from_str(raw.get())?;
        let status = span.status;
        let code = status.as_ref().and_then(|own| own.code).unwrap_or_default();
        let events = span.events.map_or_else(Vec::new, |own| own.0);
        let event = |own: Event<'a>| RawEvent {
            at: Number::unsigned(own.time_unix_nano),
            name: text(own.name),
            attributes: own.attributes.unwrap_or_default(),
        };
        Ok(RawSpan {
            trace_id: RawId::Hex(text(span.trace_id)),
            span_id: RawId::Hex(text(span.span_id)),
            parent_id: RawId::Hex(text(span.parent_span_id)),
            name: text(span.name),
            start: Number::unsigned(span.start_time_unix_nano),
            end: Number::unsigned(span.end_time_unix_nano),
            attributes: span.attributes.unwrap_or_default(),
            events: events.into_iter().map(event).collect(),
            has_failed: code.0 == 2,
            message: text(status.and_then(|own| own.message)),
        })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(borrow)]
    trace_id: Option<Text<'a>>,
    time_unix_nano: Option<Number>,
    observed_time_unix_nano: Option<Number>,
    #[serde(borrow)]
    event_name: Option<Text<'a>>,
    #[serde(borrow)]
    body: Option<Any<'a>>,
    #[serde(borrow)]
    attributes: Option<Attributes<'a>>,
}

impl<'a> Message<'a> for RawLog<'a> {
    fn read(raw: &'a RawValue) -> Result<RawLog<'a>, serde_json::Error> {
        let log: Log<'a> = serde_json::from_str(raw.get())?;
        Ok(RawLog {
            trace_id: RawId::Hex(text(log.trace_id)),
            at: Number::unsigned(log.time_unix_nano),
            observed_at: Number::unsigned(log.observed_time_unix_nano),
            name: text(log.event_name),
            body: log.body.and_then(Any::value),
            attributes: log.attributes.unwrap_or_default(),
        })
    }
}

/// What a list holds, as far as it can be read.
pub(super) fn values(raw: &RawValue) -> Vec<Option<Value<'_>>> {
    #[derive(Deserialize)]
    struct List<'a> {
        #[serde(borrow)]
        values: Option<First<Any<'a>, MAX_VALUES>>,
    }
    let list = serde_json::from_str::<List<'_>>(raw.get())
        .ok()
        .and_then(|own| own.values);
    list.map_or_else(Vec::new, |own| own.0.into_iter().map(Any::value).collect())
}

/// What a map holds, as far as it can be read.
pub(super) fn members(raw: &RawValue) -> Vec<(Cow<'_, str>, Option<Value<'_>>)> {
    #[derive(Deserialize)]
    struct Map<'a> {
        #[serde(borrow)]
        values: Option<First<KeyValue<'a>, MAX_VALUES>>,
    }
    let map = serde_json::from_str::<Map<'_>>(raw.get())
        .ok()
        .and_then(|own| own.values);
    let all = map.map_or_else(Vec::new, |own| own.0);
    all.into_iter()
        .map(|own| (text(own.key), own.value.and_then(Any::value)))
        .collect()
}
