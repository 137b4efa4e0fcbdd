//! Reading the parts of a source, page by page: records and place are kept together.

use std::collections::BTreeSet;

use futures_util::future::BoxFuture;

use super::lease::lease;
use super::{Doing, Pulled};
use crate::connectors::failure::{Class, Failure};
use crate::connectors::{self, Connector, Page, Sink, Stream};
use crate::ingest;
use crate::store::pulls::{self, Pull};
use crate::store::registry::Source;
use crate::store::{self, Db, cursors};

/// How long what is read once a day is left alone: a little less than a day, so that it never slips by one.
const DAY_MS: i64 = 23 * 3_600_000;

/// After so many failures in a row that will pass, the rest is left for the next time.
const IN_A_ROW: u32 = 3;

/// What of a source is read.
pub(super) struct Reading<'a> {
    pub source: &'a Source,
    pub parts: Vec<String>,
    /// Under which instant its progress is noted.
    pub noted_at: Option<i64>,
}

/// Reads these parts of all streams, each from where it was left.
pub(super) async fn read(
    db: &Db,
    connector: &dyn Connector,
    reading: Reading<'_>,
    doing: Doing<'_>,
) -> store::Result<Pulled> {
    let parts = &reading.parts;
    let mut pulled = Pulled {
        parts: Some(parts.len() as u64),
        parts_read: Some(0),
        ..Pulled::default()
    };
    let kind = connectors::kind(&reading.source.kind);
    let streams = kind.map_or(&[][..], |kind| kind.streams);
    let mut gone: BTreeSet<&String> = BTreeSet::new();
    let mut failed: BTreeSet<&String> = BTreeSet::new();
    let is_first = |stream: &Stream| streams.first().is_some_and(|own| own == stream);
    let mut in_a_row = 0;
    for stream in streams.iter().filter(|own| connector.reads(own.name)) {
        for part in parts.iter() {
            if gone.contains(part) {
                continue;
            }
            let of = (&reading, stream, part.as_str());
            let Err(failure) = read_part(db, connector, of, (doing, &mut pulled)).await? else {
                in_a_row = 0;
                continue;
            };
            if stream.is_optional && failure.is_closed() {
                continue;
            }
            failed.insert(part);
            // Where the first of its streams is not there, it is gone itself.
            let is_gone = failure.is_nothing_there() && is_first(stream);
            let of_what = match is_gone {
                true => part.clone(),
                false => format!("{part}, {}", stream.in_words()),
            };
            if is_gone {
                gone.insert(part);
            }
            in_a_row += 1;
            let is_down = failure.class == Class::WillPass && in_a_row >= IN_A_ROW;
            let is_over = failure.concerns_all() || is_down;
            pulled.failures.push(failure.while_doing(&of_what));
            if is_over {
                return Ok(pulled);
            }
        }
    }
    pulled.parts_read = Some((parts.len() - failed.len()) as u64);
    Ok(pulled)
}

/// Reads one part of a stream, unless it is a daily one that was read today.
async fn read_part(
    db: &Db,
    connector: &dyn Connector,
    (reading, stream, part): (&Reading<'_>, &Stream, &str),
    (doing, pulled): (Doing<'_>, &mut Pulled),
) -> store::Result<Result<(), Failure>> {
    let source = reading.source.name.as_str();
    let key = format!("{} {part}", stream.name);
    let cursor = cursors::find(&mut db.read().await?, source, &key).await?;
    let moved_at = cursor.as_ref().map(|own| own.moved_at);
    if stream.is_daily && moved_at.is_some_and(|at| at + DAY_MS > (doing.clock)()) {
        return Ok(Ok(()));
    }
    let mut keeping = Keeping {
        db,
        source,
        key: &key,
        doing,
        noted_at: reading.noted_at,
        pulled,
        broken: None,
    };
    let position = cursor.as_ref().map(|own| own.position.as_str());
    let read = connector
        .pull(stream.name, part, position, &mut keeping)
        .await;
    match keeping.broken {
        Some(error) => Err(error),
        None => Ok(read),
    }
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
