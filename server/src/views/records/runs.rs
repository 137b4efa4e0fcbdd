//! Runs as records, by start.

use app::view::figure::Unit;
use app::view::records::{Evidence, Level, Record};
use serde_json::Map;

use super::{Adding, Adds, Within};
use crate::figures::facts;
use crate::metrics::run::Run;
use crate::store::links::runs::{self, RunLink};
use crate::store::{self, Tx};
use crate::views::rfc3339;

/// What a run's part and whole are called, by the metric.
fn named(metric: &str) -> [&'static str; 2] {
    match metric {
        "cache_share" => ["cached_tokens", "input_tokens"],
        _ => ["failed_calls", "calls"],
    }
}

/// The runs that started in a span of time, and count or could have.
pub(super) async fn started(
    tx: &mut Tx,
    span: (i64, i64),
    adding: &mut Adding<'_>,
    of: impl Fn(&Run) -> Option<Adds> + Send + Sync,
) -> store::Result<()> {
    let names = named(adding.asked.metric.id);
    runs::between(tx, span, |link| {
        let Some(adds) = of(&facts::run(&link)) else {
            return Ok(());
        };
        let within = Within {
            service: "",
            workflows: &link.workflows,
            segment: None,
        };
        match adds {
            Adds::One(contribution) => adding.add(within, contribution, || Ok(record(&link))),
            Adds::Sums(sums) => adding.add_sums(within, (sums, names), || Ok(record(&link))),
        }
    })
    .await
}

fn record(link: &RunLink) -> Record {
    let went_too_far = link.above_tier.iter().map(|what| Evidence {
        level: Level::Declared,
        what: what.clone(),
    });
    let denied = link.denied.iter().map(|what| Evidence {
        level: Level::Recorded,
        what: what.clone(),
    });
    Record {
        id: link.run_id.clone(),
        kind: "run".to_owned(),
        title: Some(title(link)),
        url: None,
        at: rfc3339(link.started_at),
        value: None,
        unit: Unit::Count,
        parts: Map::new(),
        reason: link.unpriced.clone().filter(|_| link.cost_pico.is_none()),
        segment: "all".to_owned(),
        evidence: went_too_far.chain(denied).collect(),
        receipt_url: None,
    }
}

/// "refund-agent, ended well".
fn title(link: &RunLink) -> String {
    let how = match link.outcome.as_deref() {
        Some("ok") => "ended well",
        Some("error") => "ended in an error",
        Some("handed_over") => "handed over to a person",
        _ => "has not ended, or nobody says how",
    };
    format!("{}, {how}", link.agent)
}
