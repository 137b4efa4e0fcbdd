//! What a week is judged by: the weeks before it or, of events rarer than one a week, the days
//! between them.

use super::Series;
use crate::metrics::catalogue::Kind;
use crate::metrics::week::Week;
use crate::metrics::xmr::chart::{State, chart};
use crate::metrics::xmr::gaps::gaps_days;
use crate::metrics::xmr::{self, Limits, Rule, Side};

/// The points behind a week, and its own.
pub(super) struct Judging {
    /// With the week of each, oldest first.
    pub before: Vec<(Week, f64)>,
    /// None where the week has none: no value, or no event that ended a gap.
    pub shown: Option<f64>,
    pub limits: Option<Limits>,
    /// The week with which the limits were locked, where they are and weeks are judged.
    pub locked_with: Option<Week>,
    pub is_by_gaps: bool,
}

impl Judging {
    fn points(&self) -> Option<Vec<f64>> {
        let before = self.before.iter().map(|(_, point)| *point);
        Some(before.chain([self.shown?]).collect())
    }

    /// The rule that spoke, and on which side of its usual number the metric lies.
    pub fn signal(&self) -> Option<(Rule, Side)> {
        let (rule, side) = xmr::signal(self.limits.as_ref()?, &self.points()?)?;
        Some(match (self.is_by_gaps, side) {
            (false, side) => (rule, side),
            // The longer the gaps, the fewer the events.
            (true, Side::Above) => (rule, Side::Below),
            (true, Side::Below) => (rule, Side::Above),
        })
    }

    /// The first week that the signal of this one rests on; none without a signal.
    pub fn since(&self, shown: Week) -> Option<Week> {
        let (limits, points) = (self.limits.as_ref()?, self.points()?);
        let first = xmr::since(limits, &points, xmr::signal(limits, &points)?);
        Some(self.before.get(first).map_or(shown, |(week, _)| *week))
    }
}

impl Series {
    pub(super) fn judging(&self, week: Week) -> Judging {
        let by_weeks = self.by_weeks(week);
        let is_rare = by_weeks.limits.is_some_and(|limits| limits.centre < 1.0);
        if self.metric.kind == Kind::Events && is_rare {
            self.by_gaps(week)
        } else {
            by_weeks
        }
    }

    fn by_weeks(&self, week: Week) -> Judging {
        let chart = chart(&self.usable_before(week), &self.dividers, week);
        Judging {
            shown: self.value(week),
            limits: chart.limits,
            locked_with: match chart.state {
                State::Locked(with) => Some(with),
                _ => None,
            },
            is_by_gaps: false,
            before: chart.points,
        }
    }

    /// A gap belongs to the week in which it ended; of several the last is the week's own.
    fn by_gaps(&self, week: Week) -> Judging {
        let end_ms = self.calendar.end_ms(week);
        let until = self.events_ms.partition_point(|at| *at < end_ms);
        // A gap that a divider lies in belongs to neither side.
        let divider = self.dividers.iter().filter(|divider| **divider <= week);
        let from_ms = divider
            .max()
            .map(|divider| self.calendar.start_ms(*divider));
        let from = from_ms.map_or(0, |from_ms| {
            self.events_ms.partition_point(|at| *at < from_ms)
        });
        let events_ms = &self.events_ms[from.min(until)..until];
        let mut gaps = gaps_days(events_ms);
        let ended_now = |at: &i64| *at >= self.calendar.start_ms(week);
        let shown = match events_ms.last().is_some_and(ended_now) {
            true => gaps.pop().map(|(_, days)| days),
            false => None,
        };
        let ends = events_ms
            .iter()
            .skip(1)
            .map(|at| self.calendar.week_of(*at));
        Judging {
            before: ends.zip(gaps.iter().map(|(_, days)| *days)).collect(),
            shown,
            limits: chart(&gaps, &[], i64::MAX).limits,
            locked_with: None,
            is_by_gaps: true,
        }
    }

    /// The usable values before a week, oldest first: neither null nor hollow.
    fn usable_before(&self, week: Week) -> Vec<(Week, f64)> {
        let recorded = self.history.keys().next().copied();
        let begin = [self.first, recorded].into_iter().flatten().min();
        std::iter::successors(begin, |week| Some(week.next()))
            .take_while(|before| *before < week)
            .filter(|before| !self.metric.kind.is_hollow(self.sample(*before)))
            .filter_map(|before| Some((before, self.value(before)?)))
            .collect()
    }
}
