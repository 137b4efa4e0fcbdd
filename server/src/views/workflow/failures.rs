//! The deployments of the last weeks that failed, the newest first.

use app::view::workflow::Failure;
use chrono::DateTime;

use crate::figures::{self, facts};
use crate::metrics::change_fail_rate;
use crate::store::links::deployments::{self, Listed};
use crate::store::{self, Tx};
use crate::views::Result;
use crate::views::answer::Asked;
use crate::views::records::{deployment_evidence, deployment_title};

/// How many weeks are looked through, and how many failures a page shows.
const WEEKS: i32 = 4;
const SHOWN: usize = 10;

/// The newest failures, and how many there are in all.
pub(super) async fn failures(tx: &mut Tx, asked: Asked<'_>) -> Result<(Vec<Failure>, u32)> {
    let calendar = figures::calendar(&asked.registry.company);
    let first = asked.week.plus(1 - WEEKS);
    let span = (calendar.start_ms(first), calendar.end_ms(asked.week));
    let (mut shown, mut count) = (Vec::new(), 0);
    deployments::failed_between(tx, span, |listed| {
        let link = &listed.ended.link;
        let failed = change_fail_rate::of_deployment(&facts::deployed(&listed.ended)) == Ok(1);
        if failed && asked.scope.covers(&link.service, &link.workflows)? {
            count += 1;
            if shown.len() < SHOWN {
                shown.push(failure(&listed)?);
            }
        }
        Ok(())
    })
    .await?;
    Ok((shown, count))
}

fn failure(listed: &Listed) -> store::Result<Failure> {
    let link = &listed.ended.link;
    Ok(Failure {
        id: link.deployment_id.clone(),
        title: deployment_title(listed),
        url: listed.url.clone(),
        at: DateTime::from_timestamp_millis(link.finished_at).unwrap_or_default(),
        evidence: deployment_evidence(listed)?,
    })
}
