//! Figures week by week, and reviews and lists as JSON and CSV: what leaves the page as data.

use app::view::figure::{Figure, Unit};
use app::view::money::decimal;
use app::view::records::Record;
use app::view::review::Review;
use serde::Serialize;

use super::figure::{Ask, Series, span};
use super::scope::{Scope, segment};
use super::{Error, Result, metric, parse_week};
use crate::figures;
use crate::metrics::week::Week;
use crate::store::{Db, registry};

/// The most weeks that are written at once: fifty years.
const MAX_WEEKS: usize = 2_600;

/// Which figures: a series, from one week to another, both included.
#[derive(Clone, Copy, Debug)]
pub struct Weeks<'a> {
    pub metric: &'a str,
    pub scope: Option<&'a str>,
    pub segment: Option<&'a str>,
    /// The first week with a record when absent.
    pub from: Option<&'a str>,
    /// The latest complete week when absent.
    pub to: Option<&'a str>,
}

/// The judged figures of a series, oldest first; none when there is no record yet and no week was named.
pub async fn figures(db: &Db, asked: Weeks<'_>, now_ms: i64) -> Result<Vec<Figure>> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let metric = metric(asked.metric)?;
    let scope = Scope::parse(asked.scope, &registry)?;
    let segment = segment(asked.segment)?;
    let first = span(&mut tx, &scope.id).await?.map(|(first, _)| first);
    let Some(from) = asked.from.map(parse_week).transpose()?.or(first) else {
        return Ok(Vec::new());
    };
    let to = asked
        .to
        .map(parse_week)
        .transpose()?
        .unwrap_or_else(|| calendar.week_of(now_ms).previous());
    let weeks: Vec<Week> = std::iter::successors(Some(from), |week| Some(week.next()))
        .take_while(|week| *week <= to)
        .take(MAX_WEEKS + 1)
        .collect();
    if weeks.len() > MAX_WEEKS {
        return Err(Error::BadRequest(format!(
            "{from} to {to} are more than {MAX_WEEKS} weeks; ask for fewer"
        )));
    }
    let ask = Ask {
        metric,
        scope: &scope.id,
        segment,
        from,
        to,
    };
    let series = Series::load(&mut tx, &registry, now_ms, ask).await?;
    Ok(weeks.into_iter().map(|week| series.figure(week)).collect())
}

/// A review as JSON: all that its page shows.
pub fn review_json(review: &Review) -> anyhow::Result<String> {
    Ok(serde_json::to_string(review)? + "\n")
}

/// A review as CSV: its fixed table, one figure a row.
pub fn review_csv(review: &Review) -> anyhow::Result<String> {
    let rows = review.groups.iter().flat_map(|group| &group.rows);
    figures_csv(rows.map(|row| &row.figure))
}

/// The header of figures; the order of [`FigureRow`].
const FIGURE_COLUMNS: &[&str] = &[
    "metric",
    "week",
    "scope",
    "segment",
    "value",
    "unit",
    "sample",
    "numerator",
    "denominator",
    "p90",
    "low",
    "high",
    "interval_low",
    "interval_high",
    "normal_range_low",
    "normal_range_high",
    "signal",
    "state",
    "settles",
    "reason",
    "definition_version",
    "records_url",
];

/// A figure as a row: pairs are spread over two columns, what is absent is empty.
#[derive(Serialize)]
struct FigureRow<'a> {
    metric: &'a str,
    week: &'a str,
    scope: &'a str,
    segment: &'a str,
    value: Option<Amount>,
    unit: Unit,
    sample: u64,
    numerator: Option<u64>,
    denominator: Option<u64>,
    p90: Option<Amount>,
    low: Option<Amount>,
    high: Option<Amount>,
    interval_low: Option<Amount>,
    interval_high: Option<Amount>,
    normal_range_low: Option<Amount>,
    normal_range_high: Option<Amount>,
    signal: app::view::signal::Signal,
    state: app::view::figure::State,
    settles: &'a str,
    reason: Option<&'a str>,
    definition_version: u32,
    records_url: &'a str,
}

/// A number, or a decimal text where it is money.
#[derive(Serialize)]
#[serde(untagged)]
enum Amount {
    Number(f64),
    Money(String),
}

impl Amount {
    fn of(own: Option<f64>, unit: Unit) -> Option<Amount> {
        own.map(|own| match unit {
            Unit::Money(_) => Amount::Money(decimal(own)),
            Unit::Count | Unit::Seconds | Unit::Ratio => Amount::Number(own),
        })
    }
}

