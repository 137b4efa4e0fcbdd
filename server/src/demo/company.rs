//! Who there is: services with their pace and people, workflows with what they cover, agents.
//!
//! Follows from seed and size alone. Knows what a week is like (how much is done, who does it) and
//! not what happened in it.

use chrono::{Datelike, Days, NaiveDate};

use super::chance::Chance;
use super::domains::{DOMAINS, Domain, PARTS};
use super::hours::{DAY, midnight};
use super::people::Person;
use super::story::Kind;
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

/// Work that one person answers for.
pub(super) struct Workflow {
    pub slug: String,
    pub name: String,
    /// The agent that belongs to it, if one does.
    pub agent: Option<String>,
    pub pattern: &'static str,
    pub tier: u8,
    /// Place in the company's list of people.
    pub dri: usize,
    pub services: Vec<String>,
    /// Only these folders; all where neither folders nor labels are named.
    pub areas: Vec<&'static str>,
    pub labels: Vec<&'static str>,
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
        let workflows = workflows(domains, parts);
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

impl Workflow {
    /// Whether it covers a change of its services in this folder, with this label.
    pub(super) fn covers(&self, area: Option<&str>, label: &str) -> bool {
        let is_named = area.is_some_and(|area| self.areas.contains(&area));
        !self.is_narrow() || is_named || self.labels.contains(&label)
    }

    /// Whether it covers only some changes of its services.
    pub(super) fn is_narrow(&self) -> bool {
        !self.areas.is_empty() || !self.labels.is_empty()
    }

    pub(super) fn scope(&self) -> String {
        format!("workflow:{}", self.slug)
    }
}

/// The account that an agent acts under.
pub(super) fn login(agent: &str) -> String {
    format!("{agent}[bot]")
}

fn workflows(domains: &[Domain], parts: usize) -> Vec<Workflow> {
    let of_domain = |domain: &Domain| -> Vec<String> {
        let parts = PARTS[..parts].iter();
        parts
            .map(|(ending, _)| format!("{}{ending}", domain.slug))
            .collect()
    };
    let small = domains.len() < DOMAINS.len();
    let named = |domain: &Domain| matches!(domain.slug, "checkout" | "support-desk");
    let mut workflows: Vec<Workflow> = Vec::new();
    for domain in domains.iter().filter(|domain| !small || named(domain)) {
        let (pattern, tier, areas) = match domain.slug {
            "support-desk" => ("autonomous_non_production", 2, domain.areas[..2].to_vec()),
            "billing" => ("copilot_only", 1, domain.areas[..1].to_vec()),
            _ => ("guardrailed", 1, Vec::new()),
        };
        workflows.push(Workflow {
            slug: format!("{}-delivery", domain.slug),
            name: format!("{} delivery", domain.name),
            agent: Some(format!("{}-agent", domain.slug)),
            pattern,
            tier,
            dri: workflows.len() * 3 * parts,
            services: of_domain(domain),
            areas,
            labels: Vec::new(),
        });
    }
    let everywhere: Vec<String> = domains.iter().flat_map(of_domain).collect();
    let by_label = [
        ("dependency-upkeep", "Dependency upkeep", "dependencies"),
        ("hotfixes", "Hotfixes", "hotfix"),
    ];
    for (slug, name, label) in &by_label[..if small { 1 } else { 2 }] {
        workflows.push(Workflow {
            slug: (*slug).to_owned(),
            name: (*name).to_owned(),
            agent: (*label == "dependencies").then(|| UPKEEP_AGENT.to_owned()),
            pattern: "mesh",
            tier: 1,
            dri: 4 + workflows.len(),
            services: everywhere.clone(),
            areas: Vec::new(),
            labels: vec![*label],
        });
    }
    workflows
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
