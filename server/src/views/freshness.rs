//! How fresh the sources are, and what a figure lacks of them, in words.

use std::collections::BTreeMap;
use std::str::FromStr;

use app::format;
use app::view::freshness as shown;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::figures;
use crate::metrics::catalogue::Metric;
use crate::metrics::freshness::{At, Freshness, Lack, Rhythm, Source};
use crate::store::receipts::{self, Receipt};
use crate::store::registry::{self, Registry};
use crate::store::{Result, Tx};

/// The sources that have a rhythm, judged.
pub struct Sources {
    judged: Vec<Source>,
    /// The company's, in which instants are said.
    zone: Tz,
}

/// What a figure lacks.
pub struct Lacking {
    /// Whether a source brings nothing of what the figure needs, and not only a part.
    pub is_stale: bool,
    /// For the middle of a sentence.
    pub reason: String,
    /// What can be done, a sentence a source.
    pub to_do: Vec<String>,
}

impl Sources {
    /// Judges the sources that have a rhythm by what they brought so far. Of receipts only the newest is
    /// kept: asked as of an earlier instant, a source that has delivered since counts as fresh.
    pub async fn load(tx: &mut Tx, registry: &Registry, now_ms: i64) -> Result<Sources> {
        let calendar = figures::calendar(&registry.company);
        let zone = calendar.zone(calendar.week_of(now_ms));
        let all = registry.sources.iter();
        let paced: Vec<_> = all.filter_map(|own| Some((own, rhythm(own)?))).collect();
        let names: Vec<&str> = paced.iter().map(|(own, _)| own.name.as_str()).collect();
        let receipts = receipts::newest(tx, &names).await?;
        let judged = paced.into_iter().map(|(own, rhythm)| {
            let newest_ms = newest_ms(own, &receipts);
            Source::judged(&own.name, rhythm, newest_ms, At { zone, now_ms })
        });
        Ok(Sources {
            judged: judged.collect(),
            zone,
        })
    }

    /// What a page says of each.
    pub fn shown(&self) -> Vec<shown::Source> {
        let shown = |own: &Source| shown::Source {
            name: own.name.clone(),
            freshness: freshness(own.freshness()),
            reason: self.why_not_fresh(own),
        };
        self.judged.iter().map(shown).collect()
    }

    /// What makes a source less than fresh; none where it is fresh or has no rhythm.
    pub fn lack_of(&self, name: &str) -> Option<Lack<'_>> {
        let own = self.judged.iter().find(|own| own.name == name)?;
        own.behind()
    }

    fn why_not_fresh(&self, source: &Source) -> Option<String> {
        let awaited = format!("it is to deliver {}", source.rhythm.words());
        match (source.freshness(), source.behind()) {
            (Freshness::Fresh, _) => None,
            (_, Some(lack)) => Some(format!("{}; {awaited}", self.not_come(&lack, ""))),
            (_, None) => Some(awaited),
        }
    }

    /// What a metric lacks for a week that ends at this instant. Which services a source feeds is not
    /// known, so that every scope waits for it. It is judged at each reading, of frozen weeks too: what a
    /// stale source has not brought may still be missing. A frozen review keeps what it said.
    pub fn lacking(&self, metric: &Metric, week_end_ms: i64) -> Option<Lacking> {
        let sources = self.judged.iter();
        let lacks: Vec<Lack<'_>> = sources
            .filter_map(|own| own.lack(metric.needs, week_end_ms))
            .collect();
        let from = |lack: &Lack<'_>| self.not_come(lack, &format!(" from {}", lack.source));
        (!lacks.is_empty()).then(|| Lacking {
            is_stale: lacks.iter().any(|lack| lack.is_whole),
            reason: lacks.iter().map(from).collect::<Vec<_>>().join(", and "),
            to_do: lacks.iter().map(to_do).collect(),
        })
    }

    /// "no incidents came from pager since Fri 20 Nov 2026, 20:10 Berlin".
    fn not_come(&self, lack: &Lack<'_>, from: &str) -> String {
        let streams = listed(&lack.streams, "or");
        let newest = lack
            .newest_ms
            .and_then(DateTime::<Utc>::from_timestamp_millis);
        match newest {
            Some(newest) => {
                let local = newest.with_timezone(&self.zone).fixed_offset();
                let since = format::local_in(local, self.zone.name());
                format!("no {streams} came{from} since {since}")
            }
            None => format!("no {streams} ever came{from}"),
        }
    }
}

/// The rhythm of a source that is to have one.
pub(super) fn rhythm(source: &registry::Source) -> Option<Rhythm> {
    Rhythm::from_str(source.rhythm.as_deref()?).ok()
}

/// The newest receipt of each stream that keeps the source's rhythm: of those that it names, else of
/// those that it has delivered.
fn newest_ms(source: &registry::Source, receipts: &[Receipt]) -> BTreeMap<String, Option<i64>> {
    let named = source.streams.iter().map(|stream| (stream.clone(), None));
    let keeps = |stream| source.streams.is_empty() || source.streams.contains(stream);
    let own = receipts.iter().filter(|one| one.source == source.name);
    let came = own
        .filter(|one| keeps(&one.stream))
        .map(|one| (one.stream.clone(), Some(one.received_at)));
    named.chain(came).collect()
}

fn to_do(lack: &Lack<'_>) -> String {
    let newer = lack.newest_ms.map_or("", |_| "newer ");
    format!(
        "Push or import the {newer}{} of {}. If nothing new is to come so often, give the source a longer rhythm in the registry, or leave out the streams that seldom bring anything.",
        listed(&lack.streams, "and"),
        lack.source
    )
}

/// "changes, reviews or deployments".
pub(super) fn listed(names: &[&str], word: &str) -> String {
    match names {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [all @ .., last] => format!("{} {word} {last}", all.join(", ")),
    }
}

fn freshness(judged: Freshness) -> shown::Freshness {
    match judged {
        Freshness::Fresh => shown::Freshness::Fresh,
        Freshness::Late => shown::Freshness::Late,
        Freshness::Stale => shown::Freshness::Stale,
        Freshness::Partial => shown::Freshness::Partial,
        Freshness::NeverLoaded => shown::Freshness::NeverLoaded,
    }
}
