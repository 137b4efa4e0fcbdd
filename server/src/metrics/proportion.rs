//! Shares of a whole, how far they may be trusted, and how far apart two of them are.

use std::iter::Sum;

use super::level::Level;

/// A part of a whole, both counted in records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub part: u64,
    pub whole: u64,
}

impl Share {
    /// None of nothing, and none where the part is more than the whole.
    pub fn ratio(self) -> Option<f64> {
        (self.whole > 0 && self.part <= self.whole).then(|| self.part as f64 / self.whole as f64)
    }
}

impl Sum for Share {
    fn sum<I: Iterator<Item = Share>>(shares: I) -> Share {
        shares.fold(Share::default(), |sum, share| Share {
            part: sum.part + share.part,
            whole: sum.whole + share.whole,
        })
    }
}

/// The 95 % interval of a share; see [`wilson_at`].
///
/// Of 20 deployments none failed, and still 16 % may be the truth:
///
/// ```
/// use server::metrics::proportion::wilson;
/// let [low, high] = wilson(0, 20).unwrap();
/// assert_eq!((low, (high * 100.0).round()), (0.0, 16.0));
/// assert_eq!(wilson(0, 0), None);
/// ```
pub fn wilson(part: u64, whole: u64) -> Option<[f64; 2]> {
    wilson_at(Share { part, whole }, Level::PERCENT_95)
}

/// The interval of a share, after E. B. Wilson (1927): centre (p + z²/2n) ÷ (1 + z²/n),
/// half-width z ÷ (1 + z²/n) × √(p(1 − p)/n + z²/4n²). None of nothing.
///
/// ```
/// use server::metrics::{level::Level, proportion::{Share, wilson_at}};
/// let [low, high] = wilson_at(Share { part: 1, whole: 20 }, Level::PERCENT_99).unwrap();
/// assert_eq!((format!("{low:.4}"), format!("{high:.4}")), ("0.0059".into(), "0.3183".into()));
/// ```
pub fn wilson_at(share: Share, level: Level) -> Option<[f64; 2]> {
    let ratio = share.ratio()?;
    let (n, z) = (share.whole as f64, level.z());
    let shrink = 1.0 + z * z / n;
    let centre = (ratio + z * z / (2.0 * n)) / shrink;
    let half = z / shrink * (ratio * (1.0 - ratio) / n + z * z / (4.0 * n * n)).sqrt();
    // None and all are their own bounds, which rounding must not move.
    let low = match share.part {
        0 => 0.0,
        _ => (centre - half).clamp(0.0, ratio),
    };
    let high = match share.part == share.whole {
        true => 1.0,
        false => (centre + half).clamp(ratio, 1.0),
    };
    Some([low, high])
}

