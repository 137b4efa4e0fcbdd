//! How the contributions of a week's records become its figure.

use std::cmp::Ordering;

use super::catalogue::{Kind, Metric, Unit};
use super::level::Level;
use super::quantile::{median, median_interval_ranks, nearest_rank};
use super::{Computed, poisson, proportion};

/// What else there is of a week, scope and segment beside the contributions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// How many records would count, one way or the other, were more known of them.
    pub unknown: u64,
    /// How many there are of what the metric is measured against.
    pub against: u64,
    /// Of sums, what the parts are parts of, together.
    pub whole: u64,
}

/// The figure of one week, scope and segment. Sorts what it is given.
///
/// ```
/// use server::metrics::{catalogue::metric, pool::{Beside, pool}};
/// let week = pool(metric("pr_cycle_time").unwrap(), &mut [4_000, 1_000, 9_500, 2_000], Beside::default());
/// assert_eq!((week.value, week.p90, week.interval, week.sample), (Some(3.0), Some(9.5), None, 4));
/// let week = pool(metric("defect_escape_rate").unwrap(), &mut [0, 1, 0, 0], Beside { unknown: 4, ..Beside::default() });
/// assert_eq!((week.value, week.numerator, week.denominator), (Some(0.25), Some(1), Some(4)));
/// assert_eq!(week.bounds, Some([0.125, 0.625]));
/// let week = pool(metric("escaped_defects_per_100").unwrap(), &mut [1, 1], Beside { against: 40, ..Beside::default() });
/// assert_eq!(week.value, Some(5.0));
/// let week = pool(metric("tool_error_rate").unwrap(), &mut [2, 0], Beside { whole: 10, ..Beside::default() });
/// assert_eq!((week.value, week.sample), (Some(0.2), 2));
/// let week = pool(metric("cost_per_run").unwrap(), &mut [100_000_000_000, 200_000_000_001], Beside::default());
/// assert_eq!(week.value, Some(0.15));
/// ```
pub fn pool(metric: &Metric, contributions: &mut [i64], beside: Beside) -> Computed {
    let sample = contributions.len() as u64;
    let mut computed = match metric.kind {
        Kind::Count => Computed {
            value: Some(sample as f64),
            ..Computed::default()
        },
        Kind::Events => Computed {
            value: Some(sample as f64),
            interval: Some(poisson::interval(sample, Level::PERCENT_95)),
            ..Computed::default()
        },
        Kind::Median => medians(contributions, scale(metric.unit)),
        Kind::Ratio => share(contributions),
        Kind::Sums => sums(contributions, beside.whole),
        Kind::MeanMoney => Computed {
            value: mean_money(contributions),
            ..Computed::default()
        },
        Kind::PerHundred => Computed {
            value: per_hundred(sample, beside.against),
            numerator: Some(sample),
            denominator: Some(beside.against),
            ..Computed::default()
        },
    };
    if metric.widened_by.is_some() {
        computed.bounds = bounds(computed.numerator.unwrap_or(0), sample, beside.unknown);
    }
    if metric.kind.counts() && metric.per_hundred_of.is_some() {
        computed.per_hundred = per_hundred(sample, beside.against);
    }
    Computed {
        sample,
        reason: computed.value.is_none().then(|| metric.nothing.to_owned()),
        ..computed
    }
}

/// So many for each hundred; none where there is nothing to measure against.
pub fn per_hundred(count: u64, against: u64) -> Option<f64> {
    (against > 0).then(|| count as f64 / against as f64 * 100.0)
}

/// The share if none of the unknown were part of it, and if all were.
fn bounds(part: u64, known: u64, unknown: u64) -> Option<[f64; 2]> {
    let all = known + unknown;
    (all > 0).then(|| {
        [
            part as f64 / all as f64,
            (part + unknown) as f64 / all as f64,
        ]
    })
}

/// Median, p90 by nearest rank, and from six records on the 95 % interval by order statistics.
fn medians(values: &mut [i64], scale: f64) -> Computed {
    values.sort_unstable();
    let at_rank = |rank: u64| values[rank as usize - 1] as f64 / scale;
    Computed {
        value: median(values).map(|value| value / scale),
        p90: nearest_rank(values, 9, 10).map(|value| value as f64 / scale),
        interval: median_interval_ranks(values.len() as u64)
            .map(|(low, high)| [at_rank(low), at_rank(high)]),
        ..Computed::default()
    }
}

