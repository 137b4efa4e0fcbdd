use proptest::prelude::*;

use super::*;

fn at_95(recent: &[i64], baseline: &[i64]) -> Shift {
    shift(recent, baseline, Level::PERCENT_95).unwrap()
}

fn close(a: f64, b: f64) -> bool {
    (a - b).abs() <= 1e-9 * a.abs().max(b.abs())
}

fn sorted(mut values: Vec<i64>) -> Vec<i64> {
    values.sort_unstable();
    values
}

/// Permeability of the placenta at 12–26 weeks and at term (Hollander and Wolfe, table 4.1), whose
/// published estimate is −0.305 and whose published interval at exactly 95.7 % starts at −0.76 and
/// ends one difference before ours, which C = ⌊8.997⌋ widens.
#[test]
fn the_published_example_comes_out() {
    let as_durations = |values: &[f64]| {
        let durations = values
            .iter()
            .map(|value| (value.exp() * 1e7).round() as i64);
        sorted(durations.collect())
    };
    let at_term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    let early = [1.15, 0.88, 0.90, 0.74, 1.21];
    let shift = at_95(&as_durations(&early), &as_durations(&at_term));
    let found = [shift.ratio, shift.low, shift.high].map(|ratio| format!("{:.4}", ratio.ln()));
    assert_eq!(found, ["-0.3050", "-0.7600", "0.1700"]);
}

/// From all pairs with NumPy and `scipy.stats.norm.ppf` of SciPy 1.17.1: C = 3475 and 3720.
#[test]
fn many_ties_are_corrected_for() {
    let hours = |count: i64, factor: i64, modulus: i64| {
        let hours = (0..count).map(|i| i * i * factor % modulus * 3_600_000);
        sorted(hours.collect())
    };
    let (recent, baseline) = (hours(60, 7_919, 97), hours(150, 104_729, 193));
    for (level, low, high) in [
        (Level::PERCENT_99, 0.398_773_006, 0.654_411_765),
        (Level::PERCENT_95, 0.421_348_315, 0.615_384_615),
    ] {
        let found = shift(&recent, &baseline, level).unwrap();
        assert!((found.ratio - 0.522_100_108).abs() < 1e-8);
        assert!((found.low - low).abs() < 1e-8 && (found.high - high).abs() < 1e-8);
    }
}

#[test]
fn of_nothing_there_is_no_shift() {
    assert_eq!(shift(&[], &[1_000], Level::PERCENT_95), None);
    assert_eq!(shift(&[1_000], &[], Level::PERCENT_95), None);
}

#[test]
fn one_on_each_side_is_its_own_interval() {
    let one = at_95(&[6_000], &[2_000]);
    assert!(
        [one.ratio, one.low, one.high]
            .iter()
            .all(|ratio| close(*ratio, 3.0))
    );
}

#[test]
fn durations_that_are_all_equal_have_not_changed() {
    let unchanged = Shift {
        ratio: 1.0,
        low: 1.0,
        high: 1.0,
    };
    for (same, count) in [(0, 1), (1_000, 50), (86_400_000, 400), (i64::MAX, 7)] {
        assert_eq!(at_95(&vec![same; count], &vec![same; 3 * count]), unchanged);
    }
}

#[test]
fn under_a_second_counts_as_a_second() {
    let (short, second) = ([-5, 0, 1, 999], [1_000; 4]);
    assert_eq!(at_95(&short, &[4_000; 4]), at_95(&second, &[4_000; 4]));
}

#[test]
fn five_years_of_changes_are_compared_without_writing_down_all_pairs() {
    let spread = |count: u64, odd: u64| {
        let durations = (0..count).map(|i| {
            let part = (i.wrapping_mul(odd) % 1_000_003) as f64 / 1_000_003.0;
            ((10.0 + 12.0 * part * part).exp()) as i64
        });
        sorted(durations.collect())
    };
    let (recent, baseline) = (spread(80_000, 48_271), spread(500_000, 69_621));
    let shift = at_95(&recent, &baseline);
    assert!((0.9..1.1).contains(&shift.ratio));
    assert!(shift.low < shift.ratio && shift.ratio < shift.high);
}

