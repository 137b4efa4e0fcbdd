//! A company's weeks while they are made, one after another.

use serde_json::Value;

use super::chance::Chance;
use super::changes::{self, Change};
use super::company::{Company, Site, Week};
use super::defects::{self, Origin};
use super::deployments::{self, Line, Made};
use super::hours::{self, DAY, HOUR};
use super::incidents;
use super::reviews;
use super::{Plan, WeekOfRecords};

/// What goes on from week to week.
pub(super) struct Making {
    plan: Plan,
    company: Company,
    /// By service.
    lines: Vec<Line>,
    /// Newer versions of what was sent before, with the instant of each.
    later: Later,
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
            company,
            plan,
        }
    }

    pub(super) fn week(&mut self, index: u32) -> WeekOfRecords {
        let monday = self.plan.monday(index);
        let mut records = WeekOfRecords {
            monday,
            changes: Vec::new(),
            reviews: Vec::new(),
            deployments: Vec::new(),
            incidents: Vec::new(),
            defects: Vec::new(),
            facts: Vec::new(),
        };
        let stream = u64::from(index) << 16;
        for place in 0..self.lines.len() {
            let mut chance = Chance::of(self.plan.seed, stream + place as u64 + 1);
            let week = self
                .company
                .week(&self.company.services[place], index, monday);
            self.service((place, &week), &mut records, &mut chance);
            if index + 1 == self.plan.weeks {
                records.facts.extend(self.lines[place].close());
            }
        }
        let mut chance = Chance::of(self.plan.seed, stream);
        // Days and ends of a week are the same for every service.
        let week = self.company.week(&self.company.services[0], index, monday);
        self.whole_company(&week, &mut records, &mut chance);
        let ends = week_ends(&week);
        records.changes.extend(due(&mut self.later.changes, ends));
        records
            .incidents
            .extend(due(&mut self.later.incidents, ends));
        records.defects.extend(due(&mut self.later.defects, ends));
        in_order(records, &mut chance)
    }

    fn service(
        &mut self,
        (place, week): (usize, &Week),
        records: &mut WeekOfRecords,
        chance: &mut Chance,
    ) {
        let (company, service) = (&self.company, &self.company.services[place]);
        let site = Site {
            company,
            service,
            week,
        };
        let mut changes = changes::of_week(&site, chance);
        let mut first_reviews = Vec::with_capacity(changes.len());
        for change in &changes {
            let reviews = reviews::of_change(change, (service, &company.people), chance);
            first_reviews.push(reviews.first_at);
            records.reviews.extend(reviews.records);
        }
        let line = &mut self.lines[place];
        let made = deployments::of_week(line, &site, (&mut changes, &first_reviews), chance);
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
        let ends = week_ends(week);
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
        let ends = week_ends(site.week);
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

fn week_ends(week: &Week) -> i64 {
    hours::midnight(week.monday) + 7 * DAY
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
        if !records.is_empty() && chance.happens(0.4) {
            let again = chance.one(records).clone();
            records.push(again);
        }
    }
    records
}

fn sort(records: &mut [Value], instant: &str) {
    records.sort_by_cached_key(|record| record[instant].as_str().map(str::to_owned));
}
