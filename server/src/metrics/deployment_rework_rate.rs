//! What share of deployments was made to put an earlier one right.

use super::Contribution;
use super::deployed::Deployed;

/// One for a rollback, a fix or the delivery of a revert, zero for any other deployment.
///
/// ```
/// use server::metrics::{deployed::Deployed, deployment_rework_rate};
/// let deployment = |is_rework| Deployed { is_rework, ..Deployed::default() };
/// assert_eq!(deployment_rework_rate::of_deployment(&deployment(true)), Ok(1));
/// assert_eq!(deployment_rework_rate::of_deployment(&deployment(false)), Ok(0));
/// ```
pub fn of_deployment(deployment: &Deployed) -> Contribution {
    deployment.may_fail()?;
    Ok(i64::from(deployment.is_rework))
}
