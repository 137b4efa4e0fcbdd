//! Where records come from: how each source stands, what came of it lately beside what usually comes,
//! and what it feeds. Nothing here waits for figures: what is behind is said.

mod reading;
mod traffic;
mod work;

use std::collections::{BTreeMap, BTreeSet};

use app::view::freshness::Freshness;
use app::view::signal::Signal;
use app::view::sources::{Addable, Aside, Delivery, Metric, SetAside, Source, Sources, Traffic};
use chrono::{DateTime, FixedOffset, Utc};
use chrono_tz::Tz;

use super::Result;
use super::freshness::{self, Sources as Judged};
use crate::figures;
use crate::metrics::catalogue::CATALOGUE;
use crate::store::arrivals::{self, Total};
use crate::store::receipts::{self, Receipt};
use crate::store::registry::{self, Registry};
use crate::store::{Db, Tx, raw};

/// As many sources are listed; what senders call themselves is not ours to bound.
const SHOWN: usize = 100;
/// How many hours of a source's deliveries are listed, and how many of its refused records.
const LATEST: i64 = 10;

/// Everything known of where records come from.
pub async fn page(db: &Db, now_ms: i64) -> Result<Sources> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let calendar = figures::calendar(&registry.company);
    let zone = calendar.zone(calendar.week_of(now_ms));
    let known = Known::load(&mut tx, &registry, now_ms).await?;
    let names = known.names();
    let mut sources = Vec::with_capacity(names.len());
    for name in names.iter().take(SHOWN) {
        sources.push(known.source(&mut tx, name, zone).await?);
    }
    sources.sort_by_key(rank);
    let came: BTreeSet<&str> = known.totals.iter().map(|own| own.stream.as_str()).collect();
    Ok(Sources {
        time_zone: zone.name().to_owned(),
        sources,
        more: names.len().saturating_sub(SHOWN) as u64,
        never_came: STREAMS
            .into_iter()
            .filter(|stream| !came.contains(stream))
            .map(addable)
            .collect(),
        work: work::work(&mut tx, &registry, now_ms).await?,
        database: work::database(&mut tx).await?,
        checked: None,
        awaited: None,
    })
}

/// Of all sources what is told from one query each.
struct Known<'a> {
    registry: &'a Registry,
    judged: Judged,
    totals: Vec<Total>,
    receipts: Vec<Receipt>,
    traffic: BTreeMap<String, Traffic>,
    now_ms: i64,
}

