//! Which weeks are compared with which.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::metrics::week::Week;

/// How many settled weeks may be *recent*, the shortest first.
const RECENT_WEEKS: [i32; 4] = [4, 8, 13, 26];
/// On each side there must be so many records.
pub const RECORDS_FROM: u64 = 40;
/// A baseline has at least so many weeks.
pub const BASELINE_FROM: usize = 12;
/// Before the first mark of an agent it has at most so many.
const BASELINE_AT_MOST: i32 = 26;

/// From one week to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Week,
    pub to: Week,
}

/// What the recent weeks are compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Baseline {
    /// The span that leadership set.
    Set(Span),
    /// The last 26 weeks, at least 12, before the week of the first mark of an agent; where there are
    /// fewer, or the mark is newer than the settled weeks, the first weeks.
    Before(Week),
    /// The first 12 weeks with records.
    First,
}

/// The spans that are compared, and how many records lie in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    pub recent: Span,
    pub baseline: Span,
    pub recent_records: u64,
    pub baseline_records: u64,
}

/// Why nothing can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum CantTell {
    #[error("A source that it needs is stale.")]
    SourceStale,
    #[error("{} in the last 26 settled weeks, and {RECORDS_FROM} are needed.", there_are(*records))]
    RecentTooFew { records: u64 },
    #[error("{} before the recent ones, and {BASELINE_FROM} are needed.", counted_baseline_weeks(*weeks))]
    BaselineTooShort { weeks: usize },
    #[error("{} in the baseline, and {RECORDS_FROM} are needed.", there_are(*records))]
    BaselineTooFew { records: u64 },
    #[error("More records count as bad than there are.")]
    NotAShare,
}

fn counted_baseline_weeks(weeks: usize) -> String {
    match weeks {
        0 => "There is no baseline week".to_owned(),
        1 => "There is 1 baseline week".to_owned(),
        more => format!("There are {more} baseline weeks"),
    }
}

fn there_are(records: u64) -> String {
    match records {
        0 => "There is no record".to_owned(),
        1 => "There is 1 record".to_owned(),
        more => format!("There are {more} records"),
    }
}

impl Span {
    /// None where it would end before it begins.
    fn weeks(self) -> impl Iterator<Item = Week> {
        let first = (self.from <= self.to).then_some(self.from);
        std::iter::successors(first, move |week| (*week < self.to).then(|| week.next()))
    }

    /// How many weeks it has.
    pub fn length(self) -> u64 {
        self.weeks().count() as u64
    }

    pub fn holds(self, week: Week) -> bool {
        self.from <= week && week <= self.to
    }

    fn records(self, by_week: &BTreeMap<Week, u64>) -> u64 {
        let weeks = by_week.iter().filter(|(week, _)| self.holds(**week));
        weeks.map(|(_, records)| records).sum()
    }
}

/// The spans of a metric whose weeks are settled up to this one.
///
/// Recent is the shortest of 4, 8, 13 and 26 settled weeks with at least 40 records. From the baseline
/// the recent weeks are left out, and all after them; at least 12 weeks must be left, with at least
/// 40 records. Weeks without records count as weeks, but not as one of the first 12.
///
/// ```
/// use server::metrics::{answer::spans::{Baseline, spans}, week::Week};
/// let first: Week = "2026-W01".parse().unwrap();
/// let records = (0..20).map(|week| (first.plus(week), 9)).collect();
/// let spans = spans(&records, first.plus(19), Baseline::First).unwrap();
/// assert_eq!((spans.recent.from, spans.recent.to), (first.plus(12), first.plus(19)));
/// assert_eq!((spans.baseline.from, spans.baseline.to), (first, first.plus(11)));
/// assert_eq!((spans.recent_records, spans.baseline_records), (72, 108));
/// ```
pub fn spans(
    records_by_week: &BTreeMap<Week, u64>,
    settled_to: Week,
    baseline: Baseline,
) -> Result<Spans, CantTell> {
    let (recent, recent_records) = recent(records_by_week, settled_to)?;
    let mut weeks = baseline_weeks(records_by_week, settled_to, baseline);
    weeks.retain(|week| *week < recent.from);
    let (Some(from), Some(to), true) = (
        weeks.first().copied(),
        weeks.last().copied(),
        weeks.len() >= BASELINE_FROM,
    ) else {
        return Err(CantTell::BaselineTooShort { weeks: weeks.len() });
    };
    let baseline = Span { from, to };
    let baseline_records = baseline.records(records_by_week);
    if baseline_records < RECORDS_FROM {
        return Err(CantTell::BaselineTooFew {
            records: baseline_records,
        });
    }
    Ok(Spans {
        recent,
        baseline,
        recent_records,
        baseline_records,
    })
}

fn recent(by_week: &BTreeMap<Week, u64>, settled_to: Week) -> Result<(Span, u64), CantTell> {
    let mut records = 0;
    for weeks in RECENT_WEEKS {
        let span = Span {
            from: settled_to.plus(1 - weeks),
            to: settled_to,
        };
        records = span.records(by_week);
        if records >= RECORDS_FROM {
            return Ok((span, records));
        }
    }
    Err(CantTell::RecentTooFew { records })
}

