//! One workflow as its DRI sees it: what changed here, since when, and which items show it.

mod about;
mod agents;
mod failures;
mod form;
mod items;
mod list;
mod segments;

use app::backend::{Reader, WorkflowQuery};
use app::view::answer::Answer;
use app::view::records::Sort;
use app::view::review::Review;
use app::view::workflow::{Group, Measure, Reach, Stage, Workflow};

pub(super) use form::form;
pub(super) use list::list;

use super::answer::{Asked, answer};
use super::answering::answers;
use super::chart::chart;
use super::exceptions::{Watched, exceptions, watched};
use super::explanation::{Said, explainers, said_beside};
use super::figure::{span, unit};
use super::freshness::Sources;
use super::hop::{hops, parked};
use super::months::{months, weeks_back};
use super::records::{self, sort};
use super::scope::Scope;
use super::{Error, Result, parse_week};
use crate::figures;
use crate::metrics::catalogue::{self, Metric};
use crate::metrics::week::Week;
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, from_json, weeks};

/// The stages of a change, in their order, by metric and in words.
const STAGES: [(&str, &str); 4] = [
    ("stage_coding", "coding"),
    ("stage_pickup", "waiting for review"),
    ("stage_review", "review"),
    ("stage_deploy", "to production"),
];

/// The page of one workflow.
pub async fn page(
    db: &Db,
    (slug, query): (&str, &WorkflowQuery),
    (reader, now_ms): (&Reader, i64),
) -> Result<Workflow> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let own = registry
        .workflow(slug)
        .ok_or_else(|| Error::NotFound(format!("workflow {slug:?} in the registry")))?;
    let scope = Scope::of_workflow(own);
    let (week, latest) = week(&registry, query.week.as_deref(), now_ms)?;
    let sort = sort(query.sort.as_deref())?;
    let asked = Asked {
        registry: &registry,
        scope: &scope,
        week,
        now_ms,
        sources: &Sources::load(&mut tx, &registry, now_ms).await?,
    };
    let answer = shown_answer(&mut tx, asked).await?;
    let weeks = loaded_weeks(query.reach, week);
    let watched = watched(&mut tx, &registry, now_ms, (&scope, week, weeks)).await?;
    let measures = measures(&mut tx, &watched, asked, (own, query.reach)).await?;
    let mut exceptions = exceptions(&watched, week);
    said_beside(&mut tx, &registry, &mut exceptions, week).await?;
    explainers(&registry, &mut exceptions);
    let (failures, failure_count) = failures::failures(&mut tx, asked).await?;
    let calendar = figures::calendar(&registry.company);
    let first = span(&mut tx, &scope.id).await?.map(|(first, _)| first);
    let about = about::about(&mut tx, &registry, own, &measures).await?;
    let stages = stages(&measures);
    let audit = agents::audit(&measures);
    let (deciding, groups) = arranged(measures, &answer);
    let list = (deciding.as_slice(), &answer.speed, sort);
    Ok(Workflow {
        about,
        slug: slug.to_owned(),
        name: scope.name.clone(),
        week: week.to_string(),
        first_day: week.monday(),
        last_day: week.sunday(),
        previous_week: first.and_then(|first| (first < week).then(|| week.previous().to_string())),
        next_week: (week < latest).then(|| week.next().to_string()),
        reach: query.reach,
        sources: asked.sources.shown(),
        exceptions,
        hops: hops(&watched, &registry, week),
        parked: names(parked(own)),
        stages,
        segments: segments::segments(&mut tx, asked).await?,
        suites: agents::suites(&mut tx, own, asked).await?,
        audit,
        failures,
        failure_count,
        items: items::items(&mut tx, asked, list).await?,
        time_zone: calendar.zone(week).name().to_owned(),
        may_edit: answers(reader, &registry.dris_of_scope(&scope.id)),
        answer,
        deciding,
        groups,
    })
}

fn names(metrics: Vec<&'static Metric>) -> Vec<String> {
    let names = metrics.into_iter().map(|metric| metric.name.to_owned());
    names.collect()
}

/// A list of the week, by instant.
fn listed(asked: Asked<'_>, metric: &'static Metric) -> records::Asked {
    records::Asked {
        metric,
        week: asked.week,
        scope: asked.scope.clone(),
        segment: "all",
        sort: Sort::default(),
        calendar: figures::calendar(&asked.registry.company),
        unit: unit(metric.unit, &asked.registry.company),
    }
}

