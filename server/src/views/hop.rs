//! One hop: each workflow's agent metrics beside the business metrics that they are meant to move.
//!
//! A workflow's declared hops stand in the place of the default of the same agent metric. Both ends
//! are judged in one week, the newest up to the shown one in which both have settled.

use std::collections::BTreeSet;

use app::view::figure::{Figure, State};
use app::view::hop::{Hop, Hops};
use app::view::signal::Signal;

use super::exceptions::Watched;
use super::figure::Series;
use super::review::row;
use crate::metrics::catalogue::{self, CATALOGUE, Metric};
use crate::metrics::hop::{self, Covers, DEFAULTS, word};
use crate::metrics::week::Week;
use crate::store::registry::{Expected, Registry, Workflow};

/// So many are read in a meeting; the rest stands on the workflows' pages.
const SHOWN: usize = 12;

/// A hop as it is in force.
struct Mapped {
    agent_metric: String,
    business_metric: String,
    expected: Option<Expected>,
    /// Whether nobody declared it.
    is_default: bool,
}

impl Mapped {
    /// Both ends, if both are measured.
    fn ends(&self) -> Option<[&'static Metric; 2]> {
        let agent = catalogue::metric(&self.agent_metric)?;
        Some([agent, catalogue::metric(&self.business_metric)?])
    }

    /// The ends that are not measured yet.
    fn unmeasured(&self) -> impl Iterator<Item = &String> {
        let ends = [&self.agent_metric, &self.business_metric].into_iter();
        ends.filter(|id| catalogue::metric(id).is_none())
    }
}

/// The hops of a workflow: the declared ones, and the measured defaults of other agent metrics.
fn mapped(workflow: &Workflow) -> Vec<Mapped> {
    let mut all: Vec<Mapped> = workflow
        .hop
        .iter()
        .map(|hop| Mapped {
            agent_metric: hop.agent_metric.clone(),
            business_metric: hop.business_metric.clone(),
            expected: hop.expected,
            is_default: false,
        })
        .collect();
    for default in DEFAULTS {
        let covers = match default.covers {
            Covers::Services => !workflow.services.is_empty(),
            Covers::Topics => !workflow.topics.is_empty(),
        };
        let is_free = all
            .iter()
            .all(|own| own.agent_metric != default.agent_metric);
        let default = Mapped {
            agent_metric: default.agent_metric.to_owned(),
            business_metric: default.business_metric.to_owned(),
            expected: None,
            is_default: true,
        };
        if covers && is_free && default.ends().is_some() {
            all.push(default);
        }
    }
    all
}

/// The agent metrics of a workflow that stand in no hop which can be shown: parked on its page, and
/// kept out of the review.
pub fn parked(workflow: &Workflow) -> Vec<&'static Metric> {
    let mapped = mapped(workflow);
    let stands = |metric: &Metric| {
        let mut ends = mapped.iter().filter_map(Mapped::ends);
        ends.any(|[agent, _]| agent.id == metric.id)
    };
    let agents = CATALOGUE.iter().filter(|metric| metric.is_of_agents);
    agents.filter(|metric| !stands(metric)).collect()
}

/// A hop of a watched workflow, before it is judged.
struct Found<'a> {
    within: &'a Watched,
    ends: [&'a Series; 2],
    expected: Option<Expected>,
}

/// The hops of the watched workflows; none where no workflow is asked for.
pub fn hops(watched: &[Watched], registry: &Registry, shown: Week) -> Option<Hops> {
    if watched.first()?.scope.id.starts_with("service:") {
        return None;
    }
    let mut found = Vec::new();
    let mut left_out = 0;
    let mut unmeasured = BTreeSet::new();
    for (within, workflow) in of_workflows(watched, registry) {
        for hop in mapped(workflow) {
            unmeasured.extend(hop.unmeasured().cloned());
            match series(within, &hop) {
                // What nobody declared and nobody knows anything of says nothing.
                Some([agent, _]) if hop.is_default && !agent.has_any_value() => {}
                Some(ends) => found.push(Found {
                    within,
                    ends,
                    expected: hop.expected,
                }),
                None => left_out += 1,
            }
        }
    }
    found.sort_by_key(|one| (&one.within.scope.name, one.ends[0].metric().name));
    let more = found.len().saturating_sub(SHOWN);
    Some(Hops {
        rows: found
            .iter()
            .take(SHOWN)
            .map(|one| judged(one, shown))
            .collect(),
        more: u32::try_from(more).unwrap_or(u32::MAX),
        left_out,
        unmeasured: unmeasured.into_iter().collect(),
    })
}

/// What is watched of each workflow, beside what it declares.
fn of_workflows<'a>(
    watched: &'a [Watched],
    registry: &'a Registry,
) -> impl Iterator<Item = (&'a Watched, &'a Workflow)> {
    watched.iter().filter_map(|within| {
        let slug = within.scope.id.strip_prefix("workflow:")?;
        let mut all = registry.workflows.iter();
        Some((within, all.find(|workflow| workflow.slug == slug)?))
    })
}

fn series<'a>(within: &'a Watched, hop: &Mapped) -> Option<[&'a Series; 2]> {
    let of = |metric: &Metric| {
        within
            .series
            .iter()
            .find(|own| own.metric().id == metric.id)
    };
    let [agent, business] = hop.ends()?;
    Some([of(agent)?, of(business)?])
}

fn judged(found: &Found<'_>, shown: Week) -> Hop {
    let [agent, business] = found.ends;
    let week = agent.settled_to(shown).min(business.settled_to(shown));
    let (agent, business) = (row(agent, week), row(business, week));
    let word = word(
        signal(&agent.figure),
        signal(&business.figure),
        found.expected.map(expected),
    );
    Hop {
        workflow: found.within.scope.name.clone(),
        agent,
        business,
        expected: found.expected.map(|own| said(own).to_owned()),
        word: word.map(|word| word.said().to_owned()),
    }
}

/// What an end did; of a stale one nothing can be told.
fn signal(figure: &Figure) -> hop::Signal {
    match figure.signal {
        _ if figure.state == State::Stale => hop::Signal::None,
        Signal::Better => hop::Signal::Better,
        Signal::Worse => hop::Signal::Worse,
        Signal::Up => hop::Signal::Up,
        Signal::Down => hop::Signal::Down,
        Signal::Routine => hop::Signal::Routine,
        Signal::TooFew => hop::Signal::TooFew,
        Signal::None => hop::Signal::None,
    }
}

fn expected(own: Expected) -> hop::Expected {
    match own {
        Expected::Better => hop::Expected::Better,
        Expected::Worse => hop::Expected::Worse,
        Expected::Up => hop::Expected::Up,
        Expected::Down => hop::Expected::Down,
    }
}

fn said(own: Expected) -> &'static str {
    match own {
        Expected::Better => "better",
        Expected::Worse => "worse",
        Expected::Up => "up",
        Expected::Down => "down",
    }
}
