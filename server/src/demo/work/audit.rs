//! What has to be known of an artifact before it counts as reconstructable, and what is.

use super::super::actors::tier_of;
use super::super::company::{Company, PAIR_AGENT, REVIEW_AGENT};
use super::super::truth::agents::Item;
use super::super::workflows::Workflow;
use super::Done;

/// What is known of an artifact.
pub(super) struct Known<'a> {
    pub done: Option<&'a Done<'a>>,
    /// The agent that its own record names, where no run is known.
    pub agent: Option<&'a str>,
    /// That of its run, else the first that covers it.
    pub workflow: Option<&'a Workflow>,
    pub is_approved: bool,
    pub has_way_back: bool,
    pub is_evaluated: bool,
}

impl Known<'_> {
    /// What is asked for, and whether it is there.
    pub fn items(&self, company: &Company) -> Vec<(Item, bool)> {
        let of_run = |holds: fn(&Done<'_>) -> bool| self.done.is_some_and(holds);
        let by_record = |agent: &str| {
            let is_alone = matches!(agent, PAIR_AGENT | REVIEW_AGENT);
            is_alone || company.workflow_of(agent).is_some()
        };
        let is_registered =
            of_run(|done| done.actor.is_registered) || self.agent.is_some_and(by_record);
        let tier = tier_of(self.workflow);
        let asks_approval = of_run(|done| done.decided.ask_approval);
        let each = [
            (Item::RunLinked, true, self.done.is_some()),
            (Item::AgentRegistered, true, is_registered),
            // Every workflow has had one since before its first week.
            (Item::DriAtTheTime, true, self.workflow.is_some()),
            (
                Item::InputAndOutput,
                true,
                of_run(|done| done.run.is_recorded()),
            ),
            (
                Item::ToolCalls,
                true,
                of_run(|done| done.run.calls.are_complete()),
            ),
            (Item::Approval, tier >= 1 || asks_approval, self.is_approved),
            (Item::WayBack, tier >= 1, self.has_way_back),
            (Item::Evaluated, tier >= 2, self.is_evaluated),
            (
                Item::Policy,
                tier >= 3 || asks_approval,
                of_run(|done| done.decided.are_complete),
            ),
        ];
        let asked = each.into_iter().filter(|(_, is_asked, _)| *is_asked);
        asked.map(|(item, _, is_met)| (item, is_met)).collect()
    }
}
