//! The weekly review: the answer, honestly, and the fixed table.

use app::view::first_hour::FirstHour;
use app::view::frame::Generated;
use app::view::review::{ActsHead, Freeze, Group, Place, Review, Row};
use chrono::{DateTime, FixedOffset, Utc};

use super::actions::from_last_week;
use super::answer::{Asked, WEEKS_NEEDED, answer};
use super::exceptions::{exceptions, watched};
use super::explanation::{explainers, said_beside};
use super::figure::{Series, span};
use super::freshness::Sources;
use super::hop::hops;
use super::scope::Scope;
use super::{Error, Result, parse_week, restated};
use crate::figures;
use crate::metrics::catalogue;
use crate::metrics::freeze_time::FreezeTime;
use crate::metrics::week::{Calendar, Week};
use crate::store::registry::{self, Registry};
use crate::store::weeks::{self, Shown};
use crate::store::{Db, Tx, acts, from_json, raw};

/// Weeks of a sparkline.
pub(super) const SPARKLINE_WEEKS: i32 = 12;

/// The word for the latest complete week.
pub const LATEST: &str = "latest";

/// The review of a week, or of the latest complete one; of a frozen week what was shown then, with
/// what was restated since.
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
    let named = week.filter(|week| *week != LATEST);
    let week = named.map(parse_week).transpose()?.unwrap_or(latest);
    if week > latest {
        return Err(Error::NotYet(format!(
            "the review of {week}: reviews are of complete weeks, and the latest is {latest}"
        )));
    }
    let frozen = weeks::shown(&mut tx, &week.to_string(), &scope.id).await?;
    let shown = match frozen {
        Some(frozen) => told_since(&mut tx, &registry, (week, &scope), frozen).await?,
        None => said_now(&mut tx, &registry, (week, &scope), now_ms).await?,
    };
    let generated = registry.company.generated_seed;
    Ok(Review {
        next_week: (week < latest).then(|| week.next().to_string()),
        elsewhere: elsewhere(&registry, &scope),
        generated: generated.map(|seed| Generated { seed }),
        ..shown
    })
}

/// A frozen review, with what came since: restatements, a week before it, and what was said, which is
/// dated and so is shown whenever it was said.
async fn told_since(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope): (Week, &Scope),
    frozen: Shown,
) -> Result<Review> {
    let mut shown: Review = from_json("a frozen review", &frozen.body)?;
    if frozen.was_explained {
        said_beside(tx, registry, &mut shown.exceptions, week).await?;
    }
    explainers(registry, &mut shown.exceptions);
    if frozen.is_restated {
        let calendar = figures::calendar(&registry.company);
        shown.restatements =
            restated::of_week(tx, (&calendar, &registry.company), (week, &scope.id)).await?;
    }
    if shown.previous_week.is_none() {
        shown.previous_week = week_before(week, span(tx, &scope.id).await?);
    }
    Ok(shown)
}

/// The review as it is judged now, with what was said.
async fn said_now(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope): (Week, &Scope),
    now_ms: i64,
) -> Result<Review> {
    let mut shown = judged(tx, registry, (week, scope), now_ms).await?;
    said_beside(tx, registry, &mut shown.exceptions, week).await?;
    explainers(registry, &mut shown.exceptions);
    Ok(shown)
}

/// The review of a scope that freezes now, without what is made anew at each reading: the week after it
/// and what was restated.
pub async fn frozen_now(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope): (Week, &str),
    now_ms: i64,
) -> Result<Review> {
    let scope = Scope::parse(Some(scope), registry)?;
    let calendar = figures::calendar(&registry.company);
    let shown = said_now(tx, registry, (week, &scope), now_ms).await?;
    Ok(Review {
        freeze: Freeze::Frozen(local(&calendar, week.next(), now_ms)),
        ..shown
    })
}

