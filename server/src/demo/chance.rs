//! Seeded draws, the only source of chance in the generated company.
//!
//! Each week of each service has a stream of its own, so that no week depends on how many draws
//! another one took. The same seed and stream always give the same draws.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A stream of draws.
pub(super) struct Chance(ChaCha8Rng);

impl Chance {
    pub(super) fn of(seed: u64, stream: u64) -> Chance {
        let mut draws = ChaCha8Rng::seed_from_u64(seed);
        draws.set_stream(stream);
        Chance(draws)
    }

    /// Evenly from 0 up to, not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / (f64::from(u32::MAX) + 1.0)
    }

    pub(super) fn happens(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Evenly from 0 up to, not including, `end`; 0 when `end` is 0.
    pub(super) fn below(&mut self, end: usize) -> usize {
        (self.unit() * end as f64) as usize
    }

    /// Evenly between two whole numbers, both counted in.
    pub(super) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + (self.unit() * (high - low + 1) as f64) as i64
    }

    /// One of a list that is not empty.
    pub(super) fn one<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// An index, with the odds of these weights.
    pub(super) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut left = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            left -= weight;
            if left < 0.0 {
                return index;
            }
        }
        weights.len() - 1
    }

    /// How often something happens that happens `mean` times on average (Knuth, The Art of
    /// Computer Programming, volume 2, 3.4.1, algorithm Q); for means up to some hundreds.
    pub(super) fn poisson(&mut self, mean: f64) -> u64 {
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut count = 0;
        while product > limit {
            product *= self.unit();
            count += 1;
        }
        count
    }

    /// A duration whose logarithm is normal, by Box and Muller (1958).
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        let angle = std::f64::consts::TAU * self.unit();
        median * (sigma * radius * angle.cos()).exp()
    }

    /// A commit's name.
    pub(super) fn sha(&mut self) -> String {
        let (high, low, end) = (self.0.next_u64(), self.0.next_u64(), self.0.next_u32());
        format!("{high:016x}{low:016x}{end:08x}")
    }

    /// The hash of a text that nobody keeps.
    pub(super) fn digest(&mut self) -> String {
        let parts = [(); 4].map(|()| format!("{:016x}", self.0.next_u64()));
        parts.concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_and_durations_centre_on_what_was_asked() {
        let mut chance = Chance::of(1, 0);
        let mean = (0..2_000).map(|_| chance.poisson(9.0)).sum::<u64>() as f64 / 2_000.0;
        assert!((8.8..9.2).contains(&mean), "{mean}");
        let mut hours: Vec<f64> = (0..2_001).map(|_| chance.log_normal(6.0, 1.0)).collect();
        hours.sort_by(f64::total_cmp);
        assert!((5.4..6.6).contains(&hours[1_000]), "{}", hours[1_000]);
    }

    #[test]
    fn streams_of_one_seed_differ_and_come_again() {
        let sha = |stream| Chance::of(7, stream).sha();
        assert_eq!(sha(1), sha(1));
        assert_ne!(sha(1), sha(2));
    }
}
