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
use crate::store::{self, Db, Tx, from_json};

/// How many records a page lists.
pub const PAGE: u64 = 100;
/// How many left-out records a page lists.
const LEFT_OUT: u64 = 100;
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

/// A figure's records, and those of its week, scope and segment that it leaves out: as many of both
/// as were asked for, and how many there are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lists {
    pub counted: Vec<Record>,
    pub counted_count: u64,
    pub left_out: Vec<Record>,
    pub left_out_count: u64,
}

/// Which part of the lists is made: a week may hold thousands of records, and a page shows few.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    /// The first counted record, and how many.
    offset: u64,
    counted: u64,
    left_out: u64,
}

impl Part {
    pub const WHOLE: Part = Part {
        offset: 0,
        counted: u64::MAX,
        left_out: u64::MAX,
    };

    /// One page of counted records, and all that were left out.
    pub fn page(offset: u64) -> Part {
        Part {
            offset,
            counted: PAGE,
            ..Part::WHOLE
        }
    }

    fn holds(self, place: u64) -> bool {
        place >= self.offset && place - self.offset < self.counted
    }
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
    let part = Part {
        left_out: LEFT_OUT,
        ..Part::page(query.offset)
    };
    let lists = lists(&mut tx, &asked, part).await?;
    let next = next_offset(query.offset, &lists)?;
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
        next_url: next.map(|offset| asked.url(&path, offset)),
        records: lists.counted,
        left_out_count: lists.left_out_count,
        left_out: lists.left_out,
        csv_url: format!("{}&format=csv", asked.url(&api, 0)),
        json_url: asked.url(&api, 0),
        segments: segments(&mut tx, &asked, now_ms).await?,
        time_zone: asked.calendar.zone(asked.week).name().to_owned(),
        definition_url: format!("/definitions/{}", asked.metric.id),
    })
}

/// Where the page after the one that begins at this offset begins, if there is one.
fn next_offset(offset: u64, lists: &Lists) -> Result<Option<u64>> {
    let all = lists.counted_count;
    if offset > 0 && offset >= all {
        return Err(Error::BadRequest(format!(
            "the offset: the list has {all} records, so none begins at {offset}"
        )));
    }
    let next = offset.saturating_add(PAGE);
    Ok((next < all).then_some(next))
}

/// The API's address of the page after the one that begins at this offset.
pub fn next_url(asked: &Asked, offset: u64, lists: &Lists) -> Result<Option<String>> {
    let api = format!("/api/v1/records/{}", asked.metric.id);
    let next = next_offset(offset, lists)?;
    Ok(next.map(|offset| asked.url(&api, offset)))
}

/// The records of the asked week, scope and segment, by instant, then id.
pub async fn lists(tx: &mut Tx, asked: &Asked, part: Part) -> Result<Lists> {
    let (from_ms, to_ms) = (
        asked.calendar.start_ms(asked.week),
        asked.calendar.end_ms(asked.week),
    );
    let reviewed = links::reviewed_services(tx).await?;
    let mut lists = Lists::default();
    links::listed_between(tx, from_ms, to_ms, |listed| {
        match figures::merged(&listed.link, &reviewed) {
            Some(change) if within(&listed, asked)? => {
                lists.add((&listed, &change), asked.metric, part)
            }
            _ => Ok(()),
        }
    })
    .await?;
    Ok(lists)
}

impl Lists {
    fn add(
        &mut self,
        (listed, change): (&Listed, &Merged),
        metric: &Metric,
        part: Part,
    ) -> store::Result<()> {
        if (metric.of_change)(change).is_ok() {
            if part.holds(self.counted_count) {
                self.counted.push(record(listed, change, metric)?);
            }
            self.counted_count += 1;
        } else {
            if self.left_out_count < part.left_out {
                self.left_out.push(record(listed, change, metric)?);
            }
            self.left_out_count += 1;
        }
        Ok(())
    }
}

fn within(listed: &Listed, asked: &Asked) -> store::Result<bool> {
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

fn record(listed: &Listed, change: &Merged, metric: &Metric) -> store::Result<Record> {
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
