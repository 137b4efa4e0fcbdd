//! The last twelve months of a series, to be seen beside its last weeks.
//!
//! Medians are pooled from the values behind the weekly ones, and shares from their sums; so a month is
//! never made of weekly medians or weekly shares.

use std::collections::BTreeMap;

use app::view::months::{MadeOf, Month as Shown, Months};

use super::figure::Series;
use crate::metrics::catalogue::Kind;
use crate::metrics::month::{Month, OfWeek, value, whole};
use crate::metrics::week::Week;
use crate::store::{Result, Tx, values};

const MONTHS: usize = 12;

/// How many weeks up to the shown one the months and what comes after them are made of.
pub(super) fn weeks_back(shown: Week) -> i32 {
    let first = whole(shown, MONTHS).next();
    first.map_or(0, |month| shown.since(month.first())) + 1
}

/// The months that have ended with the shown week or before it, of a series that was loaded for them.
pub(super) async fn months(tx: &mut Tx, series: &Series, shown: Week) -> Result<Months> {
    let kind = series.metric().kind;
    let months: Vec<Month> = whole(shown, MONTHS).collect();
    let mut contributions = match (kind, months.first()) {
        (Kind::Median | Kind::MeanMoney, Some(first)) => {
            let of = (series.metric().id, series.scope());
            let span = (first.first().to_string(), shown.to_string());
            values::between(tx, of, (&span.0, &span.1)).await?
        }
        _ => BTreeMap::new(),
    };
    Ok(Months {
        months: months
            .into_iter()
            .map(|month| made(series, month, &mut contributions))
            .collect(),
        made_of: match kind {
            Kind::Count | Kind::Events => MadeOf::Weeks,
            Kind::Ratio | Kind::Sums | Kind::PerHundred => MadeOf::Sums,
            Kind::Median | Kind::MeanMoney => MadeOf::Records,
        },
    })
}

/// A month, from its weeks; their contributions are taken out.
fn made(series: &Series, month: Month, contributions: &mut BTreeMap<String, Vec<i64>>) -> Shown {
    let metric = series.metric();
    let weeks: Vec<OfWeek> = month.weeks().map(|week| series.of_week(week)).collect();
    let own = month
        .weeks()
        .filter_map(|week| contributions.remove(&week.to_string()));
    let mut own: Vec<i64> = own.flatten().collect();
    let value = value(metric, &weeks, &mut own);
    let sample = weeks.iter().map(|week| week.sample).sum();
    Shown {
        month: month.to_string(),
        weeks: u32::try_from(weeks.len()).unwrap_or(u32::MAX),
        value,
        sample,
        hollow: value.is_some() && metric.kind.is_hollow(sample),
    }
}
