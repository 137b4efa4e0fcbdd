//! Who there is: services with their pace and people, workflows with what they cover, agents.
//!
//! Follows from seed and size alone. Knows what a week is like (how much is done, who does it) and
//! not what happened in it.

use chrono::{Datelike, Days, NaiveDate};

use super::chance::Chance;
use super::domains::{DOMAINS, Domain, PARTS};
use super::episodes::Spans;
use super::hours::{DAY, midnight};
use super::people::Person;
use super::story::Kind;
use super::workflows::{self, Workflow};
use super::{Plan, Size};

pub(super) const NAME: &str = "Larkmoor Outdoor";
/// Part of every web address, and of the repositories' names.
pub(super) const HANDLE: &str = "larkmoor";
/// The agent that updates libraries everywhere.
pub(super) const UPKEEP_AGENT: &str = "upkeep-agent";
/// The agent that only reviews.
pub(super) const REVIEW_AGENT: &str = "review-agent";
/// The agent that never has an account of its own and shows in trailers only.
pub(super) const PAIR_AGENT: &str = "pair-agent";

pub(super) struct Company {
    pub people: Vec<Person>,
    pub services: Vec<Service>,
    pub workflows: Vec<Workflow>,
    pub spans: Spans,
    weeks: u32,
}

pub(super) struct Service {
    pub slug: String,
    pub name: String,
    pub domain: &'static Domain,
    /// Which part of the domain; empty for the only or first one.
    pub part: &'static str,
    /// Id of the agent that works here.
    pub agent: String,
    /// Places in the company's list of people; never fewer than two.
    pub team: Vec<usize>,
    /// Changes merged in an ordinary week.
    weekly: f64,
    /// How long things take here, 1 being ordinary.
    pub pace: f64,
    /// The share of changes that agents make in the last week.
    agent_share: f64,
    /// The first week, by index, in which agents work here.
    pub agents_from: u32,
    /// What goes with their coming.
    pub story: Kind,
}

/// A service of a company, in a week.
pub(super) struct Site<'a> {
    pub company: &'a Company,
    pub service: &'a Service,
    pub week: &'a Week,
}

/// What a week is like at a service.
pub(super) struct Week {
    pub index: u32,
    pub monday: NaiveDate,
    /// Numbers of its changes start here; there is room for `room` of them.
    pub first_number: u64,
    pub room: u64,
    /// Changes expected on each day, Monday first.
    pub by_day: [f64; 7],
    pub agent_share: f64,
    pub assisted_share: f64,
    /// How long coding and review take, 1 being as before the agents.
    pub pace: f64,
    /// How likely a deployment is to fail.
    pub failing: f64,
    /// When the last week ends; what comes after is never told.
    pub known_until: i64,
}

impl Company {
    pub(super) fn of(plan: &Plan) -> Company {
        let (domains, parts, weekly, people) = match plan.size {
            Size::Small => (4, 1, 40.0, 14),
            Size::Large => (10, 2, 800.0, 110),
            Size::Huge => (10, 5, 3_850.0, 480),
        };
        let domains = &DOMAINS[..domains];
        let workflows = workflows::of(domains, parts);
        let mut chance = Chance::of(plan.seed, 0);
        let mut services = Vec::new();
        for domain in domains {
            for (ending, part) in &PARTS[..parts] {
                let mut service = Service::of(domain, (ending, part), &workflows);
                service.draw(&mut chance, plan.weeks);
                let place = services.len() * 3;
                service.team = (0..6).map(|next| (place + next) % people).collect();
                services.push(service);
            }
        }
        let sum: f64 = services.iter().map(|service| service.weekly).sum();
        for service in &mut services {
            service.weekly *= weekly / sum;
        }
        Company {
            people: (0..people).map(Person::numbered).collect(),
            services,
            workflows,
            spans: Spans::of(plan.weeks),
            weeks: plan.weeks,
        }
    }

