//! How many changes reached production for the first time.

use super::Contribution;
use super::delivered::{Delivered, IN_THE_FIRST};

/// Every delivered change counts once.
///
/// ```
/// use server::metrics::{changes_delivered, delivered::Delivered};
/// let change = Delivered { deploy_ms: Some(60_000), ..Delivered::default() };
/// assert_eq!(changes_delivered::of_change(&change), Ok(1));
/// assert!(changes_delivered::of_change(&Delivered::default()).is_err());
/// ```
pub fn of_change(change: &Delivered) -> Contribution {
    change.deploy_ms.map(|_| 1).ok_or(IN_THE_FIRST)
}
