//! Rare events: where a week has less than one on average, the days between them are the points.
//!
//! Longer gaps mean fewer events. What has lasted since the last event is no gap yet.

const DAY_MS: f64 = 86_400_000.0;

/// Whether events are too rare for weekly counts to be charted.
pub fn is_rare(events: u64, weeks: u64) -> bool {
    events < weeks
}

/// The days between each event and the next, each at the instant of the event that begins it; so a
/// gap that began before a divider lies before it. Instants come in ascending, in milliseconds.
///
/// ```
/// use server::metrics::xmr::gaps::gaps_days;
/// let day_ms = 86_400_000;
/// assert_eq!(gaps_days(&[0, 10 * day_ms, 12 * day_ms]), [(0, 10.0), (10 * day_ms, 2.0)]);
/// assert_eq!(gaps_days(&[7]), []);
/// ```
pub fn gaps_days(events_ms: &[i64]) -> Vec<(i64, f64)> {
    let pairs = events_ms.windows(2);
    pairs
        .map(|pair| (pair[0], pair[1].saturating_sub(pair[0]) as f64 / DAY_MS))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::xmr::chart::{State, chart};
    use crate::metrics::xmr::{Rule, Side, signal};

    const DAY: i64 = 86_400_000;

    /// Events 9, 11, 9, 11, … days apart, and then one after so many.
    fn gaps_then(last_days: i64) -> Vec<(i64, f64)> {
        let mut events = vec![0];
        for gap in 0..20 {
            events.push(events[gap] + (9 + gap as i64 % 2 * 2) * DAY);
        }
        events.push(events[20] + last_days * DAY);
        gaps_days(&events)
    }

    #[test]
    fn a_gap_out_of_the_usual_is_a_signal() {
        for (last_days, expected) in [
            (12, None),
            (30, Some((Rule::OutsideLimits, Side::Above))),
            (1, Some((Rule::OutsideLimits, Side::Below))),
        ] {
            let gaps = gaps_then(last_days);
            let (shown, last) = *gaps.last().unwrap();
            let chart = chart(&gaps, &[], shown);
            assert_eq!(chart.state, State::Locked(gaps[19].0));
            let before = chart.points.iter().map(|(_, days)| *days);
            let points: Vec<f64> = before.chain([last]).collect();
            assert_eq!(
                signal(&chart.limits.unwrap(), &points),
                expected,
                "{last_days}"
            );
        }
    }

    #[test]
    fn a_gap_that_began_before_a_divider_takes_no_part() {
        let gaps = gaps_days(&[0, DAY, 2 * DAY, 3 * DAY]);
        let chart = chart(&gaps, &[DAY + 1], 3 * DAY);
        assert_eq!(chart.points, [(2 * DAY, 1.0)]);
    }

    #[test]
    fn under_one_a_week_is_rare() {
        assert!(is_rare(11, 12) && !is_rare(12, 12));
        assert!(!is_rare(0, 0));
    }
}
