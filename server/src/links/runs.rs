//! Runs: whose each is, how it ended, what it cost, and whether it went beyond what its agent may do or
//! was denied something.

use std::collections::HashMap;

use super::VERSION;
use super::price::{Price, Prices};
use crate::store::links::runs::{self as stored, RunLink};
use crate::store::policy_decisions::{self, PolicyDecision};
use crate::store::registry::{Effect, Registry};
use crate::store::runs::{self, Call, Run};
use crate::store::touched::{self, Kind};
use crate::store::{self, Tx, to_json};

/// How many are linked in one step.
const STEP: i64 = 500;

/// Links some runs; answers the instants whose weeks moved, and nothing once none is marked.
pub(super) async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    let taken = touched::take(tx, Kind::Run, STEP).await?;
    if taken.is_empty() {
        return Ok(None);
    }
    let ids: Vec<&str> = taken.iter().map(|(_, id)| id.as_str()).collect();
    let mut old: HashMap<String, RunLink> = stored::find(tx, &ids)
        .await?
        .into_iter()
        .map(|link| (link.run_id.clone(), link))
        .collect();
    let runs = runs::find(tx, &ids).await?;
    let decisions = Decisions::of(tx, &runs).await?;
    let mut moved = Vec::new();
    let mut fresh = Vec::new();
    for run in &runs {
        let link = link(registry, run, &decisions.on(run))?;
        let was = old.remove(&link.run_id);
        if was.as_ref() != Some(&link) {
            moved.push(link.started_at);
            moved.extend(was.map(|was| was.started_at));
            fresh.push(link);
        }
    }
    stored::put(tx, &fresh).await?;
    Ok(Some(moved))
}

/// The policy decisions on some runs: those that name one, and those that a call of it names.
pub(super) struct Decisions {
    by_run: HashMap<String, Vec<PolicyDecision>>,
    named: HashMap<String, PolicyDecision>,
}

impl Decisions {
    pub(super) async fn of(tx: &mut Tx, runs: &[Run]) -> store::Result<Decisions> {
        let subjects: Vec<String> = runs
            .iter()
            .map(|run| format!("run:{}", run.version.id))
            .collect();
        let subjects: Vec<&str> = subjects.iter().map(String::as_str).collect();
        let mut by_run: HashMap<String, Vec<PolicyDecision>> = HashMap::new();
        for own in policy_decisions::of_subjects(tx, &subjects).await? {
            by_run
                .entry(own.version.home.clone())
                .or_default()
                .push(own);
        }
        let calls = runs.iter().flat_map(|run| &run.calls);
        let ids: Vec<&str> = calls
            .filter_map(|call| call.policy_decision.as_deref())
            .collect();
        let named = policy_decisions::find(tx, &ids).await?;
        let named = named.into_iter().map(|own| (own.version.id.clone(), own));
        Ok(Decisions {
            by_run,
            named: named.collect(),
        })
    }

    /// Those on one run.
    pub(super) fn on(&self, run: &Run) -> Vec<&PolicyDecision> {
        let own = self.by_run.get(&format!("run:{}", run.version.id));
        let calls = run
            .calls
            .iter()
            .filter_map(|call| call.policy_decision.as_ref());
        let named = calls.filter_map(|id| self.named.get(id));
        own.into_iter().flatten().chain(named).collect()
    }
}

fn link(registry: &Registry, run: &Run, decisions: &[&PolicyDecision]) -> store::Result<RunLink> {
    let workflow = workflow(registry, run);
    let registered = workflow.filter(|slug| registry.workflow(slug).is_some());
    let workflows: Vec<&str> = registered.into_iter().collect();
    let (calls, failed) = match &run.counts {
        Some(counts) => (counts.calls, counts.failed),
        None => {
            let failed = run.calls.iter().filter(|call| call.error.is_some());
            (run.calls.len() as i64, failed.count() as i64)
        }
    };
    let (cost_pico, unpriced) = match Prices::of(registry).price(run) {
        Price::Of(pico) => (Some(pico), None),
        Price::Unpriced(why) => (None, Some(why)),
    };
    let denied = decisions.iter().find(|own| own.decision == "deny");
    Ok(RunLink {
        run_id: run.version.id.clone(),
        version: VERSION,
        started_at: run.started_at,
        workflows: to_json("workflows", &workflows)?,
        agent: run.agent.clone(),
        outcome: run.ended_at.and_then(|_| run.outcome.clone()),
        calls,
        failed,
        cost_pico,
        unpriced,
        input_tokens: run
            .tokens
            .iter()
            .map(|own| own.input)
            .fold(0, i64::saturating_add),
        cached_tokens: run
            .tokens
            .iter()
            .map(|own| own.cached_input)
            .fold(0, i64::saturating_add),
        above_tier: above_tier(registry, run, workflow),
        denied: denied.map(|own| format!("denied by {}", own.policy)),
    })
}

