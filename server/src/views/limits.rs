//! The limits of one series, and whether its reader may have them begin anew.

use app::backend::Reader;
use app::view::limits::{Limits, Proposal};

use super::chart::chart;
use super::figure::{Ask, Series};
use super::scope::Scope;
use super::workflow::may_edit;
use super::{Result, metric};
use crate::figures;
use crate::metrics::week::Week;
use crate::store::Db;
use crate::store::registry::{self, Registry};

/// Weeks of the chart, and the weeks that a divider may be set at.
const WEEKS: i32 = 52;

/// The page of one series.
pub async fn page(
    db: &Db,
    (id, scope): (&str, Option<&str>),
    reader: &Reader,
    now_ms: i64,
) -> Result<Limits> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let metric = metric(id)?;
    let scope = Scope::parse(scope, &registry)?;
    let running = figures::calendar(&registry.company).week_of(now_ms);
    let shown = running.previous();
    let ask = Ask {
        metric,
        scope: &scope.id,
        segment: "all",
        from: shown.plus(1 - WEEKS),
        to: shown,
    };
    let series = Series::load(&mut tx, &registry, now_ms, ask).await?;
    Ok(Limits {
        name: metric.name.to_owned(),
        figure: series.figure(shown),
        chart: chart(&series, &registry, (shown, WEEKS)),
        weeks: weeks(running),
        sent: Proposal::default(),
        refused: None,
        closed_to_reader: (!may_propose(&registry, &scope, reader))
            .then(|| "the DRI of the workflow, and by an operator".to_owned()),
        scope_name: scope.name,
    })
}

/// From the running week back.
fn weeks(running: Week) -> Vec<String> {
    (0..WEEKS)
        .map(|back| running.plus(-back).to_string())
        .collect()
}

/// The DRI of a workflow, for the workflow; an operator, for everything.
fn may_propose(registry: &Registry, scope: &Scope, reader: &Reader) -> bool {
    let workflow = scope.id.strip_prefix("workflow:");
    let workflow = workflow.and_then(|slug| registry.workflow(slug));
    workflow.map_or(reader.is_operator(), |own| may_edit(own, reader))
}