/// The review as it is judged now.
async fn judged(
    tx: &mut Tx,
    registry: &Registry,
    (week, scope): (Week, &Scope),
    now_ms: i64,
) -> Result<Review> {
    let calendar = figures::calendar(&registry.company);
    let latest = calendar.week_of(now_ms).previous();
    let sources = Sources::load(tx, registry, now_ms).await?;
    let asked = Asked {
        registry,
        scope,
        week,
        now_ms,
        sources: &sources,
    };
    let answer = answer(tx, asked).await?;
    let span = span(tx, &scope.id).await?;
    let mut groups: Vec<Group> = Vec::new();
    let watched = watched(tx, registry, now_ms, (scope, week, SPARKLINE_WEEKS)).await?;
    let own = watched.iter().take(1).flat_map(|own| &own.series);
    for series in own.filter(|own| own.metric().group != catalogue::Group::Agents) {
        let (name, row) = (series.metric().group.name(), row(series, week));
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.rows.push(row),
            None => groups.push(Group {
                name: name.to_owned(),
                rows: vec![row],
            }),
        }
    }
    let newest = raw::newest_at(tx).await?;
    Ok(Review {
        week: week.to_string(),
        first_day: week.monday(),
        last_day: week.sunday(),
        previous_week: week_before(week, span),
        next_week: None,
        newest_week: span
            .map(|(_, last)| last.min(latest))
            .filter(|last| *last < week)
            .map(|last| last.to_string()),
        scope: scope.id.clone(),
        scope_name: scope.name.clone(),
        data_as_of: newest.map(|at_ms| local(&calendar, week, at_ms)),
        freeze: match newest {
            Some(_) if !scope.id.starts_with("service:") => {
                freezes(registry, &calendar, week, now_ms)
            }
            _ => Freeze::Never,
        },
        restatements: Vec::new(),
        acts_head: acts::head(tx).await?.map(acts_head),
        elsewhere: Vec::new(),
        generated: None,
        time_zone: calendar.zone(week).name().to_owned(),
        sources: sources.shown(),
        answer,
        exceptions: exceptions(&watched, week),
        hops: hops(&watched, registry, week),
        actions: from_last_week(tx, registry, (week, scope), now_ms).await?,
        groups,
        first_hour: newest.is_none().then(|| first_hour(registry)),
    })
}

/// The week before, when there is any record as old.
fn week_before(week: Week, span: Option<(Week, Week)>) -> Option<String> {
    let (first, _) = span?;
    (first < week).then(|| week.previous().to_string())
}

/// What is declared before anything has come.
fn first_hour(registry: &Registry) -> FirstHour {
    let services = registry.services.iter().map(|own| own.slug.clone());
    let workflows = registry
        .workflows
        .iter()
        .map(|own| Scope::of_workflow(own).name);
    FirstHour {
        services: services.collect(),
        workflows: workflows.collect(),
        verdict_weeks: WEEKS_NEEDED.unsigned_abs(),
    }
}

/// So many characters of a hash of 64 are enough to hold it against another.
const SHOWN_OF_HASH: usize = 12;

fn acts_head(head: acts::Head) -> ActsHead {
    ActsHead {
        number: u64::try_from(head.number).unwrap_or(0),
        hash: head.hash.chars().take(SHOWN_OF_HASH).collect(),
    }
}

/// The company, its workflows and services, but the one that is shown.
fn elsewhere(registry: &Registry, shown: &Scope) -> Vec<Place> {
    let all = std::iter::once(Scope::company(registry))
        .chain(registry.workflows.iter().map(Scope::of_workflow))
        .chain(registry.services.iter().map(Scope::of_service));
    all.filter(|scope| scope.id != shown.id)
        .map(|scope| Place {
            scope: scope.id,
            name: scope.name,
        })
        .collect()
}

/// When a week that is not frozen will be, as long as that lies ahead.
fn freezes(registry: &Registry, calendar: &Calendar, week: Week, now_ms: i64) -> Freeze {
    let time = FreezeTime::of(registry.company.freeze.as_deref());
    let at_ms = time.at_ms(calendar, week);
    if at_ms > now_ms && registry.company.generated_seed.is_none() {
        Freeze::Freezes(local(calendar, week.next(), at_ms))
    } else {
        Freeze::Never
    }
}

/// An instant in the company's time, as it is in a week.
pub(super) fn local(calendar: &Calendar, week: Week, at_ms: i64) -> DateTime<FixedOffset> {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&calendar.zone(week)).fixed_offset()
}

/// A metric's row up to a week.
pub(super) fn row(series: &Series, week: Week) -> Row {
    let metric = series.metric();
    Row {
        name: metric.name.to_owned(),
        figure: series.figure(week),
        records_noun: metric.records_noun.to_owned(),
        points: series.points(week, SPARKLINE_WEEKS),
        usable_weeks: u32::try_from(series.usable_weeks(week)).unwrap_or(u32::MAX),
        settles_on: series.settles_on(week),
        definition_url: format!("/definitions/{}", metric.id),
    }
}
