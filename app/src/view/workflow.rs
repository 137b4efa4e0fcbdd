//! Workflows: the list of them, and one as its DRI sees it.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::answer::Answer;
use super::chart::Chart;
use super::exceptions::Exceptions;
use super::figure::Figure;
use super::freshness::Source;
use super::hop::Hops;
use super::months::Months;
use super::records::{Evidence, Record, Sort};

/// What `/workflows` shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflows {
    pub week: String,
    /// By name.
    pub workflows: Vec<Listed>,
    /// The services that no workflow covers, in words.
    pub uncovered: Vec<String>,
    pub may_create: bool,
}

/// A workflow in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listed {
    pub slug: String,
    pub name: String,
    pub dri: Option<String>,
    pub tier: Option<String>,
    pub pattern: Option<String>,
    /// The answer's sentence of the week.
    pub sentence: String,
    /// How many of its series stand out.
    pub standing_out: u32,
}

/// What `/workflows/{slug}` shows: what changed here, since when, and which items show it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    pub slug: String,
    pub name: String,
    pub about: About,
    /// The shown week, its Monday and its Sunday, and the weeks beside it that have a page.
    pub week: String,
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    pub previous_week: Option<String>,
    pub next_week: Option<String>,
    pub reach: Reach,
    pub sources: Vec<Source>,
    pub answer: Answer,
    /// The two metrics that decide, then all others in the groups of the review.
    pub deciding: Vec<Measure>,
    pub groups: Vec<Group>,
    /// What stands out of its series, with what was said about it.
    pub exceptions: Exceptions,
    pub hops: Option<Hops>,
    /// Agent metrics that stand in no hop.
    pub parked: Vec<String>,
    pub stages: Vec<Stage>,
    pub segments: Vec<Segment>,
    /// The suites that are agreed on or were run, by name.
    pub suites: Vec<Suite>,
    /// Of what landed in the shown week, how much of each thing that is asked for is there; empty where
    /// nothing landed.
    pub audit: Vec<AuditItem>,
    /// The failed deployments of the last weeks, the newest first, and how many there are in all.
    pub failures: Vec<Failure>,
    pub failure_count: u32,
    /// None where the metric that decides on speed can't exist.
    pub items: Option<Items>,
    pub time_zone: String,
    /// Whether the reader may edit it, propose limits and explain its signals.
    pub may_edit: bool,
}

/// How far the charts of a workflow reach back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    #[default]
    HalfAYear,
    Year,
    /// Six weeks beside twelve months.
    SixTwelve,
}

/// Who answers for it, how far its agents go, and what was agreed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct About {
    /// What it covers: "the services checkout and payments, by the label agent".
    pub covers: String,
    pub dri: Option<String>,
    pub tier: Option<String>,
    pub pattern: Option<Pattern>,
    pub escalation: Option<String>,
    pub playbook: Option<String>,
    pub playbook_practised_on: Option<String>,
    pub rules: Option<String>,
}

/// How agents were adopted, the risk that comes with it, and what watches that risk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pattern {
    pub name: String,
    pub risk: String,
    pub watched_by: Vec<String>,
}

/// A group of the review's table, in its order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Group {
    pub name: String,
    pub measures: Vec<Measure>,
}

/// A metric with its chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    pub name: String,
    pub figure: Figure,
    pub records_noun: String,
    pub settles_on: NaiveDate,
    pub definition_url: String,
    /// Of the weeks that the page reaches over.
    pub chart: Chart,
    /// The months beside them, where they are asked for.
    pub months: Option<Months>,
    /// Why the metric can't exist here, by what the workflow covers.
    pub does_not_apply: Option<String>,
}

/// One stage of a change on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    pub name: String,
    pub figure: Figure,
    pub records_noun: String,
}

/// The changes of one segment, beside those of the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Segment {
    pub name: String,
    /// Lead time of the week.
    pub figure: Figure,
    /// How many of its changes rest on evidence that was recorded, declared and inferred; none for
    /// unmarked ones.
    pub evidence: Option<[u64; 3]>,
}

/// A set of automatic checks: its last run up to the end of the shown week, and what it must reach.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suite {
    pub name: String,
    pub kind: String,
    pub threshold_ratio: Option<f64>,
    /// None where it never ran.
    pub last: Option<SuiteRun>,
}

/// A run of a suite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuiteRun {
    pub finished_at: DateTime<FixedOffset>,
    pub cases: u64,
    pub passed: u64,
    /// None without a threshold.
    pub is_met: Option<bool>,
    /// Failing cases by category, the largest first.
    pub failed: Vec<(String, u64)>,
}

/// How much of one thing that is asked for is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditItem {
    pub name: String,
    pub met: u64,
    pub asked: u64,
}

/// The first of the week's records behind the metric that decides on speed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Items {
    pub name: String,
    pub figure: Figure,
    pub records_noun: String,
    pub sort: Sort,
    pub records: Vec<Record>,
}

/// A deployment that failed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Failure {
    pub id: String,
    pub title: String,
    pub url: Option<String>,
    pub at: DateTime<Utc>,
    /// Why it counts as failed.
    pub evidence: Vec<Evidence>,
}
