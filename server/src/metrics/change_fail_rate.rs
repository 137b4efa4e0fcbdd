//! What share of deployments to production had to be put right or caused an incident.

use super::Contribution;
use super::deployed::Deployed;

/// One for a deployment that failed, zero for one that did not.
///
/// ```
/// use server::metrics::{change_fail_rate, deployed::{Deployed, Standing}};
/// let rollout = |is_failed| Deployed { standing: Standing::Failure, is_failed, ..Deployed::default() };
/// assert_eq!(change_fail_rate::of_deployment(&Deployed::default()), Ok(0));
/// assert_eq!(change_fail_rate::of_deployment(&rollout(true)), Ok(1));
/// assert!(change_fail_rate::of_deployment(&rollout(false)).is_err());
/// ```
pub fn of_deployment(deployment: &Deployed) -> Contribution {
    deployment.may_fail()?;
    Ok(i64::from(deployment.is_failed))
}
