//! How long it took until all was well again after a deployment that failed.

use super::Contribution;
use super::deployed::Deployed;

/// Well again − finish, in milliseconds; a failure that is open or negative says so.
///
/// ```
/// use server::metrics::{deployed::{Deployed, NotRecovered}, failed_deployment_recovery_time};
/// let failed = Deployed { is_failed: true, recovery_ms: Some(90_000), ..Deployed::default() };
/// assert_eq!(failed_deployment_recovery_time::of_deployment(&failed), Ok(90_000));
/// let open = Deployed { is_failed: true, not_recovered: Some(NotRecovered::Unresolved), ..Deployed::default() };
/// assert!(failed_deployment_recovery_time::of_deployment(&open).is_err());
/// ```
pub fn of_deployment(deployment: &Deployed) -> Contribution {
    match deployment.not_recovered {
        Some(why) => Err(why.sentence()),
        None => deployment.recovery_ms.ok_or("it did not fail"),
    }
}
