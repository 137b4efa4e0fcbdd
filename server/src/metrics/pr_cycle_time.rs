//! How long a change took from its start to its merge, and in which stages.
//!
//! Which review counts and when a change was opened for review is settled before; this file only
//! subtracts. Stages are never negative; whenever a change has a total and stages, they add up to
//! the total exactly. What can't be told is `None` and carries a reason.

use super::Contribution;
use super::merged::Merged;

/// The instants of one merged change, in milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// The earliest authored commit.
    pub first_commit_at_ms: Option<i64>,
    pub created_at_ms: Option<i64>,
    /// When it was opened for review; creation when not given.
    pub opened_at_ms: Option<i64>,
    /// The earliest review by another person from opening to merge.
    pub first_review_at_ms: Option<i64>,
    /// The earliest review by an agent from opening to merge.
    pub agent_review_at_ms: Option<i64>,
    pub merged_at_ms: i64,
}

/// A change's total and its stages: coding + pickup + review, or coding + open when unreviewed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CycleTime {
    /// Merge − start.
    pub total_ms: Option<i64>,
    /// Opened − start.
    pub coding_ms: Option<i64>,
    /// First review − opened.
    pub pickup_ms: Option<i64>,
    /// Merge − first review.
    pub review_ms: Option<i64>,
    /// Merge − opened, for a change that no person reviewed.
    pub open_ms: Option<i64>,
    /// First review by an agent − opened: beside the stages, not one of them.
    pub agent_review_ms: Option<i64>,
    /// Why the total or a stage is not known.
    pub reason: Option<Reason>,
}

/// Why a change lacks its total or a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    FirstCommitNotKnown,
    CreationNotKnown,
    NeitherStartKnown,
    MergedWithoutReview,
    FirstCommitNotKnownAndUnreviewed,
    OpenedBeforeStart,
    MergedBeforeStart,
    MergedBeforeOpened,
    ReviewedBeforeOpened,
    MergedBeforeReview,
    AgentReviewedBeforeOpened,
}

impl Reason {
    /// In words, as a record list shows it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::FirstCommitNotKnown => "first commit not known",
            Self::CreationNotKnown => "creation not known",
            Self::NeitherStartKnown => "neither first commit nor creation known",
            Self::MergedWithoutReview => "merged without review",
            Self::FirstCommitNotKnownAndUnreviewed => {
                "first commit not known; merged without review"
            }
            Self::OpenedBeforeStart => "clocks disagree: opened before its start",
            Self::MergedBeforeStart => "clocks disagree: merged before its start",
            Self::MergedBeforeOpened => "clocks disagree: merged before it was opened for review",
            Self::ReviewedBeforeOpened => {
                "clocks disagree: reviewed before it was opened for review"
            }
            Self::MergedBeforeReview => "clocks disagree: merged before its first review",
            Self::AgentReviewedBeforeOpened => {
                "clocks disagree: an agent's review before it was opened for review"
            }
        }
    }
}

/// Start = the earlier of first commit and creation; the stages lie between start, opening, first
/// review and merge.
///
/// ```
/// use server::metrics::pr_cycle_time::{Milestones, cycle_time};
/// let change = cycle_time(&Milestones {
///     first_commit_at_ms: Some(1_000),
///     created_at_ms: Some(4_000),
///     first_review_at_ms: Some(9_000),
///     merged_at_ms: 11_000,
///     ..Milestones::default()
/// });
/// assert_eq!(change.total_ms, Some(10_000));
/// assert_eq!((change.coding_ms, change.pickup_ms, change.review_ms), (Some(3_000), Some(5_000), Some(2_000)));
/// ```
pub fn cycle_time(at: &Milestones) -> CycleTime {
    let Some(created) = at.created_at_ms else {
        return without_creation(at);
    };
    let opened = at.opened_at_ms.unwrap_or(created);
    let start = at.first_commit_at_ms.map(|commit| commit.min(created));

    let mut change = CycleTime {
        total_ms: start.map(|start| between(start, at.merged_at_ms)),
        coding_ms: start.map(|start| between(start, opened)),
        agent_review_ms: at.agent_review_at_ms.map(|review| between(opened, review)),
        ..CycleTime::default()
    };
    match at.first_review_at_ms {
        Some(review) => {
            change.pickup_ms = Some(between(opened, review));
            change.review_ms = Some(between(review, at.merged_at_ms));
        }
        None => change.open_ms = Some(between(opened, at.merged_at_ms)),
    }
    change.reason = match (start, at.first_review_at_ms) {
        (Some(_), Some(_)) => None,
        (Some(_), None) => Some(Reason::MergedWithoutReview),
        (None, Some(_)) => Some(Reason::FirstCommitNotKnown),
        (None, None) => Some(Reason::FirstCommitNotKnownAndUnreviewed),
    };
    without_negatives(change)
}

/// Without creation the opening is not known either, so there is a total and no stages.
fn without_creation(at: &Milestones) -> CycleTime {
    let total_ms = at
        .first_commit_at_ms
        .map(|commit| between(commit, at.merged_at_ms));
    without_negatives(CycleTime {
        total_ms,
        reason: Some(match total_ms {
            Some(_) => Reason::CreationNotKnown,
            None => Reason::NeitherStartKnown,
        }),
        ..CycleTime::default()
    })
}

/// Takes away what clocks that disagree have made negative. One negative stage takes the others
/// along: what they would add up to is not the total.
fn without_negatives(mut change: CycleTime) -> CycleTime {
    let is_negative = |stage: Option<i64>| stage.is_some_and(|ms| ms < 0);
    if is_negative(change.agent_review_ms) {
        change.agent_review_ms = None;
        change.reason = change.reason.or(Some(Reason::AgentReviewedBeforeOpened));
    }
    let disagreements = [
        (change.total_ms, Reason::MergedBeforeStart),
        (change.coding_ms, Reason::OpenedBeforeStart),
        (change.open_ms, Reason::MergedBeforeOpened),
        (change.pickup_ms, Reason::ReviewedBeforeOpened),
        (change.review_ms, Reason::MergedBeforeReview),
    ];
    let found = disagreements
        .into_iter()
        .find(|(stage, _)| is_negative(*stage));
    match found {
        None => change,
        Some((_, reason)) => CycleTime {
            total_ms: change.total_ms.filter(|total| *total >= 0),
            agent_review_ms: change.agent_review_ms,
            reason: Some(reason),
            ..CycleTime::default()
        },
    }
}

fn between(from_ms: i64, to_ms: i64) -> i64 {
    to_ms.saturating_sub(from_ms)
}

/// Merge − start, in milliseconds; only changes whose start is known have it.
///
/// ```
/// use server::metrics::{merged::Merged, pr_cycle_time::{self, CycleTime}};
/// let time = CycleTime { total_ms: Some(7_000), ..CycleTime::default() };
/// assert_eq!(pr_cycle_time::of_change(&Merged { time, ..Merged::default() }), Ok(7_000));
/// assert_eq!(pr_cycle_time::of_change(&Merged::default()), Err("start not known"));
/// ```
pub fn of_change(change: &Merged) -> Contribution {
    total_ms(&change.time)
}

/// The total, or why it is not known.
pub(super) fn total_ms(time: &CycleTime) -> Contribution {
    let why = time.reason.map(|reason| reason.sentence());
    time.total_ms.ok_or(why.unwrap_or("start not known"))
}

#[cfg(test)]
mod tests;
