//! What share of what agents landed was checked automatically before it did.

use super::Contribution;
use super::artifact::{Artifact, Evaluated};

/// One for an artifact that was evaluated in time, zero for one that was not.
///
/// ```
/// use server::metrics::{artifact::{Artifact, Evaluated}, evaluation_coverage};
/// let artifact = |evaluated| Artifact { evaluated, ..Artifact::default() };
/// assert_eq!(evaluation_coverage::of_artifact(&artifact(Evaluated::InTime)), Ok(1));
/// assert_eq!(evaluation_coverage::of_artifact(&artifact(Evaluated::TooLate)), Ok(0));
/// assert_eq!(evaluation_coverage::of_artifact(&artifact(Evaluated::Never)), Ok(0));
/// ```
pub fn of_artifact(artifact: &Artifact) -> Contribution {
    Ok(i64::from(artifact.evaluated == Evaluated::InTime))
}
