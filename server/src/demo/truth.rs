//! What is really true of each generated week: the value of every delivery metric, by scope and
//! segment.
//!
//! Made of facts that the generator chose, and of nothing that it sent.

pub(super) mod facts;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Weekday};

use super::{Plan, TIME_ZONE};
use facts::Fact;

/// How the facts of a week make a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Count,
    Median,
    Share,
    PerHundredDelivered,
}

use Measure::{Count, Median, PerHundredDelivered, Share};

/// Every metric with its measure, and whether it is told apart by segment.
const METRICS: [(&str, Measure, bool); 19] = [
    ("changes_merged", Count, true),
    ("changes_delivered", Count, true),
    ("deployment_frequency", Count, false),
    ("agent_share", Share, true),
    ("change_size", Median, true),
    ("review_wait", Median, true),
    ("merged_without_review", Share, true),
    ("change_lead_time", Median, true),
    ("stage_coding", Median, true),
    ("stage_pickup", Median, true),
    ("stage_review", Median, true),
    ("stage_deploy", Median, true),
    ("pr_cycle_time", Median, true),
    ("change_fail_rate", Share, false),
    ("failed_deployment_recovery_time", Median, false),
    ("deployment_rework_rate", Share, false),
    ("incident_frequency", Count, false),
    ("defect_escape_rate", Share, false),
    ("escaped_defects_per_100", PerHundredDelivered, false),
];

/// A metric's true value in one week, scope and segment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figure {
    pub value: Option<f64>,
    /// How many records count.
    pub sample: u64,
    /// Of a share: how many count as one, and of how many.
    pub parts: Option<(u64, u64)>,
}

/// What was added to a metric in a segment (`all`, `agent`, `assisted`, `unmarked`), by week.
type Added = BTreeMap<(&'static str, &'static str), BTreeMap<NaiveDate, Vec<i64>>>;

/// All that is true of a generated company.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// By scope: `company`, `service:SLUG`, `workflow:SLUG`.
    by_scope: BTreeMap<String, Added>,
}

impl Truth {
    pub fn of(plan: &Plan) -> Truth {
        let mut truth = Truth::default();
        for week in super::weeks(plan) {
            week.facts.iter().for_each(|fact| truth.add(fact));
        }
        let series = truth.by_scope.values_mut().flat_map(BTreeMap::values_mut);
        let weeks = series.flat_map(BTreeMap::values_mut);
        weeks.for_each(|added| added.sort_unstable());
        truth
    }

    fn add(&mut self, fact: &Fact) {
        let monday = monday_of(fact.at());
        let adds = fact.adds();
        for scope in fact.scopes() {
            if !self.by_scope.contains_key(scope) {
                self.by_scope.insert(scope.clone(), Added::new());
            }
            let Some(added) = self.by_scope.get_mut(scope) else {
                continue;
            };
            for segment in std::iter::once("all").chain(fact.segment()) {
                for (metric, own) in &adds {
                    let weeks = added.entry((*metric, segment)).or_default();
                    weeks.entry(monday).or_default().push(*own);
                }
            }
        }
    }

    /// Every scope in which anything ever counted.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.by_scope.keys().map(String::as_str)
    }

    /// How many values there are that any record stands behind.
    pub fn count(&self) -> usize {
        let series = self.by_scope.values().flat_map(BTreeMap::values);
        series.map(BTreeMap::len).sum()
    }

    /// What is true of a metric; none of one that is not known here.
    pub fn figure(
        &self,
        metric: &str,
        (scope, segment): (&str, &str),
        monday: NaiveDate,
    ) -> Option<Figure> {
        let (_, measure, is_split) = METRICS.iter().find(|(id, _, _)| *id == metric)?;
        let added = self.added(metric, (scope, segment), monday);
        let has_begun = (*is_split || segment == "all") && self.has_begun(metric, scope, monday);
        let sample = added.len() as u64;
        let ones = added.iter().filter(|own| **own == 1).count() as u64;
        let value = match measure {
            Count => (sample > 0 || has_begun).then_some(sample as f64),
            Median => median(added),
            Share => (sample > 0).then(|| ones as f64 / sample as f64),
            PerHundredDelivered => {
                let delivered = self
                    .added("changes_delivered", (scope, "all"), monday)
                    .len();
                let is_known = delivered > 0 && has_begun;
                is_known.then(|| sample as f64 / delivered as f64 * 100.0)
            }
        };
        Some(Figure {
            value,
            sample,
            parts: (*measure == Share && sample > 0).then_some((ones, sample)),
        })
    }

    fn added(&self, metric: &str, (scope, segment): (&str, &str), monday: NaiveDate) -> &[i64] {
        let series = self.series(metric, (scope, segment));
        let week = series.and_then(|weeks| weeks.get(&monday));
        week.map_or(&[], Vec::as_slice)
    }

    fn series(
        &self,
        metric: &str,
        (scope, segment): (&str, &str),
    ) -> Option<&BTreeMap<NaiveDate, Vec<i64>>> {
        let series = self.by_scope.get(scope)?.iter();
        let mut found = series.filter(|((id, one), _)| *id == metric && *one == segment);
        found.next().map(|(_, weeks)| weeks)
    }

    /// Whether there is anything to count yet, none being zero from then on. Deliveries begin with
    /// the scope's first deployment, incidents and defects with the company's first.
    fn has_begun(&self, metric: &str, scope: &str, monday: NaiveDate) -> bool {
        let (first, scope) = match metric {
            "changes_delivered" | "deployment_frequency" => ("deployment_frequency", scope),
            "incident_frequency" => ("incident_frequency", "company"),
            "escaped_defects_per_100" => ("defect_escape_rate", "company"),
            _ => ("changes_merged", scope),
        };
        let weeks = self.series(first, (scope, "all"));
        let begins = weeks.and_then(|weeks| weeks.keys().next());
        begins.is_some_and(|first| *first <= monday)
    }
}

/// The Monday, where the company is, of the week in which an instant lies.
fn monday_of(at: i64) -> NaiveDate {
    let there = DateTime::from_timestamp(at, 0)
        .unwrap_or_default()
        .with_timezone(&TIME_ZONE);
    there.date_naive().week(Weekday::Mon).first_day()
}

/// The middle value, or the mean of the two in the middle.
fn median(sorted: &[i64]) -> Option<f64> {
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some((sorted[low] + sorted[high]) as f64 / 2.0)
}
