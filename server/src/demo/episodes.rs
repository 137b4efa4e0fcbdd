//! What is really going on in the agents' work: in which workflow, from when to when.

use chrono::{Days, NaiveDate};

use super::Plan;
use super::company::{Company, Week};
use super::story::Direction;

/// The workflow whose approvals are missing for some weeks.
const UNAPPROVED: &str = "checkout-delivery";
/// The workflow that evaluates little, and from some week on much.
const EVALUATED: &str = "support-desk-delivery";
/// The workflow whose agent goes too far in one week.
const TOO_FAR: &str = "dependency-upkeep";

/// What is true of one workflow for some weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// The workflow's slug.
    pub workflow: &'static str,
    pub title: &'static str,
    /// A sentence or two.
    pub what: &'static str,
    /// The Monday of the first week of which it is true.
    pub begins: NaiveDate,
    /// The Monday of the first week of which it is true no more; none when it stays.
    pub ends: Option<NaiveDate>,
    pub metric: &'static str,
    pub direction: Direction,
}

/// The weeks of the episodes, by index.
#[derive(Clone, Copy)]
pub(super) struct Spans {
    unapproved: (u32, u32),
    evaluated: u32,
    too_far: u32,
}

impl Spans {
    /// Once agents work everywhere: what is missing comes first, then what improves, then what goes
    /// too far.
    pub(super) fn of(weeks: u32) -> Spans {
        let begins = f64::from(weeks) * 0.66;
        let at = |share: f64| (begins + (f64::from(weeks) - begins) * share) as u32;
        Spans {
            unapproved: (at(0.35), at(0.6).max(at(0.35) + 1)),
            evaluated: at(0.5),
            too_far: at(0.75),
        }
    }
}

/// All episodes of a company.
pub fn episodes(plan: &Plan) -> [Episode; 3] {
    let spans = Spans::of(plan.weeks);
    let (begins, ends) = spans.unapproved;
    [
        Episode {
            workflow: UNAPPROVED,
            title: "approvals are missing",
            what: "Changes are approved and then pushed to once more, and little else is approved at all. Most of what lands in these weeks cannot be reconstructed in full.",
            begins: plan.monday(begins),
            ends: Some(after(plan, ends - 1)),
            metric: "auditability",
            direction: Direction::Worse,
        },
        Episode {
            workflow: EVALUATED,
            title: "evaluation becomes the rule",
            what: "Before, a quarter of what agents made was checked before it landed; from this week on nine in ten are.",
            begins: plan.monday(spans.evaluated),
            ends: None,
            metric: "evaluation_coverage",
            direction: Direction::Better,
        },
        Episode {
            workflow: TOO_FAR,
            title: "an agent goes too far",
            what: "In this week the agent calls tools above its tier in every second run.",
            begins: plan.monday(spans.too_far),
            ends: Some(after(plan, spans.too_far)),
            metric: "above_tier_actions",
            direction: Direction::Worse,
        },
    ]
}

/// The Monday after a week.
fn after(plan: &Plan, week: u32) -> NaiveDate {
    let monday = plan.monday(week);
    monday.checked_add_days(Days::new(7)).unwrap_or(monday)
}

impl Company {
    /// Whether approvals are missing for what counts in these scopes.
    pub(super) fn is_unapproved(&self, scopes: &[String], week: &Week) -> bool {
        let (from, to) = self.spans.unapproved;
        (from..to).contains(&week.index) && is_among(UNAPPROVED, scopes)
    }

    /// The share of what counts in these scopes that is evaluated before it lands.
    pub(super) fn evaluated_share(&self, scopes: &[String], week: &Week) -> f64 {
        match is_among(EVALUATED, scopes) {
            true if week.index < self.spans.evaluated => 0.25,
            true => 0.9,
            false => 0.7,
        }
    }

    /// How likely a run of these scopes goes above its tier.
    pub(super) fn above_tier(&self, scopes: &[String], week: &Week) -> f64 {
        let is_too_far = week.index == self.spans.too_far && is_among(TOO_FAR, scopes);
        if is_too_far { 0.5 } else { 0.004 }
    }
}

fn is_among(workflow: &str, scopes: &[String]) -> bool {
    let mut named = scopes
        .iter()
        .filter_map(|scope| scope.strip_prefix("workflow:"));
    named.any(|slug| slug == workflow)
}