/// The workflow that a run names, else its agent's.
pub(super) fn workflow<'a>(registry: &'a Registry, run: &'a Run) -> Option<&'a str> {
    let own = run.workflow.as_deref();
    own.or_else(|| registry.agent(&run.agent)?.workflow.as_deref())
}

/// What a call does: the registry's word on its tool, else as sent, else nothing.
pub(super) fn effect(registry: &Registry, call: &Call) -> Effect {
    let known = registry.effect(&call.name);
    known.or(call.effect).unwrap_or(Effect::None)
}

/// The first call that did more than the agent's tier allows, by the workflow's where the agent has none,
/// and 1 where neither has.
fn above_tier(registry: &Registry, run: &Run, workflow: Option<&str>) -> Option<String> {
    let of_agent = registry.agent(&run.agent).and_then(|agent| agent.tier);
    let of_workflow = || registry.workflow(workflow?)?.tier;
    let tier = of_agent.or_else(of_workflow).map_or(1, u8::from);
    if let Some(counts) = &run.counts {
        let mut all = counts.by_effect.iter();
        let (effect, calls) = all.find(|(effect, calls)| effect.tier() > tier && **calls > 0)?;
        return Some(format!(
            "{calls} calls with the effect {} at tier {tier}",
            effect.as_str()
        ));
    }
    let mut calls = run.calls.iter();
    let call = calls.find(|call| effect(registry, call).tier() > tier)?;
    let effect = effect(registry, call).as_str();
    Some(format!(
        "{} with the effect {effect} at tier {tier}",
        call.name
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::registry::{Agent, Tier, Tool};
    use crate::store::runs::Counts;

    fn registry(tier: u8) -> Registry {
        let agent = Agent {
            id: "bot".to_owned(),
            name: None,
            workflow: None,
            tier: Some(Tier::try_from(tier).unwrap()),
            identities: Vec::new(),
            scopes: Vec::new(),
        };
        let deploy = Tool {
            name: "deploy".to_owned(),
            effect: Effect::Production,
        };
        Registry {
            agents: vec![agent],
            tools: vec![deploy],
            ..Registry::default()
        }
    }

    fn run(name: &str, effect: Option<Effect>) -> Run {
        Run {
            agent: "bot".to_owned(),
            calls: vec![Call {
                name: name.to_owned(),
                effect,
                ..Call::default()
            }],
            ..Run::default()
        }
    }

    #[test]
    fn the_registrys_word_on_a_tool_comes_before_what_was_sent() {
        let quiet = run("deploy", Some(Effect::None));
        assert!(above_tier(&registry(2), &quiet, None).is_some());
        assert!(above_tier(&registry(3), &quiet, None).is_none());
    }

    #[test]
    fn without_a_tier_an_agent_may_propose_and_no_more() {
        let sent = |effect| above_tier(&Registry::default(), &run("x", Some(effect)), None);
        assert_eq!(sent(Effect::Propose), None);
        assert!(sent(Effect::NonProduction).is_some());
    }

    #[test]
    fn counted_calls_are_held_against_the_tier_too() {
        let counted = Run {
            calls: Vec::new(),
            counts: Some(Counts {
                calls: 3,
                by_effect: [(Effect::None, 2), (Effect::Production, 1)].into(),
                ..Counts::default()
            }),
            ..run("x", None)
        };
        assert!(above_tier(&registry(2), &counted, None).is_some());
        assert!(above_tier(&registry(3), &counted, None).is_none());
    }
}
