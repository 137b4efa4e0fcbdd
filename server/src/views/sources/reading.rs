//! How a connected system was read lately, and what it sent of its own accord.

use app::view::sources::{Coverage, Cursor, Hooks, LimitLeft, Pulled, Reading, Trouble, Whose};
use chrono_tz::Tz;

use super::local;
use crate::connectors;
use crate::store::pulls::{self, Pull};
use crate::store::registry::Source;
use crate::store::{Result, Tx, cursors, hooks, limits_left, secrets};

/// How many times are shown.
const SHOWN: i64 = 8;
/// As much of a cursor as is shown.
const POSITION_CHARS: usize = 240;
/// How many cursors are shown.
const CURSORS: i64 = 12;
/// How far back deliveries are counted.
const SPAN_MS: i64 = 7 * 24 * 3_600_000;

/// None where its records are pushed.
pub(super) async fn reading(
    tx: &mut Tx,
    source: &Source,
    (zone, now_ms): (Tz, i64),
) -> Result<Option<Reading>> {
    let Some(kind) = connectors::kind(&source.kind) else {
        return Ok(None);
    };
    let latest = pulls::latest(tx, &source.name, SHOWN).await?;
    let ended = latest.iter().find(|own| own.ended_at.is_some());
    let trouble = ended.and_then(trouble);
    let next = ended.and_then(|own| own.next_at).map(|at| local(zone, at));
    let sealed = secrets::of(tx, &source.name).await?;
    let is_sealed = sealed.iter().any(|(own, _)| own == secrets::WEBHOOK);
    let hooks = match source.webhook_secret_env.is_some() || is_sealed {
        true => Some(heard(tx, &source.name, now_ms).await?),
        false => None,
    };
    let newest = latest.first().map(|own| own.started_at);
    let coverage = ended.and_then(|own| {
        Some(Coverage {
            parts: count(own.parts?),
            read: count(own.parts_read?),
            in_words: kind.parts_in_words.to_owned(),
        })
    });
    Ok(Some(Reading {
        system: kind.in_words.to_owned(),
        trouble,
        next,
        coverage,
        limits: limits(tx, &source.name, (zone, now_ms)).await?,
        cursors: positions(tx, &source.name, zone).await?,
        pulls: latest
            .into_iter()
            .map(|own| pulled(own, newest, zone))
            .collect(),
        hooks,
    }))
}

/// Those that have not begun anew since.
async fn limits(tx: &mut Tx, source: &str, (zone, now_ms): (Tz, i64)) -> Result<Vec<LimitLeft>> {
    let told = limits_left::of(tx, source).await?;
    let standing = told.into_iter().filter(|own| own.resets_at > now_ms);
    let shown = standing.map(|own| LimitLeft {
        name: own.name,
        most: count(own.most),
        remaining: count(own.remaining),
        resets: local(zone, own.resets_at),
    });
    Ok(shown.collect())
}

async fn positions(tx: &mut Tx, source: &str, zone: Tz) -> Result<Vec<Cursor>> {
    let latest = cursors::latest(tx, source, CURSORS).await?;
    // One that only notes an instant has no place.
    let placed = latest.into_iter().filter(|own| !own.position.is_empty());
    let shown = placed.map(|own| Cursor {
        of: own.stream,
        position: own.position.chars().take(POSITION_CHARS).collect(),
        moved: local(zone, own.moved_at),
    });
    Ok(shown.collect())
}

fn trouble(pull: &Pull) -> Option<Trouble> {
    let whose = match pull.class.as_deref()? {
        "ours" => Whose::Ours,
        "will_pass" => Whose::WillPass,
        "theirs" => Whose::Theirs,
        _ => Whose::Unknown,
    };
    Some(Trouble {
        whose,
        said: pull.said.clone().unwrap_or_default(),
    })
}

fn pulled(own: Pull, newest: Option<i64>, zone: Tz) -> Pulled {
    Pulled {
        started: local(zone, own.started_at),
        ended: own.ended_at.map(|at| local(zone, at)),
        // Another began since, and so it was broken off.
        is_broken_off: own.ended_at.is_none() && newest != Some(own.started_at),
        pages: count(own.pages),
        accepted: count(own.accepted),
        repeated: count(own.repeated),
        refused: count(own.refused),
        said: own.said,
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

async fn heard(tx: &mut Tx, source: &str, now_ms: i64) -> Result<Hooks> {
    let (deliveries, _) = hooks::since(tx, source, now_ms - SPAN_MS).await?;
    let forgeries = hooks::forgeries(tx, source)
        .await?
        .map_or(0, |(times, _)| times);
    Ok(Hooks {
        deliveries: count(deliveries),
        forgeries: count(forgeries),
    })
}
