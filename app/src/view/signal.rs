//! Whether a week stands out from the weeks before it, and by which rule.

use serde::{Deserialize, Serialize};

/// What a process behaviour chart says of one week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Signal {
    /// Outside the usual, in the direction the metric wants.
    Better,
    /// Outside the usual, against the direction the metric wants.
    Worse,
    /// Outside the usual and higher, for a metric that has no better side.
    Up,
    /// Outside the usual and lower, for a metric that has no better side.
    Down,
    /// Within what these weeks usually bring.
    Routine,
    /// Too few records this week, or fewer than twelve usable weeks before it.
    TooFew,
    /// There is no value.
    None,
}

/// The three detection rules, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// The point lies outside a limit.
    OutsideLimits,
    /// Three of four points, this one among them, lie on one side and nearer the limit than the centre.
    ThreeOfFourNearLimit,
    /// Eight points in a row, up to this one, lie on one side of the centre.
    EightOnOneSide,
}
