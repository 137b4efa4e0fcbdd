//! The records behind a figure: as many as its sample, each with its contribution.

mod approvals;
mod artifacts;
mod changes;
mod defects;
mod deployments;
mod incidents;
mod order;
mod runs;
mod suite_runs;

use app::backend::RecordsQuery;
use app::routes;
use app::view::figure::Unit;
use app::view::records::{Column, Record, Records, SegmentLink, Sort};

use super::chart::chart;
use super::explanation::Said;
use super::figure::{Ask, Series, unit};
use super::review::local;
use super::scope::{SEGMENTS, Scope, segment};
pub(super) use deployments::{evidence as deployment_evidence, title as deployment_title};

use super::{Error, Result, metric, parse_week, receipt, restated};
use crate::figures;
use crate::metrics::catalogue::{Metric, Of};
use crate::metrics::pool::scale;
use crate::metrics::week::{Calendar, Week};
use crate::metrics::{Contribution, Sums};
use crate::store::figures::Series as Key;
use crate::store::registry::{self, Registry};
use crate::store::{self, Db, Tx, raw};

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
    pub sort: Sort,
    pub calendar: Calendar,
    /// What the records' values are counted in.
    pub unit: Unit,
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
            sort: sort(query.sort.as_deref())?,
            calendar,
            unit: unit(metric(id)?.unit, &registry.company),
        })
    }

    fn series(&self) -> Key<'_> {
        Key {
            metric: self.metric.id,
            scope: &self.scope.id,
            segment: self.segment,
        }
    }

    /// What an address says of the list from this offset on.
    fn query(&self, offset: u64) -> RecordsQuery {
        RecordsQuery {
            week: Some(self.week.to_string()),
            scope: Some(self.scope.id.clone()),
            segment: Some(self.segment.to_owned()),
            sort: self.sort.carried(),
            offset,
        }
    }

    fn url(&self, offset: u64) -> String {
        routes::records(self.metric.id, &self.query(offset))
    }

    /// The list as data, from this offset on.
    fn url_as(&self, format: &str, offset: u64) -> String {
        routes::records_as(format, self.metric.id, &self.query(offset))
    }
}

