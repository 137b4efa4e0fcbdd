//! The week's items: the first records behind the metric that decides on speed.

use app::view::answer::Side;
use app::view::records::Sort;
use app::view::workflow::{Items, Measure};

use super::listed;
use crate::metrics::catalogue;
use crate::store::Tx;
use crate::views::Result;
use crate::views::answer::Asked;
use crate::views::records::{self, Part, lists};

/// How many records a page shows before it leads on to all of them.
const SHOWN: u64 = 10;

/// The first items in this order; none where the metric can't exist.
pub(super) async fn items(
    tx: &mut Tx,
    asked: Asked<'_>,
    (deciding, speed, sort): (&[Measure], &Side, Sort),
) -> Result<Option<Items>> {
    let mut applying = deciding.iter().filter(|own| own.does_not_apply.is_none());
    let Some(measure) = applying.find(|own| own.figure.metric == speed.metric) else {
        return Ok(None);
    };
    let Some(metric) = catalogue::metric(&measure.figure.metric) else {
        return Ok(None);
    };
    let of_week = records::Asked {
        sort,
        ..listed(asked, metric)
    };
    Ok(Some(Items {
        name: measure.name.clone(),
        figure: measure.figure.clone(),
        records_noun: measure.records_noun.clone(),
        sort,
        records: lists(tx, &of_week, Part::first(SHOWN)).await?.counted,
    }))
}
