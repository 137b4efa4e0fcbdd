//! Stored figures, judged: normal range, signal and state, from the weeks before the shown one.

use std::collections::BTreeMap;
use std::str::FromStr;

use app::view::figure::{Figure, State, Unit};
use app::view::review::Point;
use app::view::signal::{Rule, Signal};

use super::rfc3339;
use crate::metrics::catalogue::{Better, Kind, Metric};
use crate::metrics::week::{Calendar, Week};
use crate::metrics::{catalogue, xmr};
use crate::store::figures::{self as stored, Series as Key};
use crate::store::{Result, Tx};

const DAY_MS: i64 = 86_400_000;

/// A metric in a scope and segment over some weeks, and all that is needed to judge each of them.
pub struct Series {
    metric: &'static Metric,
    scope: String,
    segment: &'static str,
    calendar: Calendar,
    now_ms: i64,
    /// The scope's first week with a record of this stream, in whatever segment.
    first: Option<Week>,
    stored: BTreeMap<Week, stored::Figure>,
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
    /// Reads the asked weeks, and those before them that judge them.
    pub async fn load(
        tx: &mut Tx,
        calendar: &Calendar,
        now_ms: i64,
        ask: Ask<'_>,
    ) -> Result<Series> {
        let first = first_week(tx, ask.scope).await?;
        let key = Key {
            metric: ask.metric.id,
            scope: ask.scope,
            segment: ask.segment,
        };
        let from = ask.from.plus(1 - xmr::WEEKS);
        let rows = stored::between(tx, key, &from.to_string(), &ask.to.to_string()).await?;
        let by_week = rows
            .into_iter()
            .filter_map(|row| Some((Week::from_str(&row.week).ok()?, row)));
        Ok(Series {
            metric: ask.metric,
            scope: ask.scope.to_owned(),
            segment: ask.segment,
            calendar: calendar.clone(),
            now_ms,
            first,
            stored: by_week.collect(),
        })
    }

    /// The judged figure of a week.
    pub fn figure(&self, week: Week) -> Figure {
        let stored = self.stored.get(&week);
        let value = self.value(week);
        let sample = self.sample(week);
        let settles_ms =
            self.calendar.end_ms(week) + i64::from(self.metric.settles_after_days) * DAY_MS;
        let settled = self.now_ms >= settles_ms;
        let before = self.usable_before(week);
        let usable = before.len();
        let limits = xmr::limits(&before);
        let hollow = self.metric.kind.is_hollow(sample);
        let (signal, rule) = match value {
            None => (Signal::None, None),
            Some(_) if !settled => (Signal::None, None),
            Some(_) if hollow || usable < xmr::VERDICT_FROM => (Signal::TooFew, None),
            Some(value) => self.judge(limits.as_ref(), before, value),
        };
        Figure {
            metric: self.metric.id.to_owned(),
            week: week.to_string(),
            scope: self.scope.clone(),
            segment: self.segment.to_owned(),
            value,
            unit: unit(self.metric.unit),
            sample,
            numerator: stored.and_then(|row| row.numerator).map(count),
            denominator: stored.and_then(|row| row.denominator).map(count),
            p90: stored.and_then(|row| row.p90),
            low: None,
            high: None,
            parts: None,
            interval: stored.and_then(|row| Some([row.interval_low?, row.interval_high?])),
            normal_range: limits.map(|limits| limits.drawn(self.metric.unit.ceiling())),
            signal,
            rule,
            state: match value {
                None => State::None,
                Some(_) if !settled => State::Maturing,
                Some(_) if hollow => State::TooFew,
                Some(_) if usable < xmr::PROVISIONAL_BELOW => State::Provisional,
                Some(_) => State::Exact,
            },
            settles: rfc3339(settles_ms),
            reason: self.reason(week, value),
            definition_version: stored.map_or(self.metric.version, |row| {
                u32::try_from(row.definition_version).unwrap_or(self.metric.version)
            }),
            records_url: records_url(self.metric.id, &week.to_string(), &self.scope, self.segment),
        }
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

    /// How many weeks stand behind a week's normal range.
    pub fn usable_weeks(&self, week: Week) -> usize {
        self.usable_before(week).len()
    }

    /// How many of a week's records the value could not use.
    pub fn left_out(&self, week: Week) -> u64 {
        self.stored.get(&week).map_or(0, |row| count(row.left_out))
    }

    /// A count is 0 in a week without records from the scope's first record on; all else is null.
    fn value(&self, week: Week) -> Option<f64> {
        if let Some(row) = self.stored.get(&week) {
            return row.value;
        }
        let begun = self.first.is_some_and(|first| first <= week)
            && self.calendar.start_ms(week) <= self.now_ms;
        (self.metric.kind == Kind::Count && begun).then_some(0.0)
    }

    fn sample(&self, week: Week) -> u64 {
        self.stored.get(&week).map_or(0, |row| count(row.sample))
    }

    /// The usable values before a week, oldest first: neither null nor hollow, of at most 60 weeks
    /// with the shown one.
    fn usable_before(&self, week: Week) -> Vec<f64> {
        let weeks =
            std::iter::successors(Some(week.plus(1 - xmr::WEEKS)), |week| Some(week.next()));
        weeks
            .take_while(|before| *before < week)
            .filter(|before| !self.metric.kind.is_hollow(self.sample(*before)))
            .filter_map(|before| self.value(before))
            .collect()
    }

    fn judge(
        &self,
        limits: Option<&xmr::Limits>,
        before: Vec<f64>,
        value: f64,
    ) -> (Signal, Option<Rule>) {
        let Some(limits) = limits else {
            return (Signal::TooFew, None);
        };
        let mut points = before;
        points.push(value);
        let Some((rule, side)) = xmr::signal(limits, &points) else {
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

    fn reason(&self, week: Week, value: Option<f64>) -> Option<String> {
        if let Some(reason) = self.stored.get(&week).and_then(|row| row.reason.clone()) {
            return Some(reason);
        }
        if value.is_some() {
            return None;
        }
        Some(match self.first {
            _ if self.calendar.start_ms(week) > self.now_ms => "this week has not begun".to_owned(),
            None => format!(
                "no {} yet: push or import the stream changes",
                self.metric.records_noun
            ),
            Some(first) if week < first => format!("the first of these records is from {first}"),
            Some(_) => format!("no {} in this week", self.metric.records_noun),
        })
    }
}

/// The first week in which the scope merged anything; segments never move it.
pub async fn first_week(tx: &mut Tx, scope: &str) -> Result<Option<Week>> {
    Ok(span(tx, scope).await?.map(|(first, _)| first))
}

/// The first and the last week in which the scope merged anything.
pub async fn span(tx: &mut Tx, scope: &str) -> Result<Option<(Week, Week)>> {
    let key = Key {
        metric: "changes_merged",
        scope,
        segment: "all",
    };
    let span = stored::span(tx, key).await?;
    Ok(span.and_then(|(first, last)| {
        Some((Week::from_str(&first).ok()?, Week::from_str(&last).ok()?))
    }))
}

/// Where the records behind a figure are listed.
pub fn records_url(metric: &str, week: &str, scope: &str, segment: &str) -> String {
    format!("/records/{metric}?week={week}&scope={scope}&segment={segment}")
}

/// A unit as pages and the API know it.
pub fn unit(unit: catalogue::Unit) -> Unit {
    match unit {
        catalogue::Unit::Count => Unit::Count,
        catalogue::Unit::Seconds => Unit::Seconds,
        catalogue::Unit::Ratio => Unit::Ratio,
    }
}

fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}