/// The share of ones, with Wilson's interval.
fn share(values: &[i64]) -> Computed {
    let (part, whole) = (
        values.iter().filter(|value| **value != 0).count() as u64,
        values.len() as u64,
    );
    if whole == 0 {
        return Computed::default();
    }
    Computed {
        value: Some(part as f64 / whole as f64),
        numerator: Some(part),
        denominator: Some(whole),
        interval: proportion::wilson(part, whole),
        ..Computed::default()
    }
}

/// The parts together, of their wholes together; the wholes are trials enough for Wilson's interval.
fn sums(parts: &[i64], whole: u64) -> Computed {
    let part: u64 = parts.iter().map(|part| part.unsigned_abs()).sum();
    if whole == 0 {
        return Computed::default();
    }
    Computed {
        value: Some(part as f64 / whole as f64),
        numerator: Some(part),
        denominator: Some(whole),
        interval: proportion::wilson(part, whole),
        ..Computed::default()
    }
}

/// The exact sum of amounts for each of them, rounded half to even to six places.
fn mean_money(amounts_pico: &[i64]) -> Option<f64> {
    let count = i128::try_from(amounts_pico.len())
        .ok()
        .filter(|count| *count > 0)?;
    let sum: i128 = amounts_pico.iter().map(|own| i128::from(*own)).sum();
    // In millionths: what is divided by is the count and the millionth part of a pico together.
    let divisor = count * 1_000_000;
    let (whole, rest) = (sum.div_euclid(divisor), sum.rem_euclid(divisor));
    let rounds_up = match (rest * 2).cmp(&divisor) {
        Ordering::Less => false,
        Ordering::Greater => true,
        Ordering::Equal => whole % 2 != 0,
    };
    let micros = whole + i128::from(rounds_up);
    Some(micros as f64 / 1_000_000.0)
}

/// How much of what contributions are counted in makes one of the metric's unit.
pub fn scale(unit: Unit) -> f64 {
    match unit {
        Unit::Seconds => 1_000.0,
        Unit::Count | Unit::Ratio => 1.0,
        Unit::Money => 1_000_000_000_000.0,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metrics::catalogue::{CATALOGUE, metric};

    #[test]
    fn of_nothing_there_is_no_value_but_a_count_and_a_reason() {
        for metric in CATALOGUE {
            let computed = pool(metric, &mut [], Beside::default());
            match metric.kind {
                Kind::Count | Kind::Events => {
                    assert_eq!((computed.value, computed.reason), (Some(0.0), None))
                }
                _ => {
                    assert_eq!(
                        (computed.value, computed.p90, computed.interval),
                        (None, None, None)
                    );
                    assert!(computed.reason.is_some(), "{}", metric.id);
                }
            }
        }
    }

    #[test]
    fn a_cost_of_half_a_millionth_is_rounded_to_even() {
        let mean = |amounts: &[i64]| mean_money(amounts);
        assert_eq!(mean(&[500_000]), Some(0.0));
        assert_eq!(mean(&[1_500_000]), Some(0.000_002));
        assert_eq!(mean(&[500_001]), Some(0.000_001));
        assert_eq!(mean(&[1_000_000, 2_000_000]), Some(0.000_002));
    }

    #[test]
    fn from_six_records_on_a_median_has_an_interval() {
        let metric = metric("pr_cycle_time").unwrap();
        let week = pool(
            metric,
            &mut [6_000, 5_000, 4_000, 3_000, 2_000, 1_000],
            Beside::default(),
        );
        assert_eq!((week.value, week.interval), (Some(3.5), Some([1.0, 6.0])));
        assert_eq!(
            pool(metric, &mut [1, 2, 3, 4, 5], Beside::default()).interval,
            None
        );
    }

    proptest! {
        #[test]
        fn the_order_of_records_does_not_matter(mut values in prop::collection::vec(0_i64..1_000_000_000, 0..100)) {
            for metric in CATALOGUE {
                if metric.kind == Kind::Ratio {
                    values.iter_mut().for_each(|value| *value %= 2);
                }
                let beside = Beside {
                    whole: values.iter().map(|value| value.unsigned_abs()).sum(),
                    ..Beside::default()
                };
                let forwards = pool(metric, &mut values.clone(), beside);
                let mut backwards = values.clone();
                backwards.reverse();
                prop_assert_eq!(&pool(metric, &mut backwards, beside), &forwards);
                prop_assert_eq!(forwards.sample, values.len() as u64);
                if let (Some(value), Some([low, high])) = (forwards.value, forwards.interval) {
                    prop_assert!(low <= value && value <= high);
                }
            }
        }
    }
}
