//! What becomes of a planned deployment, drawn before it is made.

use super::super::chance::Chance;

/// What becomes of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Fine,
    /// Deployed once more, though nothing is wrong.
    Repeated,
    /// Its rollout fails, which nobody feels, and is tried again.
    Retried,
    Fails {
        by_itself: bool,
        end: End,
    },
}

/// How a failed deployment is put right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    RolledBack,
    /// By a change to come that mends it.
    Fixed,
    /// By a change to come that takes it back.
    Reverted,
    /// Not at all: there was an incident, and it passed.
    Felt,
}

impl Fate {
    pub(super) fn drawn(failing: f64, chance: &mut Chance) -> Fate {
        if !chance.happens(failing) {
            return match chance.weighted(&[0.95, 0.03, 0.02]) {
                0 => Fate::Fine,
                1 => Fate::Repeated,
                _ => Fate::Retried,
            };
        }
        let by_itself = chance.happens(0.25);
        // A rollout that failed brought nothing that could be taken back.
        let reverted = if by_itself { 0.0 } else { 0.2 };
        let end = match chance.weighted(&[0.4, 0.28, reverted, 0.12]) {
            0 => End::RolledBack,
            1 => End::Fixed,
            2 => End::Reverted,
            _ => End::Felt,
        };
        Fate::Fails { by_itself, end }
    }
}
