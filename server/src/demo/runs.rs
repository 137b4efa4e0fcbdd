//! An agent's run: how it went, what it called, what it cost and what it says that it left behind.
//!
//! All of it is chosen before a record is written; what the record lacks is chosen too.

mod calls;
mod record;

use super::actors::Actor;
use super::chance::Chance;
use super::hours::MINUTE;
use super::truth::agents::Ran;

pub(super) use calls::Calls;
use calls::Wanted;
pub(super) use record::{call_id, reversal};

pub(super) struct Run {
    pub id: String,
    agent: String,
    workflow: Option<String>,
    pub started: i64,
    /// None for one whose end nobody saw.
    ended: Option<i64>,
    pub outcome: Option<Outcome>,
    has_input: bool,
    has_output: bool,
    pub calls: Calls,
    /// In millionths, with the currency.
    cost: Option<(i64, &'static str)>,
    tokens: Vec<Tokens>,
    /// What its record lists.
    pub left: Vec<Left>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Ok,
    Error,
    HandedOver,
}

struct Tokens {
    model: &'static str,
    input: u64,
    cached: u64,
    output: u64,
}

/// Something that a run says it left behind.
pub(super) struct Left {
    pub kind: &'static str,
    pub reference: String,
    pub landed: Option<i64>,
    pub reversal: Option<String>,
}

/// A run that is to be drawn.
pub(super) struct Planned<'a> {
    pub id: String,
    pub actor: &'a Actor<'a>,
    /// It lies between these.
    pub between: (i64, i64),
    /// How likely it goes above its tier.
    pub above: f64,
}

impl Run {
    pub(super) fn drawn(planned: Planned<'_>, chance: &mut Chance) -> Run {
        let actor = planned.actor;
        let (from, to) = planned.between;
        let took = (chance.log_normal(14.0, 0.7) * MINUTE as f64) as i64;
        let took = took.clamp(0, (to - from) / 2);
        let started = from + ((to - from - took) as f64 * chance.unit()) as i64;
        let (ended, outcome) = match chance.weighted(&[0.86, 0.05, 0.05, 0.02, 0.02]) {
            0 => (true, Some(Outcome::Ok)),
            1 => (true, Some(Outcome::Error)),
            2 => (true, Some(Outcome::HandedOver)),
            3 => (true, None),
            _ => (false, None),
        };
        let wanted = Wanted {
            tier: actor.tier,
            is_above: chance.happens(planned.above),
            from: started,
            took,
        };
        Run {
            id: planned.id,
            agent: actor.agent.clone(),
            workflow: actor.named.clone(),
            started,
            ended: ended.then_some(started + took),
            outcome,
            has_input: chance.happens(0.98),
            has_output: ended && chance.happens(0.97),
            calls: Calls::drawn(wanted, chance),
            cost: cost(chance),
            tokens: tokens(chance),
            left: Vec::new(),
        }
    }

    /// An earlier try by the same agent, given up: little is known of it, and it does nothing.
    pub(super) fn given_up(&self, id: String, from: i64, chance: &mut Chance) -> Run {
        let started = from + ((self.started - from) as f64 * chance.unit()) as i64;
        Run {
            id,
            agent: self.agent.clone(),
            workflow: self.workflow.clone(),
            started,
            ended: Some(self.started),
            outcome: Some(Outcome::HandedOver),
            has_input: true,
            has_output: false,
            calls: Calls::without_effect((started, self.started - started), chance),
            cost: cost(chance),
            tokens: tokens(chance),
            left: Vec::new(),
        }
    }

    /// The last that is known of it.
    pub(super) fn end(&self) -> i64 {
        self.ended.unwrap_or(self.started)
    }

    pub(super) fn is_recorded(&self) -> bool {
        self.has_input && self.has_output
    }

    /// What counts of it, `is_denied` being whether a policy ever said no.
    pub(super) fn fact(&self, actor: &Actor<'_>, is_denied: bool) -> Ran {
        let sum = |part: fn(&Tokens) -> u64| self.tokens.iter().map(part).sum::<u64>() as i64;
        let input = sum(|tokens| tokens.input);
        Ran {
            at: self.started,
            scopes: actor.scopes(),
            is_ok: self.outcome.map(|outcome| outcome == Outcome::Ok),
            is_handed_over: self.outcome.map(|outcome| outcome == Outcome::HandedOver),
            calls: (self.calls.failed() as i64, self.calls.count() as i64),
            // No rate is declared for any other currency.
            micros: self.cost.filter(|cost| cost.1 == "EUR").map(|cost| cost.0),
            input: (sum(|tokens| tokens.cached), input),
            is_above_tier: self.calls.most().is_above(actor.tier),
            is_denied,
        }
    }
}

impl Outcome {
    fn as_str(self) -> &'static str {
        match self {
            Outcome::Ok => "ok",
            Outcome::Error => "error",
            Outcome::HandedOver => "handed_over",
        }
    }
}

fn cost(chance: &mut Chance) -> Option<(i64, &'static str)> {
    let micros = (chance.log_normal(0.18, 0.9) * 1_000_000.0) as i64;
    match chance.weighted(&[0.6, 0.32, 0.03, 0.05]) {
        0 => Some((micros, "EUR")),
        // Some providers bill whole cents.
        1 => Some((micros / 10_000 * 10_000, "EUR")),
        2 => Some((micros, "USD")),
        _ => None,
    }
}

fn tokens(chance: &mut Chance) -> Vec<Tokens> {
    let models = ["heron-large", "heron-small"];
    let count = chance.weighted(&[0.08, 0.72, 0.2]);
    let each = models.into_iter().take(count);
    each.map(|model| {
        let input = chance.log_normal(24_000.0, 0.8) as u64 + 200;
        let cached = (input as f64 * 0.8 * chance.unit()) as u64;
        Tokens {
            model,
            input,
            cached,
            output: chance.log_normal(1_800.0, 0.7) as u64 + 1,
        }
    })
    .collect()
}
