//! Where the time of a delivered change went: its stages, one metric each.
//!
//! Coding, pickup, review and deploy add up to the lead time exactly; a stage that is not known
//! says why.

use super::Contribution;
use super::delivered::{Delivered, IN_THE_FIRST};

/// Opened for review − start, in milliseconds.
///
/// ```
/// use server::metrics::{delivered::Delivered, pr_cycle_time::CycleTime, stages};
/// let time = CycleTime { coding_ms: Some(3_000), ..CycleTime::default() };
/// let change = Delivered { time, deploy_ms: Some(500), ..Delivered::default() };
/// assert_eq!((stages::coding(&change), stages::deploy(&change)), (Ok(3_000), Ok(500)));
/// assert!(stages::review(&change).is_err());
/// ```
pub fn coding(change: &Delivered) -> Contribution {
    stage(change, change.time.coding_ms)
}

/// First review − opened, in milliseconds.
pub fn pickup(change: &Delivered) -> Contribution {
    stage(change, change.time.pickup_ms)
}

/// Merge − first review, in milliseconds.
pub fn review(change: &Delivered) -> Contribution {
    stage(change, change.time.review_ms)
}

/// First production delivery − merge, in milliseconds.
pub fn deploy(change: &Delivered) -> Contribution {
    change.deploy_ms.ok_or(IN_THE_FIRST)
}

fn stage(change: &Delivered, stage_ms: Option<i64>) -> Contribution {
    change.deploy_ms.ok_or(IN_THE_FIRST)?;
    let why = change.time.reason.map(|reason| reason.sentence());
    stage_ms.ok_or(why.unwrap_or("stage not known"))
}
