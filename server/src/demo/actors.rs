//! Who acts in a run: which agent, for which workflow, and how far it may go.

use super::chance::Chance;
use super::company::{Company, PAIR_AGENT, REVIEW_AGENT, Site};
use super::workflows::Workflow;

/// An agent that nobody declared.
const TRIAL_AGENT: &str = "trial-agent";
/// The tier where none is known.
const UNKNOWN: u8 = 1;

pub(super) struct Actor<'a> {
    pub agent: String,
    pub is_registered: bool,
    /// The workflow that its run names.
    pub named: Option<String>,
    /// The named workflow, else the agent's.
    pub workflow: Option<&'a Workflow>,
    /// How far the agent may go.
    pub tier: u8,
}

impl<'a> Actor<'a> {
    /// Now and then one on trial in place of the agent; most runs name their workflow.
    pub(super) fn drawn(site: &Site<'a>, agent: &str, chance: &mut Chance) -> Actor<'a> {
        let company = site.company;
        let agent = if chance.happens(0.03) {
            TRIAL_AGENT
        } else {
            agent
        };
        let own = company.workflow_of(agent);
        let here = company.workflow_of(&site.service.agent);
        let named = match (own, here) {
            (Some(own), _) if chance.happens(0.6) => Some(own),
            (_, Some(here)) if chance.happens(0.3) => Some(here),
            _ => None,
        };
        let is_registered = own.is_some() || matches!(agent, PAIR_AGENT | REVIEW_AGENT);
        let workflow = named.or(own);
        let of_agent = if is_registered { own } else { workflow };
        Actor {
            agent: agent.to_owned(),
            is_registered,
            named: named.map(|workflow| workflow.slug.clone()),
            workflow,
            tier: of_agent.map_or(UNKNOWN, |workflow| workflow.tier),
        }
    }

    /// The scopes in which its runs count.
    pub(super) fn scopes(&self) -> Vec<String> {
        let own = self.workflow.map(Workflow::scope);
        std::iter::once("company".to_owned()).chain(own).collect()
    }
}

/// Which tier's evidence is asked for under a workflow.
pub(super) fn tier_of(workflow: Option<&Workflow>) -> u8 {
    workflow.map_or(UNKNOWN, |workflow| workflow.tier)
}

impl Company {
    /// The workflow that an agent belongs to.
    pub(super) fn workflow_of(&self, agent: &str) -> Option<&Workflow> {
        let mut workflows = self.workflows.iter();
        workflows.find(|workflow| workflow.agent.as_deref() == Some(agent))
    }

    /// The first by slug of the workflows among some scopes.
    pub(super) fn first_of(&self, scopes: &[String]) -> Option<&Workflow> {
        let workflows = self.workflows.iter();
        let among = workflows.filter(|workflow| scopes.contains(&workflow.scope()));
        among.min_by(|one, other| one.slug.cmp(&other.slug))
    }
}