/// Figures as CSV with a header.
pub fn figures_csv<'a>(figures: impl IntoIterator<Item = &'a Figure>) -> anyhow::Result<String> {
    csv(
        FIGURE_COLUMNS,
        figures.into_iter().map(|figure| {
            let amount = |own: Option<f64>| Amount::of(own, figure.unit);
            let [interval, range] = [figure.interval, figure.normal_range];
            FigureRow {
                metric: &figure.metric,
                week: &figure.week,
                scope: &figure.scope,
                segment: &figure.segment,
                value: amount(figure.value),
                unit: figure.unit,
                sample: figure.sample,
                numerator: figure.numerator,
                denominator: figure.denominator,
                p90: amount(figure.p90),
                low: amount(figure.low),
                high: amount(figure.high),
                interval_low: amount(interval.map(|[low, _]| low)),
                interval_high: amount(interval.map(|[_, high]| high)),
                normal_range_low: amount(range.map(|[low, _]| low)),
                normal_range_high: amount(range.map(|[_, high]| high)),
                signal: figure.signal,
                state: figure.state,
                settles: &figure.settles,
                reason: figure.reason.as_deref(),
                definition_version: figure.definition_version,
                records_url: &figure.records_url,
            }
        }),
    )
}

/// The header of records; the order of [`RecordRow`].
const RECORD_COLUMNS: &[&str] = &[
    "id",
    "kind",
    "title",
    "url",
    "at",
    "value",
    "unit",
    "coding",
    "pickup",
    "review",
    "deploy",
    "open",
    "agent_review",
    "reason",
    "segment",
    "evidence",
    "part",
    "whole",
];

/// A record as a row, its stages in seconds.
#[derive(Serialize)]
struct RecordRow<'a> {
    id: &'a str,
    kind: &'a str,
    title: Option<String>,
    url: Option<String>,
    at: &'a str,
    value: Option<Amount>,
    unit: Unit,
    coding: Option<f64>,
    pickup: Option<f64>,
    review: Option<f64>,
    deploy: Option<f64>,
    open: Option<f64>,
    agent_review: Option<f64>,
    reason: Option<&'a str>,
    segment: &'a str,
    evidence: String,
    part: Option<u64>,
    whole: Option<u64>,
}

/// Records as CSV with a header.
pub fn records_csv(records: &[Record]) -> anyhow::Result<String> {
    csv(
        RECORD_COLUMNS,
        records.iter().map(|record| {
            let stage = |name: &str| record.parts.get(name).and_then(serde_json::Value::as_f64);
            let sums = record.sums();
            RecordRow {
                id: &record.id,
                kind: &record.kind,
                title: record.title.as_deref().map(no_formula),
                url: record.url.as_deref().map(no_formula),
                at: &record.at,
                value: Amount::of(record.value, record.unit),
                unit: record.unit,
                coding: stage("coding"),
                pickup: stage("pickup"),
                review: stage("review"),
                deploy: stage("deploy"),
                open: stage("open"),
                agent_review: stage("agent_review"),
                reason: record.reason.as_deref(),
                segment: &record.segment,
                evidence: record
                    .evidence
                    .iter()
                    .map(|one| one.what.as_str())
                    .collect::<Vec<_>>()
                    .join("; "),
                part: sums.map(|[part, _]| part),
                whole: sums.map(|[_, whole]| whole),
            }
        }),
    )
}

/// A spreadsheet runs what begins like a formula; text from outside must not be one.
fn no_formula(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The header is written also when there is no row, so that a script finds its columns.
fn csv<T: Serialize>(columns: &[&str], rows: impl Iterator<Item = T>) -> anyhow::Result<String> {
    let mut writer = csv::WriterBuilder::new()
        .has_headers(false)
        .from_writer(Vec::new());
    writer.write_record(columns)?;
    for row in rows {
        writer.serialize(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_that_looks_like_a_formula_stays_text() {
        assert_eq!(no_formula("=HYPERLINK(\"x\")"), "'=HYPERLINK(\"x\")");
        assert_eq!(no_formula("Plain"), "Plain");
    }

    #[test]
    fn a_list_of_nothing_still_has_its_header() {
        assert_eq!(
            records_csv(&[]).unwrap().trim_end(),
            RECORD_COLUMNS.join(",")
        );
    }
}
