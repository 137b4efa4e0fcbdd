//! Medians, nearest ranks, and how far a median may be trusted.
//!
//! All of it by order statistics: no resampling, no assumption about the shape of the data.
//! Slices come in sorted; nothing here sorts.

/// Below this many records a median has no 95 % interval: even the whole range holds it too seldom.
pub const INTERVAL_FROM: u64 = 6;

/// The chance, on each side, that the interval may miss the median.
const TAIL: f64 = 0.025;

/// Binomial weights this much smaller than the middle one can't move a sum that is held in an `f64`.
const NEGLIGIBLE: f64 = 1e-25;

/// The true median: the middle value, or the mean of the middle two.
///
/// ```
/// use server::metrics::quantile::median;
/// assert_eq!(median(&[1, 2, 10]), Some(2.0));
/// assert_eq!(median(&[1, 2, 5, 10]), Some(3.5));
/// assert_eq!(median(&[]), None);
/// ```
pub fn median(sorted: &[i64]) -> Option<f64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    if sorted.len() % 2 == 1 {
        return Some(upper as f64);
    }
    let lower = sorted[sorted.len() / 2 - 1];
    Some((i128::from(lower) + i128::from(upper)) as f64 / 2.0)
}

/// The value at rank ⌈n × numerator ÷ denominator⌉, counted from 1 and kept within the slice.
///
/// In whole numbers, since 0.9 has no exact binary form: of ten values p90 is the ninth.
///
/// ```
/// use server::metrics::quantile::nearest_rank;
/// let sorted: Vec<i64> = (1..=10).collect();
/// assert_eq!(nearest_rank(&sorted, 9, 10), Some(9));
/// assert_eq!(nearest_rank(&sorted[..9], 9, 10), Some(9));
/// assert_eq!(nearest_rank(&[], 9, 10), None);
/// ```
pub fn nearest_rank(sorted: &[i64], numerator: u64, denominator: u64) -> Option<i64> {
    if denominator == 0 {
        return None;
    }
    let last_rank = sorted.len();
    let rank = (last_rank as u128 * u128::from(numerator)).div_ceil(u128::from(denominator));
    let rank = usize::try_from(rank)
        .unwrap_or(last_rank)
        .clamp(1, last_rank.max(1));
    sorted.get(rank - 1).copied()
}

/// The ranks, counted from 1, between which the true median lies in at least 95 of 100 samples of `n`.
///
/// With B ~ Binomial(n, ½) they are l and n + 1 − l for the largest l with P(B ≤ l − 1) ≤ 2.5 %
/// (the exact order-statistic interval of W. R. Thompson, 1936). Takes about √n steps.
///
/// Of 10 values: P(B ≤ 1) = 11 ÷ 1024 = 1.1 % and P(B ≤ 2) = 56 ÷ 1024 = 5.5 %, so l = 2:
///
/// ```
/// use server::metrics::quantile::median_interval_ranks;
/// assert_eq!(median_interval_ranks(10), Some((2, 9)));
/// assert_eq!(median_interval_ranks(5), None);
/// ```
pub fn median_interval_ranks(n: u64) -> Option<(u64, u64)> {
    if n < INTERVAL_FROM {
        return None;
    }
    let middle = n / 2;
    let weights = weights_down_from(middle, n);
    let half: f64 = weights.iter().sum();
    let middle_counted_twice = if n.is_multiple_of(2) { 1.0 } else { 0.0 };
    let all = 2.0 * half - middle_counted_twice;

    let mut rank = middle + 1 - weights.len() as u64;
    let mut tail = 0.0;
    for weight in weights.iter().rev() {
        tail += weight;
        if tail > TAIL * all {
            break;
        }
        rank += 1;
    }
    Some((rank, n + 1 - rank))
}

/// C(n, k) for k = middle, middle − 1, … as parts of C(n, middle), until they no longer matter.
fn weights_down_from(middle: u64, n: u64) -> Vec<f64> {
    let mut weights = vec![1.0];
    let mut weight = 1.0;
    for k in (1..=middle).rev() {
        weight *= k as f64 / (n - k + 1) as f64;
        if weight < NEGLIGIBLE {
            break;
        }
        weights.push(weight);
    }
    weights
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_has_the_published_ranks() {
        let published = [
            (6, (1, 6)),
            (10, (2, 9)),
            (20, (6, 15)),
            (50, (18, 33)),
            (100, (40, 61)),
            (200, (86, 115)),
        ];
        for (n, ranks) in published {
            assert_eq!(median_interval_ranks(n), Some(ranks), "of {n}");
        }
    }

    /// Computed apart with whole numbers of any length.
    #[test]
    fn the_interval_of_many_values_is_exact_and_quick() {
        let exact = [
            (1_000, 469),
            (1_001, 470),
            (12_345, 6_064),
            (100_000, 49_690),
        ];
        for (n, rank) in exact {
            assert_eq!(
                median_interval_ranks(n),
                Some((rank, n + 1 - rank)),
                "of {n}"
            );
        }
        let (low, _) = median_interval_ranks(1_000_000).unwrap();
        assert_eq!(low, 499_020);
    }

    #[test]
    fn fewer_than_six_values_have_no_interval() {
        assert!((0..6).all(|n| median_interval_ranks(n).is_none()));
    }

    #[test]
    fn the_interval_is_the_exact_one_in_whole_numbers() {
        for n in 6..=120_u64 {
            let mut choose = 1_u128;
            let mut tail = 0_u128;
            let mut rank = 0;
            loop {
                tail += choose;
                if tail * 40 > 1 << n {
                    break;
                }
                rank += 1;
                choose = choose * u128::from(n - rank + 1) / u128::from(rank);
            }
            assert_eq!(
                median_interval_ranks(n),
                Some((rank, n + 1 - rank)),
                "of {n}"
            );
        }
    }

    proptest! {
        #[test]
        fn median_and_p90_lie_among_the_values_in_this_order(mut values in prop::collection::vec(-1_000_000_i64..1_000_000, 1..200)) {
            values.sort_unstable();
            let median = median(&values).unwrap();
            let p90 = nearest_rank(&values, 9, 10).unwrap();
            prop_assert!(values[0] as f64 <= median && median <= p90.max(values[values.len() / 2]) as f64);
            prop_assert!(values.iter().filter(|value| **value <= p90).count() * 10 >= values.len() * 9);
            prop_assert!(values.iter().filter(|value| **value < p90).count() * 10 < values.len() * 9);
        }

        #[test]
        fn the_interval_holds_the_median(n in 6_u64..100_000) {
            let (low, high) = median_interval_ranks(n).unwrap();
            prop_assert!(1 <= low && low <= n.div_ceil(2) && high == n + 1 - low);
        }
    }

    #[test]
    fn extreme_values_do_not_overflow() {
        assert_eq!(median(&[i64::MAX, i64::MAX]), Some(i64::MAX as f64));
        assert_eq!(nearest_rank(&[7], u64::MAX, 1), Some(7));
        assert_eq!(nearest_rank(&[7], 0, 1), Some(7));
        assert_eq!(nearest_rank(&[7], 1, 0), None);
    }
}
