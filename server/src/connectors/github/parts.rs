//! Which repositories there are, and whether the sign-in holds.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;

use super::api::PAGE;
use super::objects::Repository;
use super::{Failure, GitHub, STREAMS};
use crate::connectors::{Connector, Parts, Stream};

/// The repositories that are read: those that are named and those of the organisations, by name. An
/// organisation that is not open leaves the others.
pub(super) async fn parts(github: &GitHub) -> Parts {
    let interest = &github.settings.interest;
    let mut found: BTreeSet<String> = interest.repositories.iter().cloned().collect();
    let mut failures = Vec::new();
    for organisation in &interest.organisations {
        let path = format!("/orgs/{organisation}/repos?per_page={PAGE}&sort=full_name");
        let path = github.api.under_base(&path);
        match github.api.get_all::<Repository>(&path).await {
            // An archived one is read as well: its history counts, and nothing new costs one request.
            Ok(all) => {
                let readable = all.into_iter().filter(|own| !own.disabled);
                found.extend(readable.map(|own| own.full_name));
            }
            Err(failure) => {
                let is_over = failure.concerns_all();
                failures.push(failure.while_doing(&format!("organisation {organisation}")));
                if is_over {
                    found.clear();
                    break;
                }
            }
        }
    }
    Parts {
        found: found.into_iter().collect(),
        failures,
    }
}

/// Reads one thing of each kind in the first repository, and says what was seen.
pub(super) async fn check(github: &GitHub) -> Result<String, Failure> {
    let Parts { found, failures } = parts(github).await;
    let Some(first) = found.first() else {
        return Err(failures.into_iter().next().unwrap_or_else(|| {
            Failure::ours(
                "no repository is named, and the organisations have none that this token sees",
            )
        }));
    };
    let mut done_without = Vec::new();
    for stream in STREAMS {
        let Some(path) = probe(github, stream, first) else {
            continue;
        };
        let path = github.api.under_base(&path);
        match github.api.get::<IgnoredAny>(&path, None).await {
            Ok(_) => {}
            Err(failure) if failure.is_closed() && stream.is_optional => {
                done_without.push(stream.permission);
            }
            Err(failure) => {
                let what = format!("{first}, {} ({})", stream.in_words(), stream.permission);
                return Err(failure.while_doing(&what));
            }
        }
    }
    let counted = match found.len() {
        1 => "1 repository".to_owned(),
        many => format!("{many} repositories"),
    };
    let left = github.api.left();
    let left = left.first().map(|(_, left)| {
        format!(
            "; {} of {} requests of this hour are left",
            left.remaining, left.limit
        )
    });
    let without = match done_without.as_slice() {
        [] => String::new(),
        some => format!(" Without, and nothing else needs it: {}.", some.join(", ")),
    };
    let not_open = failures.iter().map(|own| format!(" Not seen: {own}."));
    Ok(format!(
        "The sign-in holds: it sees {counted}, {first} first{}.{without}{}",
        left.unwrap_or_default(),
        not_open.collect::<String>(),
    ))
}

/// The path of one thing of a stream; none of what is not read, or of what another stream's holds.
fn probe(github: &GitHub, stream: &Stream, repository: &str) -> Option<String> {
    let below = match stream.name {
        "pull_requests" => "pulls?state=all&per_page=1",
        "deployments" => "deployments?per_page=1",
        "releases" => "releases?per_page=1",
        "workflow_runs" => "actions/runs?per_page=1",
        "check_runs" => "commits/HEAD/check-runs?per_page=1",
        "issues" => "issues?state=all&per_page=1",
        "rule_suites" => "rulesets/rule-suites?per_page=1",
        _ => return None,
    };
    let path = format!("/repos/{repository}/{below}");
    github.reads(stream.name).then_some(path)
}
