//! Stored links as metrics see them.

use std::collections::{BTreeMap, BTreeSet};

use crate::metrics::approval_wait::Decided;
use crate::metrics::artifact::{Artifact, Evaluated};
use crate::metrics::delivered::Delivered;
use crate::metrics::deployed::{Deployed, NotRecovered, Standing};
use crate::metrics::merged::Merged;
use crate::metrics::pr_cycle_time::{Milestones, cycle_time};
use crate::metrics::run::{Outcome, Run};
use crate::metrics::suite_run::{Kind, SuiteRun};
use crate::store::links::approvals::ApprovalLink;
use crate::store::links::artifacts::ArtifactLink;
use crate::store::links::changes::{ChangeLink, Delivery};
use crate::store::links::deployments::Ended;
use crate::store::links::runs::RunLink;
use crate::store::links::suite_runs::SuiteRunLink;

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

/// An artifact as metrics see it.
pub fn artifact(link: &ArtifactLink) -> Artifact {
    Artifact {
        evaluated: Evaluated::parse(&link.evaluated),
        has_failed_evaluation: link.has_failed_evaluation == 1,
        is_reconstructable: link.is_reconstructable == 1,
    }
}

/// A run as metrics see it.
pub fn run(link: &RunLink) -> Run {
    Run {
        outcome: link.outcome.as_deref().and_then(Outcome::parse),
        calls: link.calls,
        failed_calls: link.failed,
        cost_pico: link.cost_pico,
        input_tokens: link.input_tokens,
        cached_tokens: link.cached_tokens,
        is_above_tier: link.above_tier.is_some(),
        is_denied: link.denied.is_some(),
    }
}

/// The runs of suites of one week as metrics see them; they come by finish, then id, so that the last of
/// a suite stands for it, of each kind that it is run as.
pub fn suite_runs(links: &[SuiteRunLink]) -> impl Iterator<Item = (&SuiteRunLink, SuiteRun)> {
    let latest: BTreeMap<_, &str> = links
        .iter()
        .map(|own| (suite_of(own), own.suite_run_id.as_str()))
        .collect();
    links.iter().map(move |own| {
        let last = latest.get(&suite_of(own));
        let run = SuiteRun {
            kind: Kind::parse(&own.kind),
            is_latest: last == Some(&own.suite_run_id.as_str()),
            cases: own.cases,
            passed: own.passed,
        };
        (own, run)
    })
}

fn suite_of(own: &SuiteRunLink) -> [&str; 3] {
    [&own.workflow, &own.suite, &own.kind]
}

/// An approval as metrics see it; none of one that is not decided.
pub fn decided(link: &ApprovalLink) -> Option<Decided> {
    Some(Decided {
        wait_ms: link.decided_at?.saturating_sub(link.requested_at),
    })
}
