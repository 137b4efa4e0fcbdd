//! The weekly review: the answer, honestly, and the fixed table.

use app::view::review::{Group, Review, Row};
use chrono::{DateTime, Utc};

use super::answer::{Asked, answer};
use super::figure::{Ask, Series, span};
use super::scope::Scope;
use super::{Error, Result, parse_week};
use crate::figures;
use crate::metrics::catalogue::{CATALOGUE, Metric};
use crate::metrics::week::Week;
use crate::metrics::xmr;
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, raw};

/// Weeks of a sparkline.
const SPARKLINE_WEEKS: i32 = 12;

/// The review of a week, or of the latest complete one.
pub async fn review(
    db: &Db,
    week: Option<&str>,
    scope: Option<&str>,
    now_ms: i64,
) -> Result<Review> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let scope = Scope::parse(scope, &registry)?;
    let latest = calendar.week_of(now_ms).previous();
    let week = week.map(parse_week).transpose()?.unwrap_or(latest);
    if week > latest {
        return Err(Error::BadRequest(format!(
            "the review of {week}: reviews are of complete weeks, and the latest is {latest}"
        )));
    }
    let asked = Asked {
        registry: &registry,
        scope: &scope,
        week,
        now_ms,
    };
    let answer = answer(&mut tx, asked).await?;
    let span = span(&mut tx, &scope.id).await?;
    let mut groups: Vec<Group> = Vec::new();
    for metric in CATALOGUE {
        let row = row(&mut tx, &registry, now_ms, (metric, &scope, week)).await?;
        match groups
            .last_mut()
            .filter(|group| group.name == metric.group.name())
        {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                name: metric.group.name().to_owned(),
                rows: vec![row],
            }),
        }
    }
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let newest = raw::newest_at(&mut tx).await?;
    Ok(Review {
        week: week.to_string(),
        first_day: week.monday(),
        last_day: week.sunday(),
        previous_week: span
            .filter(|(first, _)| *first < week)
            .map(|_| week.previous().to_string()),
        next_week: (week < latest).then(|| week.next().to_string()),
        newest_week: span
            .map(|(_, last)| last.min(latest))
            .filter(|last| *last < week)
            .map(|last| last.to_string()),
        scope: scope.id.clone(),
        scope_name: scope.name.clone(),
        data_as_of: newest
            .and_then(DateTime::<Utc>::from_timestamp_millis)
            .map(|at| at.with_timezone(&calendar.zone(week)).fixed_offset()),
        time_zone: calendar.zone(week).name().to_owned(),
        answer,
        series_watched: rows()
            .filter(|row| row.usable_weeks as usize >= xmr::VERDICT_FROM)
            .count() as u32,
        groups,
    })
}

async fn row(
    tx: &mut Tx,
    registry: &Registry,
    now_ms: i64,
    (metric, scope, week): (&'static Metric, &Scope, Week),
) -> Result<Row> {
    let ask = Ask {
        metric,
        scope: &scope.id,
        segment: "all",
        from: week.plus(1 - SPARKLINE_WEEKS),
        to: week,
    };
    let series = Series::load(tx, registry, now_ms, ask).await?;
    Ok(Row {
        name: metric.name.to_owned(),
        figure: series.figure(week),
        records_noun: metric.records_noun.to_owned(),
        points: series.points(week, SPARKLINE_WEEKS),
        usable_weeks: u32::try_from(series.usable_weeks(week)).unwrap_or(u32::MAX),
        definition_url: format!("/definitions/{}", metric.id),
    })
}
