//! How much came of a source in the last seven days, beside what usually comes: a source that falls
//! silent bit by bit stays within its rhythm, and shows here.

use std::collections::BTreeMap;

use app::view::signal::Signal;
use app::view::sources::Traffic;

use crate::metrics::xmr::chart::chart;
use crate::metrics::xmr::{self, Side};
use crate::store::arrivals::{self, Total};
use crate::store::{Result, Tx};

const WEEK_MS: i64 = 7 * 24 * arrivals::HOUR_MS;
/// As far back as a figure's limits look.
const SPANS: i64 = 61;

/// The traffic of every source that ever brought something.
pub(super) async fn of_all(
    tx: &mut Tx,
    totals: &[Total],
    now_ms: i64,
) -> Result<BTreeMap<String, Traffic>> {
    let mut first: BTreeMap<&str, i64> = BTreeMap::new();
    for own in totals {
        let begun = first.entry(&own.source).or_insert(own.first_at);
        *begun = own.first_at.min(*begun);
    }
    let mut came: BTreeMap<String, BTreeMap<i64, i64>> = BTreeMap::new();
    for span in arrivals::spans(tx, now_ms, (WEEK_MS, SPANS)).await? {
        came.entry(span.source)
            .or_default()
            .insert(span.back, span.accepted);
    }
    let none = BTreeMap::new();
    let traffic = first.into_iter().map(|(source, first_at)| {
        let begun = ((now_ms - first_at) / WEEK_MS).min(SPANS - 1);
        let came = came.get(source).unwrap_or(&none);
        (source.to_owned(), judged(came, begun))
    });
    Ok(traffic.collect())
}

/// Judges span 0 by those before it. The span in which the source began is left out: it is not whole,
/// and it may hold a history that came at once.
fn judged(came: &BTreeMap<i64, i64>, begun: i64) -> Traffic {
    let records = |back: i64| came.get(&back).copied().unwrap_or(0);
    let before: Vec<(i64, f64)> = (1..begun)
        .rev()
        .map(|back| (-back, records(back) as f64))
        .collect();
    let shown = records(0);
    let chart = chart(&before, &[], 0);
    let points: Vec<f64> = chart
        .points
        .iter()
        .map(|(_, count)| *count)
        .chain([shown as f64])
        .collect();
    let signal = match chart
        .limits
        .map(|limits| (xmr::signal(&limits, &points), limits.points))
    {
        Some((Some((_, Side::Above)), _)) => Signal::Up,
        Some((Some((_, Side::Below)), _)) => Signal::Down,
        Some((None, xmr::VERDICT_FROM..)) => Signal::Routine,
        _ => Signal::TooFew,
    };
    Traffic {
        records: u64::try_from(shown).unwrap_or(0),
        normal_range: chart.limits.map(|limits| limits.drawn(None)),
        signal,
        spans: u32::try_from(before.len()).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(records: &[i64]) -> BTreeMap<i64, i64> {
        (0..).zip(records.iter().copied()).collect()
    }

    #[test]
    fn a_silent_drop_is_a_signal_once_twelve_spans_stand_behind_it() {
        let steady = [100, 104, 98, 101, 99, 103, 97, 102, 100, 99, 101, 103, 98];
        for (last, signal) in [
            (0, Signal::Down),
            (40, Signal::Down),
            (99, Signal::Routine),
            (400, Signal::Up),
        ] {
            let records: Vec<i64> = std::iter::once(last).chain(steady).collect();
            assert_eq!(judged(&spans(&records), 13).signal, signal, "{last}");
        }
        assert_eq!(judged(&spans(&steady[..7]), 7).signal, Signal::TooFew);
    }

    #[test]
    fn the_span_in_which_a_source_began_is_not_judged_by() {
        let mut records = vec![10; 14];
        records.push(5_000);
        let traffic = judged(&spans(&records), 14);
        assert_eq!(
            (traffic.spans, traffic.normal_range),
            (13, Some([10.0, 10.0]))
        );
        assert_eq!(judged(&BTreeMap::new(), 0).normal_range, None);
    }
}
