//! How large a change is.

use super::Contribution;
use super::merged::Merged;

/// Lines added and lines deleted, together.
///
/// ```
/// use server::metrics::{change_size, merged::Merged};
/// assert_eq!(change_size::of_change(&Merged { lines: Some(12), ..Merged::default() }), Ok(12));
/// assert_eq!(change_size::of_change(&Merged::default()), Err("size not known"));
/// ```
pub fn of_change(change: &Merged) -> Contribution {
    change.lines.ok_or("size not known")
}
