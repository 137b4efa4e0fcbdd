//! What stands beside the reason: the second metrics, whether work moved between services, and what
//! speed may have been traded for.

use std::collections::BTreeMap;

use app::format;

use super::{Asked, EARLIEST, by_week, counted_span, shares};
use crate::metrics::answer::spans::{Span, Spans};
use crate::metrics::answer::{Answer, Rules, SpeedWord};
use crate::metrics::catalogue::{self, Metric, Unit};
use crate::metrics::mix::{Part, mix};
use crate::metrics::proportion::{Share, newcombe};
use crate::metrics::shift::shift;
use crate::metrics::week::Week;
use crate::store::figures::{self as stored, Series as Key};
use crate::store::{Result, Tx, values};

/// From this share of a shift on, work that moved is told.
const MOVED_FROM: f64 = 0.25;
/// Of trades: metric, and what is said when it got worse.
const WAITS: (&str, &str) = ("review_wait", "Review wait got longer in the same weeks.");
const SIZES: (&str, &str) = ("change_size", "Changes got larger in the same weeks.");
const UNREVIEWED: (&str, &str) = (
    "merged_without_review",
    "More was merged without review in the same weeks.",
);

/// The sentences, in their order.
pub(super) async fn beside(
    tx: &mut Tx,
    asked: Asked<'_>,
    (answer, speed): (&Answer, &Metric),
) -> Result<Vec<String>> {
    let mut said = Vec::new();
    let Ok((spans, _)) = &answer.speed.compared else {
        return Ok(said);
    };
    said.extend(second_metrics(tx, asked, *spans).await?);
    let changed = matches!(answer.speed.word, SpeedWord::Faster | SpeedWord::Slower);
    if changed && asked.scope.id == "company" {
        said.extend(moved(tx, asked, (speed, *spans)).await?);
    }
    if answer.speed.word == SpeedWord::Faster {
        said.extend(traded(tx, asked, *spans).await?);
    }
    Ok(said)
}

/// How much was delivered a week, and how many defects escaped: where the company has classified none,
/// how many incidents there were.
async fn second_metrics(tx: &mut Tx, asked: Asked<'_>, spans: Spans) -> Result<Option<String>> {
    let delivered = counts(tx, asked, "changes_delivered").await?;
    let classified = counted_span(tx, ("defect_escape_rate", "company", "all")).await?;
    let (metric, noun) = match classified {
        Some((first, _)) if first <= asked.week => ("escaped_defects_per_100", "escaped defects"),
        _ => ("incident_frequency", "incidents"),
    };
    let bad = counts(tx, asked, metric).await?;
    let within = |counts: &BTreeMap<Week, u64>, span: Span| {
        let weeks = counts.range(span.from..=span.to);
        weeks.map(|(_, count)| count).sum::<u64>()
    };
    let [recent, before] = [spans.recent, spans.baseline]
        .map(|span| (within(&delivered, span), within(&bad, span), span.length()));
    if recent.0 == 0 || before.0 == 0 {
        return Ok(None);
    }
    let weekly = |(count, _, weeks): (u64, u64, u64)| {
        format::value(
            count as f64 / weeks as f64,
            app::view::figure::Unit::Count,
            format::Sample(count.min(99)),
        )
    };
    Ok(Some(format!(
        "Changes delivered a week: {}, and {} in the baseline; there were {} to {} changes, against {} to {} in the baseline.",
        weekly(recent),
        weekly(before),
        format::counted(recent.1, noun),
        format::count(recent.0),
        match before.1 {
            0 => "none".to_owned(),
            count => format::count(count),
        },
        format::count(before.0),
    )))
}

/// How many records a metric counted, by week.
async fn counts(tx: &mut Tx, asked: Asked<'_>, metric: &str) -> Result<BTreeMap<Week, u64>> {
    let rows = rows(tx, asked, metric).await?;
    let counts = rows
        .into_iter()
        .map(|row| (row.week, u64::try_from(row.sample).unwrap_or(0)));
    Ok(by_week(counts.collect()))
}

async fn rows(tx: &mut Tx, asked: Asked<'_>, metric: &str) -> Result<Vec<stored::Figure>> {
    let key = Key {
        metric,
        scope: &asked.scope.id,
        segment: "all",
    };
    stored::between(tx, key, EARLIEST, &asked.week.to_string()).await
}

/// How much of the shift is work that moved between services, each change having one.
async fn moved(
    tx: &mut Tx,
    asked: Asked<'_>,
    (speed, spans): (&Metric, Spans),
) -> Result<Option<String>> {
    let mut parts: BTreeMap<&str, Part> = BTreeMap::new();
    for service in &asked.registry.services {
        let scope = format!("service:{}", service.slug);
        let [recent, baseline] = contributions(tx, (speed.id, &scope), spans).await?;
        parts.insert(&service.slug, Part { recent, baseline });
    }
    let share = mix(&parts).and_then(|mix| mix.moved_ratio());
    Ok(share.filter(|share| *share >= MOVED_FROM).map(|share| {
        format!(
            "{} of this is work that moved between services, not a change within them.",
            format::value(share, app::view::figure::Unit::Ratio, format::Sample(20))
        )
    }))
}

/// What got worse while speed got better, by the interval that a change of speed needs.
async fn traded(tx: &mut Tx, asked: Asked<'_>, spans: Spans) -> Result<Vec<String>> {
    let mut said = Vec::new();
    let rules = Rules::default();
    for (metric, words) in [WAITS, SIZES] {
        let scope = asked.scope.id.as_str();
        let [mut recent, mut baseline] = contributions(tx, (metric, scope), spans).await?;
        // Lines, so that one counts for what a second does.
        let lines = catalogue::metric(metric).is_some_and(|metric| metric.unit == Unit::Count);
        if lines {
            recent
                .iter_mut()
                .chain(&mut baseline)
                .for_each(|lines| *lines *= 1_000);
        }
        recent.sort();
        baseline.sort();
        let shift = shift(&recent, &baseline, rules.faster_or_slower);
        if shift.is_some_and(|shift| shift.low > 1.0) {
            said.push(words.to_owned());
        }
    }
    let Some(unreviewed) = catalogue::metric(UNREVIEWED.0) else {
        return Ok(said);
    };
    let [recent, baseline] = parts(tx, asked, unreviewed, spans).await?;
    let interval = newcombe(recent, baseline, rules.sloppier);
    if interval.is_some_and(|[low, _]| low > 0.0) {
        said.push(UNREVIEWED.1.to_owned());
    }
    Ok(said)
}

/// The contributions of both spans.
async fn contributions(tx: &mut Tx, key: (&str, &str), spans: Spans) -> Result<[Vec<i64>; 2]> {
    let (from, to) = (spans.baseline.from.to_string(), spans.recent.to.to_string());
    let found = by_week(values::between(tx, key, (&from, &to)).await?);
    Ok([spans.recent, spans.baseline].map(|span| {
        let weeks = found.range(span.from..=span.to);
        weeks.flat_map(|(_, values)| values).copied().collect()
    }))
}

/// A ratio's parts in both spans.
async fn parts(tx: &mut Tx, asked: Asked<'_>, metric: &Metric, spans: Spans) -> Result<[Share; 2]> {
    let found = shares(tx, asked, metric).await?;
    Ok([spans.recent, spans.baseline].map(|span| found.within(span).copied().sum()))
}
