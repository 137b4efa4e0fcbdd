use chrono::TimeDelta;
use chrono_tz::{Europe, TZ_VARIANTS};
use proptest::prelude::*;

use super::*;

const RHYTHMS: [Rhythm; 4] = [
    Rhythm::Hourly,
    Rhythm::Daily,
    Rhythm::Weekdays,
    Rhythm::Weekly,
];

fn at_ms(rfc3339: &str) -> i64 {
    let at = DateTime::parse_from_rfc3339(rfc3339).unwrap();
    at.timestamp_millis()
}

/// From when on a stream of Berlin that last came at this instant is late, and from when on stale.
fn due(rhythm: Rhythm, received: &str) -> [String; 2] {
    [1, 2].map(|rhythms| {
        let due_ms = rhythm.after_ms(at_ms(received), rhythms, Europe::Berlin);
        let due = DateTime::from_timestamp_millis(due_ms).unwrap();
        let local = due.with_timezone(&Europe::Berlin);
        local.format("%a %F %H:%M").to_string()
    })
}

#[test]
fn a_weekend_is_no_weekday_and_what_came_in_one_counts_as_of_monday() {
    for (received, expected) in [
        (
            "2026-11-19T09:00:00+01:00",
            ["Fri 2026-11-20 09:00", "Mon 2026-11-23 09:00"],
        ),
        (
            "2026-11-20T09:00:00+01:00",
            ["Mon 2026-11-23 09:00", "Tue 2026-11-24 09:00"],
        ),
        (
            "2026-11-21T09:00:00+01:00",
            ["Tue 2026-11-24 00:00", "Wed 2026-11-25 00:00"],
        ),
        (
            "2026-11-22T23:59:00+01:00",
            ["Tue 2026-11-24 00:00", "Wed 2026-11-25 00:00"],
        ),
        (
            "2026-11-23T00:00:00+01:00",
            ["Tue 2026-11-24 00:00", "Wed 2026-11-25 00:00"],
        ),
    ] {
        assert_eq!(due(Rhythm::Weekdays, received), expected, "{received}");
    }
}

#[test]
fn a_day_keeps_its_time_where_clocks_change_and_an_hour_does_not() {
    // Clocks are put forward on Sunday 29 March 2026 and back on 25 October.
    assert_eq!(
        due(Rhythm::Daily, "2026-03-28T06:00:00+01:00"),
        ["Sun 2026-03-29 06:00", "Mon 2026-03-30 06:00"]
    );
    assert_eq!(
        due(Rhythm::Daily, "2026-03-28T02:30:00+01:00"),
        ["Sun 2026-03-29 03:00", "Mon 2026-03-30 02:30"]
    );
    assert_eq!(
        due(Rhythm::Weekly, "2026-10-23T06:00:00+02:00"),
        ["Fri 2026-10-30 06:00", "Fri 2026-11-06 06:00"]
    );
    assert_eq!(
        due(Rhythm::Hourly, "2026-03-29T01:30:00+01:00"),
        ["Sun 2026-03-29 03:30", "Sun 2026-03-29 04:30"]
    );
}

#[test]
fn weeks_go_on_over_week_53_and_the_end_of_a_year() {
    assert_eq!(
        due(Rhythm::Weekly, "2026-12-28T06:00:00+01:00"),
        ["Mon 2027-01-04 06:00", "Mon 2027-01-11 06:00"]
    );
    assert_eq!(
        due(Rhythm::Weekdays, "2027-01-01T06:00:00+01:00"),
        ["Mon 2027-01-04 06:00", "Tue 2027-01-05 06:00"]
    );
}

/// A daily source, judged at 100 h, whose streams last came at these hours.
fn source(hours: &[(&str, Option<i64>)]) -> Source {
    let newest = hours
        .iter()
        .map(|(name, hour)| ((*name).to_owned(), hour.map(|hour| hour * HOUR_MS)));
    let at = At {
        zone: Tz::UTC,
        now_ms: 100 * HOUR_MS,
    };
    Source::judged("forge", Rhythm::Daily, newest.collect(), at)
}

