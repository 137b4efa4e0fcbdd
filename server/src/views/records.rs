//! The records behind a figure: as many as its sample, each with its contribution.

use app::backend::RecordsQuery;
use app::view::records::{Evidence, Record, Records, SegmentLink};
use serde_json::{Map, Value, json};

use super::figure::{Ask, Series, records_url, unit};
use super::scope::{SEGMENTS, Scope, segment};
use super::{Error, Result, metric, parse_week, rfc3339};
use crate::figures;
use crate::metrics::catalogue::Metric;
use crate::metrics::merged::Merged;
use crate::metrics::pool::scale;
use crate::metrics::pr_cycle_time::CycleTime;
use crate::metrics::week::{Calendar, Week};
use crate::store::links::{self, Listed};
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, from_json};

/// How many records a page lists.
pub const PAGE: u64 = 100;
/// How many left-out records a page lists.
const LEFT_OUT: usize = 100;
/// Weeks of the process chart.
const CHART_WEEKS: i32 = 26;

/// Which list: everything that names it, checked.
pub struct Asked {
    pub metric: &'static Metric,
    pub week: Week,
    pub scope: Scope,
    pub segment: &'static str,
    pub calendar: Calendar,
}

impl Asked {
    /// Checks what was asked for; the latest complete week when none was named.
    pub fn read(id: &str, query: &RecordsQuery, registry: &Registry, now_ms: i64) -> Result<Asked> {
        let calendar = figures::calendar(&registry.company);
        Ok(Asked {
            metric: metric(id)?,
            week: match query.week.as_deref() {
                Some(week) => parse_week(week)?,
                None => calendar.week_of(now_ms).previous(),
            },
            scope: Scope::parse(query.scope.as_deref(), registry)?,
            segment: segment(query.segment.as_deref())?,
            calendar,
        })
    }

    fn url(&self, path: &str, offset: u64) -> String {
        let query = format!(
            "week={}&scope={}&segment={}",
            self.week, self.scope.id, self.segment
        );
        if offset == 0 {
            format!("{path}?{query}")
        } else {
            format!("{path}?{query}&offset={offset}")
        }
    }
}

/// A figure's records, and those of its week, scope and segment that it leaves out.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct Lists {
    pub counted: Vec<Record>,
    pub left_out: Vec<Record>,
}

/// The page of one figure's records.
pub async fn page(db: &Db, id: &str, query: &RecordsQuery, now_ms: i64) -> Result<Records> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let asked = Asked::read(id, query, &registry, now_ms)?;
    let ask = Ask {
        metric: asked.metric,
        scope: &asked.scope.id,
        segment: asked.segment,
        from: asked.week.plus(1 - CHART_WEEKS),
        to: asked.week,
    };
    let series = Series::load(&mut tx, &asked.calendar, now_ms, ask).await?;
    let lists = lists(&mut tx, &asked).await?;
    let page = page_of(&asked, query.offset, &lists)?;
    let path = format!("/records/{}", asked.metric.id);
    let api = format!("/api/v1/records/{}", asked.metric.id);
    Ok(Records {
        name: asked.metric.name.to_owned(),
        figure: series.figure(asked.week),
        records_noun: asked.metric.records_noun.to_owned(),
        scope_name: asked.scope.name.clone(),
        points: series.points(asked.week, CHART_WEEKS),
        usable_weeks: u32::try_from(series.usable_weeks(asked.week)).unwrap_or(u32::MAX),
        offset: query.offset,
        previous_url: (query.offset > 0)
            .then(|| asked.url(&path, query.offset.saturating_sub(PAGE))),
        next_url: page.next_offset.map(|offset| asked.url(&path, offset)),
        records: page.records.to_vec(),
        left_out_count: lists.left_out.len() as u64,
        left_out: lists.left_out.into_iter().take(LEFT_OUT).collect(),
        csv_url: format!("{}&format=csv", asked.url(&api, 0)),
        json_url: asked.url(&api, 0),
        segments: segments(&mut tx, &asked, now_ms).await?,
        time_zone: asked.calendar.zone(asked.week).name().to_owned(),
        definition_url: format!("/definitions/{}", asked.metric.id),
    })
}

/// A page of a list.
pub struct Page<'a> {
    pub records: &'a [Record],
    /// Where the page after it begins.
    pub next_offset: Option<u64>,
    /// The API's address of the page after it.
    pub next_url: Option<String>,
}