/// The asked week, or the latest complete one, which comes with it.
fn week(registry: &Registry, asked: Option<&str>, now_ms: i64) -> Result<(Week, Week)> {
    let latest = figures::calendar(&registry.company)
        .week_of(now_ms)
        .previous();
    let week = asked.map(parse_week).transpose()?.unwrap_or(latest);
    if week > latest {
        return Err(Error::NotYet(format!(
            "the workflow in {week}: workflows are shown in complete weeks, and the latest is {latest}"
        )));
    }
    Ok((week, latest))
}

/// The answer as it froze, or as it is judged now.
async fn shown_answer(tx: &mut Tx, asked: Asked<'_>) -> Result<Answer> {
    let frozen = weeks::frozen(tx, &asked.week.to_string(), &asked.scope.id).await?;
    Ok(match frozen {
        Some(frozen) => from_json::<Review>("a frozen review", &frozen.body)?.answer,
        None => answer(tx, asked).await?,
    })
}

/// How many weeks the charts show.
fn chart_weeks(reach: Reach) -> i32 {
    match reach {
        Reach::HalfAYear => 26,
        Reach::Year => 52,
        Reach::SixTwelve => 6,
    }
}

/// How many weeks the page needs to know.
fn loaded_weeks(reach: Reach, week: Week) -> i32 {
    match reach {
        Reach::HalfAYear | Reach::Year => chart_weeks(reach),
        Reach::SixTwelve => weeks_back(week),
    }
}

/// Every watched metric, in the catalogue's order, with the name of its group.
async fn measures(
    tx: &mut Tx,
    watched: &[Watched],
    asked: Asked<'_>,
    (own, reach): (&registry::Workflow, Reach),
) -> Result<Vec<(&'static str, Measure)>> {
    let (week, weeks) = (asked.week, chart_weeks(reach));
    let said = Said::load(tx, asked.registry, (week.plus(1 - weeks), week)).await?;
    let mut measures = Vec::new();
    for series in watched.iter().flat_map(|within| &within.series) {
        let metric = series.metric();
        let months = match reach {
            Reach::SixTwelve => Some(months(tx, series, week).await?),
            Reach::HalfAYear | Reach::Year => None,
        };
        let measure = Measure {
            name: metric.name.to_owned(),
            figure: series.figure(week),
            records_noun: metric.records_noun.to_owned(),
            settles_on: series.settles_on(week),
            definition_url: app::routes::definition(metric.id),
            chart: chart(series, (asked.registry, &said), (week, weeks)),
            months,
            does_not_apply: own
                .services
                .is_empty()
                .then(|| "Doesn’t apply: this workflow covers no service.".to_owned()),
        };
        measures.push((metric.group.name(), measure));
    }
    Ok(measures)
}

/// The metrics that decide by themselves, and the others in the groups of the review; of agents' own
/// those that have a value in any of its weeks.
fn arranged(measures: Vec<(&'static str, Measure)>, answer: &Answer) -> (Vec<Measure>, Vec<Group>) {
    let sides = [&answer.speed.metric, &answer.quality.metric];
    let (deciding, others): (Vec<_>, Vec<_>) = measures
        .into_iter()
        .partition(|(_, own)| sides.contains(&&own.figure.metric));
    let mut groups: Vec<Group> = Vec::new();
    let told = others.into_iter().filter(|(name, own)| {
        let is_of_agents = *name == catalogue::Group::Agents.name();
        !is_of_agents || own.chart.points.iter().any(|point| point.value.is_some())
    });
    for (name, measure) in told {
        match groups.last_mut().filter(|group| group.name == name) {
            Some(group) => group.measures.push(measure),
            None => groups.push(Group {
                name: name.to_owned(),
                measures: vec![measure],
            }),
        }
    }
    let deciding = deciding.into_iter().map(|(_, own)| own).collect();
    (deciding, groups)
}

/// Where the time goes, as far as it is known.
fn stages(measures: &[(&'static str, Measure)]) -> Vec<Stage> {
    let stage = |(metric, name): (&str, &str)| {
        let mut all = measures.iter().map(|(_, own)| own);
        let own = all.find(|own| own.figure.metric == metric)?;
        Some(Stage {
            name: name.to_owned(),
            figure: own.figure.clone(),
            records_noun: own.records_noun.clone(),
        })
    };
    STAGES.into_iter().filter_map(stage).collect()
}
