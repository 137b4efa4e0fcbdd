//! What the registry's file declared, as it stands.

use std::collections::BTreeMap;

use app::view::settings::{Agent, Company, Fact, Registry, Service, Workflow};

use crate::store::accounts::people::Person;
use crate::store::registry::{self as stored, Delivery};

/// Day and time of the freeze, and the weeks' time zone, where nobody has set them.
const USUAL_FREEZE: &str = "Mon 07:00";
const USUAL_ZONE: &str = "UTC";

pub(super) fn company(company: &stored::Company) -> Company {
    let zone = company.time_zones.last();
    let zone_said = zone.map(|own| match &own.from {
        Some(from) => format!("{} from {from} on", own.zone),
        None => own.zone.clone(),
    });
    let facts = [
        ("Name", company.name.clone(), "none"),
        ("Time zone", zone_said, USUAL_ZONE),
        ("Freeze", company.freeze.clone(), USUAL_FREEZE),
        ("Currency", company.currency.clone(), "none"),
    ];
    let lines = [
        ("name", company.name.as_deref()),
        ("time_zone", zone.map(|own| own.zone.as_str())),
        ("time_zone_from", zone.and_then(|own| own.from.as_deref())),
        ("freeze", company.freeze.as_deref()),
        ("currency", company.currency.as_deref()),
    ];
    let lines = lines
        .into_iter()
        .filter_map(|(key, value)| Some(line(key, value?)));
    Company {
        facts: facts
            .into_iter()
            .map(|(name, said, usual)| Fact {
                name: name.to_owned(),
                is_usual: said.is_none(),
                said: said.unwrap_or_else(|| usual.to_owned()),
            })
            .collect(),
        toml: std::iter::once("[company]".to_owned())
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n"),
    }
}

/// `name = "Acme"`, quoted as TOML and JSON both do.
fn line(key: &str, value: &str) -> String {
    format!("{key} = {}", serde_json::Value::from(value))
}

pub(super) fn registry(registry: &stored::Registry, people: &[Person]) -> Registry {
    let mut roles = BTreeMap::new();
    for person in people {
        *roles.entry(person.role.clone()).or_insert(0) += 1;
    }
    Registry {
        services: registry.services.iter().map(service).collect(),
        workflows: registry.workflows.iter().map(workflow).collect(),
        agents: registry.agents.iter().map(agent).collect(),
        roles,
    }
}

fn service(service: &stored::Service) -> Service {
    let production = match service.production.as_slice() {
        [] => "production".to_owned(),
        named => named.join(", "),
    };
    Service {
        slug: service.slug.clone(),
        name: service.name.clone(),
        delivered_by: match service.delivery {
            Some(Delivery::Merge) => "each merge".to_owned(),
            _ => format!("deployments to {production}"),
        },
    }
}

fn workflow(workflow: &stored::Workflow) -> Workflow {
    let named = [
        ("services", &workflow.services),
        ("paths", &workflow.paths),
        ("labels", &workflow.labels),
        ("topics", &workflow.topics),
    ];
    let covers = named.into_iter().filter(|(_, own)| !own.is_empty());
    Workflow {
        slug: workflow.slug.clone(),
        name: workflow.name.clone(),
        dri: workflow.dri.clone(),
        tier: workflow.tier.map(u8::from),
        covers: covers
            .map(|(what, own)| format!("{what}: {}", own.join(", ")))
            .collect(),
    }
}

fn agent(agent: &stored::Agent) -> Agent {
    Agent {
        id: agent.id.clone(),
        name: agent.name.clone(),
        workflow: agent.workflow.clone(),
        tier: agent.tier.map(u8::from),
    }
}
