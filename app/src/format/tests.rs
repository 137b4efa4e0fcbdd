use super::*;

const MINUTE: f64 = 60.0;
const HOUR: f64 = 3_600.0;
const DAY: f64 = 86_400.0;

fn plain(text: String) -> String {
    text.replace([THIN, FIXED], " ")
}

fn duration(seconds: f64, sample: u64) -> String {
    plain(value(seconds, Unit::Seconds, Sample(sample)))
}

#[test]
fn a_duration_is_said_in_the_largest_unit_that_fits() {
    assert_eq!(duration(0.0, 9), "0 s");
    assert_eq!(duration(41.0 * MINUTE, 9), "41 min");
    assert_eq!(duration(3.42 * HOUR, 9), "3.4 h");
    assert_eq!(duration(2.1 * DAY, 9), "2.1 days");
    assert_eq!(duration(123.4 * DAY, 9), "120 days");
}

#[test]
fn a_duration_that_rounds_up_to_the_next_unit_is_said_in_it() {
    assert_eq!(duration(59.7 * MINUTE, 9), "1.0 h");
    assert_eq!(duration(23.8 * HOUR, 9), "1.0 days");
    assert_eq!(duration(23.8 * HOUR, 100), "23.8 h");
}

#[test]
fn a_hundred_records_earn_a_third_digit() {
    assert_eq!(duration(2.137 * DAY, 99), "2.1 days");
    assert_eq!(duration(2.137 * DAY, 100), "2.14 days");
    assert_eq!(plain(value(0.0712, Unit::Ratio, Sample(99))), "7.1 %");
}

#[test]
fn a_count_is_never_rounded() {
    assert_eq!(plain(value(0.0, Unit::Count, Sample(0))), "0");
    assert_eq!(plain(value(41.0, Unit::Count, Sample(41))), "41");
    assert_eq!(
        plain(value(1_234_567.0, Unit::Count, Sample(9))),
        "1 234 567"
    );
}

#[test]
fn limits_of_counts_are_rounded_inwards() {
    assert_eq!(range([23.2, 45.9], Unit::Count, Sample(41)), "24–45");
    assert_eq!(range([0.0, 1.8], Unit::Count, Sample(1)), "0–1");
    assert_eq!(range([23.2, 23.8], Unit::Count, Sample(1)), "23.2–23.8");
}

#[test]
fn a_range_names_its_unit_once_where_both_ends_share_it() {
    let said = |low, high| plain(range([low, high], Unit::Seconds, Sample(41)));
    assert_eq!(said(1.6 * DAY, 2.9 * DAY), "1.6–2.9 days");
    assert_eq!(said(0.0, 2.9 * DAY), "0–2.9 days");
    assert_eq!(said(20.0 * HOUR, 2.9 * DAY), "20 h–2.9 days");
    assert_eq!(
        plain(range([0.021, 0.11], Unit::Ratio, Sample(50))),
        "2.1–11 %"
    );
}

#[test]
fn weeks_and_days_are_words() {
    assert_eq!(week("2026-W47"), "Week 47 · 16–22 Nov 2026");
    assert_eq!(week("2026-W49"), "Week 49 · 30 Nov–6 Dec 2026");
    assert_eq!(week_name("2026-W05"), "Week 5");
    assert_eq!(week("soon"), "soon");
    assert_eq!(date_text("2026-11-23"), "Mon 23 Nov 2026");
    assert_eq!(
        instant_text("2026-11-23T07:00:00+02:00"),
        "Mon 23 Nov 2026, 05:00 UTC"
    );
}

#[test]
fn one_thing_is_said_in_the_singular() {
    assert_eq!(counted(1, "changes"), "1 change");
    assert_eq!(plain(counted(4_100, "changes")), "4 100 changes");
    assert_eq!(counted(0, "changes"), "no changes");
}

#[test]
fn a_negative_number_carries_a_minus_sign() {
    assert_eq!(significant(-2.5, 2), "\u{2212}2.5");
}
