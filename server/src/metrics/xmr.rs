//! Change or noise: a process behaviour chart (XmR) over weekly points.
//!
//! Points are usable weeks in order: a week without value or a hollow one is left out before, and
//! the moving range spans the gap it leaves. No finite input yields a limit that is not finite.
//! Source: D. Wheeler's natural process limits and detection rules.

pub mod chart;
pub mod gaps;

/// Limits are computed from so many points on, to be drawn as provisional.
pub const RANGE_FROM: usize = 6;
/// A verdict is spoken from so many points behind the limits on.
pub const VERDICT_FROM: usize = 12;
/// Under so many points behind the limits a verdict is provisional; the first so many lock them.
pub const PROVISIONAL_BELOW: usize = 20;

/// From the mean moving range to three standard deviations: 3 ÷ 1.128.
const RANGE_TO_LIMIT: f64 = 2.66;

/// Differences under this part of the chart's largest number are rounding, and count as none.
const ROUNDING: f64 = 1e-12;

/// What usual weeks stay within. `lower` may be below zero: points are judged against it all the
/// same, and only [`Limits::drawn`] cuts it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub centre: f64,
    pub lower: f64,
    pub upper: f64,
    /// How many points stand behind them.
    pub points: usize,
}

/// On which side of the centre a signal lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Above,
    Below,
}

/// The detection rules, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    OutsideLimits,
    ThreeOfFourNearLimit,
    EightOnOneSide,
}

impl Limits {
    /// The normal range as it is drawn and exported: within 0 and, for ratios, within 1.
    pub fn drawn(&self, ceiling: Option<f64>) -> [f64; 2] {
        let ceiling = ceiling.unwrap_or(f64::INFINITY);
        [self.lower, self.upper].map(|limit| limit.max(0.0).min(ceiling))
    }

    /// One standard deviation as the moving ranges tell it: a third of the way to a limit.
    pub fn sigma(&self) -> f64 {
        (self.upper - self.centre) / 3.0
    }

    /// Whether the point lies beyond the line that stands this part of the way from the centre to the
    /// limit on this side. A point on the line is not beyond it.
    fn is_beyond(&self, point: f64, side: Side, distance: f64) -> bool {
        let (limit, sign) = match side {
            Side::Above => (self.upper, 1.0),
            Side::Below => (self.lower, -1.0),
        };
        let line = self.centre + distance * (limit - self.centre);
        let largest = self.lower.abs().max(self.upper.abs()).max(point.abs());
        sign * (point - line) > ROUNDING * largest
    }
}

/// Centre = mean; limits = centre ± 2.66 × mean moving range. None under six points, or for points
/// that are not finite or too large to add up.
///
/// Ranges 2, 1, 2, 1, 2 have the mean 1.6, and 2.66 × 1.6 = 4.256:
///
/// ```
/// use server::metrics::xmr::limits;
/// let limits = limits(&[10.0, 12.0, 11.0, 13.0, 12.0, 14.0]).unwrap();
/// assert_eq!((limits.centre, limits.points), (12.0, 6));
/// assert!((limits.lower - 7.744).abs() < 1e-9 && (limits.upper - 16.256).abs() < 1e-9);
/// ```
pub fn limits(points: &[f64]) -> Option<Limits> {
    if points.len() < RANGE_FROM {
        return None;
    }
    let centre = points.iter().sum::<f64>() / points.len() as f64;
    let ranges = points.windows(2).map(|pair| (pair[1] - pair[0]).abs());
    let mean_range = ranges.sum::<f64>() / (points.len() - 1) as f64;
    let reach = RANGE_TO_LIMIT * mean_range;
    let limits = Limits {
        centre,
        lower: centre - reach,
        upper: centre + reach,
        points: points.len(),
    };
    (limits.lower.is_finite() && limits.upper.is_finite()).then_some(limits)
}

impl Rule {
    /// Strongest first.
    const ALL: [Rule; 3] = [
        Rule::OutsideLimits,
        Rule::ThreeOfFourNearLimit,
        Rule::EightOnOneSide,
    ];

    /// How many points, of how many, lie beyond the line that stands this part of the way from the
    /// centre to the limit.
    fn terms(self) -> (usize, usize, f64) {
        match self {
            Rule::OutsideLimits => (1, 1, 1.0),
            Rule::ThreeOfFourNearLimit => (3, 4, 0.5),
            Rule::EightOnOneSide => (8, 8, 0.0),
        }
    }
}

/// The strongest rule that the last point breaks, and on which side; none with fewer than twelve
/// points behind the limits.
///
/// Outside a limit; or among three of the last four that lie on one side nearer the limit than the
/// centre; or the eighth in a row on one side. A point on a line is inside, one on the centre ends
/// the row.
///
/// ```
/// use server::metrics::xmr::{Rule, Side, limits, signal};
/// let before = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0, 12.0, 13.0, 11.0, 12.0, 10.0, 14.0];
/// let limits = limits(&before).unwrap(); // 12 ± 4.8
/// assert_eq!(signal(&limits, &[14.0, 17.0]), Some((Rule::OutsideLimits, Side::Above)));
/// assert_eq!(signal(&limits, &[14.0, 16.0]), None);
/// assert_eq!(signal(&limits, &[9.0, 8.0, 12.0, 9.0]), Some((Rule::ThreeOfFourNearLimit, Side::Below)));
/// ```
pub fn signal(limits: &Limits, points_with_shown_last: &[f64]) -> Option<(Rule, Side)> {
    if limits.points < VERDICT_FROM {
        return None;
    }
    let (shown, _) = points_with_shown_last.split_last()?;
    for rule in Rule::ALL {
        let (needed, of, distance) = rule.terms();
        let Some(start) = points_with_shown_last.len().checked_sub(of) else {
            continue;
        };
        for side in [Side::Above, Side::Below] {
            let is_beyond = |point: &&f64| limits.is_beyond(**point, side, distance);
            let beyond = points_with_shown_last[start..].iter().filter(is_beyond);
            if is_beyond(&shown) && beyond.count() >= needed {
                return Some((rule, side));
            }
        }
    }
    None
}

/// Which of the points is the first that a signal of the last one rests on: of an unbroken row beyond
/// the rule's line, or of the three among four.
///
/// ```
/// use server::metrics::xmr::{limits, signal, since};
/// let before = [10.0, 12.0, 11.0, 13.0, 12.0, 14.0, 12.0, 13.0, 11.0, 12.0, 10.0, 14.0];
/// let limits = limits(&before).unwrap(); // 12 ± 4.8
/// let points = [14.0, 17.0, 12.0, 18.0, 17.0];
/// assert_eq!(since(&limits, &points, signal(&limits, &points).unwrap()), 3);
/// let points = [9.0, 12.0, 9.0, 9.0];
/// assert_eq!(since(&limits, &points, signal(&limits, &points).unwrap()), 0);
/// ```
pub fn since(limits: &Limits, points_with_shown_last: &[f64], (rule, side): (Rule, Side)) -> usize {
    let (needed, of, distance) = rule.terms();
    let is_beyond = |point: &f64| limits.is_beyond(*point, side, distance);
    let count = points_with_shown_last.len();
    if needed < of {
        let window = count.saturating_sub(of);
        let first = points_with_shown_last[window..].iter().position(is_beyond);
        return window + first.unwrap_or(0);
    }
    let row = points_with_shown_last
        .iter()
        .rev()
        .take_while(|point| is_beyond(point));
    (count - row.count()).min(count.saturating_sub(1))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests;
