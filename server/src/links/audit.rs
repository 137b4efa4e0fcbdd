//! Whether what an agent did can be reconstructed: what is asked for by tier, and what there is.

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::agents::Agents;
use super::artifacts::heads;
use super::evaluated::When;
use super::runs::effect;
use super::segment::Level;
use crate::store::approvals::Approval;
use crate::store::changes::Change;
use crate::store::policy_decisions::PolicyDecision;
use crate::store::registry::{Effect, Registry, Workflow};
use crate::store::reviews::Reviewed;
use crate::store::runs::{Recorded, Run};

/// One piece of evidence that is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub item: Asked,
    pub is_met: bool,
    /// How well it is known; none of what is missing.
    pub level: Option<Level>,
    /// What there is, or what is missing.
    pub what: String,
}

/// What may be asked for, in the order in which it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asked {
    RunLinked,
    AgentRegistered,
    DriAtTheTime,
    InputAndOutput,
    ToolCalls,
    Approval,
    WayBack,
    Evaluated,
    Policy,
}

impl Asked {
    pub const ALL: [Asked; 9] = [
        Asked::RunLinked,
        Asked::AgentRegistered,
        Asked::DriAtTheTime,
        Asked::InputAndOutput,
        Asked::ToolCalls,
        Asked::Approval,
        Asked::WayBack,
        Asked::Evaluated,
        Asked::Policy,
    ];

    /// As a person reads it.
    pub fn in_words(self) -> &'static str {
        match self {
            Asked::RunLinked => "a run is linked",
            Asked::AgentRegistered => "its agent is registered",
            Asked::DriAtTheTime => "somebody answered for it at the time",
            Asked::InputAndOutput => "input and output are recorded",
            Asked::ToolCalls => "every tool call is whole",
            Asked::Approval => "a person approved it in time",
            Asked::WayBack => "the way back is known",
            Asked::Evaluated => "it was evaluated in time",
            Asked::Policy => "a policy decided on every call with an effect",
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Asked::RunLinked => "run_linked",
            Asked::AgentRegistered => "agent_registered",
            Asked::DriAtTheTime => "dri_at_the_time",
            Asked::InputAndOutput => "input_and_output",
            Asked::ToolCalls => "tool_calls",
            Asked::Approval => "approval",
            Asked::WayBack => "way_back",
            Asked::Evaluated => "evaluated",
            Asked::Policy => "policy",
        }
    }
}

/// An artifact, and all that is said of it but by its run.
pub(super) struct Landed<'a> {
    pub landed_at: i64,
    pub change: Option<&'a Change>,
    pub reviews: &'a [Reviewed],
    pub evaluated: When,
    /// The approvals of the artifact itself.
    pub approvals: &'a [&'a Approval],
    /// How it is taken back, where a platform or its run says so.
    pub reversal: Option<&'a str>,
    /// By which it is audited.
    pub workflow: Option<&'a Workflow>,
    /// The agent behind it, where no run tells one.
    pub agent: Option<&'a str>,
}

/// A run that claims it, and what is said of the run.
pub(super) struct Claimed<'a> {
    pub run: &'a Run,
    pub approvals: &'a [&'a Approval],
    pub decisions: &'a [&'a PolicyDecision],
    pub level: Level,
}

/// What is asked for of an artifact under one of the runs that claim it, or under none.
pub(super) fn items(
    registry: &Registry,
    agents: &Agents,
    landed: &Landed<'_>,
    claimed: Option<&Claimed<'_>>,
) -> Vec<Item> {
    let tier = landed
        .workflow
        .and_then(|workflow| workflow.tier)
        .map_or(1, u8::from);
    let needs_approval = claimed.is_some_and(|own| {
        let mut decisions = own.decisions.iter();
        decisions.any(|decision| decision.decision == "require_approval")
    });
    let run = claimed.map(|own| own.run);
    let mut items = vec![
        run_linked(claimed),
        agent_registered(registry, run.map(|run| run.agent.as_str()).or(landed.agent)),
        dri_at_the_time(registry, landed),
        input_and_output(run),
        tool_calls(run),
    ];
    if tier >= 1 || needs_approval {
        items.push(approval(agents, landed, claimed));
    }
    if tier >= 1 {
        items.push(way_back(landed));
    }
    if tier >= 2 {
        items.push(evaluated(landed.evaluated));
    }
    if tier >= 3 || needs_approval {
        items.push(policy(registry, claimed));
    }
    items
}

