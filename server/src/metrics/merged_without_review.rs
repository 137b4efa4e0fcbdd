//! What share of changes was merged without a review by a person.

use super::Contribution;
use super::merged::Merged;

/// One for a change that nobody else looked at, zero for one that somebody did.
///
/// ```
/// use server::metrics::{merged::Merged, merged_without_review};
/// let change = |is_reviewed| Merged { is_reviewed, ..Merged::default() };
/// assert_eq!(merged_without_review::of_change(&change(Some(false))), Ok(1));
/// assert_eq!(merged_without_review::of_change(&change(Some(true))), Ok(0));
/// assert!(merged_without_review::of_change(&change(None)).is_err());
/// ```
pub fn of_change(change: &Merged) -> Contribution {
    match change.is_reviewed {
        Some(is_reviewed) => Ok(i64::from(!is_reviewed)),
        None => Err("no review of any change of its service is known"),
    }
}
