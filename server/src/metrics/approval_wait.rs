//! How long an approval was waited for.

use super::Contribution;

/// What is settled about an approval that was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decided {
    /// Decision − request; negative where clocks disagree.
    pub wait_ms: i64,
}

/// Decision − request, in milliseconds.
///
/// ```
/// use server::metrics::approval_wait::{Decided, of_approval};
/// assert_eq!(of_approval(&Decided { wait_ms: 5_000 }), Ok(5_000));
/// assert!(of_approval(&Decided { wait_ms: -1 }).is_err());
/// ```
pub fn of_approval(approval: &Decided) -> Contribution {
    match approval.wait_ms {
        wait_ms if wait_ms < 0 => Err("clocks disagree: decided before it was asked for"),
        wait_ms => Ok(wait_ms),
    }
}
