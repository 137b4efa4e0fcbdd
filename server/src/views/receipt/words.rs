//! How instants, durations and tiers are said on a receipt.

use chrono::{DateTime, FixedOffset, Utc};
use chrono_tz::Tz;

use crate::metrics::week::Calendar;
use crate::store::registry::{Registry, Tier};

/// A duration to the second, in hours and minutes: "73 h 22 m".
pub(super) fn exact(ms: i64) -> String {
    let seconds = ms.unsigned_abs() / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "h"), (minutes, "m"), (seconds, "s")];
    let said: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, unit)| format!("{count}\u{a0}{unit}"))
        .collect();
    let said = if said.is_empty() {
        "0\u{a0}s".to_owned()
    } else {
        said.join("\u{a0}")
    };
    if ms < 0 {
        format!("\u{2212}{said}")
    } else {
        said
    }
}

/// A long duration: "2 d 23 h".
pub(super) fn long(ms: i64) -> String {
    let hours = ms.unsigned_abs() / 3_600_000;
    match (hours / 24, hours % 24) {
        (days, 0) => format!("{days}\u{a0}d"),
        (days, hours) => format!("{days}\u{a0}d\u{a0}{hours}\u{a0}h"),
    }
}

fn in_zone(calendar: &Calendar, at_ms: i64) -> DateTime<FixedOffset> {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&zone_at(calendar, at_ms)).fixed_offset()
}

fn zone_at(calendar: &Calendar, at_ms: i64) -> Tz {
    calendar.zone(calendar.week_of(at_ms))
}

/// The name of the zone in which an instant is told.
pub(super) fn zone(calendar: &Calendar, at_ms: i64) -> &'static str {
    zone_at(calendar, at_ms).name()
}

/// An instant in the company's own time, to the second where it has any: "Mon 16 Nov 2026, 11:02".
pub(super) fn local(calendar: &Calendar, at_ms: i64) -> String {
    let has_seconds = at_ms.rem_euclid(60_000) >= 1_000;
    let form = if has_seconds {
        "%a %-d %b %Y, %H:%M:%S"
    } else {
        "%a %-d %b %Y, %H:%M"
    };
    in_zone(calendar, at_ms).format(form).to_string()
}

/// "Mon 16 Nov, 11:02 − Fri 13 Nov, 09:40 = 73 h 22 m", each end with what it is.
pub(super) fn difference(
    calendar: &Calendar,
    (end, end_ms): (&str, i64),
    (start, start_ms): (&str, i64),
) -> String {
    format!(
        "{end} {} \u{2212} {start} {} = {}",
        local(calendar, end_ms),
        local(calendar, start_ms),
        exact(end_ms.saturating_sub(start_ms)),
    )
}

/// How far agents may go.
pub(super) fn tier(tier: Tier) -> &'static str {
    match u8::from(tier) {
        0 => "0, read-only",
        1 => "1, propose only",
        2 => "2, execute in non-production",
        _ => "3, narrow production actions",
    }
}

/// What a service is called.
pub(super) fn service(registry: &Registry, slug: &str) -> String {
    let named = registry.service(slug).and_then(|own| own.name.clone());
    named.unwrap_or_else(|| slug.to_owned())
}

/// A commit as people write it.
pub(super) fn short(sha: &str) -> String {
    sha.chars().take(8).collect()
}

/// "1 change", "3 changes".
pub(super) fn counted(count: usize, one: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        _ => format!("{count} {one}s"),
    }
}

/// A sentence as it begins.
pub(super) fn capital(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters
        .next()
        .map(|letter| letter.to_uppercase().to_string());
    format!("{}{}", first.unwrap_or_default(), letters.as_str())
}

/// The first of some names, and how many more there are: "a, b and 3 more".
pub(super) fn first<T: AsRef<str>>(all: &[T], most: usize) -> String {
    let shown: Vec<&str> = all.iter().take(most).map(AsRef::as_ref).collect();
    match all.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_said_to_the_second_and_never_as_nothing() {
        let said = |ms| exact(ms).replace('\u{a0}', " ");
        assert_eq!(said(73 * 3_600_000 + 22 * 60_000), "73 h 22 m");
        assert_eq!(said(61_999), "1 m 1 s");
        assert_eq!(said(0), "0 s");
        assert_eq!(said(-60_000), "\u{2212}1 m");
        assert_eq!(long(71 * 3_600_000).replace('\u{a0}', " "), "2 d 23 h");
    }

    #[test]
    fn a_formula_names_both_ends_in_the_companys_time() {
        let said = difference(&Calendar::utc(), ("merged", 90_000_000), ("begun", 0));
        assert_eq!(
            said.replace('\u{a0}', " "),
            "merged Fri 2 Jan 1970, 01:00 \u{2212} begun Thu 1 Jan 1970, 00:00 = 25 h"
        );
    }
}
