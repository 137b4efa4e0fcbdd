//! What is really going on in the generated company: in which service the coming of agents goes
//! with which change, since when, and where with none.

use chrono::NaiveDate;

use super::Plan;
use super::company::{Company, Service};

/// How often a deployment fails where nothing is wrong.
const FAILING: f64 = 0.05;
/// How often where it is to show within a year that nothing got worse: the rarer a failure, the fewer
/// deployments tell.
const FAILING_RARELY: f64 = 0.02;

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
            Kind::FasterAndSloppier | Kind::NothingChanged => FAILING,
            Kind::FasterNoSloppier => FAILING_RARELY,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::*;
    use crate::demo::{Size, Truth};

    static COMPANIES: LazyLock<Vec<(Plan, Truth)>> = LazyLock::new(|| {
        let plans = (1..=4).map(plan);
        plans
            .map(|plan| {
                let truth = Truth::of(&plan);
                (plan, truth)
            })
            .collect()
    });

    fn plan(seed: u64) -> Plan {
        Plan {
            seed,
            weeks: 104,
            size: Size::Small,
            last_monday: NaiveDate::from_ymd_opt(2026, 11, 16).unwrap(),
        }
    }

    /// Over some weeks.
    #[derive(Default)]
    struct Span {
        failed: u64,
        deployments: u64,
        lead_times: Vec<f64>,
    }

    impl Span {
        fn add(&mut self, truth: &Truth, scope: &str, monday: NaiveDate) {
            let figure = |metric| truth.figure(metric, (scope, "all"), monday).unwrap();
            let (failed, deployments) = figure("change_fail_rate").parts.unwrap_or_default();
            self.failed += failed;
            self.deployments += deployments;
            self.lead_times.extend(figure("change_lead_time").value);
        }

        fn fail_rate(&self) -> f64 {
            self.failed as f64 / self.deployments as f64
        }

        fn lead_time(&self) -> f64 {
            self.lead_times.iter().sum::<f64>() / self.lead_times.len() as f64
        }
    }

    /// How many times as long changes take, and as many deployments fail, once it has begun.
    fn after_to_before(service: &str) -> (f64, f64) {
        let (mut before, mut after) = (Span::default(), Span::default());
        for (plan, truth) in COMPANIES.iter() {
            let told = story(plan);
            let chapter = told.iter().find(|chapter| chapter.service == service);
            let begins = chapter.unwrap().begins;
            for monday in (0..plan.weeks).map(|week| plan.monday(week)) {
                let span = if monday < begins {
                    &mut before
                } else {
                    &mut after
                };
                span.add(truth, &format!("service:{service}"), monday);
            }
        }
        (
            after.lead_time() / before.lead_time(),
            after.fail_rate() / before.fail_rate(),
        )
    }

    #[test]
    fn in_checkout_all_gets_faster_and_sloppier() {
        let (lead_time, fail_rate) = after_to_before("checkout");
        assert!(lead_time < 0.8, "{lead_time}");
        assert!(fail_rate > 2.5, "{fail_rate}");
    }

    #[test]
    fn in_the_catalogue_all_gets_faster_and_no_sloppier() {
        let (lead_time, fail_rate) = after_to_before("catalogue");
        assert!(lead_time < 0.8, "{lead_time}");
        assert!((0.5..2.0).contains(&fail_rate), "{fail_rate}");
    }

    #[test]
    fn elsewhere_nothing_changes() {
        for service in ["billing", "support-desk"] {
            let (lead_time, fail_rate) = after_to_before(service);
            assert!((0.85..1.18).contains(&lead_time), "{service}: {lead_time}");
            assert!((0.6..1.6).contains(&fail_rate), "{service}: {fail_rate}");
        }
    }

    #[test]
    fn every_service_has_a_chapter_that_begins_within_the_weeks() {
        for (size, services) in [(Size::Small, 4), (Size::Large, 20), (Size::Huge, 50)] {
            for weeks in [1, 2, 52] {
                let plan = Plan {
                    weeks,
                    size,
                    ..plan(7)
                };
                let told = story(&plan);
                assert_eq!(told.len(), services);
                let span = plan.monday(0)..=plan.last_monday;
                assert!(told.iter().all(|chapter| span.contains(&chapter.begins)));
                let parts = services / plan_domains(size);
                let tells = |kind| told.iter().filter(|chapter| chapter.kind == kind).count();
                assert_eq!(tells(Kind::FasterAndSloppier), parts);
                assert_eq!(tells(Kind::FasterNoSloppier), parts);
            }
        }
    }

    fn plan_domains(size: Size) -> usize {
        if size == Size::Small { 4 } else { 10 }
    }
}
