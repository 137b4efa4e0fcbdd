//! Calendar months of weeks, and what a metric came to in one: from its records, or from their sums,
//! wherever those are at hand. Months are for seeing far; nothing is judged by them.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::catalogue::{Kind, Metric};
use super::pool::{Beside, per_hundred, pool};
use super::week::Week;

/// A month, which holds the weeks whose Thursday lies in it.
///
/// ```
/// use server::metrics::month::Month;
/// let month = Month::of("2026-W44".parse().unwrap()); // Thursday 29 October
/// assert_eq!(month.to_string(), "2026-10");
/// let weeks: Vec<String> = month.weeks().map(|week| week.to_string()).collect();
/// assert_eq!(weeks, ["2026-W40", "2026-W41", "2026-W42", "2026-W43", "2026-W44"]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i32,
    month: u32,
}

impl Month {
    /// The month that holds a week.
    pub fn of(week: Week) -> Month {
        let thursday = week.monday() + Days::new(3);
        Month {
            year: thursday.year(),
            month: thursday.month(),
        }
    }

    pub fn previous(self) -> Month {
        Month::of(self.first().previous())
    }

    /// Its first week.
    pub fn first(self) -> Week {
        let thursday = NaiveDate::from_weekday_of_month_opt(self.year, self.month, Weekday::Thu, 1);
        Week::of_date(thursday.unwrap_or_default())
    }

    /// Its weeks, four or five.
    pub fn weeks(self) -> impl Iterator<Item = Week> {
        let all = (0..5).map(move |later| self.first().plus(later));
        all.filter(move |week| Month::of(*week) == self)
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// So many months that have ended with a week, or before it, the oldest first.
///
/// ```
/// use server::metrics::month::whole;
/// let up_to = |week: &str| whole(week.parse().unwrap(), 2).map(|month| month.to_string());
/// assert!(up_to("2026-W47").eq(["2026-09", "2026-10"])); // one more Thursday in November
/// assert!(up_to("2026-W48").eq(["2026-10", "2026-11"]));
/// ```
pub fn whole(to: Week, count: usize) -> impl Iterator<Item = Month> {
    let running = Month::of(to.next());
    let back = std::iter::successors(Some(running.previous()), |month| Some(month.previous()));
    let months: Vec<Month> = back.take(count).collect();
    months.into_iter().rev()
}

/// What a metric came to in a week.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OfWeek {
    pub value: Option<f64>,
    pub sample: u64,
    /// Part and whole, of what is one of the other.
    pub fraction: Option<[u64; 2]>,
}

/// A month's value from its weeks and, of a median, from the contributions of all its records. A count
/// is the mean of its weeks, so that months and weeks have one scale.
///
/// ```
/// use server::metrics::{catalogue::metric, month::{OfWeek, value}};
/// let week = |value, fraction| OfWeek { value: Some(value), sample: 9, fraction };
/// let share = metric("change_fail_rate").unwrap();
/// let weeks = [week(0.5, Some([1, 2])), week(0.125, Some([1, 8]))];
/// assert_eq!(value(share, &weeks, &mut []), Some(0.2));
/// let count = metric("changes_merged").unwrap();
/// assert_eq!(value(count, &[week(4.0, None), OfWeek::default(), week(7.0, None)], &mut []), Some(5.5));
/// let median = metric("change_size").unwrap();
/// assert_eq!(value(median, &[week(10.0, None)], &mut [10, 80, 30]), Some(30.0));
/// ```
pub fn value(metric: &Metric, weeks: &[OfWeek], contributions: &mut [i64]) -> Option<f64> {
    let sums = weeks.iter().filter_map(|week| week.fraction);
    let [part, whole] = sums.fold([0, 0], |[part, whole], own| [part + own[0], whole + own[1]]);
    match metric.kind {
        Kind::Count | Kind::Events => mean(weeks.iter().filter_map(|week| week.value)),
        Kind::Median | Kind::MeanMoney if contributions.is_empty() => None,
        Kind::Median | Kind::MeanMoney => pool(metric, contributions, Beside::default()).value,
        Kind::Ratio | Kind::Sums => (whole > 0).then(|| part as f64 / whole as f64),
        Kind::PerHundred => per_hundred(part, whole),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0_u32), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metrics::catalogue::CATALOGUE;

    #[test]
    fn of_nothing_a_month_has_no_value() {
        for metric in CATALOGUE {
            assert_eq!(
                value(metric, &[OfWeek::default(); 4], &mut []),
                None,
                "{}",
                metric.id
            );
        }
    }

    #[test]
    fn a_month_across_the_end_of_a_year_is_that_of_its_thursdays() {
        let months: Vec<String> = ["2026-W53", "2027-W01"]
            .map(|week| Month::of(week.parse().unwrap()).to_string())
            .into();
        assert_eq!(months, ["2026-12", "2027-01"]);
    }

    proptest! {
        #[test]
        fn months_tile_the_weeks(at in 200_i32..50_000, count in 1_usize..14) {
            let to = Week::FIRST.plus(at);
            let months: Vec<Month> = whole(to, count).collect();
            prop_assert_eq!(months.len(), count);
            let weeks: Vec<Week> = months.iter().flat_map(|month| month.weeks()).collect();
            prop_assert!(weeks.windows(2).all(|pair| pair[0].next() == pair[1]));
            let last = weeks[weeks.len() - 1];
            prop_assert!(last <= to && to < last.plus(5), "at most the weeks of a running month are left");
            prop_assert!(Month::of(last) != Month::of(last.next()));
        }
    }
}
