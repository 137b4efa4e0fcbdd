//! The limits of one series, and whether its reader may have them begin anew.

use app::backend::Reader;
use app::view::limits::{Limits, Proposal};

use super::answering::closed;
use super::chart::chart;
use super::explanation::Said;
use super::figure::{Ask, Series};
use super::people::Names;
use super::scope::Scope;
use super::{Result, metric};
use crate::figures;
use crate::metrics::week::Week;
use crate::store::Db;
use crate::store::registry;

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
    let said = Said::load(&mut tx, &registry, (ask.from, ask.to)).await?;
    let series = Series::load(&mut tx, &registry, now_ms, ask).await?;
    let names = Names::load(&mut tx).await?;
    Ok(Limits {
        name: metric.name.to_owned(),
        figure: series.figure(shown),
        chart: chart(&series, (&registry, &said), (shown, WEEKS)),
        weeks: weeks(running),
        sent: Proposal::default(),
        refused: None,
        closed_to_reader: closed(reader, &registry.dris_of_scope(&scope.id), &names),
        scope_name: scope.name,
    })
}

/// From the running week back.
fn weeks(running: Week) -> Vec<String> {
    (0..WEEKS)
        .map(|back| running.plus(-back).to_string())
        .collect()
}
