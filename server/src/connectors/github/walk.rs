//! Reads a list from its newest end back to where it was read before.
//!
//! A list that grows while it is read moves things back, never past the reader: some come twice, none is
//! missed. How far all is read moves only once a reading has come to its end, and until then the place
//! within it is kept, so that a reading that broke off goes on there.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::{BoxFuture, join};
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::api::{Answer, Api};
use super::{Failure, GitHub};
use crate::connectors::{Page, Read, Sink};

/// So many batches are under way at a time.
const IN_FLIGHT: usize = 6;
/// What is still open after so many days is given up: it would be looked at for ever.
const OPEN_DAYS: i64 = 7;

/// How far a list is read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// The mark of the list's first page when all behind it had been read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag: Option<String>,
    /// All that is dated before is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    read_to: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    under_way: Option<UnderWay>,
}

/// A reading that has not come to its end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct UnderWay {
    /// The path of the page to go on with.
    next: String,
    etag: Option<String>,
    newest: Option<DateTime<Utc>>,
    /// The oldest thing that was still open.
    open: Option<DateTime<Utc>>,
}

impl Position {
    fn after(&self, reading: UnderWay) -> Position {
        let read_to = reading.open.or(reading.newest).or(self.read_to);
        Position {
            // What is open may change without the first page's changing.
            etag: reading.etag.filter(|_| reading.open.is_none()),
            read_to,
            under_way: None,
        }
    }

    fn in_words(&self) -> Result<String, Failure> {
        serde_json::to_string(self).map_err(|_| Failure::unknown("its position cannot be noted"))
    }
}

/// A list, newest first, and what its rows become.
pub(super) trait List: Sync {
    type Row: DeserializeOwned + Send + Sync;

    /// The stream of records under which what cannot be read is kept; none where another list keeps it.
    const UNREAD: Option<&'static str>;
    /// What a page holds it under, where it is no plain list.
    const MEMBER: Option<&'static str> = None;
    /// So many things are looked into together.
    const BATCH: usize = 20;

    /// The path of its first page.
    fn first(&self) -> String;
    /// By which it is sorted.
    fn dated(row: &Self::Row) -> DateTime<Utc>;
    /// Turns rows into records.
    fn look(&self, rows: Vec<Self::Row>) -> BoxFuture<'_, Result<Looked, Failure>>;
}

/// What became of some rows.
#[derive(Default)]
pub(super) struct Looked {
    pub read: Vec<Read>,
    /// When those of them began that are not over: the list is read back to the oldest the next time.
    pub open: Vec<DateTime<Utc>>,
}

/// Some rows of one page.
struct Batch<Row> {
    rows: Vec<Row>,
    unread: Vec<Read>,
    /// The page to go on with when these are kept; none after the last.
    next: Option<String>,
}

/// Reads all that is new.
pub(super) async fn walk<L: List>(
    github: &GitHub,
    list: &L,
    cursor: Option<&str>,
    sink: &mut dyn Sink,
) -> Result<(), Failure> {
    let api = &github.api;
    let before = position(cursor, github.settings.interest.since);
    let Some((mut reading, first)) = begin(api, list, &before).await? else {
        return Ok(());
    };
    let mut looked = looked(api, list, (first, before.read_to));
    let mut following = looked.next().await;
    while let Some(found) = following {
        let (found, next) = found?;
        let awaited = found
            .open
            .iter()
            .filter(|at| is_awaited(**at, reading.newest));
        reading.open = awaited.copied().chain(reading.open).min();
        let position = match next {
            Some(next) => {
                reading.next = next;
                Position {
                    under_way: Some(reading.clone()),
                    ..before.clone()
                }
            }
            None => before.after(reading.clone()),
        };
        let page = Page {
            read: found.read,
            cursor: position.in_words()?,
        };
        // The next are read while these are kept.
        let (taken, after) = join(sink.take(page), looked.next()).await;
        taken?;
        following = after;
    }
    Ok(())
}

/// What became of some rows, and the page to go on with once that is kept.
type Found = Result<(Looked, Option<String>), Failure>;

/// What becomes of the rows of a page and of those that follow, in order, some ahead of what is taken.
fn looked<'a, L: List>(
    api: &'a Api,
    list: &'a L,
    (first, read_to): (Listed, Option<DateTime<Utc>>),
) -> BoxStream<'a, Found> {
    let pages = stream::try_unfold(Some(Ahead::Page(first)), move |ahead| {
        batches::<L>(api, ahead, read_to)
    });
    let looked = pages.try_flatten().map(|batch| look(list, batch));
    looked.buffered(IN_FLIGHT).boxed()
}

/// What is to be cut into batches next.
enum Ahead {
    Page(Listed),
    /// Not read yet: a page's own rows are kept before the next page is asked for.
    Path(String),
}

/// The batches of a page, and what follows.
type Batches<L> = (
    stream::Iter<std::vec::IntoIter<Result<Batch<<L as List>::Row>, Failure>>>,
    Option<Ahead>,
);

