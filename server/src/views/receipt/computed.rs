//! The formulas with this item's own numbers in them.

use app::view::receipt::{Computed, Item};

use super::{Reading, words};
use crate::links;
use crate::metrics::catalogue;
use crate::metrics::delivered::Delivered;
use crate::metrics::deployed::Deployed;
use crate::metrics::merged::Merged;
use crate::store::approvals::Approval;
use crate::store::links::artifacts::ArtifactLink;
use crate::store::links::changes::{ChangeLink, Delivery};
use crate::store::{Result, from_json};

/// A metric's line.
pub(super) fn line(metric: &str, said: String, note: Option<String>) -> Computed {
    let name = catalogue::metric(metric).map_or(metric, |own| own.name);
    Computed {
        metric: metric.to_owned(),
        name: name.to_owned(),
        said,
        note,
    }
}

/// The start of a change: the earlier of its first commit and its creation.
fn start(link: &ChangeLink) -> Option<(&'static str, i64)> {
    match (link.first_commit_at, link.created_at) {
        (Some(commit), Some(created)) if created < commit => Some(("created", created)),
        (Some(commit), _) => Some(("first commit", commit)),
        (None, _) => None,
    }
}

/// Of a merged change: its times and its size.
pub(super) fn merged(
    reading: &Reading<'_>,
    link: &ChangeLink,
    of: &Merged,
    size: Option<(i64, i64)>,
) -> Vec<Computed> {
    let mut lines = Vec::new();
    let reason = of.time.reason.map(|reason| reason.sentence().to_owned());
    let Some(merged_at) = link.merged_at else {
        return lines;
    };
    let end = ("merged", merged_at);
    lines.push(match (of.time.total_ms, start(link)) {
        (Some(_), Some(start)) => line(
            "pr_cycle_time",
            words::difference(reading.calendar, end, start),
            stages(of, None),
        ),
        _ => line("pr_cycle_time", "not known".to_owned(), reason.clone()),
    });
    let opened = link.opened_at.or(link.created_at);
    if let (Some(_), Some(review), Some(opened)) = (of.time.pickup_ms, link.first_review_at, opened)
    {
        let from = ("opened for review", opened);
        let said = words::difference(reading.calendar, ("first review", review), from);
        lines.push(line("review_wait", said, None));
    } else {
        let why = reason.unwrap_or_else(|| "merged without review".to_owned());
        lines.push(line("review_wait", "not known".to_owned(), Some(why)));
    }
    if let Some((additions, deletions)) = size {
        let sum = additions.saturating_add(deletions);
        let said = format!("{additions} added + {deletions} deleted = {sum}");
        lines.push(line("change_size", said, None));
    }
    lines
}

/// "coding 12 m · waiting for review 71 h 3 m · review 15 m".
fn stages(of: &Merged, deploy_ms: Option<i64>) -> Option<String> {
    let stages = [
        ("coding", of.time.coding_ms),
        ("waiting for review", of.time.pickup_ms),
        ("review", of.time.review_ms),
        ("open without review", of.time.open_ms),
        ("to production", deploy_ms),
    ];
    let known = stages
        .iter()
        .filter_map(|(name, ms)| Some(format!("{name} {}", words::exact((*ms)?))));
    let known: Vec<String> = known.collect();
    (!known.is_empty()).then(|| known.join(" · "))
}

/// Of a delivered change: its lead time, by its stages.
pub(super) fn delivered(
    reading: &Reading<'_>,
    (link, delivery): (&ChangeLink, &Delivery),
    of: &Delivered,
) -> Computed {
    let metric = "change_lead_time";
    let merged = Merged {
        time: of.time,
        ..Merged::default()
    };
    match (delivery.delivered_at, of.time.total_ms, start(link)) {
        (Some(at), Some(_), Some(start)) => {
            let said = words::difference(reading.calendar, ("in production", at), start);
            line(metric, said, stages(&merged, of.deploy_ms))
        }
        (None, _, _) => {
            let why = match delivery.deployment_id {
                Some(_) => "in the first known deployment of its service, which times nothing",
                None => "not in production yet: lead time ends when it ships",
            };
            line(metric, "not settled".to_owned(), Some(why.to_owned()))
        }
        _ => {
            let reason = of.time.reason.map(|reason| reason.sentence().to_owned());
            line(metric, "not known".to_owned(), reason)
        }
    }
}

