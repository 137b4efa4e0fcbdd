//! Who answers for work: the DRIs of the workflows that cover it.

use super::{Registry, Workflow};

impl Registry {
    /// The DRIs of a scope: of a workflow its own, of a service those of the workflows that cover it,
    /// of the company none.
    pub fn dris_of_scope(&self, scope: &str) -> Vec<&str> {
        let (kind, slug) = scope.split_once(':').unwrap_or((scope, ""));
        self.dris(|workflow| match kind {
            "workflow" => workflow.slug == slug,
            "service" => workflow.services.iter().any(|own| own == slug),
            _ => false,
        })
    }

    /// The DRIs of the workflows with these slugs.
    pub fn dris_of_workflows(&self, slugs: &[String]) -> Vec<&str> {
        self.dris(|workflow| slugs.contains(&workflow.slug))
    }

    fn dris(&self, covers: impl Fn(&Workflow) -> bool) -> Vec<&str> {
        let covering = self.workflows.iter().filter(|workflow| covers(workflow));
        let mut dris: Vec<&str> = covering.filter_map(|own| own.dri.as_deref()).collect();
        dris.sort_unstable();
        dris.dedup();
        dris
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn registry() -> Registry {
        let workflow = |slug: &str, dri: &str, service: &str| {
            let own = json!({"slug": slug, "dri": dri, "services": [service]});
            serde_json::from_value(own).unwrap()
        };
        Registry {
            workflows: vec![
                workflow("checkout", "ana@example.org", "shop"),
                workflow("returns", "ben@example.org", "shop"),
                workflow("search", "cleo@example.org", "index"),
            ],
            ..Registry::default()
        }
    }

    #[test]
    fn a_workflow_is_its_dris_a_service_its_coverers_and_the_company_nobodys() {
        let registry = registry();
        let of = |scope: &str| registry.dris_of_scope(scope);
        assert_eq!(of("workflow:checkout"), ["ana@example.org"]);
        assert_eq!(of("service:shop"), ["ana@example.org", "ben@example.org"]);
        assert!(of("company").is_empty() && of("service:none").is_empty());
        let slugs = ["search".to_owned(), "none".to_owned()];
        assert_eq!(registry.dris_of_workflows(&slugs), ["cleo@example.org"]);
    }
}
