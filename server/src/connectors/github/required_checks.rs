//! Which checks a branch asks for before anything lands on it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::api::{Answer, PAGE};
use super::{Failure, GitHub};

/// The names of the checks that each branch asks for; none of a branch whose rules are not shown.
pub(super) type Required = BTreeMap<String, Option<BTreeSet<String>>>;

#[derive(Deserialize)]
struct Rule {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    parameters: Option<Parameters>,
}

#[derive(Deserialize)]
struct Parameters {
    #[serde(default)]
    required_status_checks: Vec<Check>,
}

#[derive(Deserialize)]
struct Check {
    context: String,
}

/// What the rules of these branches ask for.
pub(super) async fn required(
    github: &GitHub,
    repository: &str,
    branches: &BTreeSet<&str>,
) -> Result<Required, Failure> {
    let mut required = Required::new();
    for branch in branches {
        let named: String = form_urlencoded::byte_serialize(branch.as_bytes()).collect();
        let path = format!("/repos/{repository}/rules/branches/{named}?per_page={PAGE}");
        let path = github.api.under_base(&path);
        let asked = match github.api.get::<Vec<Rule>>(&path, None).await {
            Ok(Answer::Changed(rules)) => Some(checks(rules.body)),
            Ok(Answer::Unchanged) => None,
            Err(failure) if failure.is_closed() => None,
            Err(failure) => return Err(failure),
        };
        required.insert((*branch).to_owned(), asked);
    }
    Ok(required)
}

fn checks(rules: Vec<Rule>) -> BTreeSet<String> {
    let asked = rules
        .into_iter()
        .filter(|own| own.kind == "required_status_checks");
    let checks = asked.filter_map(|own| own.parameters);
    let checks = checks.flat_map(|own| own.required_status_checks);
    checks.map(|own| own.context).collect()
}