fn durations() -> impl Strategy<Value = Vec<i64>> {
    prop_oneof![
        prop::collection::vec(0_i64..12, 1..40)
            .prop_map(|few| few.iter().map(|one| one * 700).collect()),
        prop::collection::vec(0_i64..100_000_000, 1..40),
        prop::collection::vec(0_i64..1_000_000_000_000_000, 1..20),
        prop::collection::vec(
            prop_oneof![Just(1_i64), Just(1_000_000_000), Just(i64::MAX)],
            1..20
        ),
    ]
    .prop_map(sorted)
}

/// The difference at a rank among all pairs, written down and sorted.
fn by_all_pairs(recent: &[i64], baseline: &[i64]) -> Vec<f64> {
    let (recent, baseline) = (logs(recent), logs(baseline));
    let mut all: Vec<f64> = recent
        .iter()
        .flat_map(|recent| baseline.iter().map(move |baseline| recent - baseline))
        .collect();
    all.sort_by(f64::total_cmp);
    all
}

proptest! {
    #[test]
    fn it_is_what_all_pairs_give(recent in durations(), baseline in durations()) {
        let all = by_all_pairs(&recent, &baseline);
        let low = lowest_rank(&recent, &baseline, Level::PERCENT_95) as usize;
        let middle = f64::midpoint(all[(all.len() - 1) / 2], all[all.len() / 2]);
        let shift = at_95(&recent, &baseline);
        prop_assert_eq!(shift, Shift {
            ratio: middle.exp(),
            low: all[low - 1].exp(),
            high: all[all.len() - low].exp(),
        });
        prop_assert!(0.0 < shift.low && shift.low <= shift.ratio && shift.ratio <= shift.high && shift.high.is_finite());
    }

    #[test]
    fn every_rank_is_found(recent in durations(), baseline in durations()) {
        let differences = Differences { recent: logs(&recent), baseline: logs(&baseline) };
        for (index, difference) in by_all_pairs(&recent, &baseline).into_iter().enumerate() {
            prop_assert_eq!(differences.at_rank(index as u64 + 1), difference);
        }
    }

    #[test]
    fn ties_are_counted_among_both_together(recent in durations(), baseline in durations()) {
        let mut groups = std::collections::BTreeMap::new();
        for duration in recent.iter().chain(&baseline) {
            *groups.entry(counted_ms(*duration)).or_insert(0.0) += 1.0;
        }
        let sum: f64 = groups.values().map(|t: &f64| t * t * t - t).sum();
        prop_assert_eq!(tied(&recent, &baseline), sum);
    }

    #[test]
    fn so_many_times_as_long_is_so_many_times_the_ratio(
        recent in prop::collection::vec(1_000_i64..1_000_000_000, 1..40).prop_map(sorted),
        baseline in prop::collection::vec(1_000_i64..1_000_000_000, 1..40).prop_map(sorted),
        factor in 1_i64..1_000,
    ) {
        let longer: Vec<i64> = recent.iter().map(|duration| duration * factor).collect();
        let (before, after) = (at_95(&recent, &baseline), at_95(&longer, &baseline));
        prop_assert!(close(before.ratio * factor as f64, after.ratio));
    }

    #[test]
    fn the_other_way_round_the_ratio_is_turned_over(recent in durations(), baseline in durations()) {
        let (one, other) = (at_95(&recent, &baseline), at_95(&baseline, &recent));
        prop_assert!(close(one.ratio, 1.0 / other.ratio));
        prop_assert!(close(one.low, 1.0 / other.high) && close(one.high, 1.0 / other.low));
    }

    #[test]
    fn a_surer_interval_is_wider(recent in durations(), baseline in durations()) {
        let (sure, surer) = (at_95(&recent, &baseline), shift(&recent, &baseline, Level::PERCENT_99).unwrap());
        prop_assert!(surer.low <= sure.low && sure.high <= surer.high);
    }
}
