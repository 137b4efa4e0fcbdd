//! What executives decided about the answer, since when and by whom, and which margins the company's
//! own counts can support.

use app::backend::Role;
use app::format;
use app::view::answer::Compared;
use app::view::settings::{Decided, Deciding, Decisions, Metric, Signed, Span};

use super::super::answer::{self, answer};
use super::super::freshness::Sources;
use super::super::people::Names;
use super::super::scope::Scope;
use super::super::{Result, rfc3339};
use super::Asked;
use crate::figures;
use crate::metrics::answer::reach::records_to_rule_out;
use crate::metrics::answer::{MARGIN_POINTS, Rules};
use crate::metrics::catalogue::{self, CATALOGUE};
use crate::metrics::proportion::Share;
use crate::store::Tx;
use crate::store::acts::decided;
use crate::store::registry::Registry;

pub(super) async fn decisions(
    tx: &mut Tx,
    registry: &Registry,
    asked: Asked<'_>,
) -> Result<Decisions> {
    let company = &registry.company;
    let names = Names::load(tx).await?;
    let set = company.deciding.as_ref();
    let named = |id: Option<&String>, usual: &str| {
        let id = id.map_or(usual, String::as_str);
        metric(catalogue::metric(id).unwrap_or(&CATALOGUE[0]))
    };
    let deciding = Deciding {
        speed: named(set.map(|own| &own.speed), answer::SPEED),
        quality: named(set.map(|own| &own.quality), answer::QUALITY),
    };
    let baseline = company.baseline.clone().map(|own| Span {
        from: own.from,
        to: own.to,
    });
    Ok(Decisions {
        margin: Decided {
            stands: company.margin_points.unwrap_or(MARGIN_POINTS),
            is_usual: company.margin_points.is_none(),
            act: signed(tx, decided::MARGIN, &names).await?,
        },
        baseline: Decided {
            is_usual: baseline.is_none(),
            stands: baseline,
            act: signed(tx, decided::BASELINE, &names).await?,
        },
        deciding: Decided {
            stands: deciding,
            is_usual: set.is_none(),
            act: signed(tx, decided::DECIDING, &names).await?,
        },
        reach: reach(tx, registry, asked.now_ms).await?,
        speed_choices: CATALOGUE
            .iter()
            .filter(|own| own.is_duration())
            .map(metric)
            .collect(),
        quality_choices: CATALOGUE
            .iter()
            .filter(|own| own.is_bad_share())
            .map(metric)
            .collect(),
        may_decide: asked.reader.role == Role::Executive,
    })
}

/// Who last decided something, and when; none where the registry's file says it.
async fn signed(tx: &mut Tx, kind: &str, names: &Names) -> Result<Option<Signed>> {
    let act = decided::latest(tx, kind, i64::MAX).await?;
    Ok(act.map(|act| Signed {
        at: rfc3339(act.at),
        by: names.of(&act.by_whom),
    }))
}

fn metric(metric: &catalogue::Metric) -> Metric {
    Metric {
        id: metric.id.to_owned(),
        name: metric.name.to_owned(),
    }
}

/// The margins that are asked about, widest first.
const MARGINS: [f64; 4] = [10.0, 5.0, 3.0, 2.0];

/// How many records each margin takes, from the company's own baseline, else from an example.
async fn reach(tx: &mut Tx, registry: &Registry, now_ms: i64) -> Result<Vec<String>> {
    let calendar = figures::calendar(&registry.company);
    let sources = Sources::load(tx, registry, now_ms).await?;
    let scope = Scope::company(registry);
    let asked = answer::Asked {
        registry,
        scope: &scope,
        week: calendar.week_of(now_ms).previous(),
        now_ms,
        sources: &sources,
    };
    let side = answer(tx, asked).await?.quality;
    let noun = side.records_noun.as_str();
    let (baseline, begins, there_are) = match side.compared {
        Some(Compared::Shares {
            recent: [_, recent],
            baseline: [part, whole],
            ..
        }) => {
            let share = format::fraction(part, whole);
            let begins = format!("Your baseline has {share} {noun} that count as bad.");
            let recent = format!("In the recent weeks there are {}.", format::count(recent));
            (Share { part, whole }, begins, Some(recent))
        }
        _ => {
            let begins =
                format!("For example, with 20 of 400 {noun} in the baseline that count as bad:");
            (
                Share {
                    part: 20,
                    whole: 400,
                },
                begins,
                None,
            )
        }
    };
    let there_are = there_are.into_iter();
    Ok(std::iter::once(begins)
        .chain([supported(baseline, noun)])
        .chain(there_are)
        .collect())
}

/// "About 150 deployments in the recent weeks can support a 5-point claim, 1 020 a 2-point claim."
fn supported(baseline: Share, noun: &str) -> String {
    let level = Rules::default().no_sloppier;
    let takes = MARGINS.into_iter().filter_map(|points| {
        let records = records_to_rule_out(points / 100.0, baseline, level)?;
        Some((points, format::count(records)))
    });
    let claims = takes.enumerate().map(|(at, (points, records))| match at {
        0 => {
            format!("About {records} {noun} in the recent weeks can support a {points}-point claim")
        }
        _ => format!("{records} a {points}-point claim"),
    });
    let claims: Vec<String> = claims.collect();
    match claims.as_slice() {
        [] => format!("No number of recent {noun} can support even a 10-point claim against it."),
        all => format!("{}.", all.join(", ")),
    }
}
