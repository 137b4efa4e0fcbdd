//! Tokens of a model's calls. Our input holds the cached ones; senders differ.
//!
//! The conventions ask that input holds what was read from and written to a cache, and so it is
//! taken. Anthropic's own counts lie beside each other and are added up. Where a total is given it
//! decides. What contradicts itself is not counted, and never guessed: doubled or lost cached tokens
//! are the commonest fault of trace stores.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::names::Field;

/// The model's name where none is given.
const UNKNOWN: &str = "unknown";
/// More than any call or run has; what is above it is a fault.
const MOST: u64 = 1 << 50;

/// What calls of one model used.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Tokens {
    pub model: String,
    /// With the cached ones.
    pub input: u64,
    /// Read from a cache.
    pub cached_input: u64,
    pub output: u64,
}

/// The model that answered, else the one that was asked.
fn model(facts: &Facts<'_>) -> Option<String> {
    let model = facts.name(Field::ResponseModel);
    model.or_else(|| facts.name(Field::RequestModel))
}

/// What was used, if it is told and can be.
pub(super) fn read(facts: &Facts<'_>) -> Option<Tokens> {
    let output = facts.count(Field::OutputTokens).unwrap_or(0);
    let cache = |plain, beside| facts.count(plain).or_else(|| facts.count(beside));
    let read = cache(Field::CacheRead, Field::CacheReadBeside);
    let written = cache(Field::CacheWritten, Field::CacheWrittenBeside);
    let cached = read.unwrap_or(0).saturating_add(written.unwrap_or(0));
    let is_beside = [Field::CacheReadBeside, Field::CacheWrittenBeside];
    let is_beside = is_beside.iter().any(|field| facts.count(*field).is_some());
    let beside = facts.count(Field::InputBesideCache);
    let held = facts.count(Field::InputTokens);
    let input = match (held, beside) {
        (_, Some(beside)) if is_beside => beside.saturating_add(cached),
        (Some(held), _) if lies_beside(facts, held, cached, output) => held.saturating_add(cached),
        (Some(held), _) => held,
        (None, Some(beside)) => beside,
        (None, None) => return None,
    };
    // Input holds what the cache gave.
    let can_be = cached <= input && input <= MOST && output <= MOST;
    can_be.then(|| Tokens {
        model: model(facts).unwrap_or_else(|| UNKNOWN.to_owned()),
        input,
        cached_input: read.unwrap_or(0),
        output,
    })
}

/// Whether the total shows that input was counted without the cached ones.
fn lies_beside(facts: &Facts<'_>, held: u64, cached: u64, output: u64) -> bool {
    let total = facts.count(Field::TotalTokens);
    let sum = held
        .checked_add(cached)
        .and_then(|own| own.checked_add(output));
    cached > 0 && total.is_some() && total == sum
}

/// The sum for each model, sorted by its name.
pub fn by_model<'a>(all: impl Iterator<Item = &'a Tokens>) -> Vec<Tokens> {
    let mut sums: std::collections::BTreeMap<&str, Tokens> = std::collections::BTreeMap::new();
    for own in all {
        let sum = sums.entry(&own.model).or_default();
        sum.input = sum.input.saturating_add(own.input);
        sum.cached_input = sum.cached_input.saturating_add(own.cached_input);
        sum.output = sum.output.saturating_add(own.output);
    }
    let named = sums.into_iter().map(|(model, sum)| Tokens {
        model: model.to_owned(),
        ..sum
    });
    named.collect()
}
