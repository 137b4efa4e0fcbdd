//! Reads connected systems: each when it is due, all of its parts, page by page.
//!
//! A page's records and the place to read on from are kept in one transaction: broken off anywhere, a pull
//! goes on there the next time, and what came twice is a repeat. What fails of one part is told and leaves
//! the others alone.

mod lease;
mod reading;

use std::time::Duration;

use chrono::DateTime;

use crate::clock::Clock;
use crate::connections::Connections;
use crate::connectors::client::rates::Left;
use crate::connectors::failure::{Failure, Next};
use crate::connectors::{self, Connector};
use crate::metrics::freshness::Rhythm;
use crate::store::limits_left::{self, LimitLeft};
use crate::store::pulls::{self, Pull};
use crate::store::registry::{self, Registry, Source};
use crate::store::{self, Db, Tx, cursors, hooks, secrets};
use lease::{claim, release};
use reading::{Reading, read};

/// How often a source is read that has no rhythm.
const USUAL_MS: i64 = 15 * 60_000;
/// The soonest a source is read again that failed.
const SOONEST_MS: i64 = 60_000;

/// Under which it is noted when a source was last asked for what did not arrive.
const DELIVERIES: &str = "deliveries";

/// What came of reading a source.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    pub pages: u64,
    pub accepted: u64,
    pub repeated: u64,
    pub refused: u64,
    /// The parts that there are, and those that were read whole; none before they are known.
    pub parts: Option<u64>,
    pub parts_read: Option<u64>,
    /// What could not be read, and why, in the order in which it was tried.
    pub failures: Vec<Failure>,
}

impl Pulled {
    fn failed(failure: Failure) -> Pulled {
        Pulled {
            failures: vec![failure],
            ..Pulled::default()
        }
    }

    /// The counts as they are noted.
    fn counted(&self) -> Pull {
        Pull {
            pages: count(self.pages),
            accepted: count(self.accepted),
            repeated: count(self.repeated),
            refused: count(self.refused),
            parts: self.parts.map(count),
            parts_read: self.parts_read.map(count),
            ..Pull::default()
        }
    }
}

/// What is told while a source is read: what of it, and how many records came.
pub type Tell<'a> = &'a (dyn Fn(&str, u64) + Sync);

/// By which clock a source is read, who is told, and under whose lease.
#[derive(Clone, Copy)]
pub struct Doing<'a> {
    pub clock: &'a Clock,
    pub tell: Tell<'a>,
    /// None where somebody asked for it: what comes twice is a repeat.
    pub holder: Option<&'a str>,
}

/// Reads the sources that are due, unless another is at them; answers those that were read.
pub async fn step(
    db: &Db,
    connections: &Connections,
    (holder, clock): (&str, &Clock),
) -> store::Result<Vec<(String, Pulled)>> {
    let mut tx = db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let mut due = Vec::new();
    for source in &registry.sources {
        if is_connected(source) && is_due(&mut tx, source, clock()).await? {
            due.push(source);
        }
    }
    drop(tx);
    let mut read = heard_of(db, connections, (&registry, holder), clock).await?;
    for source in due {
        if claim(db, &source.name, (holder, clock())).await? {
            let doing = Doing {
                clock,
                tell: &|_, _| {},
                holder: Some(holder),
            };
            let pulled = pull(db, connections, (&registry, source), doing).await?;
            let error = pulled.failures.first().map(ToString::to_string);
            release(db, &source.name, (holder, clock()), error.as_deref()).await?;
            read.push((source.name.clone(), pulled));
        }
    }
    Ok(read)
}

/// Reads the parts that a system said were worth it.
async fn heard_of(
    db: &Db,
    connections: &Connections,
    (registry, holder): (&Registry, &str),
    clock: &Clock,
) -> store::Result<Vec<(String, Pulled)>> {
    let mut all = Vec::new();
    for source in registry.sources.iter().filter(|own| is_connected(own)) {
        let noted = hooks::parts(&mut db.read().await?, &source.name).await?;
        if noted.is_empty() {
            continue;
        }
        let sealed = secrets::of(&mut db.read().await?, &source.name).await?;
        let Ok(Some(connector)) = connections.open(registry, source, &sealed) else {
            continue;
        };
        if !claim(db, &source.name, (holder, clock())).await? {
            continue;
        }
        let reading = Reading {
            source,
            parts: noted.iter().map(|(part, _)| part.clone()).collect(),
            noted_at: None,
        };
        let doing = Doing {
            clock,
            tell: &|_, _| {},
            holder: Some(holder),
        };
        let pulled = read(db, connector.as_ref(), reading, doing).await?;
        let mut tx = db.write().await?;
        for (part, at_ms) in &noted {
            hooks::forget_part(&mut tx, &source.name, (part, *at_ms)).await?;
        }
        tx.commit().await?;
        release(db, &source.name, (holder, clock()), None).await?;
        all.push((source.name.clone(), pulled));
    }
    Ok(all)
}

/// Whether Onehop reads it by itself.
pub fn is_connected(source: &Source) -> bool {
    connectors::kind(&source.kind).is_some()
}

