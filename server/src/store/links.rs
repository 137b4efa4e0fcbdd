//! What was derived, one file a kind of thing: written over whenever it is derived again.

pub mod approvals;
pub mod artifacts;
pub mod changes;
pub mod defects;
pub mod deployments;
pub mod incidents;
pub mod remedies;
pub mod runs;
pub mod suite_runs;

use super::db::on;
use super::{Result, Tx};

/// The first and the last instant that puts any record into a week, if there is one.
pub async fn span(tx: &mut Tx) -> Result<Option<(i64, i64)>> {
    let (first, last): (Option<i64>, Option<i64>) = on!(tx, conn => sqlx::query_as(
        "SELECT MIN(first_at), MAX(last_at) FROM ( \
         SELECT MIN(merged_at) AS first_at, MAX(merged_at) AS last_at FROM change_links \
         UNION ALL SELECT MIN(finished_at), MAX(finished_at) FROM deployment_links \
         UNION ALL SELECT MIN(well_again_at), MAX(well_again_at) FROM deployment_links \
         UNION ALL SELECT MIN(started_at), MAX(started_at) FROM incident_links \
         UNION ALL SELECT MIN(found_at), MAX(found_at) FROM defect_links \
         UNION ALL SELECT MIN(started_at), MAX(started_at) FROM run_links \
         UNION ALL SELECT MIN(landed_at), MAX(landed_at) FROM artifact_links \
         UNION ALL SELECT MIN(finished_at), MAX(finished_at) FROM suite_run_links \
         UNION ALL SELECT MIN(decided_at), MAX(decided_at) FROM approval_links) AS spans",
    )
    .fetch_one(conn)
    .await)?;
    Ok(first.zip(last))
}
