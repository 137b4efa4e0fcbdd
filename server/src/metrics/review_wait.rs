//! How long a change waited for its first review by a person.

use super::Contribution;
use super::merged::Merged;

/// First review − opened, in milliseconds; only changes that were reviewed have it.
///
/// ```
/// use server::metrics::{merged::Merged, pr_cycle_time::CycleTime, review_wait};
/// let time = CycleTime { pickup_ms: Some(5_000), ..CycleTime::default() };
/// assert_eq!(review_wait::of_change(&Merged { time, ..Merged::default() }), Ok(5_000));
/// assert_eq!(review_wait::of_change(&Merged::default()), Err("merged without review"));
/// ```
pub fn of_change(change: &Merged) -> Contribution {
    let why = change.time.reason.map(|reason| reason.sentence());
    change
        .time
        .pickup_ms
        .ok_or(why.unwrap_or("merged without review"))
}
