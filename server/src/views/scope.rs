//! Which part of the company is asked for, and in which segment.

use super::{Error, Result};
use crate::store::registry::{Registry, Service, Workflow};
use crate::store::{self, from_json};

/// The company, one service or one workflow, known to the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub id: String,
    /// In words.
    pub name: String,
}

/// Whether something of this service, under these workflows in JSON, belongs to the scope of this name.
pub(super) fn covers(scope: &str, service: &str, workflows: &str) -> store::Result<bool> {
    Ok(match scope.split_once(':') {
        Some(("service", slug)) => service == slug,
        Some((_, slug)) => from_json::<Vec<String>>("workflows", workflows)?
            .iter()
            .any(|own| own == slug),
        None => true,
    })
}

impl Scope {
    /// Reads a scope; one that the registry does not know is not found.
    pub fn parse(text: Option<&str>, registry: &Registry) -> Result<Scope> {
        let text = text.unwrap_or("company");
        let found = match text.split_once(':') {
            None if text == "company" => Some(Scope::company(registry)),
            Some(("service", slug)) => {
                let mut services = registry.services.iter();
                services.find(|own| own.slug == slug).map(Scope::of_service)
            }
            Some(("workflow", slug)) => {
                let mut workflows = registry.workflows.iter();
                workflows
                    .find(|own| own.slug == slug)
                    .map(Scope::of_workflow)
            }
            _ => {
                return Err(Error::BadRequest(format!(
                    "{text:?} is no scope; a scope is company, service:SLUG or workflow:SLUG"
                )));
            }
        };
        found.ok_or_else(|| Error::NotFound(format!("{text} in the registry")))
    }

    pub fn company(registry: &Registry) -> Scope {
        let name = registry.company.name.clone();
        Scope {
            id: "company".to_owned(),
            name: name.unwrap_or_else(|| "The company".to_owned()),
        }
    }

    /// Whether something of this service, under these workflows in JSON, belongs to it.
    pub fn covers(&self, service: &str, workflows: &str) -> store::Result<bool> {
        covers(&self.id, service, workflows)
    }

    pub fn of_service(service: &Service) -> Scope {
        Scope {
            id: format!("service:{}", service.slug),
            name: service.name.clone().unwrap_or_else(|| service.slug.clone()),
        }
    }

    pub fn of_workflow(workflow: &Workflow) -> Scope {
        Scope {
            id: format!("workflow:{}", workflow.slug),
            name: workflow
                .name
                .clone()
                .unwrap_or_else(|| workflow.slug.clone()),
        }
    }
}

/// All segments, in the order they are shown.
pub const SEGMENTS: [&str; 4] = ["all", "agent", "assisted", "unmarked"];

/// Reads a segment.
pub fn segment(text: Option<&str>) -> Result<&'static str> {
    let text = text.unwrap_or("all");
    SEGMENTS
        .into_iter()
        .find(|segment| *segment == text)
        .ok_or_else(|| {
            Error::BadRequest(format!(
                "{text:?} is no segment; segments are all, agent, assisted and unmarked"
            ))
        })
}