#[test]
fn a_source_is_as_fresh_as_its_streams_together() {
    let (fresh, late, stale) = (Some(76), Some(75), Some(51));
    for (a, b, expected) in [
        (fresh, fresh, Freshness::Fresh),
        (fresh, late, Freshness::Late),
        (late, stale, Freshness::Partial),
        (fresh, None, Freshness::Partial),
        (stale, stale, Freshness::Stale),
        (stale, None, Freshness::Stale),
        (None, None, Freshness::NeverLoaded),
    ] {
        let source = source(&[("changes", a), ("reviews", b)]);
        assert_eq!(source.freshness(), expected, "{a:?} {b:?}");
    }
    assert_eq!(source(&[]).freshness(), Freshness::NeverLoaded);
}

#[test]
fn a_stale_stream_matters_for_weeks_that_end_after_it_last_came() {
    let source = source(&[
        ("changes", Some(99)),
        ("reviews", Some(40)),
        ("incidents", None),
    ]);
    let lack = |needs: &[&str], hour: i64| {
        let lack = source.lack(needs, hour * HOUR_MS)?;
        Some((
            lack.streams,
            lack.newest_ms.map(|ms| ms / HOUR_MS),
            lack.is_whole,
        ))
    };
    assert_eq!(lack(&["reviews"], 40), None);
    assert_eq!(
        lack(&["reviews"], 41),
        Some((vec!["reviews"], Some(40), true))
    );
    assert_eq!(
        lack(&["changes", "reviews"], 41),
        Some((vec!["reviews"], Some(40), false))
    );
    assert_eq!(lack(&["changes", "defects"], 41), None);
    assert_eq!(
        lack(&["incidents"], 0),
        Some((vec!["incidents"], None, true))
    );
    assert_eq!(
        lack(&["incidents", "reviews"], 41),
        Some((vec!["incidents", "reviews"], Some(40), true))
    );
}

/// The later, the worse.
fn rank(freshness: Freshness) -> usize {
    let order = [Freshness::Fresh, Freshness::Late, Freshness::Stale];
    order.iter().position(|own| *own == freshness).unwrap()
}

/// Instants from 2020 to 2033.
fn instants() -> impl Strategy<Value = i64> {
    1_577_836_800_000..2_000_000_000_000_i64
}

proptest! {
    #[test]
    fn time_never_makes_a_source_fresher(
        newest_ms in instants(),
        ages_ms in prop::array::uniform2(0..30 * 24 * HOUR_MS),
        zone in prop::sample::select(&TZ_VARIANTS),
        rhythm in prop::sample::select(&RHYTHMS),
    ) {
        let [young, old] = [ages_ms[0].min(ages_ms[1]), ages_ms[0].max(ages_ms[1])].map(|age_ms| {
            rank(of_stream(Some(newest_ms), rhythm, At { zone, now_ms: newest_ms + age_ms }))
        });
        prop_assert!(young <= old);
    }

    #[test]
    fn a_newer_receipt_never_makes_a_source_less_fresh(
        newest_ms in prop::array::uniform2(instants()),
        age_ms in 0..30 * 24 * HOUR_MS,
        rhythm in prop::sample::select(&RHYTHMS),
    ) {
        let [older_ms, newer_ms] = [newest_ms[0].min(newest_ms[1]), newest_ms[0].max(newest_ms[1])];
        let at = At { zone: Tz::UTC, now_ms: newer_ms + age_ms };
        let [older, newer] = [older_ms, newer_ms].map(|ms| rank(of_stream(Some(ms), rhythm, at)));
        prop_assert!(newer <= older);
    }

    #[test]
    fn between_two_rhythms_lie_one_to_three_days_of_weekdays_and_no_weekend(
        newest_ms in instants(),
        zone in prop::sample::select(&TZ_VARIANTS),
    ) {
        let [one, two] = [1, 2].map(|rhythms| Rhythm::Weekdays.after_ms(newest_ms, rhythms, zone));
        let days = TimeDelta::milliseconds(two - one).num_hours() as f64 / 24.0;
        // An hour or so more or less where clocks change.
        prop_assert!((0.9..=3.1).contains(&days), "{days}");
        let local = DateTime::from_timestamp_millis(two).unwrap().with_timezone(&zone);
        prop_assert!(!matches!(local.weekday(), Weekday::Sat | Weekday::Sun));
    }
}