/// Of a deployment: whether it failed, and how long until all was well again.
pub(super) fn deployed(
    reading: &Reading<'_>,
    (finished_at, well_again_at): (i64, Option<i64>),
    of: &Deployed,
    failure: Option<String>,
) -> Vec<Computed> {
    if let Err(why) = of.may_fail() {
        return vec![line(
            "change_fail_rate",
            "not counted".to_owned(),
            Some(why.to_owned()),
        )];
    }
    let failed = match of.is_failed {
        true => ("it failed: 1 of 1", failure),
        false => (
            "it did not fail: 0 of 1",
            Some("nothing put it right and no incident is laid to it".to_owned()),
        ),
    };
    let mut lines = vec![line("change_fail_rate", failed.0.to_owned(), failed.1)];
    if of.is_failed {
        lines.push(match well_again_at {
            Some(at) => {
                let from = ("finished", finished_at);
                let said = words::difference(reading.calendar, ("well again", at), from);
                line("failed_deployment_recovery_time", said, None)
            }
            None => {
                let why = of.not_recovered.map(|why| why.sentence().to_owned());
                line(
                    "failed_deployment_recovery_time",
                    "not settled".to_owned(),
                    why,
                )
            }
        });
    }
    let rework = match of.is_rework {
        true => "it put an earlier one right: 1 of 1",
        false => "it put none right: 0 of 1",
    };
    lines.push(line("deployment_rework_rate", rework.to_owned(), None));
    lines
}

/// Of approvals that were decided: how long each was waited for.
pub(super) fn waits(reading: &Reading<'_>, approvals: &[Approval]) -> Vec<Computed> {
    let decided = approvals.iter().filter_map(|own| {
        own.decision.as_ref()?;
        let at = ("decided", own.decided_at?);
        let said = words::difference(reading.calendar, at, ("asked for", own.requested_at));
        let (of, _) = own.version.home.split_once(':').unwrap_or_default();
        Some(line("approval_wait", said, Some(format!("of the {of}"))))
    });
    decided.collect()
}

/// Of agents' work that landed: whether it was evaluated in time, and whether it can be reconstructed.
pub(super) fn landed(
    reading: &Reading<'_>,
    link: &ArtifactLink,
) -> Result<(Vec<Computed>, Vec<Item>)> {
    let items: Vec<links::Item> = from_json("items", &link.items)?;
    let met = items.iter().filter(|item| item.is_met).count();
    let landed = format!(
        "it landed {}",
        words::local(reading.calendar, link.landed_at)
    );
    let evaluated = match link.evaluated.as_str() {
        "in_time" => "evaluated in time: 1 of 1",
        "too_late" => "evaluated too late: 0 of 1",
        _ => "not evaluated: 0 of 1",
    };
    let whole = match link.is_reconstructable {
        1 => "reconstructable in full: 1 of 1",
        _ => "not reconstructable in full: 0 of 1",
    };
    let of = format!(
        "{met} of {} items, as asked at tier {}",
        items.len(),
        link.tier
    );
    let mut lines = vec![
        line("evaluation_coverage", evaluated.to_owned(), Some(landed)),
        line("auditability", whole.to_owned(), Some(of)),
    ];
    if link.has_failed_evaluation == 1 {
        let said = "landed although its last evaluation had failed".to_owned();
        lines.push(line("landed_after_failed_evaluation", said, None));
    }
    lines.retain(|line| catalogue::metric(&line.metric).is_some_and(|own| reading.is_told(own)));
    Ok((lines, items.into_iter().map(item).collect()))
}

fn item(own: links::Item) -> Item {
    let name = match own.item {
        links::Asked::RunLinked => "Run linked",
        links::Asked::AgentRegistered => "Agent registered",
        links::Asked::DriAtTheTime => "DRI at the time",
        links::Asked::InputAndOutput => "Input and output recorded",
        links::Asked::ToolCalls => "Tool calls whole",
        links::Asked::Approval => "Approval on record",
        links::Asked::WayBack => "Way back known",
        links::Asked::Evaluated => "Evaluated in time",
        links::Asked::Policy => "Policy decisions recorded",
    };
    Item {
        item: name.to_owned(),
        is_met: own.is_met,
        level: own.level.map(Into::into),
        what: own.what,
    }
}
