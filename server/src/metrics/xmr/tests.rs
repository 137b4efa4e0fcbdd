use std::f64::consts::TAU;

use proptest::prelude::*;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use super::*;

/// Centre 10, limits 10 ± 5.32, half way 10 ± 2.66.
const STEADY: [f64; 13] = [
    9.0, 11.0, 9.0, 11.0, 9.0, 11.0, 10.0, 9.0, 11.0, 9.0, 11.0, 9.0, 11.0,
];

fn judged(last: &[f64]) -> Option<(Rule, Side)> {
    let limits = Limits {
        centre: 10.0,
        lower: 4.0,
        upper: 16.0,
        points: 12,
    };
    signal(&limits, last)
}

#[test]
fn under_six_points_there_are_no_limits_and_under_twelve_no_verdict() {
    assert_eq!(limits(&STEADY[..5]), None);
    let provisional = limits(&STEADY[..11]).unwrap();
    assert_eq!(signal(&provisional, &[1_000.0]), None);
    let enough = limits(&STEADY[..12]).unwrap();
    assert_eq!(
        signal(&enough, &[1_000.0]),
        Some((Rule::OutsideLimits, Side::Above))
    );
}

#[test]
fn a_point_on_a_limit_is_inside() {
    assert_eq!(judged(&[16.0]), None);
    assert_eq!(judged(&[16.001]), Some((Rule::OutsideLimits, Side::Above)));
    assert_eq!(judged(&[3.999]), Some((Rule::OutsideLimits, Side::Below)));
}

#[test]
fn three_of_four_count_with_the_shown_point_and_beyond_half_way_only() {
    let rule = Rule::ThreeOfFourNearLimit;
    assert_eq!(judged(&[14.0, 14.0, 9.0, 14.0]), Some((rule, Side::Above)));
    assert_eq!(judged(&[14.0, 14.0, 14.0, 9.0]), None);
    assert_eq!(judged(&[14.0, 13.0, 9.0, 14.0]), None);
    assert_eq!(judged(&[14.0, 6.0, 14.0, 6.0]), None);
    assert_eq!(judged(&[14.0, 14.0, 14.0]), None);
}

#[test]
fn eight_in_a_row_end_at_the_centre() {
    let rule = Rule::EightOnOneSide;
    assert_eq!(judged(&[9.0; 8]), Some((rule, Side::Below)));
    assert_eq!(judged(&[9.0; 7]), None);
    assert_eq!(judged(&[9.0, 9.0, 9.0, 10.0, 9.0, 9.0, 9.0, 9.0]), None);
    assert_eq!(judged(&[9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 10.0]), None);
}

#[test]
fn the_strongest_rule_speaks() {
    assert_eq!(judged(&[17.0; 8]), Some((Rule::OutsideLimits, Side::Above)));
    assert_eq!(
        judged(&[15.0; 8]),
        Some((Rule::ThreeOfFourNearLimit, Side::Above))
    );
}

#[test]
fn judged_uncapped_and_drawn_within_what_is_possible() {
    let wide = limits(&[0.0, 0.9, 0.0, 0.9, 0.0, 0.9]).unwrap();
    assert!(wide.lower < 0.0 && wide.upper > 1.0);
    assert_eq!(wide.drawn(Some(1.0)), [0.0, 1.0]);
    assert_eq!(wide.drawn(None), [0.0, wide.upper]);
}

#[test]
fn weeks_that_are_all_the_same_give_no_signal_and_any_other_is_one() {
    for same in [0.0, 0.1, 1e9, 1e-9] {
        let limits = limits(&[same; 13]).unwrap();
        assert_eq!(signal(&limits, &[same; 8]), None, "{same}");
        let other = Some((Rule::OutsideLimits, Side::Above));
        assert_eq!(
            signal(&limits, &[same, same + 1e-9 + same * 1e-9]),
            other,
            "{same}"
        );
    }
}

