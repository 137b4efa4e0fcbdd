//! What work a workflow covers: the changes of its services, all of them or by path or label, and
//! what belongs to them.
//!
//! A workflow that is narrowed by paths or labels covers a deployment when that is the first to
//! deliver a covered change, an incident when its deployment is covered, a defect when the change or
//! deployment that it names is.

use std::collections::BTreeSet;

use crate::store::changes::Change;
use crate::store::registry::Workflow;
use crate::store::{self, from_json};

/// Slugs of the workflows that cover a change, sorted. Several may; the company counts it once.
pub(super) fn covering<'a>(change: &Change, workflows: &'a [Workflow]) -> Vec<&'a str> {
    let mut slugs: Vec<&str> = workflows
        .iter()
        .filter(|workflow| covers(workflow, change))
        .map(|workflow| workflow.slug.as_str())
        .collect();
    slugs.sort_unstable();
    slugs
}

/// Slugs of the workflows that cover a deployment, given the workflows of each change that it was the
/// first to deliver, sorted.
pub(super) fn covering_deployment<'a>(
    service: &str,
    workflows: &'a [Workflow],
    delivered: impl Iterator<Item = &'a str>,
) -> store::Result<BTreeSet<String>> {
    let mut slugs = of_whole_service(service, workflows);
    let mut last = "";
    for covering in delivered.filter(|covering| *covering != "[]") {
        // Most changes of a deployment are covered alike.
        if covering != last {
            slugs.extend(from_json::<Vec<String>>("workflows", covering)?);
            last = covering;
        }
    }
    Ok(slugs)
}

/// Slugs of the workflows that cover a record of a service that may belong to another covered one.
pub(super) fn covering_beside(
    service: &str,
    workflows: &[Workflow],
    other: Option<&str>,
) -> store::Result<BTreeSet<String>> {
    let mut slugs = of_whole_service(service, workflows);
    if let Some(other) = other {
        let covering: Vec<String> = from_json("workflows", other)?;
        let narrowed = |slug: &String| {
            let mut all = workflows.iter();
            all.any(|workflow| workflow.slug == *slug && is_narrowed(workflow))
        };
        slugs.extend(covering.into_iter().filter(narrowed));
    }
    Ok(slugs)
}

/// The workflows that cover all of a service.
fn of_whole_service(service: &str, workflows: &[Workflow]) -> BTreeSet<String> {
    workflows
        .iter()
        .filter(|workflow| !is_narrowed(workflow))
        .filter(|workflow| workflow.services.iter().any(|own| own == service))
        .map(|workflow| workflow.slug.clone())
        .collect()
}

fn is_narrowed(workflow: &Workflow) -> bool {
    !workflow.paths.is_empty() || !workflow.labels.is_empty()
}

fn covers(workflow: &Workflow, change: &Change) -> bool {
    if !workflow.services.contains(&change.version.home) {
        return false;
    }
    !is_narrowed(workflow)
        || change
            .labels
            .iter()
            .any(|label| workflow.labels.contains(label))
        || change
            .paths
            .iter()
            .any(|path| workflow.paths.iter().any(|under| lies_under(path, under)))
}

/// Whether a file lies under a folder, or is the file itself; `*` at the end stands for any rest.
fn lies_under(path: &str, under: &str) -> bool {
    let under = under.trim_start_matches('/');
    match under.strip_suffix('*') {
        Some(prefix) => path.starts_with(prefix.trim_end_matches('*')),
        None => {
            let folder = under.trim_end_matches('/');
            path.strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_covers_what_lies_in_it_and_not_its_namesakes() {
        for under in [
            "payments",
            "payments/",
            "/payments",
            "payments/*",
            "payments/**",
        ] {
            assert!(lies_under("payments/intent.rs", under), "{under}");
            assert!(!lies_under("payments_old/intent.rs", under), "{under}");
        }
        assert!(lies_under("Cargo.toml", "Cargo.toml"));
    }
}
