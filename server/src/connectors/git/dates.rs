//! Which dates a clock can have shown: none before 1990, and none that lies ahead.

use chrono::DateTime;

/// 1990-01-01: what is dated earlier was written by a clock that was never set.
const EARLIEST_S: i64 = 631_152_000;
/// A day's grace for clocks that run ahead.
const GRACE_S: i64 = 86_400;

/// The dates that are believed.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    latest_s: i64,
}

impl Dates {
    /// As seen at an instant, in seconds since 1970.
    pub fn seen_at(now_s: i64) -> Dates {
        Dates {
            latest_s: now_s.saturating_add(GRACE_S),
        }
    }

    /// The date, when a clock can have shown it.
    pub fn believed(self, at_s: Option<i64>) -> Option<i64> {
        at_s.filter(|at_s| (EARLIEST_S..=self.latest_s).contains(at_s))
    }

    /// Whether a date may be believed later on.
    pub fn is_ahead(self, at_s: i64) -> bool {
        at_s > self.latest_s
    }
}

/// A date as its day.
pub fn day(at_s: i64) -> String {
    match DateTime::from_timestamp(at_s, 0) {
        Some(at) => at.format("%Y-%m-%d").to_string(),
        None => format!("{at_s} seconds after 1970"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_believed_from_1990_to_a_day_ahead() {
        let now_s = 1_767_571_200;
        let dates = Dates::seen_at(now_s);
        for at_s in [EARLIEST_S, now_s, now_s + GRACE_S] {
            assert_eq!(dates.believed(Some(at_s)), Some(at_s));
        }
        for at_s in [0, EARLIEST_S - 1, now_s + GRACE_S + 1] {
            assert_eq!(dates.believed(Some(at_s)), None);
        }
        assert_eq!(dates.believed(None), None);
        assert_eq!(day(EARLIEST_S - 1), "1989-12-31");
    }
}
