//! How many recent records it takes before a margin can be ruled out.

use crate::metrics::level::Level;
use crate::metrics::proportion::{Share, newcombe};

/// Beyond so many it is said that no number is enough.
const AT_MOST: u64 = 10_000;
const STEP: u64 = 10;

/// The fewest recent records, in tens, with which the upper end of Newcombe's interval falls under the
/// margin, if as large a share of them is bad as in the baseline. None where 10,000 are too few: then the
/// baseline is too small itself, or the margin is.
///
/// ```
/// use server::metrics::{answer::reach::records_to_rule_out, level::Level, proportion::Share};
/// let baseline = Share { part: 20, whole: 400 };
/// assert_eq!(records_to_rule_out(0.05, baseline, Level::PERCENT_95), Some(160));
/// assert_eq!(records_to_rule_out(0.01, baseline, Level::PERCENT_95), None);
/// ```
pub fn records_to_rule_out(margin_ratio: f64, baseline: Share, level: Level) -> Option<u64> {
    let bad_ratio = baseline.ratio()?;
    let rules_out = |whole: &u64| {
        let part = (bad_ratio * *whole as f64).round() as u64;
        let interval = newcombe(
            Share {
                part,
                whole: *whole,
            },
            baseline,
            level,
        );
        interval.is_some_and(|[_, high]| high < margin_ratio)
    };
    (1..=AT_MOST / STEP).map(|tens| tens * STEP).find(rules_out)
}
