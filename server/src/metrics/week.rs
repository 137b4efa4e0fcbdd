//! ISO weeks, and the instants at which they begin in the company's time zone.
//!
//! A [`Week`] knows dates only; a [`Calendar`] knows zones. Weeks tile time: every instant lies in
//! exactly one week, also across daylight saving and where the company moves to another zone.
//! Both are bounded to 1970-W01 to 2999-W52; what lies outside counts as the first or last week.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime};
use chrono::{TimeZone, Weekday};
use chrono_tz::Tz;

const DAY_MS: i64 = 86_400_000;
const FIRST_MONDAY: NaiveDate = match NaiveDate::from_ymd_opt(1969, 12, 29) {
    Some(date) => date,
    None => NaiveDate::MIN,
};
/// 2999-W52, counted from 1970-W01.
const LAST_INDEX: i32 = 53_742;
/// 1970-01-01 is a Thursday.
const EPOCH_DAYS_AFTER_MONDAY: i64 = 3;

/// An ISO week, such as 2026-W47: Monday to Sunday, named by the year of its Thursday.
///
/// ```
/// use server::metrics::week::Week;
/// let week: Week = "2026-W47".parse().unwrap();
/// assert_eq!((week.monday().to_string(), week.sunday().to_string()), ("2026-11-16".into(), "2026-11-22".into()));
/// assert_eq!(week.plus(7).to_string(), "2027-W01");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(i32);

/// Why a text is no week.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeekError {
    #[error("not a week: write the ISO year and week, such as 2026-W47")]
    Shape,
    #[error("the year {year} has no week {number}: weeks run from 01 to 52, in some years to 53")]
    Number { year: i32, number: u32 },
    #[error("the year {year} is out of range: weeks run from 1970-W01 to 2999-W52")]
    Year { year: i32 },
}

impl Week {
    /// 1970-W01.
    pub const FIRST: Self = Self(0);
    /// 2999-W52.
    pub const LAST: Self = Self(LAST_INDEX);

    /// The week that holds this date.
    pub fn of_date(date: NaiveDate) -> Self {
        Self::at_index((date - FIRST_MONDAY).num_days().div_euclid(7))
    }

    /// The week after this one; the last week is followed by itself.
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The week before this one; the first week is preceded by itself.
    pub fn previous(self) -> Self {
        self.plus(-1)
    }

    /// The week so many weeks later, or earlier when negative.
    pub fn plus(self, weeks: i32) -> Self {
        Self::at_index(i64::from(self.0) + i64::from(weeks))
    }

    /// How many weeks later than another it is.
    pub fn since(self, other: Self) -> i32 {
        self.0 - other.0
    }

    pub fn monday(self) -> NaiveDate {
        FIRST_MONDAY + Days::new(7 * u64::from(self.0.unsigned_abs()))
    }

    pub fn sunday(self) -> NaiveDate {
        self.monday() + Days::new(6)
    }

    fn at_index(index: i64) -> Self {
        Self(index.clamp(0, i64::from(LAST_INDEX)) as i32)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let iso = self.monday().iso_week();
        write!(f, "{}-W{:02}", iso.year(), iso.week())
    }
}

impl fmt::Debug for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Week {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, WeekError> {
        let (year, number) = text.split_once("-W").ok_or(WeekError::Shape)?;
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || number.len() != 2 || !digits(year) || !digits(number) {
            return Err(WeekError::Shape);
        }
        let year: i32 = year.parse().map_err(|_| WeekError::Shape)?;
        let number: u32 = number.parse().map_err(|_| WeekError::Shape)?;
        if !(1970..=2999).contains(&year) {
            return Err(WeekError::Year { year });
        }
        NaiveDate::from_isoywd_opt(year, number, Weekday::Mon)
            .map(Self::of_date)
            .ok_or(WeekError::Number { year, number })
    }
}

