//! How many changes were merged.

use super::Contribution;
use super::merged::Merged;

/// Every merged change counts once.
///
/// ```
/// use server::metrics::{changes_merged, merged::Merged};
/// assert_eq!(changes_merged::of_change(&Merged::default()), Ok(1));
/// ```
pub fn of_change(_: &Merged) -> Contribution {
    Ok(1)
}
