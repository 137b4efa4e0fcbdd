//! How often something was deployed to production.

use super::Contribution;
use super::deployed::{Deployed, Standing};

/// Every deployment that was done counts once; a rollout that failed does not.
///
/// ```
/// use server::metrics::{deployed::{Deployed, Standing}, deployment_frequency};
/// assert_eq!(deployment_frequency::of_deployment(&Deployed::default()), Ok(1));
/// let failed = Deployed { standing: Standing::Failure, ..Deployed::default() };
/// assert!(deployment_frequency::of_deployment(&failed).is_err());
/// ```
pub fn of_deployment(deployment: &Deployed) -> Contribution {
    match deployment.standing {
        Standing::Failure => Err("its rollout failed"),
        Standing::Success | Standing::Ignored => deployment.may_fail().map(|()| 1),
    }
}
