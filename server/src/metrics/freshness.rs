//! How fresh a source is, and what a figure lacks where it is not.
//!
//! A source with a rhythm is judged by the instant at which it last brought something new, stream by
//! stream. A delivery of what is known already is no sign of life: it does not make a source fresh. A
//! source without a rhythm is never judged.

use std::collections::BTreeMap;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDateTime, NaiveTime, Weekday};
use chrono_tz::Tz;

use super::week::local_ms;

const HOUR_MS: i64 = 3_600_000;

/// How often a source is to bring something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    Hourly,
    Daily,
    /// Monday to Friday.
    Weekdays,
    Weekly,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no rhythm; write hourly, daily, weekdays or weekly, or leave it out")]
pub struct UnknownRhythm;

/// How a source or one of its streams stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Within its rhythm.
    Fresh,
    /// One rhythm missed.
    Late,
    /// Two missed.
    Stale,
    /// Some of its streams are stale or never came, and others are not.
    Partial,
    NeverLoaded,
}

/// When, and in whose days, a source is judged.
#[derive(Clone, Copy, Debug)]
pub struct At {
    pub zone: Tz,
    pub now_ms: i64,
}

impl FromStr for Rhythm {
    type Err = UnknownRhythm;

    fn from_str(text: &str) -> Result<Rhythm, UnknownRhythm> {
        match text {
            "hourly" => Ok(Rhythm::Hourly),
            "daily" => Ok(Rhythm::Daily),
            "weekdays" => Ok(Rhythm::Weekdays),
            "weekly" => Ok(Rhythm::Weekly),
            _ => Err(UnknownRhythm),
        }
    }
}

impl Rhythm {
    /// In words, as in "is to deliver every day".
    pub fn words(self) -> &'static str {
        match self {
            Rhythm::Hourly => "every hour",
            Rhythm::Daily => "every day",
            Rhythm::Weekdays => "every weekday",
            Rhythm::Weekly => "every week",
        }
    }

    /// The instant so many rhythms after a receipt. Days keep the time of day, also where clocks change;
    /// a weekend is no weekday, so that what came in one counts as of Monday 00:00.
    fn after_ms(self, received_ms: i64, rhythms: u16, zone: Tz) -> i64 {
        let Some(received) = DateTime::from_timestamp_millis(received_ms) else {
            return received_ms;
        };
        let local = received.with_timezone(&zone).naive_local();
        let days = u64::from(rhythms);
        let due = match self {
            Rhythm::Hourly => return received_ms + i64::from(rhythms) * HOUR_MS,
            Rhythm::Daily => local + Days::new(days),
            Rhythm::Weekly => local + Days::new(7 * days),
            Rhythm::Weekdays => {
                let next = |at: &NaiveDateTime| Some(weekday(*at + Days::new(1)));
                let mut weekdays = std::iter::successors(Some(monday_after_weekend(local)), next);
                weekdays.nth(usize::from(rhythms)).unwrap_or(local)
            }
        };
        local_ms(zone, due)
    }
}

/// The same time on the next day that is none of a weekend.
fn weekday(at: NaiveDateTime) -> NaiveDateTime {
    match at.weekday() {
        Weekday::Sat => at + Days::new(2),
        Weekday::Sun => at + Days::new(1),
        _ => at,
    }
}

fn monday_after_weekend(at: NaiveDateTime) -> NaiveDateTime {
    match weekday(at) {
        same if same == at => at,
        monday => monday.date().and_time(NaiveTime::MIN),
    }
}

/// How a stream stands whose newest receipt is this: fresh up to one rhythm after it, late up to two.
///
/// ```
/// use server::metrics::freshness::{At, Freshness, Rhythm, of_stream};
/// let at_ms = |text: &str| chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis();
/// let friday = Some(at_ms("2026-11-20T20:10:00+01:00"));
/// let at = |text| At { zone: chrono_tz::Europe::Berlin, now_ms: at_ms(text) };
/// // A source of every day has missed one on Saturday evening, and two on Sunday evening.
/// let daily = |text| of_stream(friday, Rhythm::Daily, at(text));
/// assert_eq!(daily("2026-11-21T20:10:00+01:00"), Freshness::Fresh);
/// assert_eq!(daily("2026-11-22T20:10:00+01:00"), Freshness::Late);
/// assert_eq!(daily("2026-11-22T20:10:01+01:00"), Freshness::Stale);
/// // One of weekdays is awaited on Monday, and missed for the second time on Tuesday.
/// let weekdays = |text| of_stream(friday, Rhythm::Weekdays, at(text));
/// assert_eq!(weekdays("2026-11-23T20:10:00+01:00"), Freshness::Fresh);
/// assert_eq!(weekdays("2026-11-24T20:10:00+01:00"), Freshness::Late);
/// assert_eq!(weekdays("2026-11-24T20:10:01+01:00"), Freshness::Stale);
/// ```
pub fn of_stream(newest_ms: Option<i64>, rhythm: Rhythm, at: At) -> Freshness {
    let Some(newest_ms) = newest_ms else {
        return Freshness::NeverLoaded;
    };
    let is_within = |rhythms| at.now_ms <= rhythm.after_ms(newest_ms, rhythms, at.zone);
    match (is_within(1), is_within(2)) {
        (true, _) => Freshness::Fresh,
        (false, true) => Freshness::Late,
        (false, false) => Freshness::Stale,
    }
}