fn batches<L: List>(
    api: &Api,
    ahead: Option<Ahead>,
    read_to: Option<DateTime<Utc>>,
) -> BoxFuture<'_, Result<Option<Batches<L>>, Failure>> {
    Box::pin(async move {
        let page = match ahead {
            Some(Ahead::Page(page)) => Some(page),
            Some(Ahead::Path(path)) => list_page::<L>(api, &path, None)
                .await?
                .map(|(page, _)| page),
            None => None,
        };
        let Some(Listed { rows, next, here }) = page else {
            return Ok(None);
        };
        let (batches, is_last) = cut::<L>(rows, (read_to, next.as_deref(), &here));
        let next = next.filter(|_| !is_last).map(Ahead::Path);
        let batches: Vec<_> = batches.into_iter().map(Ok).collect();
        Ok(Some((stream::iter(batches), next)))
    })
}

fn look<L: List>(list: &L, batch: Result<Batch<L::Row>, Failure>) -> BoxFuture<'_, Found> {
    Box::pin(async move {
        let Batch { rows, unread, next } = batch?;
        let mut looked = list.look(rows).await?;
        looked.read.extend(unread);
        Ok((looked, next))
    })
}

/// What a page of a list holds.
struct Listed {
    rows: Vec<Box<RawValue>>,
    next: Option<String>,
    /// Its own path.
    here: String,
}

/// Where a list was left; before anything was read, at the first day that is.
fn position(cursor: Option<&str>, since: Option<DateTime<Utc>>) -> Position {
    let stored = cursor.and_then(|cursor| serde_json::from_str::<Position>(cursor).ok());
    let mut position = stored.unwrap_or_default();
    position.read_to = position.read_to.or(since);
    position
}

/// The page to begin with, unless nothing has changed.
async fn begin<L: List>(
    api: &Api,
    list: &L,
    before: &Position,
) -> Result<Option<(UnderWay, Listed)>, Failure> {
    if let Some(under_way) = before.under_way.clone() {
        let page = list_page::<L>(api, &under_way.next, None).await?;
        return Ok(page.map(|(page, _)| (under_way, page)));
    }
    let Some((page, etag)) = list_page::<L>(api, &list.first(), before.etag.as_deref()).await?
    else {
        return Ok(None);
    };
    let newest = page.rows.iter().filter_map(|row| read_row::<L>(row).ok());
    let newest = newest.map(|row| L::dated(&row)).max();
    let reading = UnderWay {
        next: list.first(),
        etag,
        newest,
        open: None,
    };
    Ok(Some((reading, page)))
}

async fn list_page<L: List>(
    api: &Api,
    path: &str,
    etag: Option<&str>,
) -> Result<Option<(Listed, Option<String>)>, Failure> {
    let answer = api.get::<Box<RawValue>>(path, etag).await?;
    let Answer::Changed(page) = answer else {
        return Ok(None);
    };
    let listed = Listed {
        rows: rows(&page.body, L::MEMBER)?,
        next: page.next,
        here: path.to_owned(),
    };
    Ok(Some((listed, page.etag)))
}

fn rows(body: &RawValue, member: Option<&str>) -> Result<Vec<Box<RawValue>>, Failure> {
    let unread = |_| Failure::theirs("it answers with something else than a list");
    let Some(member) = member else {
        return serde_json::from_str(body.get()).map_err(unread);
    };
    let mut members: std::collections::HashMap<String, Box<RawValue>> =
        serde_json::from_str(body.get()).map_err(unread)?;
    match members.remove(member) {
        Some(rows) => serde_json::from_str(rows.get()).map_err(unread),
        None => Err(Failure::theirs(
            "it answers with something else than a list",
        )),
    }
}

fn read_row<L: List>(row: &RawValue) -> Result<L::Row, serde_json::Error> {
    serde_json::from_str(row.get())
}

/// The rows that are new, in batches; and whether older ones follow, which are read already.
fn cut<L: List>(
    rows: Vec<Box<RawValue>>,
    (read_to, next, here): (Option<DateTime<Utc>>, Option<&str>, &str),
) -> (Vec<Batch<L::Row>>, bool) {
    let mut fresh = Vec::new();
    let mut unread = Vec::new();
    let mut is_last = next.is_none();
    for row in rows {
        match read_row::<L>(&row) {
            Ok(own) if read_to.is_none_or(|read_to| L::dated(&own) >= read_to) => fresh.push(own),
            Ok(_) => is_last = true,
            Err(error) => unread.extend(L::UNREAD.map(|stream| Read::Unread {
                stream,
                id: None,
                body: row.get().to_owned(),
                reason: format!("GitHub’s answer has another form than it declares: {error}"),
            })),
        }
    }
    let mut batches = Vec::new();
    let mut fresh = fresh.into_iter().peekable();
    loop {
        let rows: Vec<L::Row> = fresh.by_ref().take(L::BATCH).collect();
        let is_end = fresh.peek().is_none();
        let next = match (is_end, is_last) {
            (false, _) => Some(here.to_owned()),
            (true, false) => next.map(str::to_owned),
            (true, true) => None,
        };
        batches.push(Batch {
            rows,
            unread: std::mem::take(&mut unread),
            next,
        });
        if is_end {
            return (batches, is_last);
        }
    }
}

/// Whether something that is not over yet is still looked at: not for ever. Held against the newest thing
/// of its own list, so that no clock is asked.
fn is_awaited(at: DateTime<Utc>, newest: Option<DateTime<Utc>>) -> bool {
    newest.is_none_or(|newest| newest - at <= TimeDelta::days(OPEN_DAYS))
}
