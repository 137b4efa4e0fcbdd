//! What needs attention: the series that stand out, of all that are watched.
//!
//! The company watches its own series and those of its workflows, a workflow or a service its own.
//! Each is judged at the latest week up to the shown one that has settled.

use std::cmp::Reverse;

use app::view::exceptions::{Exception, Exceptions};
use app::view::signal::{Rule, Signal};

use super::figure::{Ask, Series};
use super::scope::Scope;
use crate::metrics::catalogue::CATALOGUE;
use crate::metrics::week::Week;
use crate::metrics::xmr;
use crate::store::registry::Registry;
use crate::store::{self, Tx};

/// The series of a scope and week that stand out. `own` are those of the scope itself.
pub async fn exceptions(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope, own): (Week, &Scope, &[Series]),
    now_ms: i64,
) -> store::Result<Exceptions> {
    let mut found = Exceptions::default();
    own.iter()
        .for_each(|series| watch(&mut found, series, week, (scope, None)));
    if scope.id == "company" {
        for workflow in &registry.workflows {
            let within = Scope::of_workflow(workflow);
            for series in of_scope(tx, registry, now_ms, (&within.id, week)).await? {
                watch(&mut found, &series, week, (&within, workflow.dri.clone()));
            }
        }
    }
    found.found.sort_by_key(rank);
    Ok(found)
}

/// Every metric's series in a scope, to be judged up to a week.
pub async fn of_scope(
    tx: &mut Tx,
    registry: &Registry,
    now_ms: i64,
    (scope, week): (&str, Week),
) -> store::Result<Vec<Series>> {
    let mut all = Vec::with_capacity(CATALOGUE.len());
    for metric in CATALOGUE {
        let ask = Ask {
            metric,
            scope,
            segment: "all",
            from: week.plus(1 - super::review::SPARKLINE_WEEKS),
            to: week,
        };
        all.push(Series::load(tx, registry, now_ms, ask).await?);
    }
    Ok(all)
}

/// Counts a series that has enough weeks for a verdict, and notes it where it stands out.
fn watch(
    found: &mut Exceptions,
    series: &Series,
    shown: Week,
    (scope, owner): (&Scope, Option<String>),
) {
    let week = series.settled_to(shown);
    let usable_weeks = series.usable_weeks(week);
    if usable_weeks < xmr::VERDICT_FROM {
        return;
    }
    found.watched += 1;
    let Some(since) = series.since(week) else {
        return;
    };
    found.found.push(Exception {
        scope_name: scope.name.clone(),
        name: series.metric().name.to_owned(),
        figure: series.figure(week),
        records_noun: series.metric().records_noun.to_owned(),
        usable_weeks: u32::try_from(usable_weeks).unwrap_or(u32::MAX),
        since: since.to_string(),
        owner,
    });
}

/// Outside the limits first, then worse before better, then the latest; else they stay in the order
/// of scopes and of the catalogue.
fn rank(exception: &Exception) -> (bool, u8, Reverse<String>) {
    let by_signal = match exception.figure.signal {
        Signal::Worse => 0,
        Signal::Better => 1,
        _ => 2,
    };
    (
        exception.figure.rule != Some(Rule::OutsideLimits),
        by_signal,
        Reverse(exception.figure.week.clone()),
    )
}
