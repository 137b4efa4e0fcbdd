//! The generated company: what its sources would have sent, week by week, and what is really true
//! of it.
//!
//! Pure and seeded: the same plan gives the same bytes. Knows nothing of how figures are computed,
//! so that its truth can be held against them. Every merge lies in its week in UTC and in the
//! company's time zone alike.

mod actors;
mod approvals;
mod artifacts;
mod chance;
mod changes;
mod company;
mod defects;
mod deployments;
mod domains;
pub mod episodes;
mod evaluations;
mod hours;
mod incidents;
mod making;
mod marks;
mod money;
mod object;
mod people;
mod policy;
mod registry;
mod reviews;
mod runs;
mod sent;
pub mod story;
mod suite_runs;
mod titles;
mod tools;
mod truth;
mod work;
mod workflows;

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;

use company::Company;
use making::Making;
use truth::facts::Fact;

pub use truth::{Figure, Money, Truth};

/// The generated company's weeks are those of its own clocks.
pub const TIME_ZONE: Tz = Tz::Europe__Berlin;

/// How large a company is generated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// 4 services, 3 workflows, about 40 changes a week.
    Small,
    /// 20 services, 12 workflows, about 800 changes a week.
    Large,
    /// 50 services, 12 workflows, about 3,850 changes a week.
    Huge,
}

impl Size {
    const ALL: [(Size, &'static str); 3] = [
        (Size::Small, "small"),
        (Size::Large, "large"),
        (Size::Huge, "huge"),
    ];
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Size, String> {
        Size::ALL
            .into_iter()
            .find(|(_, name)| *name == text)
            .map(|(size, _)| size)
            .ok_or_else(|| format!("{text:?} is not a size; there are small, large and huge"))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = Size::ALL.into_iter().find(|(size, _)| size == self);
        out.write_str(named.map_or("", |(_, name)| name))
    }
}

/// All that a generated company follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub weeks: u32,
    pub size: Size,
    /// The Monday of the last complete week.
    pub last_monday: NaiveDate,
}

impl Plan {
    /// The Monday of the week with this index; the first is 0.
    pub fn monday(&self, week: u32) -> NaiveDate {
        let back = u64::from(self.weeks.saturating_sub(1 + week)) * 7;
        self.last_monday
            .checked_sub_days(Days::new(back))
            .unwrap_or(NaiveDate::MIN)
    }
}

/// What the sources send in one week.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekOfRecords {
    pub monday: NaiveDate,
    pub changes: Vec<Value>,
    pub reviews: Vec<Value>,
    pub deployments: Vec<Value>,
    pub incidents: Vec<Value>,
    pub defects: Vec<Value>,
    pub runs: Vec<Value>,
    pub artifacts: Vec<Value>,
    pub evaluations: Vec<Value>,
    pub suite_runs: Vec<Value>,
    pub approvals: Vec<Value>,
    pub policy_decisions: Vec<Value>,
    /// What came to be certain in it, of whatever week it is true.
    facts: Vec<Fact>,
}

impl WeekOfRecords {
    /// Of a week in which nothing is told yet.
    fn of(monday: NaiveDate) -> WeekOfRecords {
        WeekOfRecords {
            monday,
            changes: Vec::new(),
            reviews: Vec::new(),
            deployments: Vec::new(),
            incidents: Vec::new(),
            defects: Vec::new(),
            runs: Vec::new(),
            artifacts: Vec::new(),
            evaluations: Vec::new(),
            suite_runs: Vec::new(),
            approvals: Vec::new(),
            policy_decisions: Vec::new(),
            facts: Vec::new(),
        }
    }
}

/// Company, people, services, workflows, agents and their tools, as TOML.
pub fn registry_toml(plan: &Plan) -> String {
    registry::toml(plan, &Company::of(plan))
}

/// The records week by week, so that a huge company never has to be in memory. What is edited,
/// resolved, noted, decided or ended later comes again with the week in which that is.
pub fn weeks(plan: &Plan) -> impl Iterator<Item = WeekOfRecords> + use<> {
    let mut making = Making::of(plan.clone());
    (0..plan.weeks).map(move |index| making.week(index))
}

#[cfg(test)]
mod tests;
