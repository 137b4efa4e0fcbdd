//! When a service's changes are merged: how many on which day, and at what time.
//!
//! All lie between 07:00 and 16:00 UTC, hours away from midnight in UTC and in Berlin.

use super::super::chance::Chance;
use super::super::company::Week;
use super::super::hours::{DAY, HOUR, midnight};

/// The merges of a week, earliest first.
pub(super) fn of_week(week: &Week, chance: &mut Chance) -> Vec<i64> {
    let mut merges = Vec::new();
    for (day, expected) in week.by_day.iter().enumerate() {
        let count = chance.poisson(*expected);
        merges.extend((0..count).map(|_| on(week, day, chance)));
    }
    merges.sort_unstable();
    // No two in the same second.
    for next in 1..merges.len() {
        merges[next] = merges[next].max(merges[next - 1] + 1);
    }
    merges
}

/// Some instant of the week at which people are about.
pub(super) fn at(week: &Week, chance: &mut Chance) -> i64 {
    let day = chance.weighted(&week.by_day);
    on(week, day, chance)
}

/// Early and late in the day less than in between.
fn on(week: &Week, day: usize, chance: &mut Chance) -> i64 {
    let share = (chance.unit() + chance.unit()) / 2.0;
    let time = 7 * HOUR + (share * (9 * HOUR) as f64) as i64;
    midnight(week.monday) + day as i64 * DAY + time
}
