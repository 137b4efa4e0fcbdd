//! The records behind one figure.

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::chart::Chart;
use super::figure::{Figure, Unit};
use super::money;
use super::restated::Restatement;

/// What `/records/{metric}` shows: the figure again, and a page of the records it counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Records {
    /// The metric's name in words.
    pub name: String,
    pub figure: Figure,
    pub records_noun: String,
    /// Scope in words: the company's, the service's or the workflow's name.
    pub scope_name: String,
    /// The weeks up to the shown one, at most 26.
    pub chart: Chart,
    /// When the newest record was received, in the company's time; none before the first.
    pub data_as_of: Option<DateTime<FixedOffset>>,
    /// The day on which the figure settles, in the company's time.
    pub settles_on: NaiveDate,
    /// How many items this page skipped.
    pub offset: u64,
    pub sort: Sort,
    pub records: Vec<Record>,
    /// Addresses of the pages beside this one.
    pub previous_url: Option<String>,
    pub next_url: Option<String>,
    /// Records of the week that the figure leaves out, each with its reason (the first hundred),
    /// and how many there are.
    pub left_out: Vec<Record>,
    pub left_out_count: u64,
    /// How the figure moved after it was frozen, the oldest first.
    pub restatements: Vec<Restatement>,
    /// The same list as CSV and JSON.
    pub csv_url: String,
    pub json_url: String,
    /// Addresses of the other segments' lists, by segment, with their sample.
    pub segments: Vec<SegmentLink>,
    pub time_zone: String,
    pub definition_url: String,
}

/// What a list is in the order of; what is alike stays in the order of `at`, then `id`, and what has
/// no such thing comes last either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sort {
    pub by: Column,
    pub descending: bool,
}

/// What a list can be sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    #[default]
    At,
    Title,
    Value,
    Segment,
}

impl Column {
    pub const ALL: [Column; 4] = [Column::At, Column::Title, Column::Value, Column::Segment];

    /// As addresses name it.
    pub fn name(self) -> &'static str {
        match self {
            Column::At => "at",
            Column::Title => "title",
            Column::Value => "value",
            Column::Segment => "segment",
        }
    }
}

impl Sort {
    /// Every order there is.
    pub fn all() -> impl Iterator<Item = Sort> {
        let both = |by| [false, true].map(|descending| Sort { by, descending });
        Column::ALL.into_iter().flat_map(both)
    }

    /// The order that an address names.
    ///
    /// ```
    /// use app::view::records::{Column, Sort};
    /// let largest_first = Sort { by: Column::Value, descending: true };
    /// assert_eq!(Sort::named("-value"), Some(largest_first));
    /// assert_eq!(Sort::named("author"), None);
    /// ```
    pub fn named(name: &str) -> Option<Sort> {
        Sort::all().find(|sort| sort.to_string() == name)
    }

    /// As an address carries it: not at all, where it is the usual one.
    pub fn carried(self) -> Option<String> {
        (self != Sort::default()).then(|| self.to_string())
    }

    /// What choosing a column leads to: the other way round when the list is sorted by it already,
    /// else the largest value first, and of all else the first.
    pub fn choosing(self, by: Column) -> Sort {
        let descending = match self.by == by {
            true => !self.descending,
            false => by == Column::Value,
        };
        Sort { by, descending }
    }
}

/// As addresses name it: `at`, and `-at` for the other way round.
impl fmt::Display for Sort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.descending { "-" } else { "" };
        write!(formatter, "{way}{}", self.by.name())
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SegmentLink {
    pub segment: String,
    pub sample: u64,
    pub url: String,
    pub current: bool,
}

/// One record behind a figure; serialises to the record of the JSON contract, amounts of money as decimal
/// texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self")]
pub struct Record {
    pub id: String,
    /// `change`, `deployment`, …
    pub kind: String,
    pub title: Option<String>,
    pub url: Option<String>,
    /// The instant that decides its week (RFC 3339, UTC).
    pub at: String,
    /// Its contribution, in `unit`.
    #[serde(deserialize_with = "money::amount")]
    pub value: Option<f64>,
    pub unit: Unit,
    /// Seconds by stage, a stage that is not known is null; or the part and the whole of its value.
    pub parts: serde_json::Map<String, serde_json::Value>,
    /// Why it has no value, or lacks a stage.
    pub reason: Option<String>,
    pub segment: String,
    pub evidence: Vec<Evidence>,
    /// Where its receipt is; none of a kind that has none.
    pub receipt_url: Option<String>,
}

impl Record {
    /// Its own part and whole, of a figure that is the sum of the one over the sum of the other.
    pub fn sums(&self) -> Option<[u64; 2]> {
        let of = |name: &str| self.parts.get(name)?.as_u64();
        SUMS.iter()
            .find_map(|[part, whole]| Some([of(part)?, of(whole)?]))
    }
}

/// What a record's part and whole are called.
const SUMS: [[&str; 2]; 3] = [
    ["passed", "cases"],
    ["failed_calls", "calls"],
    ["cached_tokens", "input_tokens"],
];

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let Unit::Money(_) = self.unit else {
            return Record::serialize(self, to);
        };
        let plain = Record::serialize(self, serde_json::value::Serializer);
        money::written(plain, (self.unit, &["value"]), to)
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Record, D::Error> {
        Record::deserialize(from)
    }
}

/// What a link rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub level: Level,
    /// In words: "author account checkout-agent is registered".
    pub what: String,
}

/// How strong evidence is, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// By a platform: an account, an audit log.
    Recorded,
    /// By the one who did it: a trailer, a footer.
    Declared,
    /// From circumstances: a branch prefix, an order of commits.
    Inferred,
}