/// The company's time zones, each from a dated week on.
///
/// A week begins on Monday at 00:00 in its own zone and ends where the next begins; so the week
/// before a change of zone is some hours longer or shorter, and nothing falls between.
///
/// ```
/// use server::metrics::week::Calendar;
/// let calendar = Calendar::new(vec![(None, chrono_tz::Europe::Berlin)]);
/// let sunday_23_30_utc = 1_795_390_200_000; // 2026-11-22, already Monday in Berlin
/// assert_eq!(calendar.week_of(sunday_23_30_utc).to_string(), "2026-W48");
/// assert_eq!(Calendar::utc().week_of(sunday_23_30_utc).to_string(), "2026-W47");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Ascending by week.
    zones: Vec<(Week, Tz)>,
}

impl Calendar {
    /// Each zone holds from its week on, the one without a week from the beginning; before the
    /// first, UTC. Of two for the same week the later in the list holds.
    pub fn new(zones: Vec<(Option<Week>, Tz)>) -> Self {
        let mut zones: Vec<(Week, Tz)> = zones
            .into_iter()
            .map(|(from, zone)| (from.unwrap_or(Week::FIRST), zone))
            .collect();
        zones.sort_by_key(|(from, _)| *from);
        Self { zones }
    }

    /// The calendar of a company that has not set a time zone.
    pub fn utc() -> Self {
        Self { zones: Vec::new() }
    }

    /// The zone in which this week begins.
    pub fn zone(&self, week: Week) -> Tz {
        let in_force = self.zones.partition_point(|(from, _)| *from <= week);
        match in_force.checked_sub(1) {
            Some(index) => self.zones[index].1,
            None => Tz::UTC,
        }
    }

    /// The week that holds this instant (milliseconds since 1970-01-01T00:00:00Z).
    pub fn week_of(&self, at_ms: i64) -> Week {
        let days = at_ms.div_euclid(DAY_MS);
        let mut week = Week::at_index((days + EPOCH_DAYS_AFTER_MONDAY).div_euclid(7));
        while week > Week::FIRST && at_ms < self.start_ms(week) {
            week = week.previous();
        }
        while week < Week::LAST && at_ms >= self.end_ms(week) {
            week = week.next();
        }
        week
    }

    /// The week's first instant: Monday 00:00 in its zone.
    pub fn start_ms(&self, week: Week) -> i64 {
        midnight_ms(self.zone(week), week.monday())
    }

    /// The first instant after the week, which is the next week's first.
    pub fn end_ms(&self, week: Week) -> i64 {
        if week == Week::LAST {
            return midnight_ms(self.zone(week), week.monday() + Days::new(7));
        }
        self.start_ms(week.next())
    }

    /// The instant of a day and time of the week, in its zone; the first of two where clocks are put
    /// back over it, the first that exists where they are put forward over it.
    pub fn at_ms(&self, week: Week, day: Weekday, time: NaiveTime) -> i64 {
        let date = week.monday() + Days::new(u64::from(day.num_days_from_monday()));
        local_ms(self.zone(week), date.and_time(time))
    }
}

fn midnight_ms(zone: Tz, date: NaiveDate) -> i64 {
    local_ms(zone, date.and_time(NaiveTime::MIN))
}

/// The instant of a local time: the first of two where clocks are put back over it, the first that
/// exists where they are put forward over it.
pub(super) fn local_ms(zone: Tz, local: NaiveDateTime) -> i64 {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.timestamp_millis(),
        LocalResult::None => end_of_gap_ms(zone, local),
    }
}

/// The first instant whose local time is not before one that the clocks skipped.
fn end_of_gap_ms(zone: Tz, skipped: NaiveDateTime) -> i64 {
    let as_utc_ms = skipped.and_utc().timestamp_millis();
    // No zone is, or was since 1970, two days from UTC.
    let (mut before, mut after) = (as_utc_ms - 2 * DAY_MS, as_utc_ms + 2 * DAY_MS);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let reached = DateTime::from_timestamp_millis(middle)
            .is_some_and(|at| at.with_timezone(&zone).naive_local() >= skipped);
        if reached {
            after = middle;
        } else {
            before = middle;
        }
    }
    after
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
