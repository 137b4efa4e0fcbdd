//! How much landed although an evaluation had failed.

use super::artifact::Artifact;

/// Whether it did.
///
/// ```
/// use server::metrics::{artifact::Artifact, landed_after_failed_evaluation};
/// let failed = Artifact { has_failed_evaluation: true, ..Artifact::default() };
/// assert!(landed_after_failed_evaluation::counts(&failed));
/// assert!(!landed_after_failed_evaluation::counts(&Artifact::default()));
/// ```
pub fn counts(artifact: &Artifact) -> bool {
    artifact.has_failed_evaluation
}
