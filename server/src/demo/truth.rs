//! What is really true of each generated week: the value of every metric of delivery and of agents'
//! work, by scope and segment.
//!
//! Made of facts that the generator chose, and of nothing that it sent.

pub(super) mod agents;
pub(super) mod facts;
mod sums;

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Weekday};

use super::{Plan, TIME_ZONE, money};
use agents::Item;
use facts::Fact;
use sums::{Items, Suites};

/// How the facts of a week make a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Measure {
    Count,
    Median,
    /// The summed parts, one by the other.
    Share,
    PerHundredDelivered,
    /// A sum in millionths, by the number of records.
    Money,
}

use Measure::{Count, Median, Money as InMoney, PerHundredDelivered, Share};

/// Every metric with its measure, and whether it is told apart by segment.
const METRICS: [(&str, Measure, bool); 32] = [
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
    ("evaluation_coverage", Share, true),
    ("landed_after_failed_evaluation", Count, true),
    ("auditability", Share, true),
    ("suite_pass_rate", Share, false),
    ("adversarial_pass_rate", Share, false),
    ("approval_wait", Median, false),
    ("above_tier_actions", Count, false),
    ("policy_denials", Count, false),
    ("run_success", Share, false),
    ("handover_rate", Share, false),
    ("tool_error_rate", Share, false),
    ("cost_per_run", InMoney, false),
    ("cache_share", Share, false),
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

/// An amount that is shared out among records, as exact decimal texts in the company's currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    /// Rounded half to even, to six places.
    pub value: String,
    pub sum: String,
    pub sample: u64,
}

/// What was added to a metric in a segment (`all`, `agent`, `assisted`, `unmarked`), by week: each
/// time so much, of so much.
type Added = BTreeMap<(&'static str, &'static str), BTreeMap<NaiveDate, Vec<(i64, i64)>>>;

/// All that is true of a generated company.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Truth {
    /// By scope: `company`, `service:SLUG`, `workflow:SLUG`.
    by_scope: BTreeMap<String, Added>,
    /// The week of each scope's first run.
    first_runs: BTreeMap<String, NaiveDate>,
    items: Items,
}

impl Truth {
    pub fn of(plan: &Plan) -> Truth {
        let mut truth = Truth::default();
        let mut suites = Suites::default();
        for week in super::weeks(plan) {
            for fact in &week.facts {
                truth.add(fact);
                suites.add(fact);
            }
        }
        for (suite, monday) in suites.latest() {
            truth.put((suite.metric, suite.passed), (&suite.scopes, None), monday);
        }
        let series = truth.by_scope.values_mut().flat_map(BTreeMap::values_mut);
        let weeks = series.flat_map(BTreeMap::values_mut);
        weeks.for_each(|added| added.sort_unstable());
        truth
    }

    fn add(&mut self, fact: &Fact) {
        let monday = monday_of(fact.at());
        let (scopes, segment) = (fact.scopes(), fact.segment());
        for added in fact.adds() {
            self.put(added, (scopes, segment), monday);
        }
        match fact {
            Fact::Landed(landed) => self.items.add(landed, monday),
            Fact::Ran(ran) => {
                for scope in &ran.scopes {
                    let first = self.first_runs.entry(scope.clone()).or_insert(monday);
                    *first = monday.min(*first);
                }
            }
            _ => {}
        }
    }

    fn put(
        &mut self,
        (metric, own): (&'static str, (i64, i64)),
        (scopes, segment): (&[String], Option<&'static str>),
        monday: NaiveDate,
    ) {
        for scope in scopes {
            if !self.by_scope.contains_key(scope) {
                self.by_scope.insert(scope.clone(), Added::new());
            }
            let Some(added) = self.by_scope.get_mut(scope) else {
                continue;
            };
            for segment in std::iter::once("all").chain(segment) {
                let weeks = added.entry((metric, segment)).or_default();
                weeks.entry(monday).or_default().push(own);
            }
        }
    }

    /// Every scope in which anything ever counted.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.by_scope.keys().map(String::as_str)
    }

    /// How many values there are that any record stands behind.
    pub fn count(&self) -> usize {
        METRICS.iter().map(|(id, _, _)| self.count_of(id)).sum()
    }

    /// How many of them are of one metric.
    pub fn count_of(&self, metric: &str) -> usize {
        let series = self.by_scope.values().flatten();
        let own = series.filter(|((id, _), _)| *id == metric);
        own.map(|(_, weeks)| weeks.len()).sum()
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
        let (part, whole) = sum(added);
        let value = match measure {
            Count => (sample > 0 || has_begun).then_some(sample as f64),
            Median => median(added),
            Share => (sample > 0).then(|| part as f64 / whole as f64),
            InMoney => (sample > 0).then(|| money::share(part, whole) as f64 / 1e6),
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
            parts: (*measure == Share && sample > 0).then_some((part as u64, whole as u64)),
        })
    }

    /// What is true of a metric of money; none when nothing has a price.
    pub fn money(&self, metric: &str, scope: &str, monday: NaiveDate) -> Option<Money> {
        let (part, whole) = sum(self.added(metric, (scope, "all"), monday));
        let mut metrics = METRICS.iter();
        let is_money = metrics.any(|(id, measure, _)| *id == metric && *measure == InMoney);
        (is_money && whole > 0).then(|| Money {
            value: money::text(money::share(part, whole)),
            sum: money::text(part),
            sample: whole as u64,
        })
    }

    /// Of how many artifacts something was asked that auditability asks for, by its name, and how
    /// many have it: (met, asked). None of what is not known here.
    pub fn item(
        &self,
        item: &str,
        (scope, segment): (&str, &str),
        monday: NaiveDate,
    ) -> Option<(u64, u64)> {
        let item = Item::named(item)?;
        Some(self.items.of(item, (scope, segment), monday))
    }

    fn added(
        &self,
        metric: &str,
        (scope, segment): (&str, &str),
        monday: NaiveDate,
    ) -> &[(i64, i64)] {
        let series = self.series(metric, (scope, segment));
        let week = series.and_then(|weeks| weeks.get(&monday));
        week.map_or(&[], Vec::as_slice)
    }

    fn series(
        &self,
        metric: &str,
        (scope, segment): (&str, &str),
    ) -> Option<&BTreeMap<NaiveDate, Vec<(i64, i64)>>> {
        let series = self.by_scope.get(scope)?.iter();
        let mut found = series.filter(|((id, one), _)| *id == metric && *one == segment);
        found.next().map(|(_, weeks)| weeks)
    }

    /// Whether there is anything to count yet, none being zero from then on. Deliveries begin with
    /// the scope's first deployment, incidents and defects with the company's first, what lands with
    /// the scope's first artifact, what agents do with its first run.
    fn has_begun(&self, metric: &str, scope: &str, monday: NaiveDate) -> bool {
        let (first, scope) = match metric {
            "above_tier_actions" | "policy_denials" => {
                let first = self.first_runs.get(scope);
                return first.is_some_and(|first| *first <= monday);
            }
            "landed_after_failed_evaluation" => ("evaluation_coverage", scope),
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

/// The parts, each summed.
fn sum(added: &[(i64, i64)]) -> (i64, i64) {
    let zero = (0, 0);
    added
        .iter()
        .fold(zero, |sum, own| (sum.0 + own.0, sum.1 + own.1))
}

/// The middle value, or the mean of the two in the middle.
fn median(sorted: &[(i64, i64)]) -> Option<f64> {
    let (low, high) = (sorted.len().checked_sub(1)? / 2, sorted.len() / 2);
    Some((sorted[low].0 + sorted[high].0) as f64 / 2.0)
}
