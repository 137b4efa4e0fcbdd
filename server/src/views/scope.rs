//! Which part of the company is asked for, and in which segment.

use super::{Error, Result};
use crate::store::registry::{Registry, Workflow};

/// The company, one service or one workflow, known to the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub id: String,
    /// In words.
    pub name: String,
}

impl Scope {
    /// Reads a scope; one that the registry does not know is not found.
    pub fn parse(text: Option<&str>, registry: &Registry) -> Result<Scope> {
        let text = text.unwrap_or("company");
        let name = match text.split_once(':') {
            None if text == "company" => Some(
                registry
                    .company
                    .name
                    .clone()
                    .unwrap_or_else(|| "The company".to_owned()),
            ),
            Some(("service", slug)) => registry
                .services
                .iter()
                .find(|service| service.slug == slug)
                .map(|service| service.name.clone().unwrap_or_else(|| slug.to_owned())),
            Some(("workflow", slug)) => registry
                .workflows
                .iter()
                .find(|workflow| workflow.slug == slug)
                .map(|workflow| Scope::of_workflow(workflow).name),
            _ => {
                return Err(Error::BadRequest(format!(
                    "{text:?} is no scope; a scope is company, service:SLUG or workflow:SLUG"
                )));
            }
        };
        match name {
            Some(name) => Ok(Scope {
                id: text.to_owned(),
                name,
            }),
            None => Err(Error::NotFound(format!("{text} in the registry"))),
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
