//! Stored figures, judged: normal range, signal and state, from the weeks before the shown one.

mod judging;
mod loading;

use std::collections::BTreeMap;
use std::str::FromStr;

use app::view::figure::{Figure, State, Unit};
use app::view::money::Currency;
use app::view::review::Point;
use app::view::signal::{Rule, Signal};
use chrono::{DateTime, NaiveDate, Utc};

use self::judging::Judging;
use self::loading::{dividers, events, first_week, history, restated, waiting, weeks};
use super::freshness::{Lacking, Sources};
use super::{rfc3339, scope};
use crate::figures;
use crate::metrics::catalogue::{Better, Kind, Metric, Of};
use crate::metrics::level::Level;
use crate::metrics::month::OfWeek;
use crate::metrics::pool::per_hundred;
use crate::metrics::week::{Calendar, Week};
use crate::metrics::{catalogue, poisson, xmr};
use crate::store::figures as stored;
use crate::store::registry::{Company, Registry};
use crate::store::{Result, Tx};

/// Why a metric whose records have no segment is asked in vain for one.
const NOT_SPLIT: &str = "not split by segment";

/// A metric in a scope and segment over some weeks, and all that is needed to judge each of them.
pub struct Series {
    metric: &'static Metric,
    unit: Unit,
    scope: String,
    segment: &'static str,
    calendar: Calendar,
    now_ms: i64,
    /// How long after its week a figure settles.
    settling_ms: i64,
    /// The first week with a record of this stream, in whatever segment.
    first: Option<Week>,
    /// Value and sample of every week up to the last that is asked for.
    history: BTreeMap<Week, (Option<f64>, u64)>,
    /// The weeks that may be shown, whole.
    stored: BTreeMap<Week, stored::Figure>,
    /// When each event happened, ascending, where they may be rare.
    events_ms: Vec<i64>,
    /// Why a frozen figure moved last, by its week.
    restated: BTreeMap<Week, String>,
    /// The weeks from which on people have it judged anew.
    dividers: Vec<Week>,
    /// How many there are of what the metric is measured against.
    against: BTreeMap<Week, u64>,
    sources: Sources,
    /// When each approval of the scope was asked for, and decided, of those that waited at the end of an
    /// asked week.
    waiting: Vec<(i64, Option<i64>)>,
    /// The streams of which none has ever brought anything, where one must.
    unconnected: &'static [&'static str],
}

/// Which series, and which of its weeks.
pub struct Ask<'a> {
    pub metric: &'static Metric,
    pub scope: &'a str,
    pub segment: &'static str,
    pub from: Week,
    pub to: Week,
}

impl Series {
    /// Reads the asked weeks and the newest of them that has settled, and of all before what judges
    /// them.
    pub async fn load(
        tx: &mut Tx,
        registry: &Registry,
        now_ms: i64,
        ask: Ask<'_>,
    ) -> Result<Series> {
        let first = first_week(tx, ask.metric, ask.scope).await?;
        let own = (ask.metric.id, ask.scope, ask.segment);
        let past = history(tx, own, ask.to).await?;
        let against = match ask.metric.per_hundred_of {
            Some(of) => history(tx, (of, ask.scope, "all"), ask.to).await?,
            None => BTreeMap::new(),
        };
        let calendar = figures::calendar(&registry.company);
        let settling_ms = figures::settling_ms(ask.metric, ask.scope, registry);
        let settled = figures::settled_to(&calendar, ask.to, (settling_ms, now_ms));
        let rows = weeks(tx, own, (ask.from.min(settled), ask.to)).await?;
        let events_ms = events(tx, &ask).await?;
        let restated = restated(tx, &ask).await?;
        Ok(Series {
            metric: ask.metric,
            unit: unit(ask.metric.unit, &registry.company),
            scope: ask.scope.to_owned(),
            segment: ask.segment,
            calendar,
            now_ms,
            settling_ms,
            first,
            history: past,
            stored: rows,
            events_ms,
            restated,
            dividers: dividers(registry, ask.metric, ask.scope),
            against: against
                .into_iter()
                .map(|(week, (_, sample))| (week, sample))
                .collect(),
            sources: Sources::load(tx, registry, now_ms).await?,
            waiting: waiting(tx, registry, &ask).await?,
            unconnected: figures::unconnected(tx, ask.metric).await?,
        })
    }

