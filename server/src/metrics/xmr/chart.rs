//! Which points stand behind a shown one, and what may be said of it.
//!
//! The first 20 usable points lock the limits: later ones are judged and move nothing. A *divider* is
//! set by people, dated, where the process plainly changed: from it on the chart begins anew. Points
//! lie at weeks, or at the instants of rare events.

use super::{Limits, PROVISIONAL_BELOW, RANGE_FROM, VERDICT_FROM, limits};

/// How far the limits are settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State<At> {
    /// Under 6 points: no limits.
    None,
    /// 6 to 11 points: limits are drawn, and no verdict is spoken.
    Drawn,
    /// 12 to 19 points: a verdict is spoken as provisional.
    Provisional,
    /// From 20 points on, since the point at which there were 20.
    Locked(At),
}

/// What a shown point is judged by.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart<At> {
    /// The points since the last divider, oldest first, without the shown one.
    pub points: Vec<(At, f64)>,
    pub limits: Option<Limits>,
    pub state: State<At>,
}

/// The chart behind the point shown at `shown`, from usable points in order and from the dividers.
/// What lies before the last divider up to the shown point, or from the shown point on, takes no part.
///
/// ```
/// use server::metrics::xmr::chart::{State, chart};
/// let points: Vec<(i32, f64)> = (0..40).map(|week| (week, f64::from(week / 20 * 50 + week % 2))).collect();
/// let locked = chart(&points, &[], 40);
/// assert_eq!((locked.limits.unwrap().centre, locked.state), (0.5, State::Locked(19)));
/// let anew = chart(&points, &[20], 33);
/// assert_eq!((anew.points.len(), anew.limits.unwrap().points, anew.state), (13, 13, State::Provisional));
/// ```
pub fn chart<At: Ord + Copy>(usable_points: &[(At, f64)], dividers: &[At], shown: At) -> Chart<At> {
    let divider = dividers.iter().filter(|divider| **divider <= shown).max();
    let takes_part = |at: At| at < shown && divider.is_none_or(|divider| *divider <= at);
    let points: Vec<(At, f64)> = usable_points
        .iter()
        .copied()
        .filter(|(at, _)| takes_part(*at))
        .collect();
    let locking = points
        .iter()
        .take(PROVISIONAL_BELOW)
        .map(|(_, point)| *point);
    let limits = limits(&locking.collect::<Vec<f64>>());
    let state = match (points.len(), points.get(PROVISIONAL_BELOW - 1)) {
        (_, Some((at, _))) => State::Locked(*at),
        (VERDICT_FROM.., None) => State::Provisional,
        (RANGE_FROM.., None) => State::Drawn,
        _ => State::None,
    };
    Chart {
        limits,
        points,
        state,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weeks(points: &[f64]) -> Vec<(i32, f64)> {
        (0..).zip(points.iter().copied()).collect()
    }

    fn zigzag(count: i32) -> Vec<(i32, f64)> {
        (0..count)
            .map(|week| (week, f64::from(10 + week % 2)))
            .collect()
    }

    #[test]
    fn the_state_follows_the_number_of_points() {
        for (count, state) in [
            (0, State::None),
            (5, State::None),
            (6, State::Drawn),
            (11, State::Drawn),
            (12, State::Provisional),
            (19, State::Provisional),
            (20, State::Locked(19)),
            (50, State::Locked(19)),
        ] {
            let chart = chart(&zigzag(count), &[], count);
            assert_eq!(chart.state, state, "{count}");
            assert_eq!(chart.limits.is_some(), state != State::None, "{count}");
        }
    }

    #[test]
    fn gaps_between_weeks_move_the_week_of_locking_only() {
        let every_third: Vec<(i32, f64)> = zigzag(30)
            .iter()
            .map(|(week, point)| (3 * week, *point))
            .collect();
        let (sparse, dense) = (chart(&every_third, &[], 90), chart(&zigzag(30), &[], 30));
        assert_eq!(
            (sparse.state, sparse.limits),
            (State::Locked(57), dense.limits)
        );
    }

    #[test]
    fn the_first_twenty_after_a_divider_lock_again() {
        let mut points = zigzag(60);
        points[..25]
            .iter_mut()
            .for_each(|(_, point)| *point *= 100.0);
        let anew = chart(&points, &[3, 25, 70], 60);
        assert_eq!(anew.state, State::Locked(44));
        assert_eq!(
            anew.limits,
            chart(&zigzag(60), &[], 60).limits.map(|limits| Limits {
                centre: 10.5,
                ..limits
            })
        );
        assert_eq!(anew.points.len(), 35);
        assert_eq!(chart(&points, &[60], 60).state, State::None);
    }

    proptest! {
        #[test]
        fn what_comes_after_locking_moves_no_limit(points in prop::collection::vec(0.0..1e6, 20..80)) {
            let (first, all) = (weeks(&points[..20]), weeks(&points));
            let (at_locking, later) = (chart(&first, &[], 20), chart(&all, &[], 80));
            prop_assert_eq!((at_locking.limits, at_locking.state), (later.limits, later.state));
        }

        #[test]
        fn what_lies_before_a_divider_takes_no_part(points in prop::collection::vec(0.0..1e6, 1..80), divider in 0_i32..80) {
            let all = weeks(&points);
            let since: Vec<(i32, f64)> = all.iter().copied().filter(|(week, _)| *week >= divider).collect();
            prop_assert_eq!(chart(&all, &[divider], 80), chart(&since, &[], 80));
        }
    }
}
