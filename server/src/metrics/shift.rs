//! By which factor durations changed between two spans.

use super::level::Level;

/// Shorter durations count as one second.
const SHORTEST_MS: i64 = 1_000;

/// The ratio recent ÷ baseline, and the interval it lies in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shift {
    pub ratio: f64,
    pub low: f64,
    pub high: f64,
}

/// The shift of log durations after Hodges and Lehmann (1963), as a ratio. Both slices are sorted
/// ascending, in milliseconds. None of nothing.
///
/// With m recent and n baseline durations, each counted as at least 1 s, take the m × n differences
/// ln recent − ln baseline in ascending order, D₁ to Dₘₙ. The ratio is e to the power of their true
/// median: the middle one, or the mean of the middle two. The interval (Hollander and Wolfe,
/// Nonparametric Statistical Methods, chapter 4) runs from e to the power of D_C to e to the power of
/// D_(mn + 1 − C), where
///
/// C = ⌊mn/2 − z × √(mn/12 × ((N + 1) − Σ(t³ − t) ÷ (N(N − 1))))⌋, at least 1;
///
/// N = m + n, z is the level's normal deviate, and the sum runs over the groups of t equal durations
/// among all N. With too few durations for C ≥ 1 it is the whole range, which holds less than the
/// level says.
///
/// Of the nine ratios 4, 5, 6, 2, 2.5, 3, 1, 1.25, 1.5 the fifth is 2.5, and C = ⌊4.5 − 1.96 × 2.26⌋ = 0:
///
/// ```
/// use server::metrics::{level::Level, shift::shift};
/// let (recent, baseline) = ([4_000, 5_000, 6_000], [1_000, 2_000, 4_000]);
/// let shift = shift(&recent, &baseline, Level::PERCENT_95).unwrap();
/// assert_eq!(format!("{:.4} {:.4} {:.4}", shift.ratio, shift.low, shift.high), "2.5000 1.0000 6.0000");
/// ```
pub fn shift(recent: &[i64], baseline: &[i64], level: Level) -> Option<Shift> {
    if recent.is_empty() || baseline.is_empty() {
        return None;
    }
    let differences = Differences {
        recent: logs(recent),
        baseline: logs(baseline),
    };
    let pairs = recent.len() as u64 * baseline.len() as u64;
    let low = lowest_rank(recent, baseline, level);
    Some(Shift {
        ratio: differences.median(pairs).exp(),
        low: differences.at_rank(low).exp(),
        high: differences.at_rank(pairs + 1 - low).exp(),
    })
}

fn counted_ms(duration_ms: i64) -> i64 {
    duration_ms.max(SHORTEST_MS)
}

fn logs(durations_ms: &[i64]) -> Vec<f64> {
    let counted = durations_ms.iter().map(|duration| counted_ms(*duration));
    counted.map(|duration| (duration as f64).ln()).collect()
}

/// C of the interval.
fn lowest_rank(recent: &[i64], baseline: &[i64], level: Level) -> u64 {
    let (m, n) = (recent.len() as f64, baseline.len() as f64);
    let all = m + n;
    let ties = tied(recent, baseline) / (all * (all - 1.0));
    let deviation = (m * n / 12.0 * (all + 1.0 - ties).max(0.0)).sqrt();
    let rank = (m * n / 2.0 - level.z() * deviation).floor();
    rank.max(1.0) as u64
}

/// Σ(t³ − t) over the groups of t equal durations in both together.
fn tied(recent: &[i64], baseline: &[i64]) -> f64 {
    let (mut recent, mut baseline) = (recent, baseline);
    let mut sum = 0.0;
    while let Some(next) = smaller(recent.first(), baseline.first()) {
        let is_next = |duration: &i64| counted_ms(*duration) <= next;
        let (from_recent, from_baseline) = (
            recent
                .iter()
                .take_while(|duration| is_next(duration))
                .count(),
            baseline
                .iter()
                .take_while(|duration| is_next(duration))
                .count(),
        );
        (recent, baseline) = (&recent[from_recent..], &baseline[from_baseline..]);
        let equal = (from_recent + from_baseline) as f64;
        sum += equal * equal * equal - equal;
    }
    sum
}

