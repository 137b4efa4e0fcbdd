//! A week of a series with what was said about it, and what was said about all that stands out.

use app::backend::{ExplanationQuery, Reader};
use app::view::exceptions::Exceptions;
use app::view::explanation::{Cause, Explanation, Written};

use super::answering::closed;
use super::figure::{Ask, Series};
use super::people::Names;
use super::review::{local, row};
use super::scope::Scope;
use super::{Error, Result, metric, parse_week};
use crate::figures;
use crate::metrics::week::{Calendar, Week};
use crate::store::explanations::{self as stored, Explanation as Stored, Subject};
use crate::store::registry::{self, Registry};
use crate::store::{self, Db, Tx};

/// The page of one week of a series.
pub async fn page(
    db: &Db,
    query: &ExplanationQuery,
    reader: &Reader,
    now_ms: i64,
) -> Result<Explanation> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let metric = metric(&query.metric)?;
    let scope = Scope::parse(query.scope.as_deref(), &registry)?;
    let latest = calendar.week_of(now_ms).previous();
    let asked = query.week.as_deref().map(parse_week).transpose()?;
    let week = asked.unwrap_or(latest);
    if week > latest {
        return Err(Error::BadRequest(format!(
            "an explanation of {week}: only complete weeks are explained, and the latest is {latest}"
        )));
    }
    let ask = Ask {
        metric,
        scope: &scope.id,
        segment: "all",
        from: week.plus(1 - super::review::SPARKLINE_WEEKS),
        to: week,
    };
    let series = Series::load(&mut tx, &registry, now_ms, ask).await?;
    let names = Names::load(&mut tx).await?;
    let week_name = week.to_string();
    let subject = Subject {
        metric: metric.id,
        scope: &scope.id,
        week: &week_name,
    };
    let said = stored::of(&mut tx, subject).await?;
    let said = said.into_iter().map(|one| written(one, &calendar, &names));
    Ok(Explanation {
        row: row(&series, week),
        written: said.collect(),
        closed_to_reader: closed(reader, &registry.dris_of_scope(&scope.id), &names),
        scope_name: scope.name,
        time_zone: calendar.zone(week).name().to_owned(),
        asked: None,
    })
}

/// Puts beside each series that stands out the newest that was said about a week its signal rests on,
/// up to the shown one, and who may say something.
pub async fn beside(
    tx: &mut Tx,
    registry: &Registry,
    exceptions: &mut Exceptions,
    shown: Week,
) -> store::Result<()> {
    let Some(first) = exceptions.found.iter().map(|one| one.since.clone()).min() else {
        return Ok(());
    };
    let calendar = figures::calendar(&registry.company);
    let names = Names::load(tx).await?;
    let said = stored::between(tx, (&first, &shown.to_string())).await?;
    for one in &mut exceptions.found {
        let about = |said: &&Stored| {
            said.metric == one.figure.metric
                && said.scope == one.figure.scope
                && said.week >= one.since
        };
        let newest = said.iter().find(about).cloned();
        one.explanation = newest.map(|said| written(said, &calendar, &names));
        let dris = registry.dris_of_scope(&one.figure.scope);
        one.explainers = dris.into_iter().map(str::to_lowercase).collect();
    }
    Ok(())
}

fn written(stored: Stored, calendar: &Calendar, names: &Names) -> Written {
    Written {
        cause: match stored.cause.as_str() {
            "known_cause" => Cause::KnownCause,
            _ => Cause::StillLooking,
        },
        by: names.of(&stored.written_by),
        at: local(
            calendar,
            calendar.week_of(stored.written_at),
            stored.written_at,
        ),
        week: stored.week,
        said: stored.said,
    }
}