impl<'a> Known<'a> {
    async fn load(tx: &mut Tx, registry: &'a Registry, now_ms: i64) -> Result<Known<'a>> {
        let totals = arrivals::totals(tx).await?;
        let names: BTreeSet<&str> = totals.iter().map(|own| own.source.as_str()).collect();
        let names: Vec<&str> = names.into_iter().collect();
        Ok(Known {
            registry,
            judged: Judged::load(tx, registry, now_ms).await?,
            receipts: receipts::newest(tx, &names).await?,
            traffic: traffic::of_all(tx, &totals, now_ms).await?,
            totals,
            now_ms,
        })
    }

    /// Those that are declared, then those that only brought something.
    fn names(&self) -> Vec<String> {
        let declared: Vec<String> = self
            .registry
            .sources
            .iter()
            .map(|own| own.name.clone())
            .collect();
        let came: BTreeSet<&String> = self.totals.iter().map(|own| &own.source).collect();
        let others = came.into_iter().filter(|name| !declared.contains(name));
        let others: Vec<String> = others.cloned().collect();
        declared.into_iter().chain(others).collect()
    }

    async fn source(&self, tx: &mut Tx, name: &str, zone: Tz) -> Result<Source> {
        let declared = self.registry.sources.iter().find(|own| own.name == name);
        let rhythm = declared.and_then(freshness::rhythm);
        let shown = self.judged.shown().into_iter().find(|own| own.name == name);
        let lack = self.judged.lack_of(name);
        let came = self.totals.iter().filter(|own| own.source == name);
        let receipts = self.receipts.iter().filter(|own| own.source == name);
        let streams: Vec<String> = match declared {
            Some(own) if !own.streams.is_empty() => own.streams.clone(),
            _ => came.clone().map(|own| own.stream.clone()).collect(),
        };
        let fed_by = |names: &[&str]| -> Vec<Metric> {
            let feeds = CATALOGUE
                .iter()
                .filter(|metric| metric.needs.iter().any(|need| names.contains(need)));
            feeds.map(metric).collect()
        };
        let brings: Vec<&str> = streams
            .iter()
            .chain(came.clone().map(|own| &own.stream))
            .map(String::as_str)
            .collect();
        let missing = lack
            .as_ref()
            .map(|lack| lack.streams.clone())
            .unwrap_or_default();
        Ok(Source {
            name: name.to_owned(),
            freshness: shown.as_ref().map(|own| own.freshness),
            reason: shown.and_then(|own| own.reason),
            since: lack
                .and_then(|lack| lack.newest_ms)
                .map(|at| local(zone, at)),
            rhythm: rhythm.map(|rhythm| rhythm.words().to_owned()),
            is_declared: declared.is_some(),
            feeds: fed_by(&brings),
            affects: fed_by(&missing),
            streams,
            last_delivery: came.map(|own| own.last_at).max().map(|at| local(zone, at)),
            newest: receipts
                .map(|own| own.received_at)
                .max()
                .map(|at| local(zone, at)),
            traffic: self.traffic.get(name).cloned().unwrap_or(Traffic {
                records: 0,
                normal_range: None,
                signal: Signal::None,
                spans: 0,
            }),
            reading: match declared {
                Some(own) => reading::reading(tx, own, (zone, self.now_ms)).await?,
                None => None,
            },
            deliveries: deliveries(tx, name, zone).await?,
            set_aside: set_aside(tx, name, zone).await?,
        })
    }
}

/// The worst first.
fn rank(source: &Source) -> (u8, bool) {
    let is_read_whole = source
        .reading
        .as_ref()
        .is_none_or(|own| own.trouble.is_none());
    let rank = match source.freshness {
        Some(Freshness::Stale) => 0,
        Some(Freshness::NeverLoaded) => 1,
        Some(Freshness::Partial) => 2,
        Some(Freshness::Late) => 3,
        Some(Freshness::Fresh) => 4,
        None => 5,
    };
    (rank, is_read_whole)
}

fn metric(metric: &crate::metrics::catalogue::Metric) -> Metric {
    Metric {
        id: metric.id.to_owned(),
        name: metric.name.to_owned(),
    }
}

async fn deliveries(tx: &mut Tx, source: &str, zone: Tz) -> Result<Vec<Delivery>> {
    let latest = arrivals::latest(tx, source, LATEST).await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let shown = latest.into_iter().map(|own| Delivery {
        at: local(zone, own.last_at),
        stream: own.stream,
        deliveries: count(own.deliveries),
        accepted: count(own.accepted),
        repeated: count(own.repeated),
        refused: count(own.refused),
    });
    Ok(shown.collect())
}

async fn set_aside(tx: &mut Tx, source: &str, zone: Tz) -> Result<SetAside> {
    let (latest, count) = raw::set_aside(tx, source, LATEST).await?;
    let shown = latest.into_iter().map(|own| Aside {
        at: local(zone, own.received_at),
        stream: own.stream,
        id: own.record_id,
        field: own.field,
        reason: own.reason,
    });
    Ok(SetAside {
        count: u64::try_from(count).unwrap_or(0),
        latest: shown.collect(),
    })
}

/// Every stream that there is, in the order in which one would connect them.
const STREAMS: [&str; 11] = [
    "changes",
    "deployments",
    "reviews",
    "incidents",
    "defects",
    "runs",
    "evaluations",
    "suite_runs",
    "artifacts",
    "approvals",
    "policy_decisions",
];

fn addable(stream: &str) -> Addable {
    let adds = CATALOGUE
        .iter()
        .filter(|metric| metric.needs.contains(&stream));
    let import = format!("onehop import records {stream} {stream}.ndjson");
    let by_itself = match stream {
        "changes" | "deployments" => Some("onehop import git ../shop --service shop"),
        "runs" => Some(
            "export OTEL_EXPORTER_OTLP_ENDPOINT=https://onehop.example OTEL_EXPORTER_OTLP_HEADERS=\"Authorization=Bearer $TOKEN\"",
        ),
        "suite_runs" => Some(
            "onehop import evals results.xml --format junit --workflow refunds --suite regression",
        ),
        _ => None,
    };
    Addable {
        stream: stream.to_owned(),
        adds: adds.map(metric).collect(),
        commands: by_itself
            .map(str::to_owned)
            .into_iter()
            .chain([import])
            .collect(),
    }
}

/// An instant in the company's time.
pub(super) fn local(zone: Tz, at_ms: i64) -> DateTime<FixedOffset> {
    let at = DateTime::<Utc>::from_timestamp_millis(at_ms).unwrap_or_default();
    at.with_timezone(&zone).fixed_offset()
}
