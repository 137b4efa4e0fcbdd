//! How the contributions of a week's records become its figure.

use super::catalogue::{Kind, Metric, Unit};
use super::quantile::{median, median_interval_ranks, nearest_rank};
use super::{Computed, proportion};

/// The figure of one week, scope and segment. Sorts what it is given.
///
/// ```
/// use server::metrics::{catalogue::metric, pool::pool};
/// let week = pool(metric("pr_cycle_time").unwrap(), &mut [4_000, 1_000, 9_500, 2_000]);
/// assert_eq!((week.value, week.p90, week.interval, week.sample), (Some(3.0), Some(9.5), None, 4));
/// let week = pool(metric("merged_without_review").unwrap(), &mut [0, 1, 0, 0]);
/// assert_eq!((week.value, week.numerator, week.denominator), (Some(0.25), Some(1), Some(4)));
/// ```
pub fn pool(metric: &Metric, contributions: &mut [i64]) -> Computed {
    let sample = contributions.len() as u64;
    let computed = match metric.kind {
        Kind::Count => Computed {
            value: Some(sample as f64),
            ..Computed::default()
        },
        Kind::Median => medians(contributions, scale(metric.unit)),
        Kind::Ratio => share(contributions),
    };
    Computed {
        sample,
        reason: computed.value.is_none().then(|| metric.nothing.to_owned()),
        ..computed
    }
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

/// How much of what contributions are counted in makes one of the metric's unit.
pub fn scale(unit: Unit) -> f64 {
    match unit {
        Unit::Seconds => 1_000.0,
        Unit::Count | Unit::Ratio => 1.0,
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
            let computed = pool(metric, &mut []);
            match metric.kind {
                Kind::Count => assert_eq!((computed.value, computed.reason), (Some(0.0), None)),
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
    fn from_six_records_on_a_median_has_an_interval() {
        let metric = metric("pr_cycle_time").unwrap();
        let week = pool(metric, &mut [6_000, 5_000, 4_000, 3_000, 2_000, 1_000]);
        assert_eq!((week.value, week.interval), (Some(3.5), Some([1.0, 6.0])));
        assert_eq!(pool(metric, &mut [1, 2, 3, 4, 5]).interval, None);
    }

    proptest! {
        #[test]
        fn the_order_of_records_does_not_matter(mut values in prop::collection::vec(0_i64..1_000_000_000, 0..100)) {
            for metric in CATALOGUE {
                if metric.kind == Kind::Ratio {
                    values.iter_mut().for_each(|value| *value %= 2);
                }
                let forwards = pool(metric, &mut values.clone());
                let mut backwards = values.clone();
                backwards.reverse();
                prop_assert_eq!(&pool(metric, &mut backwards), &forwards);
                prop_assert_eq!(forwards.sample, values.len() as u64);
                if let (Some(value), Some([low, high])) = (forwards.value, forwards.interval) {
                    prop_assert!(low <= value && value <= high);
                }
            }
        }
    }
}
