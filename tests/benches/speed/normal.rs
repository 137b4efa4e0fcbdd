//! Random numbers for simulations, the same in every run.

use std::f64::consts::TAU;

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// From 0 up to 1, without 1.
pub fn uniform(random: &mut ChaCha8Rng) -> f64 {
    random.random::<f64>()
}

/// Normal, with mean 0 and standard deviation 1 (G. Box and M. Muller, 1958).
pub fn normal(random: &mut ChaCha8Rng) -> f64 {
    (-2.0 * (1.0 - uniform(random)).ln()).sqrt() * (TAU * uniform(random)).cos()
}
