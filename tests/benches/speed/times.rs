//! What is typical of several measurements.

use std::time::Duration;

/// The middle one; of an even number the upper of the two.
pub fn median(times: &[Duration]) -> Duration {
    quantile(times, 0.5)
}

/// The smallest time that at least this share of the measurements does not exceed.
pub fn quantile(times: &[Duration], share: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort();
    let place = (share * sorted.len() as f64) as usize;
    sorted
        .get(place.min(sorted.len().saturating_sub(1)))
        .copied()
        .unwrap_or_default()
}

pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Median, least and most, in seconds.
pub fn seconds(times: &[Duration]) -> String {
    format!(
        "{:.2} s (from {:.2} to {:.2} in {} runs)",
        median(times).as_secs_f64(),
        quantile(times, 0.0).as_secs_f64(),
        quantile(times, 1.0).as_secs_f64(),
        times.len(),
    )
}
