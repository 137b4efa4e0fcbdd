//! Whether the record of what people did is as it was written.

use super::{Case, Finding};
use crate::store::acts;

/// Computes every hash of the chain again.
pub(super) async fn chain(case: &Case<'_>) -> anyhow::Result<Finding> {
    let mut tx = case.db.read().await?;
    let Some(head) = acts::head(&mut tx).await? else {
        return Ok(Finding::well("acts", "no act of a person is recorded yet."));
    };
    let (number, hash) = (head.number, head.hash);
    Ok(match acts::broken(&mut tx).await? {
        None => Finding::well(
            "acts",
            format!("the record of human acts is whole: {number}, ending in {hash}."),
        ),
        Some(broken) => Finding::well(
            "acts",
            format!("act {broken} of {number} is not as it was written, or is gone; the record ends in {hash}."),
        )
        .fault("Somebody wrote to the database past Onehop. Compare that act with a backup, and the record with the number and hash at the foot of printed and frozen reviews."),
    })
}
