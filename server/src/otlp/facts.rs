//! The facts that attributes carry, under whatever name each was sent.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::limits::{MAX_KEY_BYTES, MAX_KEYS, MAX_METADATA_BYTES, MAX_NAME_BYTES};
use super::names::{self, FIELDS, Field, JoinKey, Meaning, NAMES, begins};
use super::raw::Attributes;
use super::recorded::cut;
use super::value::Value;

/// How much less a name counts that stands on an event of the span.
const ON_EVENT: usize = 100;

/// What the attributes of one thing say.
#[derive(Debug)]
pub(super) struct Facts<'v> {
    own: [Option<(usize, &'v Value<'v>)>; FIELDS],
    /// With the place of each one's name.
    sessions: Vec<(usize, String)>,
    pub(super) joins: Vec<(JoinKey, String)>,
    pub(super) input_parts: Vec<(&'v str, &'v Value<'v>)>,
    pub(super) output_parts: Vec<(&'v str, &'v Value<'v>)>,
    /// Under the list's name and place: the name within, and the value.
    pub(super) results: BTreeMap<&'v str, Facts<'v>>,
    /// Whether it tells of what services do.
    pub(super) is_of_service: bool,
}

impl<'v> Facts<'v> {
    pub(super) fn none() -> Facts<'v> {
        Facts {
            own: [None; FIELDS],
            sessions: Vec::new(),
            joins: Vec::new(),
            input_parts: Vec::new(),
            output_parts: Vec::new(),
            results: BTreeMap::new(),
            is_of_service: false,
        }
    }

    pub(super) fn of(attributes: &'v Attributes<'v>) -> Facts<'v> {
        let mut facts = Facts::none();
        for (name, value) in &attributes.read {
            facts.take(name, value, 0);
        }
        facts.take_metadata();
        facts
    }

    /// Adds what an event says where the thing itself says nothing.
    pub(super) fn add_event(&mut self, attributes: &'v Attributes<'v>) {
        for (name, value) in &attributes.read {
            self.take(name, value, ON_EVENT);
        }
    }

    fn take(&mut self, name: &'v str, value: &'v Value<'v>, less: usize) {
        match names::meaning(name) {
            Some(Meaning::Fact(field, rank)) => self.set(field, rank + less, value),
            Some(meaning) => self.join(meaning, value),
            None => self.take_part(name, value),
        }
    }

    fn set(&mut self, field: Field, rank: usize, value: &'v Value<'v>) {
        let own = &mut self.own[field as usize];
        if own.is_none_or(|(other, _)| rank < other) {
            *own = Some((rank, value));
        }
    }

    fn join(&mut self, meaning: Meaning, value: &Value<'_>) {
        let Some(key) = key(value) else { return };
        match meaning {
            Meaning::Session(rank) => add(&mut self.sessions, (rank, key)),
            Meaning::Joins(kind) => add(&mut self.joins, (kind, without_user(key))),
            Meaning::Fact(..) => {}
        }
    }

    /// What is spread over many attributes.
    fn take_part(&mut self, name: &'v str, value: &'v Value<'v>) {
        if begins(name, &NAMES.input_parts).is_some() {
            self.input_parts.push((name, value));
        } else if begins(name, &NAMES.output_parts).is_some() {
            self.output_parts.push((name, value));
        } else if let Some(rest) = begins(name, &NAMES.results) {
            self.take_result(name, rest, value);
        } else if begins(name, &NAMES.of_services).is_some() {
            self.is_of_service = true;
        } else if let Some(rest) = begins(name, &NAMES.metadata)
            && let Some(meaning) = names::meaning(rest)
        {
            self.join(meaning, value);
        }
    }

    /// A part of one of several results: `0.annotation.name` after the list's name.
    fn take_result(&mut self, name: &'v str, rest: &'v str, value: &'v Value<'v>) {
        let Some((_, part)) = rest.split_once('.') else {
            return;
        };
        // Only a plain fact: a result within a result could go on without end.
        let Some(Meaning::Fact(field, rank)) = names::meaning(part) else {
            return;
        };
        let list = &name[..name.len() - part.len() - 1];
        if self.results.len() < MAX_KEYS || self.results.contains_key(list) {
            let result = self.results.entry(list).or_insert_with(Facts::none);
            result.set(field, rank, value);
        }
    }

    /// `metadata` is an object in a text.
    fn take_metadata(&mut self) {
        let Some(Value::Text(text)) = self.value(Field::Metadata) else {
            return;
        };
        if text.len() > MAX_METADATA_BYTES {
            return;
        }
        let members = serde_json::from_str::<BTreeMap<String, &RawValue>>(text);
        for (name, raw) in members.unwrap_or_default() {
            if let Some(meaning @ (Meaning::Session(_) | Meaning::Joins(_))) = names::meaning(&name)
            {
                let value = match serde_json::from_str::<serde_json::Value>(raw.get()) {
                    Ok(serde_json::Value::String(text)) => text,
                    Ok(serde_json::Value::Number(number)) => number.to_string(),
                    _ => continue,
                };
                self.join(meaning, &Value::Text(Cow::Owned(value)));
            }
        }
    }

    /// Those of the names that are listed first come first.
    pub(super) fn sessions(&self) -> Vec<String> {
        let mut ranked = self.sessions.clone();
        ranked.sort_unstable();
        ranked.into_iter().map(|(_, session)| session).collect()
    }

    pub(super) fn value(&self, field: Field) -> Option<&'v Value<'v>> {
        self.own[field as usize].map(|(_, value)| value)
    }

    pub(super) fn text(&self, field: Field) -> Option<Cow<'v, str>> {
        self.value(field)?.text()
    }

    /// What names something else, whole or not at all.
    pub(super) fn key(&self, field: Field) -> Option<String> {
        key(self.value(field)?)
    }

    /// What something is called, cut if it is long.
    pub(super) fn name(&self, field: Field) -> Option<String> {
        self.text(field).map(|text| cut(&text, MAX_NAME_BYTES))
    }

    pub(super) fn count(&self, field: Field) -> Option<u64> {
        self.value(field)?.count()
    }

    pub(super) fn is(&self, field: Field, word: &str) -> bool {
        self.text(field)
            .is_some_and(|text| text.eq_ignore_ascii_case(word))
    }

    pub(super) fn keys(&self, field: Field) -> Vec<String> {
        let texts = self.value(field).map(Value::texts).unwrap_or_default();
        let mut keys = Vec::new();
        for text in texts.into_iter().filter(|text| text.len() <= MAX_KEY_BYTES) {
            add(&mut keys, text);
        }
        keys
    }
}

