//! A week of a series with what was said about it, and what was said about all that stands out.

use std::collections::BTreeMap;

use app::backend::{ExplanationQuery, Reader};
use app::view::exceptions::Exceptions;
use app::view::explanation::{Cause, Explanation, Written};
use app::view::figure::Figure;

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
        return Err(Error::NotYet(format!(
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

/// What was said about any series in some weeks.
pub(super) struct Said {
    /// The newest first.
    all: Vec<Stored>,
    calendar: Calendar,
    names: Names,
}

impl Said {
    /// From one week to another, both included.
    pub async fn load(
        tx: &mut Tx,
        registry: &Registry,
        (from, to): (Week, Week),
    ) -> store::Result<Said> {
        let all = stored::between(tx, (&from.to_string(), &to.to_string())).await?;
        let names = match all.as_slice() {
            [] => Names::default(),
            _ => Names::load(tx).await?,
        };
        Ok(Said {
            all,
            calendar: figures::calendar(&registry.company),
            names,
        })
    }

    /// The newest word about a series from a week on.
    fn newest(&self, figure: &Figure, since: &str) -> Option<Written> {
        let own = self.of(&figure.metric, &figure.scope);
        let newest = own.into_iter().find(|said| said.week.as_str() >= since);
        newest.map(|said| self.written(said))
    }

    /// The newest word about each week of a series, in the order of the weeks.
    pub fn by_week(&self, metric: &str, scope: &str) -> Vec<Written> {
        let mut by_week: BTreeMap<&str, &Stored> = BTreeMap::new();
        for said in self.of(metric, scope) {
            by_week.entry(&said.week).or_insert(said);
        }
        by_week
            .into_values()
            .map(|said| self.written(said))
            .collect()
    }

    fn of(&self, metric: &str, scope: &str) -> Vec<&Stored> {
        let own = |said: &&Stored| said.metric == metric && said.scope == scope;
        self.all.iter().filter(own).collect()
    }

    fn written(&self, said: &Stored) -> Written {
        written(said.clone(), &self.calendar, &self.names)
    }
}

/// Puts beside each series that stands out the newest that was said about a week its signal rests on,
/// up to the shown one.
pub(super) async fn said_beside(
    tx: &mut Tx,
    registry: &Registry,
    exceptions: &mut Exceptions,
    shown: Week,
) -> store::Result<()> {
    let since = exceptions.found.iter().map(|one| one.since.as_str());
    let Some(first) = since.filter_map(|week| week.parse().ok()).min() else {
        return Ok(());
    };
    let said = Said::load(tx, registry, (first, shown)).await?;
    for one in &mut exceptions.found {
        one.explanation = said.newest(&one.figure, &one.since);
    }
    Ok(())
}

/// Names beside each series that stands out who may say something about it now.
pub(super) fn explainers(registry: &Registry, exceptions: &mut Exceptions) {
    for one in &mut exceptions.found {
        let dris = registry.dris_of_scope(&one.figure.scope);
        one.explainers = dris.into_iter().map(str::to_lowercase).collect();
    }
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
