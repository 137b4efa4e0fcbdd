//! Which checks a branch asks for before anything lands on it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::api::{Answer, PAGE, escaped};
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

/// A branch, and what its protection asks for: the older way beside rules.
#[derive(Deserialize)]
struct Branch {
    #[serde(default)]
    protection: Option<Protection>,
}

#[derive(Deserialize)]
struct Protection {
    #[serde(default)]
    required_status_checks: Option<Contexts>,
}

#[derive(Deserialize)]
struct Contexts {
    #[serde(default)]
    contexts: Vec<String>,
}

impl Branch {
    fn checks(self) -> Vec<String> {
        let checks = self.protection.and_then(|own| own.required_status_checks);
        checks.map(|own| own.contexts).unwrap_or_default()
    }
}

/// What the rules of these branches, or their protection, ask for.
pub(super) async fn required(
    github: &GitHub,
    repository: &str,
    branches: &BTreeSet<&str>,
) -> Result<Required, Failure> {
    let mut required = Required::new();
    for branch in branches {
        let named = escaped(branch);
        let path = format!("/repos/{repository}/rules/branches/{named}?per_page={PAGE}");
        let rules = open::<Vec<Rule>>(github, &path).await?;
        let path = format!("/repos/{repository}/branches/{named}");
        let protected = open::<Branch>(github, &path).await?;
        let asked = match (rules, protected) {
            (None, None) => None,
            (rules, protected) => {
                let by_rules = checks(rules.unwrap_or_default());
                let by_protection = protected.map(Branch::checks).unwrap_or_default();
                Some(by_rules.into_iter().chain(by_protection).collect())
            }
        };
        required.insert((*branch).to_owned(), asked);
    }
    Ok(required)
}

/// What stands at a path; none where it is not shown to us.
async fn open<T: DeserializeOwned>(github: &GitHub, path: &str) -> Result<Option<T>, Failure> {
    match github
        .api
        .get::<T>(&github.api.under_base(path), None)
        .await
    {
        Ok(Answer::Changed(own)) => Ok(Some(own.body)),
        Ok(Answer::Unchanged) => Ok(None),
        Err(failure) if failure.is_closed() => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn checks(rules: Vec<Rule>) -> BTreeSet<String> {
    let asked = rules
        .into_iter()
        .filter(|own| own.kind == "required_status_checks");
    let checks = asked.filter_map(|own| own.parameters);
    let checks = checks.flat_map(|own| own.required_status_checks);
    checks.map(|own| own.context).collect()
}