    /// The judged figure of a week.
    pub fn figure(&self, week: Week) -> Figure {
        let stored = self.row(week);
        let value = self.value(week);
        let sample = self.sample(week);
        let settles_ms = self.calendar.end_ms(week) + self.settling_ms;
        let settled = self.now_ms >= settles_ms;
        let judging = self.judging(week);
        let usable = judging.before.len();
        let hollow = self.metric.kind.is_hollow(sample);
        let lacking = self.lacking(week);
        let (signal, rule) = self.judged(week, &judging);
        let fraction = self.fraction(week);
        Figure {
            metric: self.metric.id.to_owned(),
            week: week.to_string(),
            scope: self.scope.clone(),
            segment: self.segment.to_owned(),
            value,
            unit: self.unit,
            sample,
            numerator: fraction.map(|[part, _]| part),
            denominator: fraction.map(|[_, whole]| whole),
            p90: stored.and_then(|row| row.p90),
            low: stored.and_then(|row| row.low),
            high: stored.and_then(|row| row.high),
            parts: self.parts(week, value, &judging),
            interval: match stored {
                Some(row) => row
                    .interval_low
                    .zip(row.interval_high)
                    .map(<[f64; 2]>::from),
                None => self.interval_of_none(value),
            },
            normal_range: judging
                .limits
                .filter(|_| !judging.is_by_gaps)
                .map(|limits| limits.drawn(self.metric.unit.ceiling())),
            signal,
            rule,
            state: match value {
                None => State::None,
                Some(_) if lacking.as_ref().is_some_and(|own| own.is_stale) => State::Stale,
                Some(_) if lacking.is_some() => State::Partial,
                Some(_) if self.restated.contains_key(&week) => State::Restated,
                Some(_) if !settled => State::Maturing,
                Some(_) if hollow => State::TooFew,
                Some(_) if usable < xmr::PROVISIONAL_BELOW => State::Provisional,
                Some(_) => State::Exact,
            },
            settles: rfc3339(settles_ms),
            reason: self.said(week, value, lacking),
            definition_version: stored.map_or(self.metric.version, |row| {
                u32::try_from(row.definition_version).unwrap_or(self.metric.version)
            }),
            records_url: records_url(self.metric.id, &week.to_string(), &self.scope, self.segment),
        }
    }

    /// What the sources have not brought for a week that has begun.
    fn lacking(&self, week: Week) -> Option<Lacking> {
        let has_begun = self.calendar.start_ms(week) <= self.now_ms;
        let lacking = || {
            self.sources
                .lacking(self.metric, self.calendar.end_ms(week))
        };
        has_begun.then(lacking).flatten()
    }

    /// The last `weeks` weeks up to this one, for a chart; weeks that have not ended are left out.
    pub fn points(&self, to: Week, weeks: i32) -> Vec<Point> {
        let shown = std::iter::successors(Some(to.plus(1 - weeks)), |week| Some(week.next()));
        shown
            .take_while(|week| *week <= to)
            .filter(|week| self.calendar.end_ms(*week) <= self.now_ms)
            .map(|week| {
                let (value, sample) = (self.value(week), self.sample(week));
                let hollow = value.is_some() && self.metric.kind.is_hollow(sample);
                Point {
                    week: week.to_string(),
                    value,
                    sample,
                    hollow,
                }
            })
            .collect()
    }

    /// Whether any week up to the last asked one has a value.
    pub fn has_any_value(&self) -> bool {
        let mut weeks = self.history.keys();
        weeks.any(|week| self.value(*week).is_some())
    }

