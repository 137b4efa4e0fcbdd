//! What is really true of a generated company, held against what its figures said week by week.

use app::view::demo::{Alarm, Chapter, Demo, Finding, Seen, Truth};
use app::view::figure::Figure;
use app::view::signal::Signal;
use chrono::NaiveDate;

use super::figure::{Ask, Series, span};
use super::scope::Scope;
use super::{Error, Result, metric};
use crate::figures;
use crate::metrics::week::Week;
use crate::store::registry::{self, Registry};
use crate::store::story::{self, Direction, Kind};
use crate::store::{Db, Tx};

/// The story and what was seen of it; a company that is not generated has none.
pub async fn page(db: &Db, now_ms: i64) -> Result<Demo> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let Some(seed) = registry.company.generated_seed else {
        return Err(Error::NotFound(
            "the truth of a generated company, which this one is not,".to_owned(),
        ));
    };
    let mut demo = Demo {
        seed,
        chapters: Vec::new(),
        quiet: Vec::new(),
    };
    for told in &registry.company.story {
        let chapter = chapter(&mut tx, &registry, now_ms, told).await?;
        match told.kind {
            Kind::NothingChanged => demo.quiet.push(chapter),
            Kind::FasterAndSloppier | Kind::FasterNoSloppier => demo.chapters.push(chapter),
        }
    }
    Ok(demo)
}

async fn chapter(
    tx: &mut Tx,
    registry: &Registry,
    now_ms: i64,
    told: &story::Chapter,
) -> Result<Chapter> {
    let scope = Scope::parse(Some(&format!("service:{}", told.service)), registry)?;
    let begins: NaiveDate = told
        .begins
        .parse()
        .map_err(|_| Error::NotFound(format!("a day like {:?}", told.begins)))?;
    let begins = Week::of_date(begins);
    let mut findings = Vec::with_capacity(told.metrics.len());
    for moved in &told.metrics {
        let verdicts = verdicts(tx, registry, now_ms, (&moved.metric, &scope.id)).await?;
        findings.push(Finding {
            name: metric(&moved.metric)?.name.to_owned(),
            ..finding(&verdicts, moved.direction, begins)
        });
    }
    Ok(Chapter {
        title: told.title.clone(),
        what: told.what.clone(),
        scope: scope.id,
        service_name: scope.name,
        begins: begins.to_string(),
        findings,
    })
}

/// A metric's weeks that have a verdict, each judged by what was known then, oldest first.
async fn verdicts(
    tx: &mut Tx,
    registry: &Registry,
    now_ms: i64,
    (id, scope): (&str, &str),
) -> Result<Vec<(Week, Figure)>> {
    let calendar = figures::calendar(&registry.company);
    let latest = calendar.week_of(now_ms).previous();
    let Some((first, _)) = span(tx, scope).await? else {
        return Ok(Vec::new());
    };
    let ask = Ask {
        metric: metric(id)?,
        scope,
        segment: "all",
        from: first,
        to: latest,
    };
    let series = Series::load(tx, registry, now_ms, ask).await?;
    let weeks = std::iter::successors(Some(first), |week| Some(week.next()));
    let judged = weeks
        .take_while(|week| *week <= latest)
        .map(|week| (week, series.figure(week)));
    let has_verdict = |figure: &Figure| {
        matches!(
            figure.signal,
            Signal::Better | Signal::Worse | Signal::Routine
        )
    };
    Ok(judged.filter(|(_, figure)| has_verdict(figure)).collect())
}

/// What was seen of a change that really came in a week, or of none at all.
fn finding(verdicts: &[(Week, Figure)], direction: Direction, begins: Week) -> Finding {
    let (truth, expected) = match direction {
        Direction::Better => (Truth::Better, Some(Signal::Better)),
        Direction::Worse => (Truth::Worse, Some(Signal::Worse)),
        Direction::Unchanged => (Truth::Unchanged, None),
    };
    let has_changed = |week: Week| expected.is_some() && week >= begins;
    let since = verdicts.iter().filter(|(week, _)| has_changed(*week));
    let quiet = verdicts.iter().filter(|(week, _)| !has_changed(*week));
    let seen = since
        .clone()
        .find(|(_, figure)| Some(figure.signal) == expected);
    Finding {
        name: String::new(),
        truth,
        seen: seen.map(|(week, figure)| Seen {
            week: week.to_string(),
            after_weeks: weeks_from(begins, *week),
            records_url: figure.records_url.clone(),
        }),
        weeks_since: since.count() as u64,
        quiet_weeks: quiet.clone().count() as u64,
        false_alarms: quiet
            .filter(|(_, figure)| figure.signal != Signal::Routine)
            .map(|(week, figure)| Alarm {
                week: week.to_string(),
                signal: figure.signal,
                records_url: figure.records_url.clone(),
            })
            .collect(),
    }
}

/// How many weeks it is from one to another, both counted.
fn weeks_from(first: Week, last: Week) -> u64 {
    let days = (last.monday() - first.monday()).num_days();
    u64::try_from(days / 7 + 1).unwrap_or(0)
}
