//! When people work: Monday to Friday, nine hours a day, which is where commits and reviews lie.
//!
//! Maps seconds of working time to seconds since 1970 and back. Knows no holidays; Christmas shows
//! in how much is done, not in when.

use chrono::{DateTime, Datelike, NaiveDate};

pub(super) const MINUTE: i64 = 60;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// 07:00 UTC: 08:00 or 09:00 in Berlin.
const OPENS: i64 = 7 * HOUR;
const WORKED: i64 = 9 * HOUR;
/// From 1970-01-01, a Thursday, to the first Monday.
const FIRST_MONDAY: i64 = 4 * DAY;

/// Midnight UTC at the start of a day.
pub(super) fn midnight(day: NaiveDate) -> i64 {
    DateTime::UNIX_EPOCH
        .date_naive()
        .signed_duration_since(day)
        .num_days()
        * -DAY
}

/// The instant that lies this much working time before another.
pub(super) fn before(at: i64, working: i64) -> i64 {
    if working <= 0 {
        return at;
    }
    instant(worked(at) - working)
}

/// The instant that lies this share of the working time between two others after the first.
pub(super) fn part_way(from: i64, to: i64, share: f64) -> i64 {
    let (start, end) = (worked(from), worked(to));
    let between = instant(start + ((end - start) as f64 * share) as i64);
    between.clamp(from, to)
}

/// Working time from the first Monday of 1970 up to an instant.
fn worked(at: i64) -> i64 {
    let since = at - FIRST_MONDAY;
    let in_week = since.rem_euclid(WEEK);
    let days = (in_week / DAY).min(5);
    let today = if days == 5 {
        0
    } else {
        (in_week % DAY - OPENS).clamp(0, WORKED)
    };
    since.div_euclid(WEEK) * 5 * WORKED + days * WORKED + today
}

/// The earliest instant with this much working time behind it.
fn instant(worked: i64) -> i64 {
    let day = (worked - 1).div_euclid(WORKED);
    let today = worked - day * WORKED;
    FIRST_MONDAY + day.div_euclid(5) * WEEK + day.rem_euclid(5) * DAY + OPENS + today
}

/// An instant as records carry it.
pub(super) fn rfc3339(at: i64) -> String {
    let days = at.div_euclid(DAY);
    let seconds = at.rem_euclid(DAY);
    let day = i32::try_from(days)
        .ok()
        .and_then(NaiveDate::from_epoch_days)
        .unwrap_or_default();
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        day.year(),
        day.month(),
        day.day(),
        seconds / HOUR,
        seconds % HOUR / MINUTE,
        seconds % MINUTE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp()
    }

    #[test]
    fn working_time_skips_nights_and_weekends() {
        let monday = at("2026-11-16T08:00:00Z");
        assert_eq!(rfc3339(before(monday, HOUR / 2)), "2026-11-16T07:30:00Z");
        assert_eq!(rfc3339(before(monday, 2 * HOUR)), "2026-11-13T15:00:00Z");
        let saturday = at("2026-11-21T12:00:00Z");
        assert_eq!(rfc3339(before(saturday, HOUR)), "2026-11-20T15:00:00Z");
    }

    #[test]
    fn part_of_the_way_never_leaves_the_way() {
        let (from, to) = (at("2026-11-13T22:00:00Z"), at("2026-11-14T02:00:00Z"));
        for share in [0.0, 0.5, 1.0] {
            assert!((from..=to).contains(&part_way(from, to, share)));
        }
    }

    #[test]
    fn midnight_and_its_text_agree() {
        let day = NaiveDate::from_ymd_opt(2024, 2, 29).unwrap();
        assert_eq!(rfc3339(midnight(day)), "2024-02-29T00:00:00Z");
    }
}