async fn is_due(tx: &mut Tx, source: &Source, now_ms: i64) -> store::Result<bool> {
    let latest = pulls::latest(tx, &source.name, 1).await?;
    Ok(latest
        .first()
        .is_none_or(|pull| pull.next_at.is_none_or(|next| next <= now_ms)))
}

/// Reads a source now, whether or not it is due.
pub async fn pull(
    db: &Db,
    connections: &Connections,
    (registry, source): (&Registry, &Source),
    doing: Doing<'_>,
) -> store::Result<Pulled> {
    let clock = doing.clock;
    let started_at = clock();
    let begun = Pull {
        source: source.name.clone(),
        started_at,
        ..Pull::default()
    };
    note(db, &begun).await?;
    let sealed = secrets::of(&mut db.read().await?, &source.name).await?;
    let pulled = match connections.open(registry, source, &sealed) {
        Ok(Some(connector)) => {
            let connector = connector.as_ref();
            let mut pulled = read_whole(db, connector, (source, started_at), doing).await?;
            if connections.webhook_secret(source, &sealed).is_some() {
                let asked = ask_again(db, connector, (source, started_at)).await?;
                pulled.failures.extend(asked.err());
            }
            note_limits(db, source, connector.left(), clock()).await?;
            pulled
        }
        Ok(None) => Pulled::default(),
        Err(failure) => Pulled::failed(failure),
    };
    let ended_ms = clock();
    let first = pulled.failures.first();
    let ended = Pull {
        ended_at: Some(ended_ms),
        class: first.map(|own| own.class.as_str().to_owned()),
        said: said(&pulled.failures),
        next_at: Some(ended_ms + pause_ms(source, &pulled.failures)),
        source: begun.source,
        started_at,
        ..pulled.counted()
    };
    note(db, &ended).await?;
    Ok(pulled)
}

/// Reads all parts of a source.
async fn read_whole(
    db: &Db,
    connector: &dyn Connector,
    (source, started_at): (&Source, i64),
    doing: Doing<'_>,
) -> store::Result<Pulled> {
    let parts = connector.parts().await;
    let reading = Reading {
        source,
        parts: parts.found,
        noted_at: Some(started_at),
    };
    let mut pulled = read(db, connector, reading, doing).await?;
    pulled.failures.splice(0..0, parts.failures);
    Ok(pulled)
}

/// Asks for what was sent since the last time that this was asked, and did not arrive.
async fn ask_again(
    db: &Db,
    connector: &dyn Connector,
    (source, now_ms): (&Source, i64),
) -> store::Result<Result<(), Failure>> {
    let asked = cursors::find(&mut db.read().await?, &source.name, DELIVERIES).await?;
    if let Some(asked) = asked {
        let since = DateTime::from_timestamp_millis(asked.moved_at).unwrap_or_default();
        if let Err(failure) = connector.ask_again(since).await {
            return Ok(Err(failure.while_doing("deliveries that did not arrive")));
        }
    }
    let mut tx = db.write().await?;
    cursors::set(&mut tx, &source.name, DELIVERIES, "", now_ms).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

async fn note_limits(
    db: &Db,
    source: &Source,
    left: Vec<(&'static str, Left)>,
    now_ms: i64,
) -> store::Result<()> {
    let mut tx = db.write().await?;
    for (name, left) in left {
        let limit = LimitLeft {
            source: source.name.clone(),
            name: name.to_owned(),
            most: count(left.limit),
            remaining: count(left.remaining),
            resets_at: now_ms + ms(left.resets_in),
        };
        limits_left::put(&mut tx, &limit).await?;
    }
    tx.commit().await
}

/// How long until a source is due again: its rhythm, or what its failure asks for.
fn pause_ms(source: &Source, failures: &[Failure]) -> i64 {
    let rhythm = source
        .rhythm
        .as_deref()
        .and_then(|own| own.parse::<Rhythm>().ok());
    let usual = rhythm.map_or(USUAL_MS, interval_ms);
    let asked = failures.iter().map(|failure| match failure.next {
        Next::Wait(wait) => ms(wait),
        Next::Retry => SOONEST_MS,
        Next::Stop => usual,
    });
    asked.max().unwrap_or(usual).max(SOONEST_MS)
}

/// How often a source of this rhythm is read: often enough never to be late for it.
fn interval_ms(rhythm: Rhythm) -> i64 {
    match rhythm {
        Rhythm::Hourly => USUAL_MS,
        Rhythm::Daily | Rhythm::Weekdays | Rhythm::Weekly => 4 * USUAL_MS,
    }
}

/// The first failure, and how many more there were.
fn said(failures: &[Failure]) -> Option<String> {
    let first = failures.first()?;
    Some(match failures.len() {
        1 => first.to_string(),
        all => format!("{first} (and {} more)", all - 1),
    })
}

fn count(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn ms(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

async fn note(db: &Db, pull: &Pull) -> store::Result<()> {
    let mut tx = db.write().await?;
    pulls::put(&mut tx, pull).await?;
    pulls::prune(&mut tx, &pull.source).await?;
    tx.commit().await
}
