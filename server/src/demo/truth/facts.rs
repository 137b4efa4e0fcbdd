//! What happened, as the generator chose it: each fact with its instant and the scopes in which it
//! counts. Instants and durations are in seconds.

use super::agents::{Decided, Landed, Ran, Suite};

/// Something that counts.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) enum Fact {
    Merged(Merged),
    /// A change that reached production for the first time.
    Delivered {
        change: Merged,
        at: i64,
    },
    Deployed(Deployed),
    /// All was well again after a deployment that failed.
    Recovered {
        at: i64,
        scopes: Vec<String>,
        took: i64,
    },
    Incident {
        at: i64,
        scopes: Vec<String>,
    },
    Defect {
        at: i64,
        scopes: Vec<String>,
        place: Place,
    },
    Landed(Landed),
    Ran(Ran),
    Decided(Decided),
    Suite(Suite),
}

/// A merged change.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Merged {
    pub at: i64,
    pub scopes: Vec<String>,
    pub segment: &'static str,
    /// From its start to its merge; none when no record tells the start.
    pub cycle: Option<i64>,
    pub coding: Option<i64>,
    pub pickup: Option<i64>,
    pub review: Option<i64>,
    /// Whether another person looked at it in time.
    pub is_reviewed: bool,
    pub lines: i64,
}

/// A deployment to production that was done, or whose rollout failed and was felt.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::demo) struct Deployed {
    pub at: i64,
    pub scopes: Vec<String>,
    pub is_success: bool,
    pub has_failed: bool,
    /// It was made to put another one right.
    pub is_rework: bool,
}

/// Where a defect was found, as its record tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::demo) enum Place {
    Production,
    PreRelease,
}

impl Place {
    pub fn as_str(self) -> &'static str {
        match self {
            Place::Production => "production",
            Place::PreRelease => "pre_release",
        }
    }
}

impl Fact {
    /// The instant that decides its week.
    pub fn at(&self) -> i64 {
        match self {
            Fact::Merged(change) => change.at,
            Fact::Deployed(deployed) => deployed.at,
            Fact::Landed(landed) => landed.at,
            Fact::Ran(ran) => ran.at,
            Fact::Decided(decided) => decided.at,
            Fact::Suite(suite) => suite.at,
            Fact::Delivered { at, .. }
            | Fact::Recovered { at, .. }
            | Fact::Incident { at, .. }
            | Fact::Defect { at, .. } => *at,
        }
    }

    pub fn scopes(&self) -> &[String] {
        match self {
            Fact::Merged(change) | Fact::Delivered { change, .. } => &change.scopes,
            Fact::Deployed(deployed) => &deployed.scopes,
            Fact::Landed(landed) => &landed.scopes,
            Fact::Ran(ran) => &ran.scopes,
            Fact::Decided(decided) => &decided.scopes,
            Fact::Suite(suite) => &suite.scopes,
            Fact::Recovered { scopes, .. }
            | Fact::Incident { scopes, .. }
            | Fact::Defect { scopes, .. } => scopes,
        }
    }

    /// The segment, of what has one.
    pub fn segment(&self) -> Option<&'static str> {
        match self {
            Fact::Merged(change) | Fact::Delivered { change, .. } => Some(change.segment),
            Fact::Landed(landed) => Some(landed.segment),
            _ => None,
        }
    }

    /// What it adds to which metric: so much, of so much. What a suite's run adds is not known
    /// before the week is over.
    pub fn adds(&self) -> Vec<(&'static str, (i64, i64))> {
        match self {
            Fact::Landed(landed) => landed.adds(),
            Fact::Ran(ran) => ran.adds(),
            Fact::Decided(decided) => vec![("approval_wait", (decided.took, 1))],
            Fact::Suite(_) => Vec::new(),
            _ => {
                let adds = self.adds_of_delivery().into_iter();
                adds.map(|(metric, own)| (metric, (own, 1))).collect()
            }
        }
    }

    fn adds_of_delivery(&self) -> Vec<(&'static str, i64)> {
        match self {
            Fact::Merged(change) => change.adds(),
            Fact::Delivered { change, at } => change.adds_delivered(at - change.at),
            Fact::Deployed(deployed) => deployed.adds(),
            Fact::Recovered { took, .. } => vec![("failed_deployment_recovery_time", *took)],
            Fact::Incident { .. } => vec![("incident_frequency", 1)],
            Fact::Defect { place, .. } => match place {
                Place::Production => {
                    vec![("defect_escape_rate", 1), ("escaped_defects_per_100", 1)]
                }
                Place::PreRelease => vec![("defect_escape_rate", 0)],
            },
            Fact::Landed(_) | Fact::Ran(_) | Fact::Decided(_) | Fact::Suite(_) => Vec::new(),
        }
    }
}

impl Merged {
    fn adds(&self) -> Vec<(&'static str, i64)> {
        let known = [
            ("changes_merged", Some(1)),
            ("change_size", Some(self.lines)),
            ("merged_without_review", Some(i64::from(!self.is_reviewed))),
            ("review_wait", self.pickup),
            ("pr_cycle_time", self.cycle),
        ];
        where_known(&known)
    }

    fn adds_delivered(&self, deploy: i64) -> Vec<(&'static str, i64)> {
        let is_marked = self.segment != "unmarked";
        let known = [
            ("changes_delivered", Some(1)),
            ("agent_share", Some(i64::from(is_marked))),
            ("change_lead_time", self.cycle.map(|cycle| cycle + deploy)),
            ("stage_coding", self.coding),
            ("stage_pickup", self.pickup),
            ("stage_review", self.review),
            ("stage_deploy", Some(deploy)),
        ];
        where_known(&known)
    }
}

impl Deployed {
    fn adds(&self) -> Vec<(&'static str, i64)> {
        let known = [
            ("deployment_frequency", self.is_success.then_some(1)),
            ("change_fail_rate", Some(i64::from(self.has_failed))),
            ("deployment_rework_rate", Some(i64::from(self.is_rework))),
        ];
        where_known(&known)
    }
}

fn where_known(each: &[(&'static str, Option<i64>)]) -> Vec<(&'static str, i64)> {
    let known = each.iter();
    known
        .filter_map(|(metric, own)| Some((*metric, (*own)?)))
        .collect()
}