/// The interval of the difference of two shares, recent − baseline: method 10 of R. G. Newcombe
/// (Statistics in Medicine 17, 1998, pages 873–890), from the Wilson interval of each at the same
/// level. With shares p₁ in [l₁, u₁] and p₂ in [l₂, u₂] and d = p₁ − p₂ it runs from
/// d − √((p₁ − l₁)² + (u₂ − p₂)²) to d + √((u₁ − p₁)² + (p₂ − l₂)²). None of nothing.
///
/// Of 70 in the one group 56, of 80 in the other 48 (Newcombe's example a):
///
/// ```
/// use server::metrics::{level::Level, proportion::{Share, newcombe}};
/// let (recent, baseline) = (Share { part: 56, whole: 70 }, Share { part: 48, whole: 80 });
/// let [low, high] = newcombe(recent, baseline, Level::PERCENT_95).unwrap();
/// assert_eq!((format!("{low:.4}"), format!("{high:.4}")), ("0.0524".into(), "0.3339".into()));
/// ```
pub fn newcombe(recent: Share, baseline: Share, level: Level) -> Option<[f64; 2]> {
    let (now, then) = (recent.ratio()?, baseline.ratio()?);
    let [now_low, now_high] = wilson_at(recent, level)?;
    let [then_low, then_high] = wilson_at(baseline, level)?;
    let difference = now - then;
    Some([
        difference - (now - now_low).hypot(then_high - then),
        difference + (now_high - now).hypot(then - then_low),
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_interval_has_the_published_bounds() {
        for (part, whole, low, high) in [
            (1, 20, 0.009, 0.236),
            (2, 20, 0.028, 0.301),
            (5, 100, 0.022, 0.112),
        ] {
            let [found_low, found_high] = wilson(part, whole).unwrap();
            assert!(
                (found_low - low).abs() < 5e-4,
                "{part} of {whole}: {found_low}"
            );
            assert!(
                (found_high - high).abs() < 5e-4,
                "{part} of {whole}: {found_high}"
            );
        }
    }

    fn share(part: u64, whole: u64) -> Share {
        Share { part, whole }
    }

    /// Table II of Newcombe's paper, method 10, at 95 %.
    #[test]
    fn the_difference_has_the_published_bounds() {
        for ((recent, baseline), low, high) in [
            ((share(56, 70), share(48, 80)), 0.0524, 0.3339),
            ((share(9, 10), share(3, 10)), 0.1705, 0.8090),
            ((share(6, 7), share(2, 7)), 0.0582, 0.8062),
            ((share(5, 56), share(0, 29)), -0.0381, 0.1926),
            ((share(0, 10), share(0, 20)), -0.1611, 0.2775),
            ((share(0, 10), share(0, 10)), -0.2775, 0.2775),
            ((share(10, 10), share(0, 20)), 0.6791, 1.0000),
            ((share(10, 10), share(0, 10)), 0.6075, 1.0000),
        ] {
            let found = newcombe(recent, baseline, Level::PERCENT_95).unwrap();
            let apart = (found[0] - low).abs().max((found[1] - high).abs());
            assert!(apart < 5.1e-5, "{recent:?} {baseline:?}: {found:?}");
        }
    }

    /// From the intervals of `scipy.stats.binomtest(..).proportion_ci(0.99, "wilson")` of SciPy 1.17.1.
    #[test]
    fn the_difference_at_99_percent_is_that_of_wilsons_intervals_at_99_percent() {
        for ((recent, baseline), low, high) in [
            ((share(56, 70), share(48, 80)), 0.005371, 0.371808),
            ((share(9, 212), share(40, 840)), -0.038135, 0.048802),
            ((share(12, 76), share(25, 494)), 0.021684, 0.243145),
            ((share(0, 40), share(0, 40)), -0.142273, 0.142273),
        ] {
            let found = newcombe(recent, baseline, Level::PERCENT_99).unwrap();
            let apart = (found[0] - low).abs().max((found[1] - high).abs());
            assert!(apart < 1e-6, "{recent:?} {baseline:?}: {found:?}");
        }
    }

    #[test]
    fn nothing_has_no_share_and_no_difference() {
        let (none, some) = (Share::default(), share(1, 40));
        assert_eq!(newcombe(none, some, Level::PERCENT_95), None);
        assert_eq!(newcombe(some, none, Level::PERCENT_95), None);
        assert_eq!(share(2, 1).ratio(), None);
    }

    fn any_share() -> impl Strategy<Value = Share> {
        (1_u64..2_000_000_000, 0.0..=1.0)
            .prop_map(|(whole, of)| share((whole as f64 * of) as u64, whole))
    }

    proptest! {
        #[test]
        fn a_difference_lies_in_its_interval_and_a_surer_one_is_wider(recent in any_share(), baseline in any_share()) {
            let difference = recent.ratio().unwrap() - baseline.ratio().unwrap();
            let [low, high] = newcombe(recent, baseline, Level::PERCENT_95).unwrap();
            let [lower, higher] = newcombe(recent, baseline, Level::PERCENT_99).unwrap();
            prop_assert!(-1.0 - 1e-12 <= lower && lower <= low && low <= difference);
            prop_assert!(difference <= high && high <= higher && higher <= 1.0 + 1e-12);
        }

        #[test]
        fn the_other_way_round_a_difference_is_its_opposite(recent in any_share(), baseline in any_share()) {
            let [low, high] = newcombe(recent, baseline, Level::PERCENT_99).unwrap();
            prop_assert_eq!(newcombe(baseline, recent, Level::PERCENT_99), Some([-high, -low]));
        }

        #[test]
        fn the_share_lies_in_its_interval_and_the_interval_in_0_to_1(whole in 1_u64..10_000, of in 0.0..=1.0) {
            let part = (whole as f64 * of) as u64;
            let share = part as f64 / whole as f64;
            let [low, high] = wilson(part, whole).unwrap();
            prop_assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
        }
    }
}