/// The page of the counted records that begins at an offset.
pub fn page_of<'a>(asked: &Asked, offset: u64, lists: &'a Lists) -> Result<Page<'a>> {
    let all = lists.counted.len();
    let from = usize::try_from(offset)
        .ok()
        .filter(|from| *from == 0 || *from < all)
        .ok_or_else(|| {
            Error::BadRequest(format!(
                "the offset: the list has {all} records, so none begins at {offset}"
            ))
        })?;
    let to = all.min(from + PAGE as usize);
    let next_offset = (to < all).then_some(to as u64);
    let api = format!("/api/v1/records/{}", asked.metric.id);
    Ok(Page {
        records: &lists.counted[from..to],
        next_offset,
        next_url: next_offset.map(|offset| asked.url(&api, offset)),
    })
}

/// All records of the asked week, scope and segment, by instant, then id.
pub async fn lists(tx: &mut Tx, asked: &Asked) -> Result<Lists> {
    let (from_ms, to_ms) = (
        asked.calendar.start_ms(asked.week),
        asked.calendar.end_ms(asked.week),
    );
    let mut lists = Lists {
        counted: Vec::new(),
        left_out: Vec::new(),
    };
    let reviewed = links::reviewed_services(tx).await?;
    for listed in links::listed_between(tx, from_ms, to_ms).await? {
        if !within(&listed, asked)? {
            continue;
        }
        let Some(change) = figures::merged(&listed.link, &reviewed) else {
            continue;
        };
        let record = record(&listed, asked.metric, &change)?;
        match record.value {
            Some(_) => lists.counted.push(record),
            None => lists.left_out.push(record),
        }
    }
    Ok(lists)
}

fn within(listed: &Listed, asked: &Asked) -> Result<bool> {
    let in_segment = asked.segment == "all" || listed.link.segment == asked.segment;
    let in_scope = match asked.scope.id.split_once(':') {
        Some(("service", slug)) => listed.link.service == slug,
        Some((_, slug)) => from_json::<Vec<String>>("workflows", &listed.link.workflows)?
            .iter()
            .any(|own| own == slug),
        None => true,
    };
    Ok(in_segment && in_scope)
}

fn record(listed: &Listed, metric: &Metric, change: &Merged) -> Result<Record> {
    let evidence: Vec<Evidence> = from_json("evidence", &listed.link.evidence)?;
    let contribution = (metric.of_change)(change);
    let stage = change.time.reason.map(|reason| reason.sentence());
    Ok(Record {
        id: listed.link.change_id.clone(),
        kind: "change".to_owned(),
        title: listed.title.clone(),
        url: listed.url.clone(),
        at: rfc3339(listed.link.merged_at.unwrap_or_default()),
        value: contribution.ok().map(|own| own as f64 / scale(metric.unit)),
        unit: unit(metric.unit),
        parts: stages(&change.time),
        reason: contribution.err().or(stage).map(str::to_owned),
        segment: listed.link.segment.clone(),
        evidence,
        receipt_url: None,
    })
}

/// Seconds by stage; a stage that is not known is null.
fn stages(time: &CycleTime) -> Map<String, Value> {
    let stages = [
        ("coding", time.coding_ms),
        ("pickup", time.pickup_ms),
        ("review", time.review_ms),
        ("open", time.open_ms),
        ("agent_review", time.agent_review_ms),
    ];
    stages
        .into_iter()
        .map(|(name, ms)| (name.to_owned(), json!(ms.map(seconds))))
        .collect()
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}

async fn segments(tx: &mut Tx, asked: &Asked, now_ms: i64) -> Result<Vec<SegmentLink>> {
    let mut links = Vec::with_capacity(SEGMENTS.len());
    let week = asked.week.to_string();
    for segment in SEGMENTS {
        let ask = Ask {
            metric: asked.metric,
            scope: &asked.scope.id,
            segment,
            from: asked.week,
            to: asked.week,
        };
        let series = Series::load(tx, &asked.calendar, now_ms, ask).await?;
        links.push(SegmentLink {
            segment: segment.to_owned(),
            sample: series.figure(asked.week).sample,
            url: records_url(asked.metric.id, &week, &asked.scope.id, segment),
            current: segment == asked.segment,
        });
    }
    Ok(links)
}
