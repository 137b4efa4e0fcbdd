//! How far a count of rare, independent events may be trusted.

use statrs::distribution::{ContinuousCDF, Gamma};

use super::level::Level;

/// The exact interval of the mean behind a count, after F. Garwood (1936): from the quantile at the
/// tail of a gamma distribution of shape `count`, which is half that of χ² with 2 × count degrees of
/// freedom, to the quantile at 1 − tail of shape `count` + 1. Of none the lower end is 0.
///
/// ```
/// use server::metrics::{level::Level, poisson::interval};
/// let [low, high] = interval(10, Level::PERCENT_95);
/// assert_eq!((format!("{low:.3}"), format!("{high:.2}")), ("4.795".into(), "18.39".into()));
/// ```
pub fn interval(count: u64, level: Level) -> [f64; 2] {
    let low = match count {
        0 => 0.0,
        _ => mean_quantile(count as f64, level.tail()),
    };
    [low, mean_quantile(count as f64 + 1.0, 1.0 - level.tail())]
}

fn mean_quantile(shape: f64, probability: f64) -> f64 {
    let gamma = Gamma::new(shape, 1.0);
    gamma.map_or(f64::INFINITY, |gamma| gamma.inverse_cdf(probability))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Up to 100 as tabled by Garwood; above, `scipy.stats.gamma.ppf` of SciPy 1.17.1.
    #[test]
    fn the_interval_has_the_published_bounds() {
        for (count, low, high) in [
            (0, 0.0, 3.689),
            (1, 0.02532, 5.572),
            (10, 4.795, 18.39),
            (100, 81.36, 121.63),
            (1_000, 938.973_0, 1_063.952_1),
            (1_000_000, 998_040.983_3, 1_001_961.911_9),
            (1_000_000_000, 999_938_021.44, 1_000_061_981.45),
        ] {
            let found = interval(count, Level::PERCENT_95);
            let is_close = |found: f64, told: f64| (found - told).abs() <= 1e-4 * told;
            assert!(
                is_close(found[0], low) && is_close(found[1], high),
                "{count}: {found:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn the_count_lies_in_its_interval_and_one_more_moves_both_ends_up(count in 0_u64..1_000_000_000) {
            let [low, high] = interval(count, Level::PERCENT_95);
            let [next_low, next_high] = interval(count + 1, Level::PERCENT_95);
            prop_assert!(0.0 <= low && low <= count as f64 && count as f64 <= high && high.is_finite());
            prop_assert!(low < next_low && high < next_high);
        }
    }
}
