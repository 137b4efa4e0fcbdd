//! One hop: an agent metric beside the one business metric that it is meant to move, and the word for
//! what both did in the same week.
//!
//! The word says what moved together; it is no evidence of cause. Which metrics are agents' stands in
//! the catalogue; of metrics that are to come, the default hops say it.

use super::catalogue;

/// What an end of a hop did in the week by which both are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    Better,
    Worse,
    /// Of a metric without a better side.
    Up,
    Down,
    Routine,
    TooFew,
    /// No value, or none that may be judged.
    None,
}

/// What whoever declared the hop expects of the business metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    Better,
    Worse,
    Up,
    Down,
}

/// What both ends did, together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    BothBetter,
    ActivityUpResultWorse,
    ActivityNoEffectYet,
    ResultBetterAllTheSame,
    BothWorse,
    SlippingNoEffectYet,
    SomethingElseHelped,
    SomethingElseHurt,
    Steady,
    TooEarly,
}

impl Word {
    pub fn said(self) -> &'static str {
        match self {
            Self::BothBetter => "both better",
            Self::ActivityUpResultWorse => "activity up, result worse",
            Self::ActivityNoEffectYet => "activity, no effect yet",
            Self::ResultBetterAllTheSame => "result better all the same",
            Self::BothWorse => "both worse",
            Self::SlippingNoEffectYet => "slipping, no effect yet",
            Self::SomethingElseHelped => "something else helped",
            Self::SomethingElseHurt => "something else hurt",
            Self::Steady => "steady",
            Self::TooEarly => "too early",
        }
    }
}

/// How the business metric came out.
enum Outcome {
    Better,
    Worse,
    Routine,
    CantTell,
}

/// The word of a hop; none where the table has none: of the agent metric nothing can be told, or the
/// business metric moved, has no better side, and no direction was expected of it.
///
/// ```
/// use server::metrics::hop::{Signal, Word, word};
/// assert_eq!(word(Signal::Up, Signal::Better, None), Some(Word::BothBetter));
/// assert_eq!(word(Signal::Up, Signal::TooFew, None), Some(Word::TooEarly));
/// assert_eq!(word(Signal::TooFew, Signal::Better, None), None);
/// ```
pub fn word(agent: Signal, business: Signal, expected: Option<Expected>) -> Option<Word> {
    let outcome = outcome(business, expected)?;
    Some(match (agent, outcome) {
        (_, Outcome::CantTell) => Word::TooEarly,
        (Signal::Better | Signal::Up, Outcome::Better) => Word::BothBetter,
        (Signal::Better | Signal::Up, Outcome::Worse) => Word::ActivityUpResultWorse,
        (Signal::Better | Signal::Up, Outcome::Routine) => Word::ActivityNoEffectYet,
        (Signal::Worse | Signal::Down, Outcome::Better) => Word::ResultBetterAllTheSame,
        (Signal::Worse | Signal::Down, Outcome::Worse) => Word::BothWorse,
        (Signal::Worse | Signal::Down, Outcome::Routine) => Word::SlippingNoEffectYet,
        (Signal::Routine, Outcome::Better) => Word::SomethingElseHelped,
        (Signal::Routine, Outcome::Worse) => Word::SomethingElseHurt,
        (Signal::Routine, Outcome::Routine) => Word::Steady,
        (Signal::TooFew | Signal::None, _) => return None,
    })
}

/// What a business metric's signal comes to. One without a better side does well when it moves as
/// expected.
fn outcome(business: Signal, expected: Option<Expected>) -> Option<Outcome> {
    Some(match (business, expected) {
        (Signal::Better, _) => Outcome::Better,
        (Signal::Worse, _) => Outcome::Worse,
        (Signal::Routine, _) => Outcome::Routine,
        (Signal::TooFew | Signal::None, _) => Outcome::CantTell,
        (Signal::Up, Some(Expected::Up)) | (Signal::Down, Some(Expected::Down)) => Outcome::Better,
        (Signal::Up, Some(Expected::Down)) | (Signal::Down, Some(Expected::Up)) => Outcome::Worse,
        (Signal::Up | Signal::Down, _) => return None,
    })
}

/// What a workflow covers, as far as a default hop asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Covers {
    Services,
    Topics,
}

/// The business metric that an agent metric is taken to move, until a workflow declares another.
#[derive(Clone, Copy, Debug)]
pub struct DefaultHop {
    pub agent_metric: &'static str,
    pub business_metric: &'static str,
    /// Only a workflow that covers these has it.
    pub covers: Covers,
}

const fn default(
    agent_metric: &'static str,
    business_metric: &'static str,
    covers: Covers,
) -> DefaultHop {
    DefaultHop {
        agent_metric,
        business_metric,
        covers,
    }
}

/// The default hops; of several for one agent metric the first that a workflow's work allows.
pub const DEFAULTS: &[DefaultHop] = &[
    default("agent_share", "change_lead_time", Covers::Services),
    default("evaluation_coverage", "change_fail_rate", Covers::Services),
    default(
        "auditability",
        "failed_deployment_recovery_time",
        Covers::Services,
    ),
    default("approval_wait", "pr_cycle_time", Covers::Services),
    default("suite_pass_rate", "defect_escape_rate", Covers::Services),
    default(
        "suite_pass_rate",
        "deflection_with_satisfaction",
        Covers::Topics,
    ),
    default("handover_rate", "support_resolution_time", Covers::Topics),
    default(
        "cost_per_run",
        "cost_per_delivered_change",
        Covers::Services,
    ),
];

/// The ends of a hop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Agent,
    Business,
}

/// At which end of a hop a metric stands, if there is or will be such a metric.
///
/// ```
/// use server::metrics::hop::{End, end};
/// assert_eq!(end("agent_share"), Some(End::Agent));
/// assert_eq!(end("change_lead_time"), Some(End::Business));
/// assert_eq!(end("lines_of_code"), None);
/// ```
pub fn end(metric: &str) -> Option<End> {
    let named = || {
        let mut defaults = DEFAULTS.iter();
        defaults.find_map(|default| match metric {
            _ if metric == default.agent_metric => Some(End::Agent),
            _ if metric == default.business_metric => Some(End::Business),
            _ => None,
        })
    };
    match catalogue::metric(metric) {
        Some(row) if row.is_of_agents => Some(End::Agent),
        Some(_) => Some(End::Business),
        None => named(),
    }
}

#[cfg(test)]
mod tests;
