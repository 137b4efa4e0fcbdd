//! What a series is made of, read from the store.

use std::collections::BTreeMap;
use std::str::FromStr;

use super::{Ask, count, counted_span, scope};
use crate::figures;
use crate::metrics::catalogue::{Kind, Metric, Of};
use crate::metrics::week::Week;
use crate::store::figures::{self as stored, Series as Key};
use crate::store::links::approvals;
use crate::store::registry::Registry;
use crate::store::{Result, Tx, values, weeks as frozen};

/// When the events of a series happened, up to the last asked week, where it counts events.
pub(super) async fn events(tx: &mut Tx, ask: &Ask<'_>) -> Result<Vec<i64>> {
    if ask.metric.kind != Kind::Events || ask.segment != "all" {
        return Ok(Vec::new());
    }
    let to = ask.to.to_string();
    let by_week = values::between(tx, (ask.metric.id, ask.scope), ("", &to)).await?;
    Ok(by_week.into_values().flatten().collect())
}

/// Where people said that a process began anew.
pub(super) fn dividers(registry: &Registry, metric: &Metric, scope: &str) -> Vec<Week> {
    let own = registry.dividers_of(metric.id, scope);
    own.filter_map(|divider| Week::from_str(&divider.week).ok())
        .collect()
}

/// Why the asked figures were restated last, where they were.
pub(super) async fn restated(tx: &mut Tx, ask: &Ask<'_>) -> Result<BTreeMap<Week, String>> {
    let key = Key {
        metric: ask.metric.id,
        scope: ask.scope,
        segment: ask.segment,
    };
    let (from, to) = (ask.from.to_string(), ask.to.to_string());
    let all = frozen::restatements_between(tx, key, (&from, &to)).await?;
    let by_week = all
        .into_iter()
        .filter_map(|one| Some((Week::from_str(&one.week).ok()?, one.reason)));
    Ok(by_week.collect())
}

/// The approvals of the asked scope that waited at the end of an asked week, where they are asked for.
pub(super) async fn waiting(
    tx: &mut Tx,
    registry: &Registry,
    ask: &Ask<'_>,
) -> Result<Vec<(i64, Option<i64>)>> {
    let Of::Approval(_) = ask.metric.of else {
        return Ok(Vec::new());
    };
    let calendar = figures::calendar(&registry.company);
    let span = (calendar.end_ms(ask.from), calendar.end_ms(ask.to));
    let mut waiting = Vec::new();
    for own in approvals::waiting(tx, span).await? {
        if scope::covers(ask.scope, &own.service, &own.workflows)? {
            waiting.push((own.requested_at, own.decided_at));
        }
    }
    Ok(waiting)
}

/// Value and sample of a series up to a week, by week.
pub(super) async fn history(
    tx: &mut Tx,
    (metric, scope, segment): (&str, &str, &str),
    to: Week,
) -> Result<BTreeMap<Week, (Option<f64>, u64)>> {
    let key = Key {
        metric,
        scope,
        segment,
    };
    let rows = stored::history(tx, key, &to.to_string()).await?;
    let by_week = rows.into_iter().filter_map(|row| {
        Some((
            Week::from_str(&row.week).ok()?,
            (row.value, count(row.sample)),
        ))
    });
    Ok(by_week.collect())
}

/// The stored figures of a series, by week.
pub(super) async fn weeks(
    tx: &mut Tx,
    (metric, scope, segment): (&str, &str, &str),
    (from, to): (Week, Week),
) -> Result<BTreeMap<Week, stored::Figure>> {
    let key = Key {
        metric,
        scope,
        segment,
    };
    let rows = stored::between(tx, key, &from.to_string(), &to.to_string()).await?;
    let by_week = rows
        .into_iter()
        .filter_map(|row| Some((Week::from_str(&row.week).ok()?, row)));
    Ok(by_week.collect())
}

/// The first week with a record of a metric's stream; segments never move it, and of incidents and
/// defects it is the company's, in every scope.
pub(super) async fn first_week(tx: &mut Tx, asked: &Metric, scope: &str) -> Result<Option<Week>> {
    let (metric, scope) = match asked.of {
        Of::Merged(_) => ("changes_merged", scope),
        Of::Delivered(_) | Of::Deployed(_) | Of::Recovered(_) => ("deployment_frequency", scope),
        Of::Incident(_) => ("incident_frequency", "company"),
        Of::Defect(_) => ("defect_escape_rate", "company"),
        Of::Artifact(_) | Of::ArtifactThat(_) => ("evaluation_coverage", scope),
        Of::Run(_) | Of::RunThat(_) | Of::RunSums(_) => {
            // Each run is seen by what counts those that went too far, few as they are.
            let first = stored::first(tx, "above_tier_actions", scope).await?;
            return Ok(first.and_then(|week| Week::from_str(&week).ok()));
        }
        Of::SuiteRun(_) => (asked.id, scope),
        Of::Approval(_) => ("approval_wait", scope),
    };
    Ok(counted_span(tx, (metric, scope, "all"))
        .await?
        .map(|(first, _)| first))
}
