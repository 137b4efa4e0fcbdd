//! A company's weeks while they are made, one after another.

use serde_json::Value;

use super::chance::Chance;
use super::changes::{self, Change};
use super::company::{Company, Site, Week};
use super::defects::{self, Origin};
use super::deployments::{self, Line, Made};
use super::hours::{self, DAY, HOUR};
use super::incidents;
use super::reviews::{self, Reviews};
use super::sent::{Sent, Stream};
use super::suite_runs;
use super::work::Work;
use super::{Plan, WeekOfRecords};

/// What tells draws of agents' work from all others of a week, so that these stay as they are.
const OF_AGENTS: u64 = 1 << 12;

/// What goes on from week to week.
pub(super) struct Making {
    plan: Plan,
    company: Company,
    /// By service.
    lines: Vec<Line>,
    /// Newer versions of what was sent before, with the instant of each.
    later: Later,
    /// What is told of agents' work.
    sent: Sent,
}

/// By stream.
#[derive(Default)]
struct Later {
    changes: Vec<(i64, Value)>,
    incidents: Vec<(i64, Value)>,
    defects: Vec<(i64, Value)>,
}

impl Making {
    pub(super) fn of(plan: Plan) -> Making {
        let company = Company::of(&plan);
        Making {
            lines: company.services.iter().map(|_| Line::default()).collect(),
            later: Later::default(),
            sent: Sent::default(),
            company,
            plan,
        }
    }

    pub(super) fn week(&mut self, index: u32) -> WeekOfRecords {
        let monday = self.plan.monday(index);
        let mut records = WeekOfRecords::of(monday);
        let stream = u64::from(index) << 16;
        for place in 0..self.lines.len() {
            let own = stream + place as u64 + 1;
            let mut chance = Chance::of(self.plan.seed, own);
            let mut of_agents = Chance::of(self.plan.seed, own + OF_AGENTS);
            let week = self
                .company
                .week(&self.company.services[place], index, monday);
            let chances = (&mut chance, &mut of_agents);
            self.service((place, &week), &mut records, chances);
            if index + 1 == self.plan.weeks {
                records.facts.extend(self.lines[place].close());
            }
        }
        let mut chance = Chance::of(self.plan.seed, stream);
        // Days and ends of a week are the same for every service.
        let week = self.company.week(&self.company.services[0], index, monday);
        self.whole_company(&week, &mut records, &mut chance);
        let mut of_agents = Chance::of(self.plan.seed, stream + OF_AGENTS);
        let suites = suite_runs::of_week((&self.company, &week), &mut self.sent, &mut of_agents);
        records.facts.extend(suites);
        let ends = week.ends();
        records.changes.extend(due(&mut self.later.changes, ends));
        records
            .incidents
            .extend(due(&mut self.later.incidents, ends));
        records.defects.extend(due(&mut self.later.defects, ends));
        self.sent.hand_over(&mut records, ends);
        let mut records = in_order(records, &mut chance);
        for stream in Stream::ALL {
            let own = records.of_agents(stream);
            sort(own, "updated_at");
            repeat(own, &mut of_agents);
        }
        records
    }

    fn service(
        &mut self,
        (place, week): (usize, &Week),
        records: &mut WeekOfRecords,
        (chance, of_agents): (&mut Chance, &mut Chance),
    ) {
        let (company, service) = (&self.company, &self.company.services[place]);
        let site = Site {
            company,
            service,
            week,
        };
        let mut changes = changes::of_week(&site, chance);
        let mut reviews: Vec<Reviews> = Vec::with_capacity(changes.len());
        for change in &changes {
            let around = (service, company.people.as_slice());
            reviews.push(reviews::of_change(change, around, chance));
        }
        let first_reviews: Vec<_> = reviews.iter().map(|reviews| reviews.first_at).collect();
        let line = &mut self.lines[place];
        let made = deployments::of_week(line, &site, (&mut changes, &first_reviews), chance);
        let work = Work {
            site: &site,
            chance: of_agents,
            sent: &mut self.sent,
            facts: Vec::new(),
            runs: 0,
        };
        let facts = work.of_week((&mut changes, &mut reviews), &made);
        records.facts.extend(facts);
        let reviews = reviews.into_iter();
        records
            .reviews
            .extend(reviews.flat_map(|reviews| reviews.records));
        for change in &changes {
            records.changes.push(change.record(service));
            if change.is_edited {
                let days = chance.between(7, 10);
                let at = hours::midnight(week.monday) + days * DAY + 10 * HOUR;
                self.later.changes.push((at, change.edited(service, at)));
            }
        }
        let attempts = made.attempts.iter();
        records
            .deployments
            .extend(attempts.map(|attempt| attempt.record(service)));
        self.later.found(&site, (&changes, made), records, chance);
    }

