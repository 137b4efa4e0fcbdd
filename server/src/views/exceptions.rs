//! What needs attention: the series that stand out, of all that are watched.
//!
//! The company watches its own series and those of its workflows, a workflow or a service its own.
//! Each is judged at the latest week up to the shown one that has settled.

use std::cmp::Reverse;

use app::view::exceptions::{Exception, Exceptions};
use app::view::figure::State;
use app::view::signal::{Rule, Signal};

use super::figure::{Ask, Series};
use super::people::Names;
use super::scope::Scope;
use crate::metrics::catalogue::CATALOGUE;
use crate::metrics::week::Week;
use crate::metrics::xmr;
use crate::store::registry::Registry;
use crate::store::{self, Tx};

/// A scope's series, to be judged up to a week.
pub struct Watched {
    pub scope: Scope,
    /// Who answers for it, where one does.
    owner: Option<String>,
    /// One for each metric, in the catalogue's order.
    pub series: Vec<Series>,
}

/// What a scope watches, its own series first, each loaded over so many weeks up to the shown one.
pub async fn watched(
    tx: &mut Tx,
    registry: &Registry,
    now_ms: i64,
    (scope, week, weeks): (&Scope, Week, i32),
) -> store::Result<Vec<Watched>> {
    let mut scopes = vec![(scope.clone(), None)];
    if scope.id == "company" {
        let names = Names::load(tx).await?;
        let owner = |dri: &String| names.of(dri);
        let workflows = registry.workflows.iter();
        scopes.extend(workflows.map(|own| (Scope::of_workflow(own), own.dri.as_ref().map(owner))));
    }
    let mut all = Vec::with_capacity(scopes.len());
    for (scope, owner) in scopes {
        let mut series = Vec::with_capacity(CATALOGUE.len());
        for metric in CATALOGUE {
            let ask = Ask {
                metric,
                scope: &scope.id,
                segment: "all",
                from: week.plus(1 - weeks),
                to: week,
            };
            series.push(Series::load(tx, registry, now_ms, ask).await?);
        }
        all.push(Watched {
            scope,
            owner,
            series,
        });
    }
    Ok(all)
}

/// Which of them stand out.
pub fn exceptions(watched: &[Watched], shown: Week) -> Exceptions {
    let mut found = Exceptions::default();
    for within in watched {
        for series in &within.series {
            watch(&mut found, series, shown, within);
        }
    }
    found.found.sort_by_key(rank);
    found
}

/// Counts a series that has enough weeks for a verdict, and notes it where it stands out; of a stale
/// one nothing can be told.
fn watch(found: &mut Exceptions, series: &Series, shown: Week, within: &Watched) {
    let week = series.settled_to(shown);
    let always =
        series.metric().is_always_told() && series.figure(week).value.is_some_and(|own| own > 0.0);
    if always {
        found.found.push(always_told(series, week, within));
        return;
    }
    let usable_weeks = series.usable_weeks(week);
    if usable_weeks < xmr::VERDICT_FROM {
        return;
    }
    found.watched += 1;
    let Some(since) = series.since(week) else {
        return;
    };
    let figure = series.figure(week);
    if figure.state == State::Stale {
        return;
    }
    found.found.push(Exception {
        scope_name: within.scope.name.clone(),
        name: series.metric().name.to_owned(),
        figure,
        records_noun: series.metric().records_noun.to_owned(),
        usable_weeks: u32::try_from(usable_weeks).unwrap_or(u32::MAX),
        since: since.to_string(),
        owner: within.owner.clone(),
        is_always_told: false,
        explanation: None,
        explainers: Vec::new(),
    });
}

/// What is told each time, however usual it is.
fn always_told(series: &Series, week: Week, within: &Watched) -> Exception {
    Exception {
        scope_name: within.scope.name.clone(),
        name: series.metric().name.to_owned(),
        figure: series.figure(week),
        records_noun: series.metric().records_noun.to_owned(),
        usable_weeks: u32::try_from(series.usable_weeks(week)).unwrap_or(u32::MAX),
        since: week.to_string(),
        owner: within.owner.clone(),
        is_always_told: true,
        explanation: None,
        explainers: Vec::new(),
    }
}

/// What is told each time first, then outside the limits, then worse before better, then the latest; else they stay in the order
/// of scopes and of the catalogue.
fn rank(exception: &Exception) -> (bool, bool, u8, Reverse<String>) {
    let by_signal = match exception.figure.signal {
        Signal::Worse => 0,
        Signal::Better => 1,
        _ => 2,
    };
    (
        !exception.is_always_told,
        exception.figure.rule != Some(Rule::OutsideLimits),
        by_signal,
        Reverse(exception.figure.week.clone()),
    )
}