    pub fn metric(&self) -> &'static Metric {
        self.metric
    }

    pub fn scope(&self) -> &str {
        &self.scope
    }

    pub fn segment(&self) -> &'static str {
        self.segment
    }

    /// What a week is judged by, and the week with which that was locked; none for events so rare that
    /// the days between them are judged.
    pub fn limits(&self, week: Week) -> Option<(xmr::Limits, Option<Week>)> {
        let judging = self.judging(week);
        let limits = judging.limits.filter(|_| !judging.is_by_gaps)?;
        Some((limits, judging.locked_with))
    }

    /// The signal of a week when it is the newest, and its rule.
    pub fn signal(&self, week: Week) -> (Signal, Option<Rule>) {
        self.judged(week, &self.judging(week))
    }

    /// The day on which a week's figure settles, in the company's time.
    pub fn settles_on(&self, week: Week) -> NaiveDate {
        let at = self.calendar.end_ms(week) + self.settling_ms;
        let zone = self.calendar.zone(self.calendar.week_of(at));
        let at = DateTime::<Utc>::from_timestamp_millis(at).unwrap_or_default();
        at.with_timezone(&zone).date_naive()
    }

    /// The newest week up to this one whose figure has settled; younger ones are in no rule.
    pub fn settled_to(&self, week: Week) -> Week {
        figures::settled_to(&self.calendar, week, (self.settling_ms, self.now_ms))
    }

    /// The first week that a week's signal rests on; none without a signal.
    pub fn since(&self, week: Week) -> Option<Week> {
        let settled = self.settled_to(week) == week;
        let hollow = self.metric.kind.is_hollow(self.sample(week));
        let judged = self.value(week).filter(|_| settled && !hollow);
        judged.and_then(|_| self.judging(week).since(week))
    }

    /// How many points stand behind a week's normal range: weeks, or gaps between rare events.
    pub fn usable_weeks(&self, week: Week) -> usize {
        self.judging(week).before.len()
    }

    /// How many of a week's records the value could not use.
    pub fn left_out(&self, week: Week) -> u64 {
        self.stored.get(&week).map_or(0, |row| count(row.left_out))
    }

    /// A count is 0 in a week without records from the scope's first record on, and so is what is
    /// counted for each hundred of something that there is; all else is null.
    fn value(&self, week: Week) -> Option<f64> {
        if !self.unconnected.is_empty() {
            return None;
        }
        if let Some((value, _)) = self.counted(week) {
            return value;
        }
        match self.metric.kind {
            Kind::Count | Kind::Events => self.has_begun(week).then_some(0.0),
            Kind::PerHundred => self.of_none(week).map(|_| 0.0),
            Kind::Median | Kind::Ratio | Kind::Sums | Kind::MeanMoney => None,
        }
    }

    /// Value and sample of a week with records. A count of nothing is none: it may lie before the
    /// first record.
    fn counted(&self, week: Week) -> Option<(Option<f64>, u64)> {
        let counts = self.metric.kind.counts() || self.metric.kind == Kind::PerHundred;
        let (value, sample) = *self.history.get(&week)?;
        (!counts || sample > 0).then_some((value, sample))
    }

    /// The stored figure of an asked week.
    fn row(&self, week: Week) -> Option<&stored::Figure> {
        let known = self.counted(week).filter(|_| self.unconnected.is_empty());
        known.and_then(|_| self.stored.get(&week))
    }

    /// Whether the scope had its first record of this stream, and the week has begun.
    fn has_begun(&self, week: Week) -> bool {
        let split = self.segment == "all" || self.metric.of.is_split();
        split
            && self.first.is_some_and(|first| first <= week)
            && self.calendar.start_ms(week) <= self.now_ms
    }

    /// Part and whole of an asked week, where its value is one of the other.
    fn fraction(&self, week: Week) -> Option<[u64; 2]> {
        match self.row(week) {
            Some(row) => {
                let parts = row.numerator.zip(row.denominator);
                parts.map(|(part, whole)| [count(part), count(whole)])
            }
            None => self.of_none(week).map(|whole| [0, whole]),
        }
    }

    /// What an asked week came to.
    pub fn of_week(&self, week: Week) -> OfWeek {
        OfWeek {
            value: self.value(week),
            sample: self.sample(week),
            fraction: self.fraction(week),
        }
    }

    /// What none at all is measured against, in a week without records.
    fn of_none(&self, week: Week) -> Option<u64> {
        let against = self.against.get(&week).copied().filter(|count| *count > 0);
        against.filter(|_| self.metric.kind == Kind::PerHundred && self.has_begun(week))
    }

    /// What is told beside the value. Beside a count: so many for each hundred of what it is measured against; of rare events also
    /// the days between the last two and how many are usual.
    fn parts(
        &self,
        week: Week,
        value: Option<f64>,
        judging: &Judging,
    ) -> Option<serde_json::Value> {
        if let Some(told) = self.row(week).and_then(|row| row.parts.as_deref()) {
            return serde_json::from_str(told).ok();
        }
        if matches!(self.metric.of, Of::Approval(_)) {
            return Some(serde_json::json!({"queue": self.queue(week)}));
        }
        let of = self.metric.per_hundred_of?;
        if !self.metric.kind.counts() {
            return None;
        }
        value?;
        let against = self.against.get(&week).copied().unwrap_or(0);
        let hundredth = match self.row(week) {
            Some(row) => row.per_hundred,
            None => per_hundred(0, against),
        };
        let name = match of {
            "deployment_frequency" => "per_100_deployments",
            _ => "per_100",
        };
        let mut parts = serde_json::json!({ name: hundredth });
        if judging.is_by_gaps {
            parts["days_between"] = judging.shown.into();
            let usual = judging.limits.map(|limits| limits.drawn(None));
            parts["usual_days_between"] = serde_json::json!(usual);
        }
        Some(parts)
    }

    /// How many approvals waited at the end of an asked week.
    fn queue(&self, week: Week) -> usize {
        let end_ms = self.calendar.end_ms(week);
        let waits = |(asked, decided): &&(i64, Option<i64>)| {
            *asked < end_ms && decided.is_none_or(|decided| decided >= end_ms)
        };
        self.waiting.iter().filter(waits).count()
    }

    /// Of no event at all, which says something too.
    fn interval_of_none(&self, value: Option<f64>) -> Option<[f64; 2]> {
        let none = value.filter(|_| self.metric.kind == Kind::Events);
        none.map(|_| poisson::interval(0, Level::PERCENT_95))
    }

    fn sample(&self, week: Week) -> u64 {
        self.history.get(&week).map_or(0, |(_, sample)| *sample)
    }

    /// The signal of a week, as far as one may be told.
    fn judged(&self, week: Week, judging: &Judging) -> (Signal, Option<Rule>) {
        let hollow = self.metric.kind.is_hollow(self.sample(week));
        match self.value(week) {
            None => (Signal::None, None),
            Some(_) if self.settled_to(week) != week => (Signal::None, None),
            Some(_) if hollow || judging.before.len() < xmr::VERDICT_FROM => (Signal::TooFew, None),
            Some(_) => self.judge(judging),
        }
    }

    /// The signal of a week that may be judged, and its rule.
    fn judge(&self, judging: &Judging) -> (Signal, Option<Rule>) {
        let Some((rule, side)) = judging.signal() else {
            return (Signal::Routine, None);
        };
        let signal = match (self.metric.better, side) {
            (Better::Neutral, xmr::Side::Above) => Signal::Up,
            (Better::Neutral, xmr::Side::Below) => Signal::Down,
            (Better::Up, xmr::Side::Above) | (Better::Down, xmr::Side::Below) => Signal::Better,
            (Better::Up, xmr::Side::Below) | (Better::Down, xmr::Side::Above) => Signal::Worse,
        };
        let rule = match rule {
            xmr::Rule::OutsideLimits => Rule::OutsideLimits,
            xmr::Rule::ThreeOfFourNearLimit => Rule::ThreeOfFourNearLimit,
            xmr::Rule::EightOnOneSide => Rule::EightOnOneSide,
        };
        (signal, Some(rule))
    }

    /// What the figure lacks, and then what else there is to say of it.
    fn said(&self, week: Week, value: Option<f64>, lacking: Option<Lacking>) -> Option<String> {
        let restated = value.and_then(|_| self.restated.get(&week).cloned());
        let own = restated.or_else(|| self.reason(week, value));
        let lacking = lacking.map(|lacking| lacking.reason);
        let said: Vec<String> = lacking.into_iter().chain(own).collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    fn reason(&self, week: Week, value: Option<f64>) -> Option<String> {
        if let Some(reason) = self.row(week).and_then(|row| row.reason.clone()) {
            return Some(reason);
        }
        if value.is_some() {
            return None;
        }
        let noun = self.metric.records_noun;
        Some(match self.first {
            _ if self.segment != "all" && !self.metric.of.is_split() => NOT_SPLIT.to_owned(),
            _ if self.calendar.start_ms(week) > self.now_ms => "this week has not begun".to_owned(),
            Some(_) if !self.unconnected.is_empty() => {
                let streams = self.unconnected.join(" or ");
                format!("nothing is known of it yet: push or import the stream {streams}")
            }
            None => format!(
                "no {noun} yet: push or import the stream {}",
                stream(self.metric.of)
            ),
            Some(first) if week < first => format!("the first of these records is from {first}"),
            Some(_) if self.metric.kind == Kind::PerHundred => self.metric.nothing.to_owned(),
            Some(_) => format!("no {noun} in this week"),
        })
    }
}

