//! Stored links as metrics see them.

use std::collections::BTreeSet;

use crate::metrics::delivered::Delivered;
use crate::metrics::deployed::{Deployed, NotRecovered, Standing};
use crate::metrics::merged::Merged;
use crate::metrics::pr_cycle_time::{Milestones, cycle_time};
use crate::store::links::changes::{ChangeLink, Delivery};
use crate::store::links::deployments::Ended;

/// A change as metrics see it; none for one that is not merged. `reviewed` names the services of
/// which any review is known.
pub fn merged(link: &ChangeLink, reviewed: &BTreeSet<String>) -> Option<Merged> {
    let time = cycle_time(&Milestones {
        first_commit_at_ms: link.first_commit_at,
        created_at_ms: link.created_at,
        opened_at_ms: link.opened_at,
        first_review_at_ms: link.first_review_at,
        agent_review_at_ms: link.agent_review_at,
        merged_at_ms: link.merged_at?,
    });
    Some(Merged {
        time,
        is_reviewed: reviewed
            .contains(&link.service)
            .then_some(link.first_review_at.is_some()),
        lines: link.lines,
    })
}

/// A change that reached production as metrics see it.
pub fn delivered(link: &ChangeLink, delivery: &Delivery) -> Option<Delivered> {
    let merged = merged(link, &BTreeSet::new())?;
    let deploy_ms = delivery.delivered_at.zip(link.merged_at);
    Some(Delivered {
        time: merged.time,
        deploy_ms: deploy_ms.map(|(delivered, merged)| delivered.saturating_sub(merged)),
        is_marked: link.segment != "unmarked",
    })
}

/// A deployment as metrics see it.
pub fn deployed(ended: &Ended) -> Deployed {
    let (link, outcome) = (&ended.link, &ended.outcome);
    Deployed {
        standing: match link.standing.as_str() {
            "success" => Standing::Success,
            "failure" => Standing::Failure,
            _ => Standing::Ignored,
        },
        is_failed: outcome.is_failed == 1,
        is_rework: link.is_rework == 1,
        recovery_ms: outcome
            .well_again_at
            .map(|well_again| well_again.saturating_sub(link.finished_at)),
        not_recovered: match outcome.not_recovered.as_deref() {
            Some("unresolved") => Some(NotRecovered::Unresolved),
            Some("too_early") => Some(NotRecovered::TooEarly),
            Some(_) => Some(NotRecovered::Unremedied),
            None => None,
        },
    }
}
