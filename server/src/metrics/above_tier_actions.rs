//! How many runs did more than their agent's tier allows.

use super::run::Run;

/// Whether it did.
///
/// ```
/// use server::metrics::{above_tier_actions, run::Run};
/// assert!(above_tier_actions::counts(&Run { is_above_tier: true, ..Run::default() }));
/// assert!(!above_tier_actions::counts(&Run::default()));
/// ```
pub fn counts(run: &Run) -> bool {
    run.is_above_tier
}
