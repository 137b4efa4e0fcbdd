//! How sure an interval is of what it says.

use statrs::distribution::{ContinuousCDF, Normal};

/// Of so many samples the interval holds the truth, and misses it as often above as below.
///
/// ```
/// use server::metrics::level::Level;
/// assert_eq!(format!("{:.6}", Level::PERCENT_95.z()), "1.959964");
/// assert_eq!(format!("{:.6}", Level::PERCENT_99.z()), "2.575829");
/// assert_eq!(Level::PERCENT_99.percent(), 99.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Level {
    /// The chance, on each side, that the truth lies outside.
    tail: f64,
}

impl Level {
    pub const PERCENT_95: Level = Level { tail: 0.025 };
    pub const PERCENT_99: Level = Level { tail: 0.005 };

    pub const PERCENT_99_99: Level = Level { tail: 0.000_05 };

    /// None unless it lies between 0 and 100 %, both left out.
    pub fn from_percent(percent: f64) -> Option<Level> {
        let tail = (100.0 - percent) / 200.0;
        (0.0 < tail && tail < 0.5).then_some(Level { tail })
    }

    pub fn percent(self) -> f64 {
        100.0 - 200.0 * self.tail
    }

    /// The chance, on each side, that the truth lies outside.
    pub fn tail(self) -> f64 {
        self.tail
    }

    /// This many standard deviations around the mean of a normal distribution hold this much of it.
    pub fn z(self) -> f64 {
        -Normal::standard().inverse_cdf(self.tail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.stats.norm.ppf` of SciPy 1.17.1.
    #[test]
    fn its_deviations_are_those_of_the_normal_distribution() {
        for (percent, z) in [
            (95.0, 1.959_963_984_540_054_5),
            (99.0, 2.575_829_303_548_901),
            (99.5, 2.807_033_768_343_804_2),
            (99.9, 3.290_526_731_491_894_5),
            (99.99, 3.890_591_886_413_093),
        ] {
            let level = Level::from_percent(percent).unwrap();
            assert!((level.z() - z).abs() < 1e-9, "{percent} %: {}", level.z());
        }
    }

    #[test]
    fn nothing_is_sure_and_nothing_is_hopeless() {
        for percent in [0.0, -1.0, 100.0, 101.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Level::from_percent(percent), None, "{percent}");
        }
    }
}
