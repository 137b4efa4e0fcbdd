//! How many runs a policy denied something.

use super::run::Run;

/// Whether one did.
///
/// ```
/// use server::metrics::{policy_denials, run::Run};
/// assert!(policy_denials::counts(&Run { is_denied: true, ..Run::default() }));
/// assert!(!policy_denials::counts(&Run::default()));
/// ```
pub fn counts(run: &Run) -> bool {
    run.is_denied
}
