//! The weekly review: one answer, and the fixed table under it.

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Serialize};

use super::actions::FromLastWeek;
use super::answer::Answer;
use super::exceptions::Exceptions;
use super::figure::Figure;
use super::first_hour::FirstHour;
use super::frame::Generated;
use super::freshness::Source;
use super::hop::Hops;
use super::restated::Restatement;

/// What `/review` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// The shown week, such as `2026-W47`.
    pub week: String,
    /// Monday and Sunday of the shown week.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// The weeks beside it that have a page; the running week has none.
    pub previous_week: Option<String>,
    pub next_week: Option<String>,
    /// The last week with any record, when the shown week comes after it.
    pub newest_week: Option<String>,
    /// `company`, `service:SLUG` or `workflow:SLUG`, and its name in words.
    pub scope: String,
    pub scope_name: String,
    /// When the newest record was received, in the company's time; none before the first.
    pub data_as_of: Option<DateTime<FixedOffset>>,
    /// IANA name of the company's time zone.
    pub time_zone: String,
    /// The sources that have a rhythm, by name.
    #[serde(default)]
    pub sources: Vec<Source>,
    pub answer: Answer,
    #[serde(default)]
    pub exceptions: Exceptions,
    /// None of a service, and of weeks that were frozen before there were hops.
    #[serde(default)]
    pub hops: Option<Hops>,
    /// What was decided before; none where a review has no actions of its own.
    #[serde(default)]
    pub actions: Option<FromLastWeek>,
    pub groups: Vec<Group>,
    /// Set while no record has ever come: then there is nothing else to show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_hour: Option<FirstHour>,
    /// Whether what is shown is kept as it is.
    #[serde(default)]
    pub freeze: Freeze,
    /// What moved since it was frozen, the oldest first.
    #[serde(default)]
    pub restatements: Vec<Restatement>,
    /// Where the record of what people did here ended; none before the first act.
    #[serde(default)]
    pub acts_head: Option<ActsHead>,
    /// The company, its workflows and services but this one.
    #[serde(default)]
    pub elsewhere: Vec<Place>,
    /// Set when the company was generated: the mark that says so.
    #[serde(default)]
    pub generated: Option<Generated>,
}

/// How many acts of people there were, and how the hash of the last one begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActsHead {
    pub number: u64,
    pub hash: String,
}

/// A scope that has a review of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub scope: String,
    pub name: String,
}

/// Whether a review is kept as it is, and since or from when, in the company's time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freeze {
    Frozen(DateTime<FixedOffset>),
    Freezes(DateTime<FixedOffset>),
    /// It ended before the first freeze, or is of a service or a generated company, whose pages do not
    /// freeze by themselves.
    #[default]
    Never,
}

/// A group of the fixed table: Work, Speed, Quality, Customers, Money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub rows: Vec<Row>,
}

/// A metric's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// The metric's name in words.
    pub name: String,
    pub figure: Figure,
    /// What the sample counts, in the plural: "changes".
    pub records_noun: String,
    /// The twelve weeks up to the shown one, oldest first; a week without value keeps its place.
    pub points: Vec<Point>,
    /// How many usable weeks stand behind the normal range.
    pub usable_weeks: u32,
    /// The day on which the figure settles, in the company's time.
    #[serde(default)]
    pub settles_on: NaiveDate,
    pub definition_url: String,
}

/// One week of a sparkline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub week: String,
    pub value: Option<f64>,
    pub sample: u64,
    /// Too few records to take part in any rule.
    pub hollow: bool,
}
