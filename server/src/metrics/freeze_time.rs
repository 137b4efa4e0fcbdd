//! When a week freezes: at a day and time of the week after it, where the company is.

use std::str::FromStr;

use chrono::{NaiveTime, Weekday};

use super::week::{Calendar, Week};

/// A day and a time, such as `Mon 07:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FreezeTime {
    day: Weekday,
    time: NaiveTime,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a day and time: write three letters of the day and the time, such as Mon 07:00")]
pub struct FreezeTimeError;

impl FromStr for FreezeTime {
    type Err = FreezeTimeError;

    fn from_str(text: &str) -> Result<FreezeTime, FreezeTimeError> {
        let (day, time) = text.split_once(' ').ok_or(FreezeTimeError)?;
        Ok(FreezeTime {
            day: day.parse().map_err(|_| FreezeTimeError)?,
            time: NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| FreezeTimeError)?,
        })
    }
}

impl Default for FreezeTime {
    /// Monday at seven.
    fn default() -> FreezeTime {
        FreezeTime {
            day: Weekday::Mon,
            time: NaiveTime::MIN + chrono::TimeDelta::hours(7),
        }
    }
}

impl FreezeTime {
    /// What the company set, else Monday at seven.
    pub fn of(company: Option<&str>) -> FreezeTime {
        let set = company.and_then(|text| text.parse().ok());
        set.unwrap_or_default()
    }

    /// The instant at which a week freezes.
    pub fn at_ms(self, calendar: &Calendar, week: Week) -> i64 {
        calendar.at_ms(week.next(), self.day, self.time)
    }

    /// The weeks that are to freeze now, oldest first: those since the last frozen one, but none that
    /// was to freeze before the company's first record came.
    pub fn due(self, calendar: &Calendar, past: Past, now_ms: i64) -> Vec<Week> {
        let Some(first_record_ms) = past.first_record_ms else {
            return Vec::new();
        };
        let first = calendar.week_of(first_record_ms).previous();
        let first = [first, first.next()]
            .into_iter()
            .find(|week| self.at_ms(calendar, *week) > first_record_ms)
            .unwrap_or(first);
        let first = past
            .last_frozen
            .map_or(first, |last| last.next().max(first));
        std::iter::successors(Some(first), |week| Some(week.next()))
            .take_while(|week| self.at_ms(calendar, *week) <= now_ms && *week < Week::LAST)
            .collect()
    }
}

/// What decides which weeks are still to freeze.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    pub last_frozen: Option<Week>,
    pub first_record_ms: Option<i64>,
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use chrono::DateTime;
    use chrono_tz::Tz;

    use super::*;

    const BERLIN: Tz = Tz::Europe__Berlin;

    fn at_ms(rfc3339: &str) -> i64 {
        DateTime::parse_from_rfc3339(rfc3339)
            .unwrap()
            .timestamp_millis()
    }

    fn freezes(set: &str, calendar: &Calendar, week: &str) -> String {
        let at_ms = FreezeTime::of(Some(set)).at_ms(calendar, week.parse().unwrap());
        let at = DateTime::from_timestamp_millis(at_ms).unwrap();
        at.format("%Y-%m-%dT%H:%MZ").to_string()
    }

    #[test]
    fn a_week_freezes_in_the_week_after_it_where_the_company_is() {
        let berlin = Calendar::new(vec![(None, BERLIN)]);
        for (set, week, at) in [
            ("Mon 07:00", "2026-W47", "2026-11-23T06:00Z"),
            ("Mon 07:00", "2026-W30", "2026-07-27T05:00Z"),
            ("Sun 23:59", "2026-W47", "2026-11-29T22:59Z"),
            ("Mon 00:00", "2026-W47", "2026-11-22T23:00Z"),
            ("Mon 07:00", "2026-W53", "2027-01-04T06:00Z"),
            ("nonsense", "2026-W47", "2026-11-23T06:00Z"),
        ] {
            assert_eq!(freezes(set, &berlin, week), at, "{set} {week}");
        }
    }

    #[test]
    fn a_skipped_time_is_the_first_instant_after_and_a_doubled_one_the_first() {
        let berlin = Calendar::new(vec![(None, BERLIN)]);
        assert_eq!(
            freezes("Sun 02:30", &berlin, "2026-W12"),
            "2026-03-29T01:00Z"
        );
        assert_eq!(
            freezes("Sun 02:30", &berlin, "2026-W42"),
            "2026-10-25T00:30Z"
        );
    }

    #[test]
    fn a_new_time_zone_counts_from_the_week_in_which_the_freeze_lies() {
        let moved = Calendar::new(vec![
            (None, BERLIN),
            (Some("2026-W48".parse().unwrap()), Tz::America__New_York),
        ]);
        assert_eq!(
            freezes("Mon 07:00", &moved, "2026-W46"),
            "2026-11-16T06:00Z"
        );
        assert_eq!(
            freezes("Mon 07:00", &moved, "2026-W47"),
            "2026-11-23T12:00Z"
        );
    }

    #[test]
    fn what_is_no_day_and_time_is_refused() {
        for wrong in ["", "Mon", "07:00", "Mon 25:00", "Mon 7", "Someday 07:00"] {
            assert_eq!(wrong.parse::<FreezeTime>(), Err(FreezeTimeError), "{wrong}");
        }
    }

    fn due(last: Option<&str>, first_record: Option<&str>, now: &str) -> Vec<String> {
        let past = Past {
            last_frozen: last.map(|week| week.parse().unwrap()),
            first_record_ms: first_record.map(at_ms),
        };
        let due = FreezeTime::default().due(&Calendar::utc(), past, at_ms(now));
        due.iter().map(Week::to_string).collect()
    }

    #[test]
    fn nothing_freezes_before_there_is_a_record() {
        assert!(due(None, None, "2026-11-23T07:00:00Z").is_empty());
    }

    #[test]
    fn the_first_freeze_is_the_next_one_after_the_first_record() {
        let wednesday = Some("2026-11-18T12:00:00Z");
        assert!(due(None, wednesday, "2026-11-18T13:00:00Z").is_empty());
        assert!(due(None, wednesday, "2026-11-23T06:59:59Z").is_empty());
        assert_eq!(due(None, wednesday, "2026-11-23T07:00:00Z"), ["2026-W47"]);
        let early_on_monday = Some("2026-11-23T06:00:00Z");
        assert_eq!(
            due(None, early_on_monday, "2026-11-23T07:00:00Z"),
            ["2026-W47"]
        );
        let at_the_freeze = Some("2026-11-23T07:00:00Z");
        assert!(due(None, at_the_freeze, "2026-11-23T07:00:00Z").is_empty());
    }

    #[test]
    fn a_server_that_was_down_catches_up_over_the_end_of_a_year_with_week_53() {
        let caught_up = due(
            Some("2026-W51"),
            Some("2026-01-07T12:00:00Z"),
            "2027-01-11T08:00:00Z",
        );
        assert_eq!(caught_up, ["2026-W52", "2026-W53", "2027-W01"]);
    }

    #[test]
    fn an_old_week_frozen_by_hand_does_not_freeze_those_before_the_first_record() {
        let by_hand = due(
            Some("2020-W05"),
            Some("2026-11-11T12:00:00Z"),
            "2026-11-23T08:00:00Z",
        );
        assert_eq!(by_hand, ["2026-W46", "2026-W47"]);
    }
}