fn met(item: Asked, level: Level, what: impl Into<String>) -> Item {
    Item {
        item,
        is_met: true,
        level: Some(level),
        what: what.into(),
    }
}

fn missing(item: Asked, what: impl Into<String>) -> Item {
    Item {
        item,
        is_met: false,
        level: None,
        what: what.into(),
    }
}

const NO_RUN: &str = "no run is linked";

fn run_linked(claimed: Option<&Claimed<'_>>) -> Item {
    match claimed {
        Some(own) => met(
            Asked::RunLinked,
            own.level,
            format!("run {}", own.run.version.id),
        ),
        None => missing(Asked::RunLinked, NO_RUN),
    }
}

fn agent_registered(registry: &Registry, agent: Option<&str>) -> Item {
    match agent {
        Some(id) if registry.agent(id).is_some() => met(
            Asked::AgentRegistered,
            Level::Recorded,
            format!("the agent {id} is registered"),
        ),
        Some(id) => missing(
            Asked::AgentRegistered,
            format!("the agent {id} is not registered"),
        ),
        None => missing(Asked::AgentRegistered, "no agent is known"),
    }
}

/// Whether somebody answered for the work on the day on which it landed, where the company is.
fn dri_at_the_time(registry: &Registry, landed: &Landed<'_>) -> Item {
    let item = Asked::DriAtTheTime;
    let Some(workflow) = landed.workflow else {
        return missing(item, "it belongs to no workflow");
    };
    let since = workflow.dri_since.as_deref();
    match (
        &workflow.dri,
        since.and_then(|day| day.parse::<NaiveDate>().ok()),
    ) {
        (None, _) => missing(item, format!("{} has no DRI", workflow.slug)),
        (Some(_), None) => missing(
            item,
            format!("since when {} has its DRI is not known", workflow.slug),
        ),
        (Some(_), Some(since)) if since <= day_of(registry, landed.landed_at) => met(
            item,
            Level::Recorded,
            format!("{} has its DRI since {since}", workflow.slug),
        ),
        (Some(_), Some(since)) => missing(
            item,
            format!("{} has its DRI only since {since}", workflow.slug),
        ),
    }
}

fn day_of(registry: &Registry, at_ms: i64) -> NaiveDate {
    let zone = registry.company.time_zones.last();
    let zone: Tz = zone
        .and_then(|own| own.zone.parse().ok())
        .unwrap_or(Tz::UTC);
    let at = DateTime::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&zone).date_naive()
}

fn input_and_output(run: Option<&Run>) -> Item {
    let item = Asked::InputAndOutput;
    let Some(run) = run else {
        return missing(item, NO_RUN);
    };
    match (
        is_recorded(run.input.as_ref()),
        is_recorded(run.output.as_ref()),
    ) {
        (true, true) => met(item, Level::Declared, "input and output are recorded"),
        (true, false) => missing(item, "its output is not recorded"),
        (false, true) => missing(item, "its input is not recorded"),
        (false, false) => missing(item, "neither input nor output is recorded"),
    }
}

fn is_recorded(own: Option<&Recorded>) -> bool {
    own.is_some_and(|own| own.is_recorded)
}

/// Each with input, start, end, and output or error; without any call there is nothing to ask for.
fn tool_calls(run: Option<&Run>) -> Item {
    let item = Asked::ToolCalls;
    let Some(run) = run else {
        return missing(item, NO_RUN);
    };
    let (whole, all) = match &run.counts {
        Some(counts) => (counts.with_input.min(counts.with_output), counts.calls),
        None => {
            let whole = run.calls.iter().filter(|call| {
                is_recorded(call.input.as_ref())
                    && call.ended_at.is_some()
                    && (is_recorded(call.output.as_ref()) || call.error.is_some())
            });
            (whole.count() as i64, run.calls.len() as i64)
        }
    };
    match whole == all {
        true if all == 0 => met(item, Level::Declared, "it called no tool"),
        true => met(
            item,
            Level::Declared,
            format!("tool calls that are whole: {all} of {all}"),
        ),
        false => missing(
            item,
            format!("{} of {all} tool calls are not whole", all - whole),
        ),
    }
}

