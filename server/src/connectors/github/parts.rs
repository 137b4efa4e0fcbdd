//! Which repositories there are, and whether the sign-in holds.

use std::collections::BTreeSet;

use super::api::PAGE;
use super::objects::Repository;
use super::{Failure, GitHub};

/// The repositories that are read: those that are named and those of the organisations, by name.
pub(super) async fn parts(github: &GitHub) -> Result<Vec<String>, Failure> {
    let mut parts: BTreeSet<String> = github
        .settings
        .interest
        .repositories
        .iter()
        .cloned()
        .collect();
    for organisation in &github.settings.interest.organisations {
        let path = format!("/orgs/{organisation}/repos?per_page={PAGE}&sort=full_name");
        let path = github.api.under_base(&path);
        let all = github.api.get_all::<Repository>(&path).await;
        let all =
            all.map_err(|failure| failure.while_doing(&format!("organisation {organisation}")))?;
        // An archived one is read as well: its history counts, and nothing new costs one request.
        let readable = all.into_iter().filter(|own| !own.disabled);
        parts.extend(readable.map(|own| own.full_name));
    }
    Ok(parts.into_iter().collect())
}

/// Reads one page of each kind, and says what was seen.
pub(super) async fn check(github: &GitHub) -> Result<String, Failure> {
    let parts = parts(github).await?;
    let Some(first) = parts.first() else {
        return Err(Failure::ours(
            "no repository is named, and the organisations have none that this token sees",
        ));
    };
    let path = format!("/repos/{first}/pulls?state=all&per_page=1");
    let path = github.api.under_base(&path);
    let listed = github.api.get::<serde_json::Value>(&path, None).await;
    listed.map_err(|failure| failure.while_doing(first))?;
    let left = github.api.left();
    let left = left.first().map(|(_, left)| {
        format!(
            "; {} of {} requests of this hour are left",
            left.remaining, left.limit
        )
    });
    let counted = match parts.len() {
        1 => "1 repository".to_owned(),
        many => format!("{many} repositories"),
    };
    Ok(format!(
        "The sign-in holds: it sees {counted}, {first} first{}.",
        left.unwrap_or_default()
    ))
}
