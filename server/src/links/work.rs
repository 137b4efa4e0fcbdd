//! What work a workflow covers: the changes of its services, all of them or by path or label.

use crate::store::changes::Change;
use crate::store::registry::Workflow;

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

fn covers(workflow: &Workflow, change: &Change) -> bool {
    if !workflow.services.contains(&change.version.home) {
        return false;
    }
    let narrowed = !workflow.paths.is_empty() || !workflow.labels.is_empty();
    !narrowed
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