fn smaller(a: Option<&i64>, b: Option<&i64>) -> Option<i64> {
    let next = match (a, b) {
        (Some(a), Some(b)) => a.min(b),
        (a, b) => a.or(b)?,
    };
    Some(counted_ms(*next))
}

/// All differences of two sorted slices, which are too many to be written down.
struct Differences {
    recent: Vec<f64>,
    baseline: Vec<f64>,
}

/// Where a value stands among the differences.
struct Standing {
    /// How many are at most the value.
    at_most: u64,
    /// The largest of these.
    below: f64,
    /// The smallest of the others.
    above: f64,
}

impl Differences {
    /// The middle one, or the mean of the middle two.
    fn median(&self, pairs: u64) -> f64 {
        let rank = pairs.div_ceil(2);
        let middle = self.at_rank(rank);
        let standing = self.standing(middle);
        let is_one = pairs % 2 == 1 || standing.at_most > rank;
        f64::midpoint(middle, if is_one { middle } else { standing.above })
    }

    /// The difference at this rank, counted from 1 and at most the number of pairs.
    ///
    /// Keeps the smallest and the largest difference that it may be, and asks of values between them
    /// how many differences they leave on each side: in turn where a straight line through both
    /// counts would meet the rank, and half way, so that no shape of the data makes it slow. Once few
    /// enough are left they are written down. A difference is rounded, but never so that it changes
    /// places with another.
    fn at_rank(&self, rank: u64) -> f64 {
        let few = (self.recent.len() + self.baseline.len()) as u64;
        let (mut smallest, mut largest) = self.ends();
        let (mut left_out, mut up_to) = (0, self.recent.len() as u64 * self.baseline.len() as u64);
        let mut halves = false;
        while smallest < largest {
            if up_to - left_out <= few {
                let mut left = self.between(smallest, largest);
                let index = (rank - left_out - 1) as usize;
                return *left.select_nth_unstable_by(index, f64::total_cmp).1;
            }
            let part = match halves {
                true => 0.5,
                false => (rank - left_out) as f64 / (up_to - left_out) as f64,
            };
            // Below the largest, or nothing would be left out.
            let value =
                (smallest + part * (largest - smallest)).clamp(smallest, largest.next_down());
            let standing = self.standing(value);
            if standing.at_most >= rank {
                (largest, up_to) = (standing.below, standing.at_most);
            } else {
                (smallest, left_out) = (standing.above, standing.at_most);
            }
            halves = !halves;
        }
        largest
    }

    /// The differences from the smallest to the largest, both included.
    fn between(&self, smallest: f64, largest: f64) -> Vec<f64> {
        let mut between = Vec::new();
        let mut nearest = 0;
        for recent in &self.recent {
            let far = self.baseline[nearest..].iter();
            nearest += far
                .take_while(|baseline| recent - **baseline > largest)
                .count();
            let near = self.baseline[nearest..]
                .iter()
                .map(|baseline| recent - baseline);
            between.extend(near.take_while(|difference| *difference >= smallest));
        }
        between
    }

    fn ends(&self) -> (f64, f64) {
        let (m, n) = (self.recent.len(), self.baseline.len());
        (
            self.recent[0] - self.baseline[n - 1],
            self.recent[m - 1] - self.baseline[0],
        )
    }

    /// One walk along both slices: the larger the recent one, the fewer of the baseline are near enough.
    fn standing(&self, value: f64) -> Standing {
        let mut standing = Standing {
            at_most: 0,
            below: f64::NEG_INFINITY,
            above: f64::INFINITY,
        };
        let n = self.baseline.len();
        let mut nearest = 0;
        for recent in &self.recent {
            while nearest < n && recent - self.baseline[nearest] > value {
                nearest += 1;
            }
            standing.at_most += (n - nearest) as u64;
            if nearest < n {
                standing.below = standing.below.max(recent - self.baseline[nearest]);
            }
            if nearest > 0 {
                standing.above = standing.above.min(recent - self.baseline[nearest - 1]);
            }
        }
        standing
    }
}

#[cfg(test)]
mod tests;
