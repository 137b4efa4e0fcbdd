use chrono::Utc;
use chrono_tz::TZ_VARIANTS;
use proptest::prelude::*;

use super::*;

fn week(text: &str) -> Week {
    text.parse().unwrap()
}

fn at_ms(rfc3339: &str) -> i64 {
    DateTime::parse_from_rfc3339(rfc3339)
        .unwrap()
        .timestamp_millis()
}

fn in_zone(zone: Tz) -> Calendar {
    Calendar::new(vec![(None, zone)])
}

fn start_in_utc(zone: Tz, text: &str) -> String {
    let start = in_zone(zone).start_ms(week(text));
    DateTime::<Utc>::from_timestamp_millis(start)
        .unwrap()
        .to_rfc3339()
}

#[test]
fn a_year_has_week_53_or_is_refused_it() {
    assert_eq!(week("2026-W53").next(), week("2027-W01"));
    assert_eq!(
        "2025-W53".parse::<Week>(),
        Err(WeekError::Number {
            year: 2025,
            number: 53
        })
    );
    assert!("2026-W00".parse::<Week>().is_err());
}

#[test]
fn a_year_end_belongs_to_the_week_of_its_thursday() {
    let of = |year, month, day| Week::of_date(NaiveDate::from_ymd_opt(year, month, day).unwrap());
    assert_eq!(of(2027, 1, 3), week("2026-W53"));
    assert_eq!(of(2024, 12, 30), week("2025-W01"));
}

#[test]
fn what_is_no_week_is_refused_in_words() {
    let not_weeks = [
        "",
        "2026",
        "2026-47",
        "26-W47",
        "2026-W7",
        "2026-w47",
        "2026-W4é",
        "+026-W47",
    ];
    for text in not_weeks {
        assert_eq!(text.parse::<Week>(), Err(WeekError::Shape), "{text}");
    }
    assert_eq!(
        "3000-W01".parse::<Week>(),
        Err(WeekError::Year { year: 3000 })
    );
}

#[test]
fn weeks_end_at_their_bounds_without_panic() {
    assert_eq!(
        (week("1970-W01"), week("2999-W52")),
        (Week::FIRST, Week::LAST)
    );
    assert_eq!(
        (Week::FIRST.previous(), Week::LAST.next()),
        (Week::FIRST, Week::LAST)
    );
    assert_eq!(
        (Week::LAST.plus(i32::MIN), Week::FIRST.plus(i32::MAX)),
        (Week::FIRST, Week::LAST)
    );
    assert_eq!(
        (Week::of_date(NaiveDate::MIN), Week::of_date(NaiveDate::MAX)),
        (Week::FIRST, Week::LAST)
    );
    let calendar = in_zone(Tz::Europe__Berlin);
    assert_eq!(
        (calendar.week_of(i64::MIN), calendar.week_of(i64::MAX)),
        (Week::FIRST, Week::LAST)
    );
    assert!(calendar.end_ms(Week::LAST) > calendar.start_ms(Week::LAST));
}

#[test]
fn a_week_with_a_change_of_clocks_is_an_hour_shorter_or_longer() {
    let berlin = in_zone(Tz::Europe__Berlin);
    let hours = |text| (berlin.end_ms(week(text)) - berlin.start_ms(week(text))) / 3_600_000;
    assert_eq!(
        (hours("2026-W13"), hours("2026-W43"), hours("2026-W44")),
        (167, 169, 168)
    );
}

#[test]
fn a_monday_whose_midnight_is_skipped_begins_after_the_gap() {
    assert_eq!(
        start_in_utc(Tz::Asia__Tehran, "2021-W12"),
        "2021-03-21T20:30:00+00:00"
    );
}

#[test]
fn a_sunday_whose_last_hour_comes_twice_keeps_both() {
    assert_eq!(
        start_in_utc(Tz::Asia__Tehran, "2014-W39"),
        "2014-09-21T20:30:00+00:00"
    );
}

#[test]
fn a_new_zone_holds_from_its_week_on_and_the_week_before_ends_there() {
    let moved = week("2026-W10");
    let calendar = Calendar::new(vec![
        (Some(moved), Tz::America__New_York),
        (None, Tz::Asia__Tokyo),
    ]);
    assert_eq!(calendar.zone(moved.previous()), Tz::Asia__Tokyo);
    assert_eq!(calendar.zone(moved), Tz::America__New_York);
    assert_eq!(
        calendar.end_ms(moved.previous()),
        at_ms("2026-03-02T00:00:00-05:00")
    );
    assert_eq!(
        calendar.week_of(at_ms("2026-03-02T00:00:00+09:00")),
        moved.previous()
    );
}

#[test]
fn before_the_first_dated_zone_weeks_are_in_utc() {
    let calendar = Calendar::new(vec![(Some(week("2026-W10")), Tz::Asia__Tokyo)]);
    assert_eq!(calendar.zone(week("2026-W09")), Tz::UTC);
}

fn calendars() -> impl Strategy<Value = Calendar> {
    let entry = (0..=LAST_INDEX, 0..TZ_VARIANTS.len());
    (0..TZ_VARIANTS.len(), prop::collection::vec(entry, 0..3)).prop_map(|(first, moves)| {
        let moves = moves
            .into_iter()
            .map(|(from, zone)| (Some(Week(from)), TZ_VARIANTS[zone]));
        Calendar::new(
            std::iter::once((None, TZ_VARIANTS[first]))
                .chain(moves)
                .collect(),
        )
    })
}

proptest! {
    #[test]
    fn every_instant_lies_in_its_week(calendar in calendars(), at_ms in 0_i64..32_000_000_000_000) {
        let week = calendar.week_of(at_ms);
        prop_assert!(calendar.start_ms(week) <= at_ms && at_ms < calendar.end_ms(week));
    }

    #[test]
    fn weeks_near_a_change_of_zone_follow_each_other(calendar in calendars(), index in 0..LAST_INDEX, ms in -100_000_000_i64..100_000_000) {
        let near = calendar.zones.last().map_or(Week(index), |(from, _)| *from).max(Week(1));
        let at_ms = calendar.start_ms(near) + ms;
        let week = calendar.week_of(at_ms);
        prop_assert!(calendar.start_ms(week) <= at_ms && at_ms < calendar.end_ms(week));
        prop_assert_eq!(calendar.week_of(calendar.start_ms(near)), near);
        prop_assert_eq!(calendar.week_of(calendar.start_ms(near) - 1), near.previous());
    }

    #[test]
    fn a_week_reads_as_it_is_written(index in 0..=LAST_INDEX) {
        let week = Week(index);
        prop_assert_eq!(week.to_string().parse(), Ok(week));
        prop_assert_eq!((Week::of_date(week.monday()), Week::of_date(week.sunday())), (week, week));
        prop_assert_eq!(week.monday().weekday(), Weekday::Mon);
    }
}

#[test]
fn in_every_zone_weeks_begin_on_monday_at_the_first_minute_there_is() {
    for zone in TZ_VARIANTS {
        let calendar = in_zone(zone);
        let mut week = Week::FIRST;
        while week < self::week("2040-W01") {
            let start = calendar.start_ms(week);
            let local = |ms| {
                DateTime::from_timestamp_millis(ms)
                    .unwrap()
                    .with_timezone(&zone)
                    .naive_local()
            };
            let midnight = week.monday().and_time(NaiveTime::MIN);
            assert!(
                local(start) >= midnight && local(start - 1) < local(start),
                "{zone} {week}"
            );
            assert!(local(start - 1) < midnight, "{zone} {week}");
            week = week.next();
        }
    }
}
