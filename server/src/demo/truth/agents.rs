//! What is true of agents' work: what landed and what is known of it, runs, approvals and suites.

/// What may be asked for before an artifact counts as reconstructable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::demo) enum Item {
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

impl Item {
    pub const ALL: [(Item, &'static str); 9] = [
        (Item::RunLinked, "run_linked"),
        (Item::AgentRegistered, "agent_registered"),
        (Item::DriAtTheTime, "dri_at_the_time"),
        (Item::InputAndOutput, "input_and_output"),
        (Item::ToolCalls, "tool_calls"),
        (Item::Approval, "approval"),
        (Item::WayBack, "way_back"),
        (Item::Evaluated, "evaluated"),
        (Item::Policy, "policy"),
    ];

    pub fn named(name: &str) -> Option<Item> {
        let found = Item::ALL.into_iter().find(|(_, own)| *own == name);
        found.map(|(item, _)| item)
    }
}

/// An artifact.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Landed {
    pub at: i64,
    pub scopes: Vec<String>,
    pub segment: &'static str,
    pub checked: Checked,
    /// What was asked for, and whether it is there.
    pub items: Vec<(Item, bool)>,
}

/// What was found out of an artifact before it landed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::demo) struct Checked {
    pub is_evaluated: bool,
    /// Something said no last, and it landed all the same.
    pub has_failed: bool,
}

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Ran {
    pub at: i64,
    pub scopes: Vec<String>,
    /// None when no outcome is known.
    pub is_ok: Option<bool>,
    pub is_handed_over: Option<bool>,
    /// How many calls failed, and of how many.
    pub calls: (i64, i64),
    /// What it cost, in millionths; none when it has no price.
    pub micros: Option<i64>,
    /// Cached tokens that went in, and all of them.
    pub input: (i64, i64),
    pub is_above_tier: bool,
    /// A policy said no at least once.
    pub is_denied: bool,
}

/// An approval that was decided either way.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Decided {
    pub at: i64,
    pub scopes: Vec<String>,
    pub took: i64,
}

/// A suite's run.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Suite {
    pub at: i64,
    pub id: String,
    pub scopes: Vec<String>,
    pub metric: &'static str,
    /// The workflow and the suite's name.
    pub suite: (String, &'static str),
    /// How many cases passed, and of how many.
    pub passed: (i64, i64),
}

/// What a record adds to a metric: so much, of so much.
type Adds = Vec<(&'static str, (i64, i64))>;

impl Landed {
    pub fn adds(&self) -> Adds {
        let is_reconstructable = self.items.iter().all(|(_, is_met)| *is_met);
        let mut adds = vec![
            ("evaluation_coverage", one(self.checked.is_evaluated)),
            ("auditability", one(is_reconstructable)),
        ];
        if self.checked.has_failed {
            adds.push(("landed_after_failed_evaluation", (1, 1)));
        }
        adds
    }
}

impl Ran {
    pub fn adds(&self) -> Adds {
        let counted = |(part, whole)| (whole > 0).then_some((part, whole));
        let known = [
            ("run_success", self.is_ok.map(one)),
            ("handover_rate", self.is_handed_over.map(one)),
            ("tool_error_rate", counted(self.calls)),
            ("cost_per_run", self.micros.map(|micros| (micros, 1))),
            ("cache_share", counted(self.input)),
            ("above_tier_actions", self.is_above_tier.then_some((1, 1))),
            ("policy_denials", self.is_denied.then_some((1, 1))),
        ];
        let known = known.into_iter();
        known
            .filter_map(|(metric, own)| Some((metric, own?)))
            .collect()
    }
}

fn one(counts: bool) -> (i64, i64) {
    (i64::from(counts), 1)
}
