//! OTLP's messages in protobuf: of each, the fields that are asked for.

use std::borrow::Cow;

use super::limits::{MAX_ATTRIBUTES, MAX_EVENTS, MAX_ROWS, MAX_VALUES};
use super::raw::{Attributes, RawEvent, RawId, RawLog, RawSpan};
use super::value::{Nested, Source, Value};
use super::wire::{Content, Fields};
use super::{Reader, Unreadable};

/// What lies in an export's innermost lists.
pub(super) trait Message<'a>: Sized {
    fn read(bytes: &'a [u8]) -> Result<Self, Unreadable>;
}

/// Hands every row of an export to its reader, each resource before its rows. Gives how many rows
/// were too many.
pub(super) fn rows<'a, R: Message<'a>>(
    body: &'a [u8],
    reader: &mut impl Reader<'a, R>,
) -> Result<usize, Unreadable> {
    let mut seen = 0_usize;
    let mut export = Fields(body);
    while let Some((number, resource)) = export.next()? {
        if number != 1 {
            continue;
        }
        reader.resource(&resource_attributes(resource.bytes())?);
        let mut parts = Fields(resource.bytes());
        while let Some((number, scope)) = parts.next()? {
            if number == 2 {
                scope_rows(scope.bytes(), reader, &mut seen)?;
            }
        }
    }
    Ok(seen.saturating_sub(MAX_ROWS))
}

fn scope_rows<'a, R: Message<'a>>(
    scope: &'a [u8],
    reader: &mut impl Reader<'a, R>,
    seen: &mut usize,
) -> Result<(), Unreadable> {
    let mut fields = Fields(scope);
    while let Some((number, row)) = fields.next()? {
        if number != 2 {
            continue;
        }
        *seen += 1;
        if *seen <= MAX_ROWS {
            reader.row(Ok(R::read(row.bytes())?));
        }
    }
    Ok(())
}

/// The resource may stand after what it sent.
fn resource_attributes(parts: &[u8]) -> Result<Attributes<'_>, Unreadable> {
    let mut attributes = Attributes::default();
    let mut parts = Fields(parts);
    while let Some((number, part)) = parts.next()? {
        if number == 1 {
            let mut resource = Fields(part.bytes());
            while let Some((number, content)) = resource.next()? {
                if number == 1 {
                    attribute(&mut attributes, content)?;
                }
            }
        }
    }
    Ok(attributes)
}

impl<'a> Message<'a> for RawSpan<'a> {
    fn read(bytes: &'a [u8]) -> Result<RawSpan<'a>, Unreadable> {
        let mut span = RawSpan {
            trace_id: RawId::Bytes(&[]),
            span_id: RawId::Bytes(&[]),
            parent_id: RawId::Bytes(&[]),
            name: Cow::Borrowed(""),
            start: 0,
            end: 0,
            attributes: Attributes::default(),
            events: Vec::new(),
            has_failed: false,
            message: Cow::Borrowed(""),
        };
        span.attributes.read.reserve(32);
        let mut fields = Fields(bytes);
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => span.trace_id = RawId::Bytes(content.bytes()),
                2 => span.span_id = RawId::Bytes(content.bytes()),
                4 => span.parent_id = RawId::Bytes(content.bytes()),
                5 => span.name = text(content),
                7 => span.start = content.number(),
                8 => span.end = content.number(),
                9 => attribute(&mut span.attributes, content)?,
                11 if span.events.len() < MAX_EVENTS => span.events.push(event(content.bytes())?),
                15 => (span.has_failed, span.message) = status(content.bytes())?,
                _ => {}
            }
        }
        Ok(span)
    }
}

