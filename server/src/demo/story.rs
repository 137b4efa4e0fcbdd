//! What is really going on in the generated company: in which service the coming of agents goes
//! with which change, since when, and where with none.

use chrono::NaiveDate;

use super::Plan;
use super::company::{Company, Service};

/// How often a deployment fails where nothing is wrong.
const FAILING: f64 = 0.05;

/// What is true of one service from one week on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chapter {
    /// The service's slug.
    pub service: String,
    pub title: String,
    /// A sentence or two.
    pub what: String,
    /// The Monday of the first week of which it is true.
    pub begins: NaiveDate,
    pub kind: Kind,
    /// Metrics by id, with what becomes of each.
    pub metrics: Vec<(&'static str, Direction)>,
}

/// What a chapter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    FasterAndSloppier,
    FasterNoSloppier,
    NothingChanged,
}

/// What becomes of a metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Better,
    Worse,
    Unchanged,
}

const SPEED: [&str; 3] = ["change_lead_time", "stage_coding", "pr_cycle_time"];
const QUALITY: [&str; 4] = [
    "change_fail_rate",
    "deployment_rework_rate",
    "incident_frequency",
    "escaped_defects_per_100",
];

/// The whole story, a chapter for each service.
pub fn story(plan: &Plan) -> Vec<Chapter> {
    let company = Company::of(plan);
    let services = company.services.iter();
    services.map(|service| chapter(plan, service)).collect()
}

fn chapter(plan: &Plan, service: &Service) -> Chapter {
    let kind = service.story;
    let (title, what) = kind.words();
    let (speed, quality) = kind.directions();
    let speed = SPEED.map(|metric| (metric, speed));
    let quality = QUALITY.map(|metric| (metric, quality));
    Chapter {
        service: service.slug.clone(),
        title: format!("{}: {title}", service.name),
        what: what.to_owned(),
        begins: plan.monday(service.agents_from),
        kind,
        metrics: speed.into_iter().chain(quality).collect(),
    }
}

impl Kind {
    /// What is told of a part of the business.
    pub(super) fn of_domain(slug: &str) -> Kind {
        match slug {
            "checkout" => Kind::FasterAndSloppier,
            "catalogue" => Kind::FasterNoSloppier,
            _ => Kind::NothingChanged,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Kind::FasterAndSloppier => (
                "faster and sloppier",
                "Agents begin to work here. From this week on coding and review take half the time, and four times as many deployments fail.",
            ),
            Kind::FasterNoSloppier => (
                "faster and no sloppier",
                "Agents begin to work here. From this week on coding and review take half the time, and deployments fail as rarely as before.",
            ),
            Kind::NothingChanged => (
                "nothing changed",
                "Agents begin to work here. Changes take as long as before, and as many deployments fail; what moves is chance.",
            ),
        }
    }

    /// Of the metrics of speed, and of those of quality.
    fn directions(self) -> (Direction, Direction) {
        match self {
            Kind::FasterAndSloppier => (Direction::Better, Direction::Worse),
            Kind::FasterNoSloppier => (Direction::Better, Direction::Unchanged),
            Kind::NothingChanged => (Direction::Unchanged, Direction::Unchanged),
        }
    }

    /// How long coding and review take once it has begun, 1 being as before.
    pub(super) fn pace(self) -> f64 {
        match self {
            Kind::FasterAndSloppier | Kind::FasterNoSloppier => 0.5,
            Kind::NothingChanged => 1.0,
        }
    }

    /// How likely a deployment is to fail, before it has begun or after.
    pub(super) fn failing(self, has_begun: bool) -> f64 {
        match self {
            Kind::FasterAndSloppier if has_begun => 4.0 * FAILING,
            _ => FAILING,
        }
    }
}
