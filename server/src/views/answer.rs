//! The answer of a week and scope: which metrics decide, what they are compared over, and the
//! sentence with its reason.

mod beside;
mod decided;
mod words;

pub(super) use words::WEEKS_NEEDED;

use std::collections::BTreeMap;
use std::str::FromStr;

use app::view::answer::{
    Answer, AnswerDefinition, Compared, Side, Span as SpanSaid, Spans as SpansSaid, Word,
};
use app::view::review::Review;
use chrono::{DateTime, NaiveDate};

use super::figure::counted_span;
use super::freshness::{Lacking, Sources};
use super::scope::Scope;
use crate::figures;
use crate::metrics::answer::spans::{BASELINE_FROM, Baseline, Span, Spans};
use crate::metrics::answer::{
    self, Difference, Judged, MARGIN_POINTS, QualityWord, Question, Records, Rules, SpeedWord,
};
use crate::metrics::catalogue::{self, Kind, Metric};
use crate::metrics::proportion::Share;
use crate::metrics::shift::Shift;
use crate::metrics::week::Week;
use crate::store::figures::{self as stored, Series as Key};
use crate::store::registry::{self, Deciding, Registry};
use crate::store::{Db, Result, Tx, values};

/// What decides where nobody has said otherwise.
pub(super) const SPEED: &str = "change_lead_time";
pub(super) const QUALITY: &str = "change_fail_rate";
/// Earlier than any week there is.
const EARLIEST: &str = "0000";

/// Whose answer, of which week, judged when.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub registry: &'a Registry,
    pub scope: &'a Scope,
    pub week: Week,
    pub now_ms: i64,
    pub sources: &'a Sources,
}

/// How a review's answer came about: of a frozen week, as it was judged then.
pub(super) async fn definition(db: &Db, review: Review) -> super::Result<AnswerDefinition> {
    Ok(AnswerDefinition {
        decided: decided::decided(&mut db.read().await?, &review).await?,
        week: review.week,
        scope: review.scope,
        scope_name: review.scope_name,
        answer: review.answer,
        rule: answer::RULE.iter().map(|step| (*step).to_owned()).collect(),
    })
}

/// The answer with everything it stands on.
pub(super) async fn answer(tx: &mut Tx, asked: Asked<'_>) -> Result<Answer> {
    let (speed, quality) = deciding(asked);
    let margin_points = asked
        .registry
        .company
        .margin_points
        .unwrap_or(MARGIN_POINTS);
    let question = Question {
        speed: durations(tx, asked, speed).await?,
        quality: shares(tx, asked, quality).await?,
        baseline: baseline(tx, asked).await?,
        rules: Rules {
            margin_ratio: margin_points / 100.0,
            ..Rules::default()
        },
    };
    let found = answer::answer(&question);
    let mut said = Answer {
        sentence: found.sentence().to_owned(),
        reason: String::new(),
        beside: beside::beside(tx, asked, (&found, speed)).await?,
        missing: Vec::new(),
        speed: speed_side(speed, &found.speed, question.rules),
        quality: quality_side(quality, &found.quality, question.rules),
        margin_points,
    };
    let to_do = name_sources(asked, &mut said, [speed, quality]);
    said.reason = words::reason(&said);
    let gathering = gathering(asked, &question, [speed, quality]);
    said.missing = words::missing(&said, to_do, gathering);
    if found.quality.compared.is_ok() && fails_unseen(tx, quality).await? {
        said.missing.push(words::NO_INCIDENTS.to_owned());
    }
    if delivers_unseen(tx, asked.scope).await? {
        said.missing.push(words::NO_DEPLOYMENTS.to_owned());
    }
    Ok(said)
}

/// Whether failures decide and the company has never had an incident: what broke without being put
/// right by a deployment is then not known.
async fn fails_unseen(tx: &mut Tx, quality: &Metric) -> Result<bool> {
    let incidents = counted_span(tx, ("incident_frequency", "company", "all")).await?;
    Ok(quality.id == QUALITY && incidents.is_none())
}

/// Whether work was merged and nothing tells when it reached production.
async fn delivers_unseen(tx: &mut Tx, scope: &Scope) -> Result<bool> {
    let delivered = counted_span(tx, ("changes_delivered", &scope.id, "all")).await?;
    let merged = counted_span(tx, ("changes_merged", &scope.id, "all")).await?;
    Ok(delivered.is_none() && merged.is_some())
}

/// What the sources have not brought of a metric for the shown week.
fn lacking(asked: Asked<'_>, metric: &Metric) -> Option<Lacking> {
    let calendar = figures::calendar(&asked.registry.company);
    asked.sources.lacking(metric, calendar.end_ms(asked.week))
}