    pub(super) fn week(&self, service: &Service, index: u32, monday: NaiveDate) -> Week {
        let span = f64::from(self.weeks - service.agents_from.min(self.weeks - 1));
        let since = f64::from((index + 1).saturating_sub(service.agents_from));
        let grown = (since / span).powf(0.7);
        let by_day = days(monday).map(|share| share * service.weekly);
        let has_begun = since > 0.0;
        let story_pace = if has_begun { service.story.pace() } else { 1.0 };
        // Room for twice the usual and some more; numbers left over are what issues take.
        let room = (2.0 * service.weekly) as u64 + 20;
        Week {
            index,
            monday,
            first_number: 1 + u64::from(index) * room,
            room,
            by_day,
            agent_share: service.agent_share * grown,
            assisted_share: 0.15 * grown,
            pace: service.pace * story_pace,
            failing: service.story.failing(has_begun),
            known_until: midnight(monday) + i64::from(self.weeks - index) * 7 * DAY,
        }
    }

    /// The scopes in which everything counts that belongs to a service.
    pub(super) fn around(&self, service: &Service) -> Vec<String> {
        let whole = self
            .workflows
            .iter()
            .filter(|workflow| !workflow.is_narrow() && workflow.services.contains(&service.slug));
        let own = ["company".to_owned(), format!("service:{}", service.slug)];
        own.into_iter().chain(whole.map(Workflow::scope)).collect()
    }
}

impl Week {
    pub(super) fn ends(&self) -> i64 {
        midnight(self.monday) + 7 * DAY
    }
}

impl Service {
    fn of(
        domain: &'static Domain,
        (ending, part): (&str, &'static str),
        workflows: &[Workflow],
    ) -> Service {
        let slug = format!("{}{ending}", domain.slug);
        let own = workflows
            .iter()
            .find(|workflow| workflow.labels.is_empty() && workflow.services.contains(&slug));
        Service {
            name: format!("{} {part}", domain.name).trim_end().to_owned(),
            agent: own
                .and_then(|workflow| workflow.agent.clone())
                .unwrap_or_else(|| UPKEEP_AGENT.to_owned()),
            slug,
            domain,
            part,
            team: Vec::new(),
            weekly: 0.0,
            pace: 1.0,
            agent_share: 0.0,
            agents_from: 0,
            story: Kind::of_domain(domain.slug),
        }
    }

    /// What is chance about a service: how busy, how quick, how much agents do and since when.
    fn draw(&mut self, chance: &mut Chance, weeks: u32) {
        self.weekly = chance.log_normal(1.0, 0.3).clamp(0.6, 1.6);
        if self.story != Kind::NothingChanged {
            // What is told has to show.
            self.weekly = self.weekly.max(1.0);
        }
        self.pace = chance.log_normal(1.0, 0.25).clamp(0.6, 1.6);
        self.agent_share = if self.agent == UPKEEP_AGENT {
            0.16 + 0.1 * chance.unit()
        } else {
            0.34 + 0.11 * chance.unit()
        };
        let begin = 0.6 + 0.06 * chance.unit();
        self.agents_from = (f64::from(weeks) * begin) as u32;
    }

    pub(super) fn repository(&self) -> String {
        format!("{HANDLE}/{}", self.slug)
    }
}

/// The account that an agent acts under.
pub(super) fn login(agent: &str) -> String {
    format!("{agent}[bot]")
}

/// The share of a week's work done on each of its days; little between Christmas and New Year.
fn days(monday: NaiveDate) -> [f64; 7] {
    let mut shares = [0.18, 0.22, 0.22, 0.21, 0.15, 0.01, 0.01];
    for (share, day) in shares.iter_mut().zip(0..) {
        let day = monday.checked_add_days(Days::new(day)).unwrap_or(monday);
        let holiday = matches!((day.month(), day.day()), (12, 23..=31) | (1, 1));
        if holiday {
            *share *= 0.2;
        }
    }
    shares
}
