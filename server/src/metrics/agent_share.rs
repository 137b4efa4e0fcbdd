//! What share of delivered changes carries an agent's mark.

use super::delivered::Delivered;
use super::{Contribution, changes_delivered};

/// One for a change that an agent made or took part in, zero for one without a mark.
///
/// ```
/// use server::metrics::{agent_share, delivered::Delivered};
/// let change = |is_marked| Delivered { is_marked, deploy_ms: Some(1), ..Delivered::default() };
/// assert_eq!(agent_share::of_change(&change(true)), Ok(1));
/// assert_eq!(agent_share::of_change(&change(false)), Ok(0));
/// ```
pub fn of_change(change: &Delivered) -> Contribution {
    changes_delivered::of_change(change)?;
    Ok(i64::from(change.is_marked))
}
