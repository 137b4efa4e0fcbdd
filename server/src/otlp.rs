//! What an OTLP export says, as rows of runs: spans from `/v1/traces`, events from `/v1/logs`.
//!
//! It knows neither where rows go nor what time it is, and undoes no compression. A batch keeps its
//! good rows; each other is told with its reason. Texts that went in or came out are kept as size
//! and hash, unless bodies are asked for. Nothing that a sender can write makes it panic, or take
//! more than a small multiple of the export's own size.

mod answer;
mod assemble;
mod evaluation;
mod event;
mod facts;
mod instant;
mod json;
mod limits;
mod names;
mod place;
mod protobuf;
mod raw;
mod recorded;
mod span;
mod tokens;
mod value;
mod wire;

use std::borrow::Cow;

use facts::Origin;
use raw::{Attributes, RawLog, RawSpan};

pub use answer::{Signal, answer, failure};
pub(crate) use assemble::newest;
pub use assemble::{Assembled, Completeness, assemble};
pub use evaluation::{Evaluation, Evaluator};
pub use event::{Decider, Event, Said};
pub use limits::*;
pub use names::JoinKey;
pub use recorded::Recorded;
pub use span::{Effect, Outcome, Role, Span};
pub use tokens::{Tokens, by_model as tokens_by_model};

/// How an export is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Protobuf,
    Json,
}

/// How an export is read.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    /// When it arrived, in milliseconds since 1970.
    pub received_at: i64,
    /// Whether texts that went in or came out are kept too.
    pub keeps_bodies: bool,
}

/// Why an export could not be read at all; it holds nothing of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(Cow<'static, str>);

/// A row that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub trace_id: Option<String>,
    pub span_id: Option<String>,
    pub reason: String,
}

/// How many rows were not taken, and the first reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusals {
    pub count: usize,
    /// At most [`MAX_REASONS`].
    pub first: Vec<Rejected>,
}

impl Refusals {
    fn add(&mut self, rejected: Rejected) {
        self.add_all(1, rejected);
    }

    /// So many rows that were not taken for one reason.
    pub fn add_all(&mut self, count: usize, rejected: Rejected) {
        self.count += count;
        if self.first.len() < MAX_REASONS {
            self.first.push(rejected);
        }
    }

    fn too_many(&mut self, beyond: usize) {
        if beyond > 0 {
            let reason = format!("more than {MAX_ROWS} in one request; {beyond} were left out");
            self.add_all(beyond, unnamed(reason));
        }
    }
}

/// What `/v1/traces` was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Traces {
    pub spans: Vec<Span>,
    pub rejected: Refusals,
}

/// What `/v1/logs` was sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logs {
    pub events: Vec<Event>,
    pub rejected: Refusals,
}

/// Takes the rows of an export one by one.
trait Reader<'a, R> {
    /// What the rows after it came from.
    fn resource(&mut self, attributes: &Attributes<'_>);
    fn row(&mut self, row: Result<R, String>);
}

/// The spans of an export.
pub fn traces(body: &[u8], encoding: Encoding, reading: Reading) -> Result<Traces, Unreadable> {
    let mut reader = Taking::<Traces>::of(reading);
    let beyond = match encoding {
        Encoding::Protobuf => protobuf::rows(body, &mut reader)?,
        Encoding::Json => json::rows(body, &mut reader)?,
    };
    reader.taken.rejected.too_many(beyond);
    Ok(reader.taken)
}

/// The events of an export of logs.
pub fn logs(body: &[u8], encoding: Encoding, reading: Reading) -> Result<Logs, Unreadable> {
    let mut reader = Taking::<Logs>::of(reading);
    let beyond = match encoding {
        Encoding::Protobuf => protobuf::rows(body, &mut reader)?,
        Encoding::Json => json::rows(body, &mut reader)?,
    };
    reader.taken.rejected.too_many(beyond);
    Ok(reader.taken)
}

struct Taking<T> {
    reading: Reading,
    /// How many bytes the rows take so far.
    kept: usize,
    origin: Origin,
    taken: T,
}

impl<T: Default> Taking<T> {
    fn of(reading: Reading) -> Taking<T> {
        Taking {
            reading,
            kept: 0,
            origin: Origin::default(),
            taken: T::default(),
        }
    }

    /// Whether there is room for a row of this weight.
    fn make_room(&mut self, weight: usize) -> Result<(), Rejected> {
        self.kept = self.kept.saturating_add(weight);
        if self.kept <= MAX_KEPT_BYTES {
            return Ok(());
        }
        let reason = "one request would fill more memory than it may; send smaller ones";
        Err(unnamed(reason.to_owned()))
    }
}

fn unnamed(reason: String) -> Rejected {
    Rejected {
        trace_id: None,
        span_id: None,
        reason,
    }
}

impl<'a> Reader<'a, RawSpan<'a>> for Taking<Traces> {
    fn resource(&mut self, attributes: &Attributes<'_>) {
        self.origin = Origin::of(attributes);
    }

    fn row(&mut self, row: Result<RawSpan<'a>, String>) {
        let read = row.map_err(unnamed);
        let read = read.and_then(|raw| span::read(&raw, &self.origin, self.reading));
        match read.and_then(|span| self.make_room(span.weight()).map(|()| span)) {
            Ok(span) => self.taken.spans.push(span),
            Err(rejected) => self.taken.rejected.add(rejected),
        }
    }
}

impl<'a> Reader<'a, RawLog<'a>> for Taking<Logs> {
    fn resource(&mut self, attributes: &Attributes<'_>) {
        self.origin = Origin::of(attributes);
    }

    fn row(&mut self, row: Result<RawLog<'a>, String>) {
        let read = row.map_err(unnamed);
        let read = read.and_then(|raw| event::read(&raw, &self.origin, self.reading));
        let weight = |event: &Option<Event>| event.as_ref().map_or(0, Event::weight);
        match read.and_then(|event| self.make_room(weight(&event)).map(|()| event)) {
            Ok(Some(event)) => self.taken.events.push(event),
            // It tells of nothing that is kept.
            Ok(None) => {}
            Err(rejected) => self.taken.rejected.add(rejected),
        }
    }
}

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod tests;
