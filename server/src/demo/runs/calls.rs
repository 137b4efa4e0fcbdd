//! A run's tool calls: each told by itself, or counted where a trace store keeps them.

use super::super::chance::Chance;
use super::super::tools::{Effect, Tool};

pub(in super::super) enum Calls {
    Each(Vec<Call>),
    Counted(Counts),
}

pub(in super::super) struct Call {
    pub(super) tool: &'static str,
    pub(super) effect: Effect,
    pub(super) said: Option<Effect>,
    pub started: i64,
    pub(super) ended: i64,
    pub(super) has_failed: bool,
    /// What its record leaves out.
    pub(super) lacks: Option<Lack>,
    /// Id of the policy decision that it names.
    pub policy: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lack {
    Input,
    End,
    /// Neither output nor error.
    Output,
}

pub(in super::super) struct Counts {
    pub(super) calls: u64,
    pub(super) failed: u64,
    pub(super) with_input: u64,
    pub(super) with_output: u64,
    /// As many of each effect, least first.
    pub(super) by_effect: [u64; 4],
}

/// Calls that are to be drawn.
pub(super) struct Wanted {
    pub tier: u8,
    pub is_above: bool,
    pub from: i64,
    pub took: i64,
}

impl Calls {
    pub(super) fn drawn(wanted: Wanted, chance: &mut Chance) -> Calls {
        let count = match chance.happens(0.03) {
            true if !wanted.is_above => 0,
            _ => chance.between(2, 9) as usize,
        };
        let mut tools: Vec<Tool> = (0..count)
            .map(|_| Tool::within(wanted.tier, chance))
            .collect();
        if wanted.is_above {
            tools[count - 1] = Tool::above(wanted.tier, chance);
        }
        let mut calls = calls(&tools, (wanted.from, wanted.took), chance);
        if !calls.is_empty() && chance.happens(0.07) {
            let place = chance.below(calls.len());
            calls[place].is_told_in_part(chance);
        }
        match chance.happens(0.08) {
            true => Calls::Counted(Counts::of(&calls)),
            false => Calls::Each(calls),
        }
    }

    /// Two that change nothing, one of them told in part.
    pub(super) fn without_effect(span: (i64, i64), chance: &mut Chance) -> Calls {
        let tools = [Tool::harmless(chance), Tool::harmless(chance)];
        let mut calls = calls(&tools, span, chance);
        calls[1].is_told_in_part(chance);
        Calls::Each(calls)
    }

    pub(super) fn count(&self) -> u64 {
        match self {
            Calls::Each(calls) => calls.len() as u64,
            Calls::Counted(counts) => counts.calls,
        }
    }

    pub(super) fn failed(&self) -> u64 {
        match self {
            Calls::Each(calls) => calls.iter().filter(|call| call.has_failed).count() as u64,
            Calls::Counted(counts) => counts.failed,
        }
    }

    /// Whether nothing of any of them is left out.
    pub(in super::super) fn are_complete(&self) -> bool {
        match self {
            Calls::Each(calls) => calls.iter().all(|call| call.lacks.is_none()),
            Calls::Counted(counts) => {
                counts.with_input == counts.calls && counts.with_output == counts.calls
            }
        }
    }

    /// The farthest that any of them goes.
    pub(in super::super) fn most(&self) -> Effect {
        let most = match self {
            Calls::Each(calls) => calls.iter().map(|call| call.effect).max(),
            Calls::Counted(counts) => {
                let each = Effect::ALL.into_iter().zip(counts.by_effect);
                each.filter(|(_, count)| *count > 0)
                    .map(|(effect, _)| effect)
                    .max()
            }
        };
        most.unwrap_or(Effect::None)
    }
}

/// One after another, some of them failing.
fn calls(tools: &[Tool], (from, took): (i64, i64), chance: &mut Chance) -> Vec<Call> {
    let step = took / tools.len().max(1) as i64;
    let each = tools.iter().zip(0..);
    each.map(|(tool, place)| {
        let started = from + step * place;
        Call {
            tool: tool.name,
            effect: tool.effect,
            said: tool.said(chance),
            started,
            ended: started + (step as f64 * chance.unit()) as i64,
            has_failed: chance.happens(0.06),
            lacks: None,
            policy: None,
        }
    })
    .collect()
}

impl Call {
    pub(in super::super) fn has_effect(&self) -> bool {
        self.effect != Effect::None
    }

    fn is_told_in_part(&mut self, chance: &mut Chance) {
        let lack = *chance.one(&[Lack::Input, Lack::End, Lack::Output]);
        self.lacks = Some(lack);
        self.has_failed &= lack != Lack::Output;
    }
}

impl Counts {
    /// What has no end is counted as without output.
    fn of(calls: &[Call]) -> Counts {
        let count = |own: fn(&Call) -> bool| calls.iter().filter(|call| own(call)).count() as u64;
        Counts {
            calls: calls.len() as u64,
            failed: count(|call| call.has_failed),
            with_input: count(|call| call.lacks != Some(Lack::Input)),
            with_output: count(|call| !matches!(call.lacks, Some(Lack::End | Lack::Output))),
            by_effect: Effect::ALL
                .map(|effect| calls.iter().filter(|call| call.effect == effect).count() as u64),
        }
    }
}
