//! What agents can call, and what a call of it does to the world.

use super::chance::Chance;

/// What a call does, least first: each is allowed from the tier of its place on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Effect {
    None,
    Propose,
    NonProduction,
    Production,
}

impl Effect {
    pub(super) const ALL: [Effect; 4] = [
        Effect::None,
        Effect::Propose,
        Effect::NonProduction,
        Effect::Production,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Effect::None => "none",
            Effect::Propose => "propose",
            Effect::NonProduction => "non_production",
            Effect::Production => "production",
        }
    }

    pub(super) fn is_above(self, tier: u8) -> bool {
        self as u8 > tier
    }
}

/// A tool with what it does.
#[derive(Clone, Copy)]
pub(super) struct Tool {
    pub name: &'static str,
    pub effect: Effect,
    is_declared: bool,
}

const fn declared(name: &'static str, effect: Effect) -> Tool {
    Tool {
        name,
        effect,
        is_declared: true,
    }
}

/// Those that nobody declared do what their calls say, else nothing.
const fn undeclared(name: &'static str, effect: Effect) -> Tool {
    Tool {
        name,
        effect,
        is_declared: false,
    }
}

const TOOLS: [Tool; 14] = [
    declared("read_file", Effect::None),
    declared("search_code", Effect::None),
    declared("run_tests", Effect::None),
    declared("read_ticket", Effect::None),
    undeclared("look_up_order", Effect::None),
    declared("open_pull_request", Effect::Propose),
    declared("comment_on_ticket", Effect::Propose),
    undeclared("draft_reply", Effect::Propose),
    declared("run_migration_staging", Effect::NonProduction),
    declared("deploy_staging", Effect::NonProduction),
    undeclared("restart_test_worker", Effect::NonProduction),
    declared("deploy", Effect::Production),
    declared("set_flag", Effect::Production),
    undeclared("purge_cache", Effect::Production),
];

impl Tool {
    pub(super) fn declared() -> impl Iterator<Item = &'static Tool> {
        TOOLS.iter().filter(|tool| tool.is_declared)
    }

    /// One that does nothing.
    pub(super) fn harmless(chance: &mut Chance) -> Tool {
        TOOLS[chance.below(5)]
    }

    /// One that is allowed in a tier.
    pub(super) fn within(tier: u8, chance: &mut Chance) -> Tool {
        let reach = [5, 8, 11, 14][usize::from(tier.min(3))];
        TOOLS[chance.below(reach)]
    }

    /// One that is not allowed in a tier below the highest.
    pub(super) fn above(tier: u8, chance: &mut Chance) -> Tool {
        let above: Vec<&Tool> = TOOLS
            .iter()
            .filter(|tool| tool.effect.is_above(tier))
            .collect();
        **chance.one(&above)
    }

    /// The effect that a call's record carries; of a declared tool it may be a wrong one.
    pub(super) fn said(self, chance: &mut Chance) -> Option<Effect> {
        let (none, right) = match (self.is_declared, self.effect) {
            (true, _) => (0.4, 0.57),
            (false, Effect::None) => (0.5, 0.5),
            (false, _) => (0.0, 1.0),
        };
        match chance.weighted(&[none, right, if self.is_declared { 0.03 } else { 0.0 }]) {
            0 => None,
            1 => Some(self.effect),
            _ => Some(*chance.one(&Effect::ALL)),
        }
    }
}