/// Says of each side which source is stale, or what is missing in part; answers what can be done.
fn name_sources(asked: Asked<'_>, said: &mut Answer, metrics: [&Metric; 2]) -> Vec<String> {
    let mut to_do: Vec<String> = Vec::new();
    for (side, metric) in [&mut said.speed, &mut said.quality]
        .into_iter()
        .zip(metrics)
    {
        match lacking(asked, metric) {
            Some(stale) if stale.is_stale => {
                side.why_not = Some(words::sentence(&stale.reason));
                to_do.extend(stale.to_do);
            }
            Some(part) => {
                let partial = format!("{} is partial: {}.", side.name, part.reason);
                said.beside.push(partial);
            }
            None => {}
        }
    }
    to_do.dedup();
    to_do
}

/// The metrics that decide: the workflow's own, else the company's, else the usual ones.
fn deciding(asked: Asked<'_>) -> (&'static Metric, &'static Metric) {
    let own = workflow(asked).and_then(|workflow| workflow.deciding.as_ref());
    let named = own.or(asked.registry.company.deciding.as_ref());
    let found = |id: fn(&Deciding) -> &String, usual: &str, may: fn(&Metric) -> bool| {
        let named = named.and_then(|deciding| catalogue::metric(id(deciding)));
        named
            .filter(|metric| may(metric))
            .or_else(|| catalogue::metric(usual))
    };
    let first = &catalogue::CATALOGUE[0];
    (
        found(|own| &own.speed, SPEED, Metric::is_duration).unwrap_or(first),
        found(
            |own| &own.quality,
            QUALITY,
            |metric| metric.kind == Kind::Ratio,
        )
        .unwrap_or(first),
    )
}

fn workflow(asked: Asked<'_>) -> Option<&registry::Workflow> {
    let slug = asked.scope.id.strip_prefix("workflow:")?;
    let mut all = asked.registry.workflows.iter();
    all.find(|workflow| workflow.slug == slug)
}

/// The newest week up to the shown one whose figures have settled.
fn settled_to(asked: Asked<'_>, metric: &Metric) -> Week {
    let calendar = figures::calendar(&asked.registry.company);
    let settling_ms = figures::settling_ms(metric, &asked.scope.id, asked.registry);
    figures::settled_to(&calendar, asked.week, (settling_ms, asked.now_ms))
}

async fn durations(tx: &mut Tx, asked: Asked<'_>, metric: &Metric) -> Result<Records<Vec<i64>>> {
    let key = (metric.id, asked.scope.id.as_str());
    let found = values::between(tx, key, (EARLIEST, &asked.week.to_string())).await?;
    Ok(Records {
        by_week: by_week(found),
        settled_to: settled_to(asked, metric),
        is_stale: is_stale(asked, metric),
    })
}

async fn shares(tx: &mut Tx, asked: Asked<'_>, metric: &Metric) -> Result<Records<Share>> {
    let key = Key {
        metric: metric.id,
        scope: &asked.scope.id,
        segment: "all",
    };
    let rows = stored::between(tx, key, EARLIEST, &asked.week.to_string()).await?;
    let count = |stored: Option<i64>| stored.and_then(|count| u64::try_from(count).ok());
    let found = rows.into_iter().filter_map(|row| {
        let share = Share {
            part: count(row.numerator)?,
            whole: count(row.denominator)?,
        };
        Some((row.week, share))
    });
    Ok(Records {
        by_week: by_week(found.collect()),
        settled_to: settled_to(asked, metric),
        is_stale: is_stale(asked, metric),
    })
}

fn is_stale(asked: Asked<'_>, metric: &Metric) -> bool {
    lacking(asked, metric).is_some_and(|lacking| lacking.is_stale)
}

fn by_week<R>(found: BTreeMap<String, R>) -> BTreeMap<Week, R> {
    let parsed = found
        .into_iter()
        .filter_map(|(week, records)| Some((Week::from_str(&week).ok()?, records)));
    parsed.collect()
}

