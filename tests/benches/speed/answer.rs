//! A question, what was measured, and the bound it is held against.

use std::fmt;

/// What was promised of a measured value.
#[derive(Clone, Copy, Debug)]
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
    Under(f64),
}

/// What came out of one question.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What the value is, in words.
    pub what: &'static str,
    pub value: f64,
    /// Behind the value and the bound: `%`, ` MB`, or nothing for a ratio.
    pub unit: &'static str,
    pub bound: Bound,
}

impl Answer {
    pub fn holds(&self) -> bool {
        match self.bound {
            Bound::AtLeast(bound) => self.value >= bound,
            Bound::AtMost(bound) => self.value <= bound,
            Bound::Under(bound) => self.value < bound,
        }
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (words, bound) = match self.bound {
            Bound::AtLeast(bound) => ("at least", bound),
            Bound::AtMost(bound) => ("at most", bound),
            Bound::Under(bound) => ("under", bound),
        };
        let holds = if self.holds() {
            "holds"
        } else {
            "does not hold"
        };
        let value = format!("{:.2}{}", self.value, self.unit);
        let promised = format!("{words} {bound}{}", self.unit);
        write!(
            out,
            "{:<58} {value:>10}   {promised:<15} {holds}",
            self.what
        )
    }
}
