//! A run of a suite as metrics see it.

use super::Sums;

/// What is settled about a run of a suite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SuiteRun {
    pub kind: Kind,
    /// Whether it is the last of its suite in the week.
    pub is_latest: bool,
    pub cases: i64,
    pub passed: i64,
}

/// What a suite is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Regression,
    Adversarial,
    Unit,
}

impl Kind {
    /// The kind of this name; unit for a name that is none.
    pub fn parse(text: &str) -> Kind {
        match text {
            "regression" => Kind::Regression,
            "adversarial" => Kind::Adversarial,
            _ => Kind::Unit,
        }
    }
}

impl SuiteRun {
    /// Passed cases and all cases; why they do not count. None of a suite of another kind.
    pub fn sums(&self, kind: Kind) -> Option<Sums> {
        let own = || match (self.is_latest, self.cases) {
            (false, _) => Err("a later run of its suite stands for the week"),
            (true, 0) => Err("it had no case"),
            (true, cases) => Ok([self.passed, cases]),
        };
        (self.kind == kind).then(own)
    }
}