/// The stream whose records a metric waits for.
fn stream(of: Of) -> &'static str {
    match of {
        Of::Merged(_) => "changes",
        Of::Delivered(_) | Of::Deployed(_) | Of::Recovered(_) => "deployments",
        Of::Incident(_) => "incidents",
        Of::Defect(_) => "defects",
        Of::Artifact(_) | Of::ArtifactThat(_) => "runs or artifacts",
        Of::Run(_) | Of::RunThat(_) | Of::RunSums(_) => "runs",
        Of::SuiteRun(_) => "suite_runs",
        Of::Approval(_) => "approvals",
    }
}

/// The first and the last week in which the scope merged, landed, deployed or broke anything.
pub async fn span(tx: &mut Tx, scope: &str) -> Result<Option<(Week, Week)>> {
    let metrics = [
        "changes_merged",
        "evaluation_coverage",
        "deployment_frequency",
        "incident_frequency",
        "defect_escape_rate",
    ];
    Ok(as_weeks(stored::span(tx, &metrics, (scope, "all")).await?))
}

/// The first and the last week in which a series counted a record.
pub(super) async fn counted_span(
    tx: &mut Tx,
    (metric, scope, segment): (&str, &str, &str),
) -> Result<Option<(Week, Week)>> {
    Ok(as_weeks(
        stored::span(tx, &[metric], (scope, segment)).await?,
    ))
}

fn as_weeks(span: Option<(String, String)>) -> Option<(Week, Week)> {
    let (first, last) = span?;
    Some((Week::from_str(&first).ok()?, Week::from_str(&last).ok()?))
}

/// Where the records behind a figure are listed.
pub fn records_url(metric: &str, week: &str, scope: &str, segment: &str) -> String {
    format!("/records/{metric}?week={week}&scope={scope}&segment={segment}")
}

/// A unit as pages and the API know it; money is of the company's currency.
pub fn unit(unit: catalogue::Unit, company: &Company) -> Unit {
    match unit {
        catalogue::Unit::Count => Unit::Count,
        catalogue::Unit::Seconds => Unit::Seconds,
        catalogue::Unit::Ratio => Unit::Ratio,
        catalogue::Unit::Money => {
            Unit::Money(company.currency.as_deref().and_then(Currency::parse))
        }
    }
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
