//! Reads connected systems: each when it is due, all of its parts, page by page.
//!
//! A page's records and the place to read on from are kept in one transaction: broken off anywhere, a pull
//! goes on there the next time, and what came twice is a repeat. What fails of one part is told and leaves
//! the others alone.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::DateTime;
use futures_util::future::BoxFuture;

use crate::clock::Clock;
use crate::connections::Connections;
use crate::connectors::client::rates::Left;
use crate::connectors::failure::{Failure, Next};
use crate::connectors::{self, Connector, Page, Sink};
use crate::ingest;
use crate::metrics::freshness::Rhythm;
use crate::store::jobs::{self, Claim};
use crate::store::limits_left::{self, LimitLeft};
use crate::store::pulls::{self, Pull};
use crate::store::registry::{self, Registry, Source};
use crate::store::{self, Db, Tx, cursors, hooks, secrets};

/// How long whoever reads a source is left alone; it is renewed with each page.
const LEASE_MS: i64 = 10 * 60_000;
/// How often a source is read that has no rhythm.
const USUAL_MS: i64 = 15 * 60_000;
/// The soonest a source is read again that failed.
const SOONEST_MS: i64 = 60_000;
/// How long what is read once a day is left alone: a little less than a day, so that it never slips by one.
const DAY_MS: i64 = 23 * 3_600_000;

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
    let before = pulls::latest(&mut db.read().await?, &source.name, 1).await?;
    note(db, &begun).await?;
    let sealed = secrets::of(&mut db.read().await?, &source.name).await?;
    let pulled = match connections.open(registry, source, &sealed) {
        Ok(Some(connector)) => {
            let connector = connector.as_ref();
            let mut pulled = read_whole(db, connector, (source, started_at), doing).await?;
            let sends = connections.webhook_secret(source, &sealed).is_some();
            if let Some(before) = before.first().filter(|_| sends) {
                let since = DateTime::from_timestamp_millis(before.started_at).unwrap_or_default();
                let asked = connector.ask_again(since).await;
                let failed = asked.map_err(|own| own.while_doing("deliveries that did not arrive"));
                pulled.failures.extend(failed.err());
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
    match connector.parts().await {
        Ok(parts) => {
            let reading = Reading {
                source,
                parts,
                noted_at: Some(started_at),
            };
            read(db, connector, reading, doing).await
        }
        Err(failure) => Ok(Pulled::failed(failure)),
    }
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

/// What of a source is read.
struct Reading<'a> {
    source: &'a Source,
    parts: Vec<String>,
    /// Under which instant its progress is noted.
    noted_at: Option<i64>,
}

async fn read(
    db: &Db,
    connector: &dyn Connector,
    reading: Reading<'_>,
    doing: Doing<'_>,
) -> store::Result<Pulled> {
    let Reading {
        source,
        parts,
        noted_at,
    } = reading;
    let mut pulled = Pulled {
        parts: Some(parts.len() as u64),
        parts_read: Some(0),
        ..Pulled::default()
    };
    let streams = connectors::kind(&source.kind).map_or(&[][..], |kind| kind.streams);
    let mut gone: BTreeSet<&String> = BTreeSet::new();
    let mut failed: BTreeSet<&String> = BTreeSet::new();
    for stream in streams {
        for part in &parts {
            if gone.contains(part) {
                continue;
            }
            let key = format!("{} {part}", stream.name);
            let cursor = cursors::find(&mut db.read().await?, &source.name, &key).await?;
            let moved_at = cursor.as_ref().map(|own| own.moved_at);
            if stream.is_daily && moved_at.is_some_and(|at| at + DAY_MS > (doing.clock)()) {
                continue;
            }
            let mut keeping = Keeping {
                db,
                source: &source.name,
                key: &key,
                doing,
                noted_at,
                pulled: &mut pulled,
                broken: None,
            };
            let read = connector
                .pull(
                    stream.name,
                    part,
                    cursor.as_ref().map(|own| own.position.as_str()),
                    &mut keeping,
                )
                .await;
            if let Some(error) = keeping.broken.take() {
                return Err(error);
            }
            if let Err(failure) = read {
                if stream.is_optional && failure.is_closed() {
                    continue;
                }
                failed.insert(part);
                let of_what = match failure.is_nothing_there() {
                    // Nothing else of it is there either.
                    true => {
                        gone.insert(part);
                        part.clone()
                    }
                    false => format!("{part}, {}", stream.name.replace('_', " ")),
                };
                let is_over = failure.concerns_all();
                pulled.failures.push(failure.while_doing(&of_what));
                if is_over {
                    return Ok(pulled);
                }
            }
        }
    }
    pulled.parts_read = Some((parts.len() - failed.len()) as u64);
    Ok(pulled)
}

/// Keeps pages of one part of a stream.
struct Keeping<'a> {
    db: &'a Db,
    source: &'a str,
    /// Under which its cursor is kept.
    key: &'a str,
    doing: Doing<'a>,
    noted_at: Option<i64>,
    pulled: &'a mut Pulled,
    /// Why a page could not be kept.
    broken: Option<store::Error>,
}

impl Sink for Keeping<'_> {
    fn take(&mut self, page: Page) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            match self.keep(page).await {
                Ok(()) => Ok(()),
                Err(error) => {
                    self.broken = Some(error);
                    Err(Failure::unknown("what was read could not be kept"))
                }
            }
        })
    }
}

impl Keeping<'_> {
    async fn keep(&mut self, page: Page) -> store::Result<()> {
        let now_ms = (self.doing.clock)();
        let mut tx = self.db.write().await?;
        let outcome = ingest::take_page(&mut tx, self.source, &page.read, now_ms).await?;
        cursors::set(&mut tx, self.source, self.key, &page.cursor, now_ms).await?;
        if let Some(holder) = self.doing.holder {
            lease(&mut tx, self.source, (holder, now_ms)).await?;
        }
        self.pulled.pages += 1;
        self.pulled.accepted += outcome.accepted;
        self.pulled.repeated += outcome.repeated;
        self.pulled.refused += outcome.refused.len() as u64;
        if let Some(started_at) = self.noted_at {
            let so_far = Pull {
                source: self.source.to_owned(),
                started_at,
                ..self.pulled.counted()
            };
            pulls::put(&mut tx, &so_far).await?;
        }
        tx.commit().await?;
        (self.doing.tell)(self.key, self.pulled.accepted + self.pulled.repeated);
        Ok(())
    }
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

fn job(source: &str) -> String {
    format!("pull {source}")
}

async fn claim(db: &Db, source: &str, (holder, now_ms): (&str, i64)) -> store::Result<bool> {
    let mut tx = db.write().await?;
    let taken = lease(&mut tx, source, (holder, now_ms)).await?;
    tx.commit().await?;
    Ok(taken)
}

/// Takes or renews the lease.
async fn lease(tx: &mut Tx, source: &str, (holder, now_ms): (&str, i64)) -> store::Result<bool> {
    let job = job(source);
    let claim = Claim {
        job: &job,
        holder,
        now_ms,
        lease_ms: LEASE_MS,
    };
    jobs::claim(tx, claim).await
}

async fn release(
    db: &Db,
    source: &str,
    (holder, now_ms): (&str, i64),
    error: Option<&str>,
) -> store::Result<()> {
    let mut tx = db.write().await?;
    jobs::release(&mut tx, &job(source), holder, now_ms, error).await?;
    tx.commit().await
}
