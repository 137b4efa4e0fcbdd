//! What comes in: sources that went quiet, and records that were set aside.

use app::view::freshness::Freshness;

use super::{Case, Finding, counted};
use crate::store::{self, Tx, pulls, raw};
use crate::views::freshness::Sources;

/// The sources that have a rhythm and do not keep it.
pub(super) async fn sources(case: &Case<'_>) -> anyhow::Result<Finding> {
    let mut tx = case.db.read().await?;
    let judged = Sources::load(&mut tx, &case.registry, case.now_ms).await?;
    let shown = judged.shown();
    let quiet: Vec<_> = shown
        .iter()
        .filter(|one| !matches!(one.freshness, Freshness::Fresh | Freshness::Late))
        .collect();
    let failing = failing(&mut tx, case).await?;
    if quiet.is_empty() && !failing.is_empty() {
        return Ok(Finding::well("sources", format!("{}.", failing.join("; ")))
            .notice("See what is in the way under /sources, and docs/github.md for what to do."));
    }
    if quiet.is_empty() {
        return Ok(Finding::well(
            "sources",
            match shown.len() {
                0 => "none has a rhythm, so that none is missed.".to_owned(),
                all => format!("of {} with a rhythm none is stale.", counted(all, "source")),
            },
        ));
    }
    let why = |one: &&app::view::freshness::Source| {
        let reason = one.reason.as_deref().unwrap_or("nothing came");
        format!("{}: {reason}", one.name)
    };
    let says: Vec<String> = quiet.iter().map(why).chain(failing).collect();
    Ok(Finding::well("sources", format!("{}.", says.join("; ")))
        .fault("Push or import what is missing, or give the source a rhythm that it keeps."))
}

/// The connected sources that were not read whole the last time, and why.
async fn failing(tx: &mut Tx, case: &Case<'_>) -> store::Result<Vec<String>> {
    let mut failing = Vec::new();
    for source in &case.registry.sources {
        let latest = pulls::latest(tx, &source.name, 1).await?;
        let said = latest.into_iter().next().and_then(|own| own.said);
        failing.extend(said.map(|said| format!("{}: {said}", source.name)));
    }
    Ok(failing)
}

/// Records that could not be taken in, by stream.
pub(super) async fn set_aside(case: &Case<'_>) -> anyhow::Result<Finding> {
    let by_stream = raw::refused_by_stream(&mut case.db.read().await?).await?;
    if by_stream.is_empty() {
        return Ok(Finding::well("set aside", "no record was refused."));
    }
    let each = by_stream
        .iter()
        .map(|(stream, count)| format!("{count} of {stream}"));
    let says = format!(
        "records that could not be taken in: {}.",
        each.collect::<Vec<_>>().join(", ")
    );
    Ok(Finding::well("set aside", says).notice(
        "Each was answered to its sender with its field and reason; mend them there and send them again.",
    ))
}