#[test]
fn points_that_cannot_be_added_have_no_limits() {
    assert_eq!(limits(&[f64::MAX; 6]), None);
    assert_eq!(limits(&[f64::NAN; 6]), None);
}

/// Per cent of false alarms a week over independent normal points, by points behind the limits: rule
/// 1 as simulated for limits of so many points; all three rules at most as simulated for limits held
/// still, since here the run's own points also move the centre.
#[test]
fn false_alarms_are_as_rare_as_was_simulated() {
    let mut rng = ChaCha8Rng::seed_from_u64(20_261_122);
    let mut uniform = || (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
    let mut normal = || (-2.0 * (1.0 - uniform()).ln()).sqrt() * (TAU * uniform()).cos();
    let runs = 10_000;
    for (points, outside_percent, any_percent) in [(12, 1.8, 4.0), (20, 1.1, 2.8), (52, 0.5, 1.7)] {
        let rules: Vec<Rule> = (0..runs)
            .filter_map(|_| {
                let series: Vec<f64> = (0..=points).map(|_| 100.0 + normal()).collect();
                let limits = limits(&series[..points]).unwrap();
                signal(&limits, &series).map(|(rule, _)| rule)
            })
            .collect();
        let percent = |count: usize| 100.0 * count as f64 / f64::from(runs);
        let outside = percent(
            rules
                .iter()
                .filter(|rule| **rule == Rule::OutsideLimits)
                .count(),
        );
        let any = percent(rules.len());
        assert!(
            (outside - outside_percent).abs() <= 0.5,
            "{points} points: {outside} %"
        );
        assert!(
            outside < any && any <= any_percent + 0.5,
            "{points} points: {any} %"
        );
    }
}

fn series() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(0_u32..100_000, 13..60).prop_map(|points| {
        points
            .into_iter()
            .map(|point| f64::from(point) / 8.0)
            .collect()
    })
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()))
}

proptest! {
    #[test]
    fn adding_a_constant_moves_the_centre_only(points in series(), constant in 0.0..1e6) {
        let moved: Vec<f64> = points.iter().map(|point| point + constant).collect();
        let (before, after) = (limits(&points).unwrap(), limits(&moved).unwrap());
        prop_assert!(close(before.centre + constant, after.centre));
        prop_assert!(close(before.upper - before.centre, after.upper - after.centre));
        prop_assert!(close(before.centre - before.lower, after.centre - after.lower));
    }

    #[test]
    fn scaling_scales_the_limits_and_leaves_the_signal(points in series(), exponent in -30_i32..30) {
        let scale = 2.0_f64.powi(exponent);
        let scaled: Vec<f64> = points.iter().map(|point| point * scale).collect();
        let judge = |points: &[f64]| {
            let limits = limits(&points[..points.len() - 1]).unwrap();
            (limits, signal(&limits, points))
        };
        let ((before, signal_before), (after, signal_after)) = (judge(&points), judge(&scaled));
        prop_assert!(close(before.lower, after.lower / scale) && close(before.upper, after.upper / scale));
        prop_assert_eq!(signal_before, signal_after);
    }

    #[test]
    fn a_mirrored_chart_signals_on_the_other_side(points in series()) {
        let mirrored: Vec<f64> = points.iter().map(|point| -point).collect();
        let judge = |points: &[f64]| signal(&limits(&points[..12]).unwrap(), points);
        let mirror = |(rule, side)| match side {
            Side::Above => (rule, Side::Below),
            Side::Below => (rule, Side::Above),
        };
        prop_assert_eq!(judge(&mirrored), judge(&points).map(mirror));
    }

    #[test]
    fn limits_of_finite_points_are_finite_and_in_order(points in prop::collection::vec(-1e300..1e300, 6..60)) {
        if let Some(limits) = limits(&points) {
            prop_assert!(limits.lower.is_finite() && limits.upper.is_finite());
            prop_assert!(limits.lower <= limits.centre && limits.centre <= limits.upper);
            prop_assert!(limits.drawn(None).iter().all(|limit| limit.is_finite()));
        }
    }
}