/// What leadership set for the workflow or the company, else the weeks before the first mark of an
/// agent in this scope, else the first weeks.
async fn baseline(tx: &mut Tx, asked: Asked<'_>) -> Result<Baseline> {
    let own = workflow(asked).and_then(|workflow| workflow.baseline.as_ref());
    let set = own.or(asked.registry.company.baseline.as_ref());
    if let Some((from, to)) = set.and_then(|set| Some((week(&set.from)?, week(&set.to)?))) {
        return Ok(Baseline::Set(Span { from, to }));
    }
    let mut first: Option<Week> = None;
    for segment in ["agent", "assisted"] {
        let key = ("changes_merged", asked.scope.id.as_str(), segment);
        let found = counted_span(tx, key).await?.map(|(first, _)| first);
        first = match (first, found) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
    Ok(first.map_or(Baseline::First, Baseline::Before))
}

/// A week, or the week of a day.
fn week(text: &str) -> Option<Week> {
    let day = || text.parse().ok().map(Week::of_date);
    text.parse().ok().or_else(day)
}

/// How far the weeks have come that any answer needs, while there are too few.
struct Gathering {
    weeks: i64,
    /// The day from which there are enough, and settled.
    enough_from: NaiveDate,
}

fn gathering(asked: Asked<'_>, question: &Question, metrics: [&Metric; 2]) -> Option<Gathering> {
    let first = first_week(question)?;
    let calendar = figures::calendar(&asked.registry.company);
    let settling =
        metrics.map(|metric| figures::settling_ms(metric, &asked.scope.id, asked.registry));
    let last = first.plus(WEEKS_NEEDED - 1);
    let enough_from_ms = calendar.end_ms(last) + settling.into_iter().max()?;
    let enough_from = DateTime::from_timestamp_millis(enough_from_ms)?;
    let judged_ms = asked
        .now_ms
        .min(calendar.end_ms(asked.week) + settling.into_iter().max()?);
    (judged_ms < enough_from_ms).then(|| Gathering {
        weeks: (asked.week.monday() - first.monday()).num_days() / 7 + 1,
        enough_from: enough_from.with_timezone(&calendar.zone(last)).date_naive(),
    })
}

/// The first week in which both metrics have records and, where leadership set a baseline, not before
/// it; none where that is too short ever to tell.
fn first_week(question: &Question) -> Option<Week> {
    let speed = question.speed.by_week.keys().next();
    let quality = question.quality.by_week.keys().next();
    let first = speed.max(quality).copied()?;
    match question.baseline {
        Baseline::Set(span) if span.length() < BASELINE_FROM as u64 => None,
        Baseline::Set(span) => Some(first.max(span.from)),
        _ => Some(first),
    }
}

fn speed_side(metric: &Metric, judged: &Judged<SpeedWord, Shift>, rules: Rules) -> Side {
    let word = match judged.word {
        SpeedWord::Faster => Word::Faster,
        SpeedWord::Slower => Word::Slower,
        SpeedWord::NoVisibleChange => Word::NoVisibleChange,
        SpeedWord::CantTell => Word::CantTell,
    };
    let compared = judged.compared.as_ref().ok().map(|(spans, shift)| {
        let durations = Compared::Durations {
            ratio: shift.ratio,
            low: shift.low,
            high: shift.high,
            level_percent: rules.faster_or_slower.percent(),
        };
        (*spans, durations)
    });
    side(
        metric,
        word,
        compared,
        judged.compared.as_ref().err().map(ToString::to_string),
    )
}

fn quality_side(metric: &Metric, judged: &Judged<QualityWord, Difference>, rules: Rules) -> Side {
    let word = match judged.word {
        QualityWord::Sloppier => Word::Sloppier,
        QualityWord::NoSloppier => Word::NoSloppier,
        QualityWord::CantTell => Word::CantTell,
    };
    let compared = judged.compared.as_ref().ok().map(|(spans, difference)| {
        let shares = Compared::Shares {
            recent: [difference.recent.part, difference.recent.whole],
            baseline: [difference.baseline.part, difference.baseline.whole],
            sloppier: difference.sloppier_interval,
            sloppier_percent: rules.sloppier.percent(),
            no_sloppier: difference.no_sloppier_interval,
            no_sloppier_percent: rules.no_sloppier.percent(),
        };
        (*spans, shares)
    });
    side(
        metric,
        word,
        compared,
        judged.compared.as_ref().err().map(ToString::to_string),
    )
}

fn side(
    metric: &Metric,
    word: Word,
    compared: Option<(Spans, Compared)>,
    why_not: Option<String>,
) -> Side {
    let said = |span: Span, records| SpanSaid {
        from: span.from.to_string(),
        to: span.to.to_string(),
        records,
    };
    Side {
        metric: metric.id.to_owned(),
        name: metric.name.to_owned(),
        records_noun: metric.records_noun.to_owned(),
        word,
        spans: compared.map(|(spans, _)| SpansSaid {
            recent: said(spans.recent, spans.recent_records),
            baseline: said(spans.baseline, spans.baseline_records),
        }),
        compared: compared.map(|(_, compared)| compared),
        why_not,
    }
}
