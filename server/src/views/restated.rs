//! Restatements as pages show them.

use app::view::restated::Restatement;
use chrono::{DateTime, Utc};

use super::correction::standing;
use super::figure::{records_url, unit};
use super::{Result, metric};
use crate::metrics::week::{Calendar, Week};
use crate::store::figures::{Figure, Series};
use crate::store::registry::Company;
use crate::store::weeks::{self, Restatement as Stored};
use crate::store::{Tx, from_json};

/// What was restated of a week and scope, all segments together.
pub async fn of_week(
    tx: &mut Tx,
    (calendar, company): (&Calendar, &Company),
    (week, scope): (Week, &str),
) -> Result<Vec<Restatement>> {
    let all = weeks::restatements(tx, &week.to_string()).await?;
    let own = all
        .iter()
        .filter(|one| one.scope == scope && one.segment == "all");
    own.map(|one| shown(one, (calendar, company), week))
        .collect()
}

/// How one figure was restated.
pub async fn of_figure(
    tx: &mut Tx,
    (calendar, company): (&Calendar, &Company),
    (series, week): (Series<'_>, Week),
) -> Result<Vec<Restatement>> {
    let name = week.to_string();
    let all = weeks::restatements_between(tx, series, (&name, &name)).await?;
    all.iter()
        .map(|one| shown(one, (calendar, company), week))
        .collect()
}

fn shown(
    stored: &Stored,
    (calendar, company): (&Calendar, &Company),
    week: Week,
) -> Result<Restatement> {
    let metric = metric(&stored.metric)?;
    let read = |body| from_json::<Option<Figure>>("a restated figure", body);
    let at = DateTime::<Utc>::from_timestamp_millis(stored.restated_at).unwrap_or_default();
    Ok(Restatement {
        name: metric.name.to_owned(),
        unit: unit(metric.unit, company),
        before: read(&stored.old_body)?.as_ref().map(standing),
        after: read(&stored.new_body)?.as_ref().map(standing),
        at: at.with_timezone(&calendar.zone(week)).fixed_offset(),
        reason: stored.reason.clone(),
        records_url: records_url(&stored.metric, &stored.week, &stored.scope, &stored.segment),
    })
}