impl<'a> Message<'a> for RawLog<'a> {
    fn read(bytes: &'a [u8]) -> Result<RawLog<'a>, Unreadable> {
        let mut log = RawLog {
            trace_id: RawId::Bytes(&[]),
            at: 0,
            observed_at: 0,
            name: Cow::Borrowed(""),
            body: None,
            attributes: Attributes::default(),
        };
        let mut fields = Fields(bytes);
        while let Some((number, content)) = fields.next()? {
            match number {
                1 => log.at = content.number(),
                11 => log.observed_at = content.number(),
                5 => log.body = any(content.bytes())?,
                6 => attribute(&mut log.attributes, content)?,
                9 => log.trace_id = RawId::Bytes(content.bytes()),
                12 => log.name = text(content),
                _ => {}
            }
        }
        Ok(log)
    }
}

fn event(bytes: &[u8]) -> Result<RawEvent<'_>, Unreadable> {
    let mut event = RawEvent::default();
    let mut fields = Fields(bytes);
    while let Some((number, content)) = fields.next()? {
        match number {
            1 => event.at = content.number(),
            2 => event.name = text(content),
            3 => attribute(&mut event.attributes, content)?,
            _ => {}
        }
    }
    Ok(event)
}

/// Whether a span failed, and what it says of it.
fn status(bytes: &[u8]) -> Result<(bool, Cow<'_, str>), Unreadable> {
    let mut status = (false, Cow::Borrowed(""));
    let mut fields = Fields(bytes);
    while let Some((number, content)) = fields.next()? {
        match number {
            2 => status.1 = text(content),
            3 => status.0 = content.number() == 2,
            _ => {}
        }
    }
    Ok(status)
}

/// Text that is no UTF-8 is as good as none.
fn text(content: Content<'_>) -> Cow<'_, str> {
    Cow::Borrowed(content.text().unwrap_or_default())
}

fn attribute<'a>(attributes: &mut Attributes<'a>, content: Content<'a>) -> Result<(), Unreadable> {
    if attributes.read.len() >= MAX_ATTRIBUTES {
        return Ok(());
    }
    if let (key, Some(value)) = member(content.bytes())? {
        attributes.read.push((key, value));
    }
    Ok(())
}

/// A key and its value.
fn member(bytes: &[u8]) -> Result<(Cow<'_, str>, Option<Value<'_>>), Unreadable> {
    let mut member = (Cow::Borrowed(""), None);
    let mut fields = Fields(bytes);
    while let Some((number, content)) = fields.next()? {
        match number {
            1 => member.0 = text(content),
            2 => member.1 = any(content.bytes())?,
            _ => {}
        }
    }
    Ok(member)
}

/// Any value; of several the last.
fn any(bytes: &[u8]) -> Result<Option<Value<'_>>, Unreadable> {
    let mut value = None;
    let mut fields = Fields(bytes);
    while let Some((number, content)) = fields.next()? {
        let own = content.bytes();
        value = match number {
            1 => Some(match content.text() {
                Some(text) => Value::Text(Cow::Borrowed(text)),
                None => Value::Bytes(Cow::Borrowed(own)),
            }),
            2 => Some(Value::Bool(content.number() != 0)),
            3 => Some(Value::Int(content.number().cast_signed())),
            4 => Some(Value::Double(f64::from_bits(content.number()))),
            5 => Some(Value::Nested(Nested::List(Source::Protobuf(own)))),
            6 => Some(Value::Nested(Nested::Map(Source::Protobuf(own)))),
            7 => Some(Value::Bytes(Cow::Borrowed(own))),
            _ => value,
        };
    }
    Ok(value)
}

/// What a list holds, as far as it can be read.
pub(super) fn values(bytes: &[u8]) -> Vec<Option<Value<'_>>> {
    each(bytes, |content| any(content.bytes()).ok())
}

/// What a map holds, as far as it can be read.
pub(super) fn members(bytes: &[u8]) -> Vec<(Cow<'_, str>, Option<Value<'_>>)> {
    each(bytes, |content| member(content.bytes()).ok())
}

fn each<'a, T>(bytes: &'a [u8], read: impl Fn(Content<'a>) -> Option<T>) -> Vec<T> {
    let mut all = Vec::new();
    let mut fields = Fields(bytes);
    while let Ok(Some((number, content))) = fields.next() {
        if number == 1 && all.len() < MAX_VALUES {
            all.extend(read(content));
        }
    }
    all
}