    /// What belongs to no service.
    fn whole_company(&mut self, week: &Week, records: &mut WeekOfRecords, chance: &mut Chance) {
        let ends = week.ends();
        for number in 1..=chance.poisson(0.15) as usize {
            let (incident, fact) = incidents::of_company(week, number, chance);
            records.facts.push(fact);
            let (now, later) = incident.records(ends);
            records.incidents.push(now);
            self.later.incidents.extend(later);
        }
        for number in 1..=chance.poisson(0.25) as usize {
            let (defect, fact) = defects::of_company(week, number, chance);
            records.facts.extend(fact);
            let (now, later) = defect.records(ends);
            records.defects.push(now);
            self.later.defects.extend(later);
        }
    }
}

impl Later {
    /// A service's incidents and defects: what is told of them now, and what later.
    fn found(
        &mut self,
        site: &Site,
        (changes, made): (&[Change], Made),
        records: &mut WeekOfRecords,
        chance: &mut Chance,
    ) {
        let Made {
            incidents: of_deployments,
            facts,
            origins: mut from,
            ..
        } = made;
        records.facts.extend(facts);
        let (beside, facts) = incidents::beside(site, changes, of_deployments.len(), chance);
        records.facts.extend(facts);
        let ends = site.week.ends();
        for incident in of_deployments.iter().chain(&beside) {
            let (now, later) = incident.records(ends);
            records.incidents.push(now);
            self.incidents.extend(later);
        }
        let merged = changes.iter().filter(|change| change.is_merged);
        from.extend(
            merged
                .clone()
                .map(|change| -> Origin { (("change", change.id.clone()), change.scopes(site)) }),
        );
        let (defects, facts) = defects::of_week(site, (merged.count(), &from), chance);
        records.facts.extend(facts);
        for defect in &defects {
            let (now, later) = defect.records(ends);
            records.defects.push(now);
            self.defects.extend(later);
        }
    }
}

/// Takes out what is sent up to an instant.
fn due(later: &mut Vec<(i64, Value)>, until: i64) -> Vec<Value> {
    let sent = later.extract_if(.., |(at, _)| *at < until);
    sent.map(|(_, record)| record).collect()
}

/// In the order in which a source would send them, with now and then one of them twice.
fn in_order(mut records: WeekOfRecords, chance: &mut Chance) -> WeekOfRecords {
    sort(&mut records.changes, "updated_at");
    sort(&mut records.reviews, "submitted_at");
    sort(&mut records.deployments, "finished_at");
    sort(&mut records.incidents, "updated_at");
    sort(&mut records.defects, "updated_at");
    for records in [
        &mut records.changes,
        &mut records.reviews,
        &mut records.deployments,
        &mut records.incidents,
    ] {
        repeat(records, chance);
    }
    records
}

/// Now and then one of them comes twice.
fn repeat(records: &mut Vec<Value>, chance: &mut Chance) {
    if !records.is_empty() && chance.happens(0.4) {
        let again = chance.one(records).clone();
        records.push(again);
    }
}

fn sort(records: &mut [Value], instant: &str) {
    records.sort_by_cached_key(|record| record[instant].as_str().map(str::to_owned));
}
