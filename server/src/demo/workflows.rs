//! The workflows: what each covers, who answers for it, and which agent belongs to it.

use super::company::UPKEEP_AGENT;
use super::domains::{DOMAINS, Domain, PARTS};

/// Work that one person answers for.
pub(super) struct Workflow {
    pub slug: String,
    pub name: String,
    /// The agent that belongs to it, if one does.
    pub agent: Option<String>,
    pub pattern: &'static str,
    pub tier: u8,
    /// Whether it is written down how its work is taken back.
    pub has_playbook: bool,
    /// Place in the company's list of people.
    pub dri: usize,
    pub services: Vec<String>,
    /// Only these folders; all where neither folders nor labels are named.
    pub areas: Vec<&'static str>,
    pub labels: Vec<&'static str>,
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

/// The workflows of a company with these parts.
pub(super) fn of(domains: &[Domain], parts: usize) -> Vec<Workflow> {
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
            has_playbook: matches!(domain.slug, "support-desk" | "catalogue"),
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
            has_playbook: *label == "dependencies",
            dri: 4 + workflows.len(),
            services: everywhere.clone(),
            areas: Vec::new(),
            labels: vec![*label],
        });
    }
    workflows
}
