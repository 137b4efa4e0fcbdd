//! Issues that were deleted or moved away: GitHub's lists do not tell of them, and so the ids of all are
//! held against those of the day before.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::api::{Answer, PAGE, escaped};
use super::objects::Issue;
use super::{Failure, GitHub, issues};
use crate::connectors::{Page, Sink};

/// The labelled issues of a repository, id by number, as they were when they were looked through last.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Known {
    issues: BTreeMap<u64, u64>,
}

/// As much of an issue as tells it from others.
#[derive(Debug, Deserialize)]
struct Key {
    id: u64,
    number: u64,
    #[serde(default)]
    pull_request: Option<serde::de::IgnoredAny>,
}

/// Looks through a repository's labelled issues, and withdraws those that are not there any more.
pub(super) async fn sweep(
    github: &GitHub,
    repository: &str,
    cursor: Option<&str>,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let before = cursor.and_then(|own| serde_json::from_str::<Known>(own).ok());
    let before = before.unwrap_or_default();
    let now = labelled(github, repository).await?;
    let missing = before.issues.iter();
    let missing = missing.filter(|(number, _)| !now.issues.contains_key(number));
    let mut read = Vec::new();
    for (number, id) in missing {
        if !is_there(github, repository, (*number, *id)).await? {
            read.extend(issues::withdrawn(*id, None));
        }
    }
    let cursor = serde_json::to_string(&now);
    let cursor = cursor.map_err(|_| Failure::unknown("its position cannot be noted"))?;
    sink.take(Page { read, cursor }).await
}

async fn labelled(github: &GitHub, repository: &str) -> Result<Known, Failure> {
    let interest = &github.settings.interest;
    let mut known = Known::default();
    for label in interest
        .incident_labels
        .iter()
        .chain(&interest.defect_labels)
    {
        let named = escaped(label);
        let path = format!("/repos/{repository}/issues?state=all&labels={named}&per_page={PAGE}");
        let keys: Vec<Key> = github.api.get_all(&github.api.under_base(&path)).await?;
        let issues = keys.into_iter().filter(|own| own.pull_request.is_none());
        known.issues.extend(issues.map(|own| (own.number, own.id)));
    }
    Ok(known)
}

/// Whether an issue is where it was. One whose label was taken off is, and one that was moved to another
/// repository is another there.
async fn is_there(
    github: &GitHub,
    repository: &str,
    (number, id): (u64, u64),
) -> Result<bool, Failure> {
    let path = format!("/repos/{repository}/issues/{number}");
    let path = github.api.under_base(&path);
    match github.api.get::<Issue>(&path, None).await {
        Ok(Answer::Changed(own)) => Ok(own.body.id == id),
        Ok(Answer::Unchanged) => Ok(true),
        Err(failure) if failure.is_nothing_there() => Ok(false),
        Err(failure) => Err(failure),
    }
}
