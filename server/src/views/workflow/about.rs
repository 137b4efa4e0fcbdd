//! Who answers for a workflow, what it covers, and the risk of how its agents were adopted.

use app::format;
use app::view::figure::Figure;
use app::view::workflow::{About, Measure, Pattern};

use crate::store::registry::{self, Registry, Workflow};
use crate::store::{Result, Tx};
use crate::views::freshness::listed;
use crate::views::people::Names;

pub(super) async fn about(
    tx: &mut Tx,
    registry: &Registry,
    own: &Workflow,
    measures: &[(&'static str, Measure)],
) -> Result<About> {
    let names = Names::load(tx).await?;
    Ok(About {
        covers: covers(registry, own),
        dri: own.dri.as_ref().map(|email| names.of(email)),
        tier: own.tier.map(tier),
        pattern: own.pattern.map(|pattern| {
            let (name, risk) = pattern_and_risk(pattern);
            Pattern {
                name: name.to_owned(),
                risk: risk.to_owned(),
                watched_by: watched_by(registry, (own, pattern), measures),
            }
        }),
        escalation: own.escalation.clone(),
        playbook: own.playbook.clone(),
        playbook_practised_on: own.playbook_practised_on.clone(),
        rules: own.rules.clone(),
    })
}

/// "services Checkout and Payments, changes with the label agent".
fn covers(registry: &Registry, own: &Workflow) -> String {
    let mut parts = Vec::new();
    let services: Vec<&str> = own
        .services
        .iter()
        .map(|slug| {
            let service = registry.service(slug);
            let named = service.and_then(|service| service.name.as_deref());
            named.unwrap_or(slug)
        })
        .collect();
    let mut add = |one: &str, many: &str, all: &[&str]| match all.len() {
        0 => {}
        1 => parts.push(format!("{one} {}", listed(all, "and"))),
        _ => parts.push(format!("{many} {}", listed(all, "and"))),
    };
    add("service", "services", &services);
    add("path", "paths", &texts(&own.paths));
    add("label", "labels", &texts(&own.labels));
    add("topic", "topics", &texts(&own.topics));
    match parts.len() {
        0 => "nothing yet".to_owned(),
        _ => parts.join("; "),
    }
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

/// How far agents may go.
pub(super) fn tier(tier: registry::Tier) -> String {
    let words = match u8::from(tier) {
        0 => "read-only",
        1 => "propose only",
        2 => "execute in non-production",
        _ => "narrow production actions",
    };
    format!("{}, {words}", u8::from(tier))
}

/// How agents were adopted, and the risk that is known of it.
pub(super) fn pattern_and_risk(pattern: registry::Pattern) -> (&'static str, &'static str) {
    match pattern {
        registry::Pattern::CopilotOnly => ("copilot only", "weak learning signals"),
        registry::Pattern::Guardrailed => (
            "guardrailed agents",
            "people become the approval bottleneck",
        ),
        registry::Pattern::AutonomousNonProduction => (
            "autonomous in non-production",
            "complacency, because staging succeeds",
        ),
        registry::Pattern::AutonomousProduction => {
            ("autonomous in production, limited", "audit exposure")
        }
        registry::Pattern::Mesh => (
            "cross-functional mesh",
            "permissions sprawl, and nobody owns the whole",
        ),
    }
}

/// What shows the pattern's risk, as far as it is measured.
fn watched_by(
    registry: &Registry,
    (own, pattern): (&Workflow, registry::Pattern),
    measures: &[(&'static str, Measure)],
) -> Vec<String> {
    let metric = |id: &str, name: &str| {
        let mut all = measures.iter().map(|(_, measure)| measure);
        match all.find(|measure| measure.figure.metric == id) {
            Some(measure) => format!("{}: {}", measure.name, value(&measure.figure)),
            None => format!("{name}: not measured yet"),
        }
    };
    match pattern {
        registry::Pattern::CopilotOnly => vec![metric("agent_share", "Agent share")],
        registry::Pattern::Guardrailed => vec![metric("approval_wait", "Approval wait")],
        registry::Pattern::AutonomousNonProduction => {
            vec![metric("change_fail_rate", "Change fail rate")]
        }
        registry::Pattern::AutonomousProduction => vec![
            metric("auditability", "Auditability"),
            metric("above_tier_actions", "Actions above the tier"),
        ],
        registry::Pattern::Mesh => vec![shared(registry, own), unowned(registry)],
    }
}

fn value(figure: &Figure) -> String {
    format::figure(figure).unwrap_or_else(|| "no value".to_owned())
}

/// How much of its work others cover as well.
fn shared(registry: &Registry, own: &Workflow) -> String {
    let is_shared = |service: &&String| {
        let others = registry.workflows.iter();
        others
            .filter(|other| other.slug != own.slug)
            .any(|other| other.services.contains(service))
    };
    let shared = own.services.iter().filter(is_shared).count();
    format!(
        "{} of its services are covered by another workflow too",
        format::fraction(shared as u64, own.services.len() as u64)
    )
}

/// How many agents nobody answers for.
fn unowned(registry: &Registry) -> String {
    let has_dri = |agent: &&registry::Agent| {
        let workflow = agent.workflow.as_deref();
        let workflow = workflow.and_then(|slug| registry.workflow(slug));
        workflow.is_some_and(|workflow| workflow.dri.is_some())
    };
    let owned = registry.agents.iter().filter(has_dri).count();
    let all = registry.agents.len();
    format!(
        "{} registered agents have no DRI",
        format::fraction((all - owned) as u64, all as u64)
    )
}