/// Adds what is not there yet, up to the limit.
pub(super) fn add<T: PartialEq>(all: &mut Vec<T>, own: T) {
    if all.len() < MAX_KEYS && !all.contains(&own) {
        all.push(own);
    }
}

fn key(value: &Value<'_>) -> Option<String> {
    value
        .text()
        .filter(|text| text.len() <= MAX_KEY_BYTES)
        .map(Cow::into_owned)
}

/// What a resource says of all that it sent.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    pub(super) agent: Option<String>,
    pub(super) agent_name: Option<String>,
    pub(super) service: Option<String>,
    pub(super) workflow: Option<String>,
    pub(super) provider: Option<String>,
    pub(super) sessions: Vec<String>,
    pub(super) joins: Vec<(JoinKey, String)>,
}

impl Origin {
    pub(super) fn of(attributes: &Attributes<'_>) -> Origin {
        let facts = Facts::of(attributes);
        Origin {
            agent: facts.key(Field::Agent),
            agent_name: facts.name(Field::AgentName),
            service: facts.name(Field::Service),
            workflow: facts.key(Field::Workflow),
            provider: facts.key(Field::Provider),
            sessions: facts.sessions(),
            joins: facts.joins,
        }
    }

    /// Sessions of a row and of its resource.
    pub(super) fn sessions(&self, own: Vec<String>) -> Vec<String> {
        union(own, &self.sessions)
    }

    pub(super) fn joins(&self, own: Vec<(JoinKey, String)>) -> Vec<(JoinKey, String)> {
        union(own, &self.joins)
    }
}

/// An address without who reads it: what a build takes from `git remote` may hold a token.
fn without_user(address: String) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        return address;
    };
    let host = rest.split('/').next().unwrap_or_default();
    match host.rfind('@') {
        Some(at) => format!("{scheme}://{}", &rest[at + 1..]),
        None => address,
    }
}

/// Both, sorted, so that the order of attributes changes nothing.
fn union<T: Clone + Ord>(mut own: Vec<T>, more: &[T]) -> Vec<T> {
    for other in more {
        add(&mut own, other.clone());
    }
    own.sort_unstable();
    own
}