/// A source with a rhythm, judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    pub name: String,
    pub rhythm: Rhythm,
    /// The streams that keep the rhythm, by name.
    pub streams: BTreeMap<String, Stream>,
}

/// When a stream last brought something new, and how it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream {
    pub newest_ms: Option<i64>,
    pub freshness: Freshness,
}

/// What is missing of a source: these streams, of which the newest receipt is this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack<'a> {
    pub source: &'a str,
    pub streams: Vec<&'a str>,
    pub newest_ms: Option<i64>,
    /// Whether that is all that was wanted of the source.
    pub is_whole: bool,
}

impl Source {
    /// Judges a source by the newest receipt of each stream that keeps its rhythm.
    pub fn judged(
        name: &str,
        rhythm: Rhythm,
        newest_ms: BTreeMap<String, Option<i64>>,
        at: At,
    ) -> Source {
        let stream = |(name, newest_ms)| {
            let freshness = of_stream(newest_ms, rhythm, at);
            let stream = Stream {
                newest_ms,
                freshness,
            };
            (name, stream)
        };
        Source {
            name: name.to_owned(),
            rhythm,
            streams: newest_ms.into_iter().map(stream).collect(),
        }
    }

    /// How it stands as a whole.
    pub fn freshness(&self) -> Freshness {
        let all = || self.streams.values().map(|stream| stream.freshness);
        if all().all(|one| one == Freshness::NeverLoaded) {
            Freshness::NeverLoaded
        } else if all().all(is_lacking) {
            Freshness::Stale
        } else if all().any(is_lacking) {
            Freshness::Partial
        } else if all().any(|one| one == Freshness::Late) {
            Freshness::Late
        } else {
            Freshness::Fresh
        }
    }

    /// What makes it less than fresh.
    pub fn behind(&self) -> Option<Lack<'_>> {
        let is_late = self.freshness() == Freshness::Late;
        let is_behind = |stream: &Stream| match is_late {
            true => stream.freshness == Freshness::Late,
            false => is_lacking(stream.freshness),
        };
        self.missing(|_| true, is_behind)
    }

    /// What is stale or never came of these streams for a week that ends at this instant. A stream that
    /// brought something at the end or later is taken to have brought what belongs before it.
    pub fn lack(&self, needs: &[&str], week_end_ms: i64) -> Option<Lack<'_>> {
        let is_missing = |stream: &Stream| {
            let ended = stream.newest_ms.is_some_and(|newest| newest >= week_end_ms);
            is_lacking(stream.freshness) && !ended
        };
        self.missing(|name| needs.contains(&name), is_missing)
    }

    fn missing(
        &self,
        is_wanted: impl Fn(&str) -> bool,
        is_missing: impl Fn(&Stream) -> bool,
    ) -> Option<Lack<'_>> {
        let wanted: Vec<_> = self
            .streams
            .iter()
            .filter(|(name, _)| is_wanted(name))
            .collect();
        let missing: Vec<_> = wanted.iter().filter(|(_, own)| is_missing(own)).collect();
        (!missing.is_empty()).then(|| Lack {
            source: &self.name,
            streams: missing.iter().map(|(name, _)| name.as_str()).collect(),
            newest_ms: missing.iter().filter_map(|(_, own)| own.newest_ms).max(),
            is_whole: missing.len() == wanted.len(),
        })
    }
}

fn is_lacking(freshness: Freshness) -> bool {
    matches!(freshness, Freshness::Stale | Freshness::NeverLoaded)
}

#[cfg(test)]
mod tests;