fn baseline_weeks(
    by_week: &BTreeMap<Week, u64>,
    settled_to: Week,
    baseline: Baseline,
) -> Vec<Week> {
    let with_records = || by_week.iter().filter(|(_, records)| **records > 0);
    if let Baseline::Set(span) = baseline {
        return span.weeks().collect();
    }
    if let (Baseline::Before(mark), Some((first, _))) = (baseline, with_records().next()) {
        let earliest = mark.plus(-BASELINE_AT_MOST).max(*first);
        let before = Span {
            from: earliest,
            to: mark,
        };
        let weeks: Vec<Week> = before.weeks().filter(|week| *week < mark).collect();
        if weeks.len() >= BASELINE_FROM && mark <= settled_to {
            return weeks;
        }
    }
    with_records()
        .map(|(week, _)| *week)
        .take(BASELINE_FROM)
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn week(number: i32) -> Week {
        Week::FIRST.plus(1_000 + number)
    }

    fn span(from: i32, to: i32) -> Span {
        Span {
            from: week(from),
            to: week(to),
        }
    }

    /// So many records in each of the weeks 0, 1, 2, …
    fn records(weeks: i32, each: u64) -> BTreeMap<Week, u64> {
        (0..weeks).map(|number| (week(number), each)).collect()
    }

    #[test]
    fn recent_is_the_shortest_span_with_forty_records() {
        for (each, weeks) in [(10, 4), (9, 8), (5, 8), (4, 13), (2, 26)] {
            let found = spans(&records(80, each), week(79), Baseline::First).map(|it| it.recent);
            let too_few = Err(CantTell::BaselineTooFew { records: 12 * each });
            let enough = Ok(span(80 - weeks, 79));
            assert_eq!(
                found,
                if 12 * each < 40 { too_few } else { enough },
                "{each}"
            );
        }
        let too_few = Err(CantTell::RecentTooFew { records: 26 });
        assert_eq!(spans(&records(80, 1), week(79), Baseline::First), too_few);
    }

    #[test]
    fn weeks_after_the_settled_ones_take_no_part() {
        let found = spans(&records(80, 10), week(50), Baseline::Before(week(60)));
        let found = found.map(|spans| (spans.recent, spans.baseline));
        assert_eq!(found, Ok((span(47, 50), span(0, 11))));
    }

    #[test]
    fn before_the_first_mark_lie_at_most_26_and_at_least_12_weeks() {
        let of_mark = |mark| {
            let baseline = Baseline::Before(week(mark));
            spans(&records(80, 10), week(79), baseline).map(|spans| spans.baseline)
        };
        assert_eq!(of_mark(40), Ok(span(14, 39)));
        assert_eq!(of_mark(12), Ok(span(0, 11)));
        assert_eq!(of_mark(11), Ok(span(0, 11)));
        assert_eq!(of_mark(-5), Ok(span(0, 11)));
        assert_eq!(of_mark(79), Ok(span(53, 75)));
    }

    #[test]
    fn weeks_of_overlap_leave_the_baseline() {
        let of_set = |from, to| {
            let baseline = Baseline::Set(span(from, to));
            spans(&records(80, 10), week(79), baseline).map(|spans| spans.baseline)
        };
        assert_eq!(of_set(60, 79), Ok(span(60, 75)));
        assert_eq!(of_set(64, 90), Ok(span(64, 75)));
        let too_short = |weeks| Err(CantTell::BaselineTooShort { weeks });
        assert_eq!(of_set(65, 90), too_short(11));
        assert_eq!(of_set(10, 20), too_short(11));
        assert_eq!(of_set(20, 10), too_short(0));
        assert_eq!(
            spans(&records(15, 10), week(14), Baseline::First),
            Err(CantTell::BaselineTooShort { weeks: 11 })
        );
    }

    fn any_baseline() -> impl Strategy<Value = Baseline> {
        prop_oneof![
            Just(Baseline::First),
            (-5..70_i32).prop_map(|mark| Baseline::Before(week(mark))),
            (-5..70_i32, 0..40_i32)
                .prop_map(|(from, weeks)| Baseline::Set(span(from, from + weeks))),
        ]
    }

    proptest! {
        #[test]
        fn weeks_without_records_change_nothing(
            counts in prop::collection::btree_map(0..60_i32, 1_u64..20, 0..60),
            baseline in any_baseline(),
        ) {
            let with: BTreeMap<Week, u64> = counts.into_iter().map(|(number, count)| (week(number), count)).collect();
            let mut padded = with.clone();
            (-10..80).for_each(|number| { padded.entry(week(number)).or_insert(0); });
            prop_assert_eq!(spans(&padded, week(59), baseline), spans(&with, week(59), baseline));
        }

        #[test]
        fn both_sides_have_forty_records_and_share_no_week(
            counts in prop::collection::btree_map(0..60_i32, 0_u64..30, 0..60),
            baseline in any_baseline(),
        ) {
            let records: BTreeMap<Week, u64> = counts.into_iter().map(|(number, count)| (week(number), count)).collect();
            if let Ok(found) = spans(&records, week(59), baseline) {
                prop_assert!(found.recent_records >= 40 && found.baseline_records >= 40);
                prop_assert!(found.baseline.to < found.recent.from && found.recent.to == week(59));
                prop_assert!(found.baseline.weeks().count() >= 12);
            }
        }
    }
}
