//! What moves of a frozen week after it has settled: when, from what, to what and why.
//!
//! A figure is held against what was stated of it last: its latest restatement, else what was frozen.
//! Until it settles it goes on with the later now, which restates nothing.

use std::collections::BTreeMap;
use std::fmt;

use super::{calendar, settling_ms};
use crate::metrics::catalogue;
use crate::metrics::week::Week;
use crate::store::figures::{Figure, Series};
use crate::store::registry::Registry;
use crate::store::weeks::{self, Restatement};
use crate::store::{self, Tx, from_json, to_json, walks};

/// When figures are computed again, and what for.
#[derive(Clone, Debug)]
pub struct Because {
    pub now_ms: i64,
    pub why: Why,
}

#[derive(Clone, Debug)]
pub enum Why {
    Records,
    Registry,
    Correction {
        by: String,
        reason: String,
    },
    /// Everything, from what is stored.
    Anew,
}

impl Because {
    /// Records came.
    pub fn records(now_ms: i64) -> Because {
        Because {
            now_ms,
            why: Why::Records,
        }
    }

    /// All was derived again for a cause.
    pub(super) fn walk(cause: &str, now_ms: i64) -> Because {
        let why = match cause {
            walks::REGISTRY => Why::Registry,
            _ => Why::Anew,
        };
        Because { now_ms, why }
    }

    /// A figure by a newer definition moved for that.
    fn reason(&self, stated: Option<&Figure>, new: Option<&Figure>) -> String {
        let version = |figure: Option<&Figure>| figure.map(|own| own.definition_version);
        match (version(stated), version(new)) {
            (Some(old), Some(new)) if new > old => format!("definition version {new}"),
            _ => self.why.to_string(),
        }
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Why::Records => f.write_str("records that came or changed later"),
            Why::Registry => f.write_str("the registry was edited"),
            Why::Correction { by, reason } => write!(f, "put right by {by}: {reason}"),
            Why::Anew => f.write_str("everything was computed again"),
        }
    }
}

/// What was stated of a figure last, and when.
struct Stated {
    figure: Option<Figure>,
    at_ms: i64,
}

/// Notes the settled figures of a frozen week that are no longer what was stated of them.
pub(super) async fn restate(
    tx: &mut Tx,
    (registry, week): (&Registry, Week),
    figures: &[Figure],
    because: &Because,
) -> store::Result<()> {
    let name = week.to_string();
    if !weeks::is_frozen(tx, &name).await? {
        return Ok(());
    }
    let last_freeze_ms = weeks::last_at(tx).await?.unwrap_or(i64::MIN);
    let (frozen, past) = (
        weeks::figures(tx, &name).await?,
        weeks::restatements(tx, &name).await?,
    );
    let mut stated: BTreeMap<Series<'_>, Option<Stated>> = BTreeMap::new();
    for own in &frozen {
        let settled = own.is_settled.then_some((&own.body, own.frozen_at));
        stated.insert(own.series(), settled.map(read).transpose()?);
    }
    for own in &past {
        let latest = read((&own.new_body, own.restated_at))?;
        stated.insert(own.series(), Some(latest));
    }
    let end_ms = calendar(&registry.company).end_ms(week);
    let nothing_was_stated = |figure: &Figure| {
        catalogue::metric(&figure.metric).is_some_and(|metric| {
            end_ms + settling_ms(metric, &figure.scope, registry) <= last_freeze_ms
        })
    };
    let mut found = Vec::new();
    for figure in figures {
        let stated = match stated.remove(&figure.series()) {
            Some(Some(stated)) => stated,
            None if nothing_was_stated(figure) => Stated {
                figure: None,
                at_ms: last_freeze_ms,
            },
            Some(None) | None => continue,
        };
        found.extend(moved(&stated, Some(figure), because)?);
    }
    for stated in stated.into_values().flatten() {
        found.extend(moved(&stated, None, because)?);
    }
    weeks::restate(tx, &found).await
}

fn read((body, at_ms): (&String, i64)) -> store::Result<Stated> {
    Ok(Stated {
        figure: from_json("a frozen figure", body)?,
        at_ms,
    })
}

/// The restatement of a figure that is no longer what was stated.
fn moved(
    stated: &Stated,
    new: Option<&Figure>,
    because: &Because,
) -> store::Result<Option<Restatement>> {
    let old = stated.figure.as_ref();
    let Some(named) = new.or(old).filter(|_| said(old) != said(new)) else {
        return Ok(None);
    };
    Ok(Some(Restatement {
        metric: named.metric.clone(),
        scope: named.scope.clone(),
        segment: named.segment.clone(),
        week: named.week.clone(),
        // Of two in one instant, the later is known as that.
        restated_at: because.now_ms.max(stated.at_ms.saturating_add(1)),
        old_body: to_json("a figure", &old)?,
        new_body: to_json("a figure", &new)?,
        reason: because.reason(old, new),
    }))
}

/// What a figure says; one without value and records says what no figure says.
fn said(figure: Option<&Figure>) -> (Option<f64>, i64, Option<i64>, Option<i64>) {
    figure.map_or((None, 0, None, None), |own| {
        (own.value, own.sample, own.numerator, own.denominator)
    })
}
