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

/// Reads one thing of each kind in the first repository that is there, and says what was seen.
pub(super) async fn check(github: &GitHub) -> Result<String, Failure> {
    let Parts { found, failures } = parts(github).await;
    let mut not_seen = failures;
    let mut without = Vec::new();
    let mut first = None;
    for repository in &found {
        match probed(github, repository).await {
            Ok(closed) => {
                without = closed;
                first = Some(repository);
                break;
            }
            Err(failure) if failure.is_nothing_there() => {
                not_seen.push(failure.while_doing(repository));
            }
            Err(failure) => return Err(failure),
        }
    }
    let Some(first) = first else {
        return Err(not_seen.into_iter().next().unwrap_or_else(|| {
            Failure::ours(
                "no repository is named, and the organisations have none that this token sees",
            )
        }));
    };
    let counted = match found.len() {
        1 => "one repository".to_owned(),
        many => format!("one of {many} repositories"),
    };
    let left = github.api.left();
    let left = left.first().map(|(_, left)| {
        format!(
            " {} of {} requests of this hour are left.",
            left.remaining, left.limit
        )
    });
    let without = match without.as_slice() {
        [] => String::new(),
        some => format!(" Not open, and done without: {}.", some.join(", ")),
    };
    let not_seen = not_seen.iter().map(|own| format!(" Not seen: {own}."));
    Ok(format!(
        "The sign-in holds: it was tried on {counted}, {first}.{}{without}{}",
        left.unwrap_or_default(),
        not_seen.collect::<String>(),
    ))
}

/// Reads one thing of each kind; answers the permissions that are missing and can be done without.
async fn probed(github: &GitHub, repository: &str) -> Result<Vec<&'static str>, Failure> {
    let mut closed = Vec::new();
    for stream in STREAMS {
        let Some(path) = probe(github, stream, repository) else {
            continue;
        };
        let path = github.api.under_base(&path);
        match github.api.get::<IgnoredAny>(&path, None).await {
            Ok(_) => {}
            Err(failure) if failure.is_closed() && stream.is_optional => {
                closed.push(stream.permission);
            }
            // Where the first kind finds nothing, the repository is not there.
            Err(failure) if failure.is_nothing_there() && stream.name == STREAMS[0].name => {
                return Err(failure);
            }
            Err(failure) => {
                let what = format!(
                    "{repository}, {} ({})",
                    stream.in_words(),
                    stream.permission
                );
                let is_closed = failure.is_closed();
                let failure = failure.while_doing(&what);
                return Err(match is_closed {
                    true => Failure::closed(failure.said),
                    false => failure,
                });
            }
        }
    }
    Ok(closed)
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
