//! How long a change took from its start until it first reached production.

use super::delivered::{Delivered, IN_THE_FIRST};
use super::{Contribution, pr_cycle_time};

/// First production delivery − start, in milliseconds.
///
/// ```
/// use server::metrics::{change_lead_time, delivered::Delivered, pr_cycle_time::CycleTime};
/// let time = CycleTime { total_ms: Some(7_000), ..CycleTime::default() };
/// let change = Delivered { time, deploy_ms: Some(1_500), ..Delivered::default() };
/// assert_eq!(change_lead_time::of_change(&change), Ok(8_500));
/// ```
pub fn of_change(change: &Delivered) -> Contribution {
    let deploy_ms = change.deploy_ms.ok_or(IN_THE_FIRST)?;
    Ok(pr_cycle_time::total_ms(&change.time)?.saturating_add(deploy_ms))
}