/// By a person other than the author, whom only a receipt names, at or before the landing: a review of a change at the commit that
/// was merged, or an approval of the run or the artifact that is recorded by a platform.
fn approval(agents: &Agents, landed: &Landed<'_>, claimed: Option<&Claimed<'_>>) -> Item {
    let item = Asked::Approval;
    if let Some(change) = landed.change {
        let heads = heads(change);
        let review = landed.reviews.iter().find(|review| {
            review.state == "approved"
                && review.submitted_at <= landed.landed_at
                && review.author.id != change.author.id
                && !agents.is_agent(&review.author)
                && review
                    .commit_sha
                    .as_deref()
                    .is_none_or(|sha| heads.contains(&sha))
        });
        if review.is_some() {
            return met(item, Level::Recorded, "a review approved what was merged");
        }
    }
    let author = landed.change.map(|change| change.author.id.as_str());
    let agent = claimed.map(|own| own.run.agent.as_str());
    let of_run = claimed.map_or(&[][..], |own| own.approvals);
    let approval = of_run.iter().chain(landed.approvals).find(|own| {
        own.level == Level::Recorded.as_str()
            && own.decision.as_deref() == Some("approved")
            && own.decided_at.is_some_and(|at| at <= landed.landed_at)
            && own.approver.as_deref().is_some_and(|by| {
                Some(by) != author && Some(by) != agent && agents.owner(by).is_none()
            })
    });
    match approval {
        Some(_) => met(item, Level::Recorded, "a person approved it in time"),
        None => missing(
            item,
            "no person other than its author approved it in time, on record",
        ),
    }
}

fn way_back(landed: &Landed<'_>) -> Item {
    let item = Asked::WayBack;
    if let Some(change) = landed.change {
        return match &change.merge_commit {
            Some(sha) => met(item, Level::Recorded, format!("revert {sha}")),
            None => missing(item, "its merge commit is not known"),
        };
    }
    let playbook = landed.workflow.and_then(|own| own.playbook.as_deref());
    match (landed.reversal, playbook) {
        (Some(reversal), _) => met(item, Level::Declared, reversal),
        (None, Some(playbook)) => met(item, Level::Declared, format!("the playbook {playbook}")),
        (None, None) => missing(item, "neither a reversal nor a playbook is known"),
    }
}

fn evaluated(when: When) -> Item {
    match when {
        When::InTime => met(
            Asked::Evaluated,
            Level::Declared,
            "evaluated before it landed",
        ),
        When::TooLate => missing(Asked::Evaluated, "evaluated only after it landed"),
        When::Never => missing(Asked::Evaluated, "not evaluated"),
    }
}

/// A recorded decision for each call with an effect.
fn policy(registry: &Registry, claimed: Option<&Claimed<'_>>) -> Item {
    let item = Asked::Policy;
    let Some(own) = claimed else {
        return missing(item, NO_RUN);
    };
    if let Some(counts) = &own.run.counts {
        let mut all = counts.by_effect.iter();
        return match all.any(|(effect, calls)| *effect != Effect::None && *calls > 0) {
            true => missing(item, "which calls had an effect is not listed"),
            false => met(item, Level::Declared, "no call had an effect"),
        };
    }
    let with_effect = own
        .run
        .calls
        .iter()
        .filter(|call| effect(registry, call) != Effect::None);
    let undecided = with_effect.clone().find(|call| {
        let mut decisions = own.decisions.iter();
        let is_recorded = |own: &PolicyDecision| own.level.as_deref() != Some("declared");
        !decisions.any(|decision| {
            let is_of_call = decision.tool_call.as_deref() == Some(call.id.as_str())
                || call.policy_decision.as_deref() == Some(decision.version.id.as_str());
            is_of_call && is_recorded(decision)
        })
    });
    match (with_effect.count(), undecided) {
        (0, _) => met(item, Level::Declared, "no call had an effect"),
        (count, None) => met(
            item,
            Level::Recorded,
            format!("a decision for each of {count} calls"),
        ),
        (_, Some(call)) => missing(item, format!("no decision for the call {}", call.name)),
    }
}
