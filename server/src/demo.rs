//! The generated company: what its sources would have sent, week by week, and what is really true
//! of it.
//!
//! Pure and seeded: the same plan gives the same bytes. Knows nothing of how figures are computed,
//! so that its truth can be held against them. Every merge lies in its week in UTC and in the
//! company's time zone alike.

mod chance;
mod changes;
mod company;
mod deployments;
mod domains;
mod hours;
mod marks;
mod object;
mod people;
mod registry;
mod reviews;
pub mod story;
mod titles;
mod truth;

use std::fmt;
use std::str::FromStr;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde_json::Value;

use chance::Chance;
use changes::Change;
use company::{Company, Service};
use hours::{DAY, HOUR};

use truth::True;

pub use truth::Truth;

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
    fn monday(&self, week: u32) -> NaiveDate {
        let back = u64::from(self.weeks.saturating_sub(1 + week)) * 7;
        self.last_monday
            .checked_sub_days(Days::new(back))
            .unwrap_or(NaiveDate::MIN)
    }
}

/// What the sources send in one week, and what is true of it.
#[derive(Clone, Debug, PartialEq)]
pub struct WeekOfRecords {
    pub monday: NaiveDate,
    pub changes: Vec<Value>,
    pub reviews: Vec<Value>,
    pub deployments: Vec<Value>,
    pub truth: Truth,
}

/// Company, people, services, workflows and agents, as TOML.
pub fn registry_toml(plan: &Plan) -> String {
    registry::toml(plan, &Company::of(plan))
}

/// The records week by week, so that a huge company never has to be in memory. Changes whose title
/// is edited later come again with the week after theirs.
pub fn weeks(plan: &Plan) -> impl Iterator<Item = WeekOfRecords> + use<> {
    let plan = plan.clone();
    let company = Company::of(&plan);
    let mut edited = Vec::new();
    (0..plan.weeks).map(move |index| {
        let mut making = Making::of(&plan, index);
        for (place, service) in company.services.iter().enumerate() {
            let stream = (u64::from(index) << 16) + place as u64 + 1;
            making.service(&company, service, Chance::of(plan.seed, stream));
        }
        making.records.changes.append(&mut edited);
        edited = std::mem::take(&mut making.edited);
        making.finish(Chance::of(plan.seed, u64::from(index) << 16))
    })
}

/// A week while it is made.
struct Making {
    index: u32,
    records: WeekOfRecords,
    /// Changes of this week whose title is edited in the next.
    edited: Vec<Value>,
}

impl Making {
    fn of(plan: &Plan, index: u32) -> Making {
        Making {
            index,
            records: WeekOfRecords {
                monday: plan.monday(index),
                changes: Vec::new(),
                reviews: Vec::new(),
                deployments: Vec::new(),
                truth: Truth::default(),
            },
            edited: Vec::new(),
        }
    }

    fn service(&mut self, company: &Company, service: &Service, mut chance: Chance) {
        let week = company.week(service, self.index, self.records.monday);
        let changes = changes::of_week(company, service, &week, &mut chance);
        let mut told = Vec::with_capacity(changes.len());
        for change in &changes {
            self.records.changes.push(change.record(service));
            let reviews = reviews::of_change(change, (service, &company.people), &mut chance);
            told.push((change, change.truth(reviews.first_at)));
            self.records.reviews.extend(reviews.records);
            if change.is_merged && chance.happens(0.02) {
                let days = chance.between(7, 10);
                let at = hours::midnight(week.monday) + days * DAY + 10 * HOUR;
                self.edited.push(change.edited(service, at));
            }
        }
        self.count(company, service, &told);
        let deployments = deployments::of_week((service, &week), &changes, &mut chance);
        self.records.deployments.extend(deployments);
    }

    fn count(&mut self, company: &Company, service: &Service, told: &[(&Change, True)]) {
        let mut count = |scope: &str, covers: &dyn Fn(&Change) -> bool| {
            let merged = told.iter().filter(|(change, _)| change.is_merged);
            let covered: Vec<True> = merged
                .filter(|(change, _)| covers(change))
                .map(|(_, told)| *told)
                .collect();
            self.records.truth.count(scope, &covered);
        };
        count("company", &|_| true);
        count(&format!("service:{}", service.slug), &|_| true);
        for workflow in &company.workflows {
            if workflow.services.contains(&service.slug) {
                let scope = format!("workflow:{}", workflow.slug);
                count(&scope, &|change| change.is_covered(workflow));
            }
        }
    }

    /// In the order in which a source would send them, with now and then one of them twice.
    fn finish(mut self, mut chance: Chance) -> WeekOfRecords {
        sort(&mut self.records.changes, "updated_at");
        sort(&mut self.records.reviews, "submitted_at");
        sort(&mut self.records.deployments, "finished_at");
        for records in [&mut self.records.changes, &mut self.records.reviews] {
            if !records.is_empty() && chance.happens(0.4) {
                let again = chance.one(records).clone();
                records.push(again);
            }
        }
        self.records.truth.sort();
        self.records
    }
}

fn sort(records: &mut [Value], instant: &str) {
    records.sort_by_cached_key(|record| record[instant].as_str().map(str::to_owned));
}

#[cfg(test)]
mod tests;