/// The order that was asked for; that of the instants when none was.
pub(super) fn sort(asked: Option<&str>) -> Result<Sort> {
    let Some(name) = asked else {
        return Ok(Sort::default());
    };
    Sort::named(name).ok_or_else(|| {
        let columns = Column::ALL.map(Column::name).join(", ");
        Error::BadRequest(format!(
            "the sort {name:?}: lists are sorted by {columns}, or the other way round with - before it"
        ))
    })
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

    /// The counted records of it, of all there are.
    fn of(self, all: impl Iterator<Item = Record>) -> impl Iterator<Item = Record> {
        let places =
            [self.offset, self.counted].map(|count| usize::try_from(count).unwrap_or(usize::MAX));
        all.skip(places[0]).take(places[1])
    }

    /// The first counted records alone.
    pub fn first(counted: u64) -> Part {
        Part {
            counted,
            left_out: 0,
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
    let said = Said::load(&mut tx, &registry, (ask.from, ask.to)).await?;
    let series = Series::load(&mut tx, &registry, now_ms, ask).await?;
    let part = Part {
        left_out: LEFT_OUT,
        ..Part::page(query.offset)
    };
    let lists = lists(&mut tx, &asked, part).await?;
    let next = next_offset(query.offset, &lists)?;
    let of = (asked.series(), asked.week);
    Ok(Records {
        name: asked.metric.name.to_owned(),
        figure: series.figure(asked.week),
        records_noun: asked.metric.records_noun.to_owned(),
        scope_name: asked.scope.name.clone(),
        chart: chart(&series, (&registry, &said), (asked.week, CHART_WEEKS)),
        data_as_of: raw::newest_at(&mut tx)
            .await?
            .map(|at_ms| local(&asked.calendar, asked.week, at_ms)),
        settles_on: series.settles_on(asked.week),
        offset: query.offset,
        sort: asked.sort,
        previous_url: (query.offset > 0).then(|| asked.url(query.offset.saturating_sub(PAGE))),
        next_url: next.map(|offset| asked.url(offset)),
        records: lists.counted,
        left_out_count: lists.left_out_count,
        left_out: lists.left_out,
        restatements: restated::of_figure(&mut tx, (&asked.calendar, &registry.company), of)
            .await?,
        csv_url: asked.url_as("csv", 0),
        json_url: asked.url_as("json", 0),
        segments: segments(&mut tx, &registry, &asked, now_ms).await?,
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
    let next = next_offset(offset, lists)?;
    Ok(next.map(|offset| asked.url_as("json", offset)))
}

/// The records of the asked week, scope and segment: those that count in the asked order, those that
/// do not by instant, then id.
pub async fn lists(tx: &mut Tx, asked: &Asked, part: Part) -> Result<Lists> {
    if asked.sort == Sort::default() {
        return by_instant(tx, asked, part).await;
    }
    // Which records another order begins with is known once all are.
    let all = Part {
        left_out: part.left_out,
        ..Part::WHOLE
    };
    let whole = by_instant(tx, asked, all).await?;
    let sorted = order::sorted(whole.counted, asked.sort).into_iter();
    Ok(Lists {
        counted: part.of(sorted).collect(),
        ..whole
    })
}

async fn by_instant(tx: &mut Tx, asked: &Asked, part: Part) -> Result<Lists> {
    let span = (
        asked.calendar.start_ms(asked.week),
        asked.calendar.end_ms(asked.week),
    );
    let mut adding = Adding {
        asked,
        part,
        lists: Lists::default(),
    };
    match asked.metric.of {
        Of::Merged(of) => changes::merged(tx, span, &mut adding, of).await?,
        Of::Delivered(of) => changes::delivered(tx, span, &mut adding, of).await?,
        Of::Deployed(of) => deployments::finished(tx, span, &mut adding, of).await?,
        Of::Recovered(of) => deployments::recovered(tx, span, &mut adding, of).await?,
        Of::Incident(of) => incidents::started(tx, span, &mut adding, of).await?,
        Of::Defect(of) => defects::found(tx, span, &mut adding, of).await?,
        Of::Artifact(of) => artifacts::landed(tx, span, &mut adding, |own| Some(of(own))).await?,
        Of::ArtifactThat(counts) => {
            artifacts::landed(tx, span, &mut adding, |own| counts(own).then_some(Ok(1))).await?
        }
        Of::Run(of) => runs::started(tx, span, &mut adding, |own| Some(Adds::One(of(own)))).await?,
        Of::RunThat(counts) => {
            runs::started(tx, span, &mut adding, |own| {
                counts(own).then_some(Adds::One(Ok(1)))
            })
            .await?
        }
        Of::RunSums(of) => {
            runs::started(tx, span, &mut adding, |own| Some(Adds::Sums(of(own)))).await?
        }
        Of::SuiteRun(of) => suite_runs::finished(tx, span, &mut adding, of).await?,
        Of::Approval(of) => approvals::decided(tx, span, &mut adding, of).await?,
    }
    Ok(adding.lists)
}

/// Lists on their way.
struct Adding<'a> {
    asked: &'a Asked,
    part: Part,
    lists: Lists,
}

/// What a record adds to a figure: one number, or a part and a whole.
#[derive(Clone, Copy)]
enum Adds {
    One(Contribution),
    Sums(Sums),
}

/// Where a record counts: its service, the workflows over it in JSON, and its segment.
struct Within<'a> {
    service: &'a str,
    workflows: &'a str,
    segment: Option<&'a str>,
}

impl Adding<'_> {
    /// Adds a record, made only when it is shown.
    fn add(
        &mut self,
        within: Within<'_>,
        contribution: Contribution,
        record: impl FnOnce() -> store::Result<Record>,
    ) -> store::Result<()> {
        if !self.asks_for(&within)? {
            return Ok(());
        }
        let (asked, part, lists) = (self.asked, self.part, &mut self.lists);
        let (list, count, is_shown) = match contribution {
            Ok(_) => {
                let is_shown = part.holds(lists.counted_count);
                (&mut lists.counted, &mut lists.counted_count, is_shown)
            }
            Err(_) => {
                let is_shown = lists.left_out_count < part.left_out;
                (&mut lists.left_out, &mut lists.left_out_count, is_shown)
            }
        };
        *count += 1;
        if is_shown {
            let record = record()?;
            let scale = scale(asked.metric.unit);
            list.push(Record {
                value: contribution.ok().map(|own| own as f64 / scale),
                unit: asked.unit,
                receipt_url: receipt::url(&record.kind, &record.id),
                reason: contribution.err().map(str::to_owned).or(record.reason),
                ..record
            });
        }
        Ok(())
    }

    /// Adds a record that has a part and a whole of its own: its value is their ratio, and its parts give
    /// both.
    fn add_sums(
        &mut self,
        within: Within<'_>,
        (sums, names): (Sums, [&str; 2]),
        record: impl FnOnce() -> store::Result<Record>,
    ) -> store::Result<()> {
        let ratio = sums.ok().map(|[part, whole]| part as f64 / whole as f64);
        let is_shown = |lists: &Lists| (lists.counted.len(), lists.left_out.len());
        let before = is_shown(&self.lists);
        let contribution = sums.map(|[part, _]| part);
        self.add(within, contribution, record)?;
        let last = match is_shown(&self.lists) {
            now if now == before => None,
            (counted, _) if counted > before.0 => self.lists.counted.last_mut(),
            _ => None,
        };
        if let (Some(record), Ok(sums)) = (last, sums) {
            record.value = ratio;
            for (name, own) in names.into_iter().zip(sums) {
                record.parts.insert(name.to_owned(), own.into());
            }
        }
        Ok(())
    }

    fn asks_for(&self, within: &Within<'_>) -> store::Result<bool> {
        let in_segment = self.asked.segment == "all" || within.segment == Some(self.asked.segment);
        let in_scope = self.asked.scope.covers(within.service, within.workflows)?;
        Ok(in_segment && in_scope)
    }
}

/// The lists of the other segments; none for a metric whose records have no segment.
async fn segments(
    tx: &mut Tx,
    registry: &Registry,
    asked: &Asked,
    now_ms: i64,
) -> Result<Vec<SegmentLink>> {
    if !asked.metric.of.is_split() {
        return Ok(Vec::new());
    }
    let mut links = Vec::with_capacity(SEGMENTS.len());
    for segment in SEGMENTS {
        let ask = Ask {
            metric: asked.metric,
            scope: &asked.scope.id,
            segment,
            from: asked.week,
            to: asked.week,
        };
        let series = Series::load(tx, registry, now_ms, ask).await?;
        links.push(SegmentLink {
            segment: segment.to_owned(),
            sample: series.figure(asked.week).sample,
            url: routes::records(
                asked.metric.id,
                &RecordsQuery {
                    segment: Some(segment.to_owned()),
                    ..asked.query(0)
                },
            ),
            current: segment == asked.segment,
        });
    }
    Ok(links)
}
