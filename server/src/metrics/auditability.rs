//! What share of what agents landed can be reconstructed in full.

use super::Contribution;
use super::artifact::Artifact;

/// One for an artifact of which all is there that its tier asks for, zero for any other.
///
/// ```
/// use server::metrics::{artifact::Artifact, auditability};
/// let whole = Artifact { is_reconstructable: true, ..Artifact::default() };
/// assert_eq!(auditability::of_artifact(&whole), Ok(1));
/// assert_eq!(auditability::of_artifact(&Artifact::default()), Ok(0));
/// ```
pub fn of_artifact(artifact: &Artifact) -> Contribution {
    Ok(i64::from(artifact.is_reconstructable))
}
