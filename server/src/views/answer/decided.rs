//! What leadership decided of an answer, since when and by whom, as the acts tell it.

use app::format;
use app::view::answer::Decided;
use app::view::review::{Freeze, Review};

use super::super::people::Names;
use super::super::rfc3339;
use crate::metrics::catalogue;
use crate::store::acts::decided::{self, BASELINE, DECIDING, MARGIN};
use crate::store::registry::{self, Deciding, Span, Workflow};
use crate::store::{Result, Tx, from_json};

/// The decisions that stand behind a review's answer; of a frozen one those up to its freeze. What a
/// workflow has of its own, the registry's file says.
pub(super) async fn decided(tx: &mut Tx, review: &Review) -> Result<Vec<Decided>> {
    let until_ms = match review.freeze {
        Freeze::Frozen(at) => at.timestamp_millis(),
        _ => i64::MAX,
    };
    let registry = registry::load(tx).await?;
    let names = Names::load(tx).await?;
    let own = registry
        .workflows
        .iter()
        .find(|own| review.scope == format!("workflow:{}", own.slug));
    let has_own = |has: fn(&Workflow) -> bool| own.is_some_and(has);
    let mut all = Vec::new();
    for (what, kind, is_own) in [
        ("Margin", MARGIN, false),
        ("Baseline", BASELINE, has_own(|own| own.baseline.is_some())),
        (
            "Deciding metrics",
            DECIDING,
            has_own(|own| own.deciding.is_some()),
        ),
    ] {
        let act = decided::latest(tx, kind, until_ms).await?;
        let Some(act) = act.filter(|_| !is_own) else {
            continue;
        };
        all.push(Decided {
            what: what.to_owned(),
            said: said(kind, &act.after)?,
            at: rfc3339(act.at),
            by: names.of(&act.by_whom),
        });
    }
    Ok(all)
}

/// What an act set, in words.
fn said(kind: &str, after: &str) -> Result<String> {
    let what = "a decision";
    Ok(match kind {
        MARGIN => from_json::<Option<f64>>(what, after)?
            .map_or_else(|| "the usual one".to_owned(), format::counted_points),
        BASELINE => match from_json::<Option<Span>>(what, after)? {
            Some(span) => format!(
                "{} to {}",
                format::dated_week(&span.from),
                format::dated_week(&span.to)
            ),
            None => "the usual one".to_owned(),
        },
        _ => match from_json::<Option<Deciding>>(what, after)? {
            Some(own) => format!("{} and {}", name(&own.speed), name(&own.quality)),
            None => "the usual ones".to_owned(),
        },
    })
}

fn name(id: &str) -> &str {
    catalogue::metric(id).map_or(id, |metric| metric.name)
}
