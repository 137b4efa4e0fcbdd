//! What the runs behind it cost, each by itself and exactly.

use app::routes;
use app::view::receipt::{Cost, Link};
use rust_decimal::Decimal;

use super::Reading;
use super::draft::Draft;
use super::known::Known;
use crate::store::runs::Run;

/// Costs are kept in millionths of a millionth.
const PLACES: u32 = 12;

pub(super) fn of_runs(reading: &Reading<'_>, known: &Known, draft: &mut Draft) {
    for run in &known.runs {
        draft.cost.push(cost(reading, known, run));
    }
    if known.runs.is_empty() {
        draft.no_cost = Some("no run is linked, and cost is told by runs.".to_owned());
    }
}

fn cost(reading: &Reading<'_>, known: &Known, run: &Run) -> Cost {
    let id = &run.version.id;
    let link = known.run_links.iter().find(|own| own.run_id == *id);
    let own = reading
        .registry
        .company
        .currency
        .as_deref()
        .unwrap_or_default();
    let sent = run.cost.zip(run.currency.as_deref());
    let in_words = |(cost, currency): (Decimal, &str)| format!("{} {currency}", cost.normalize());
    let priced = link.and_then(|own| own.cost_pico);
    let priced = priced.map(|pico| (Decimal::new(pico, PLACES), own));
    let how = match (priced, sent) {
        (Some(priced), Some(sent)) if priced == sent => {
            "exact, as its run told it; no invoice is held against it".to_owned()
        }
        (Some(_), Some(sent)) => {
            format!(
                "by the rates and prices in force when it started; its run told {}",
                in_words(sent)
            )
        }
        (Some(_), None) => "by the prices in force when it started".to_owned(),
        (None, _) => link
            .and_then(|own| own.unpriced.clone())
            .unwrap_or_else(|| "not computed yet".to_owned()),
    };
    Cost {
        of: Link {
            text: format!("run {id}"),
            url: routes::receipt("run", id),
        },
        amount: priced.or(sent).map(in_words),
        how,
    }
}
