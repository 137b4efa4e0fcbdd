//! Whether stored figures are those that come out again.

use std::collections::BTreeSet;

use super::work::is_behind;
use super::{Case, Finding, counted};
use crate::figures::{self, Because};
use crate::store::figures as stored;

/// Computes the oldest, the middle and the newest week again, in a transaction that is rolled back.
pub(super) async fn recomputed(case: &Case<'_>) -> anyhow::Result<Finding> {
    let mut tx = case.db.write().await?;
    tx.lock_facts().await?;
    if is_behind(&mut tx).await? {
        return Ok(Finding::well(
            "figures",
            "some are behind, so that none was computed again to compare.",
        ));
    }
    let weeks = stored::weeks(&mut tx).await?;
    let places = [0, weeks.len() / 2, weeks.len().saturating_sub(1)];
    let sample: BTreeSet<&String> = places.iter().filter_map(|at| weeks.get(*at)).collect();
    let sample: Vec<String> = sample.into_iter().cloned().collect();
    stored::touch(&mut tx, &sample).await?;
    let because = Because::records(case.now_ms);
    let different = figures::differences(&mut tx, &because).await?;
    let found = Finding::well(
        "figures",
        match sample.as_slice() {
            [] => "there are none yet.".to_owned(),
            _ => format!(
                "those of {}, computed again, are the stored ones.",
                sample.join(", ")
            ),
        },
    );
    let Some(first) = different.first().and_then(|one| one.either()) else {
        return Ok(found);
    };
    let differ = counted(different.len(), "figure");
    Ok(Finding {
        says: format!(
            "{differ} of {} came out differently, the first {} of {} in {}.",
            sample.join(", "),
            first.metric,
            first.scope,
            first.week
        ),
        ..found
    }
    .fault("Run `onehop recompute`; what that moves of frozen weeks is restated."))
}
