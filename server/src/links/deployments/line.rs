//! A service's attempts to bring something into production, in their order, a part at a time.

use crate::links::production::{Attempt, Ways};
use crate::store::links::changes as change_links;
use crate::store::registry::Registry;
use crate::store::touched::From;
use crate::store::{self, Tx, deployments};

/// The most attempts of a part.
const PART: usize = 1_000;
/// How many deployments are looked at in one go, on the way back to the one before.
const BACK: i64 = 50;

/// A service, and how it brings things into production.
pub(super) struct Line<'a> {
    pub service: &'a str,
    pub ways: Ways<'a>,
    pub registry: &'a Registry,
}

/// Attempts that follow one another, and what went before them.
#[derive(Debug)]
pub(super) struct Part {
    /// Where it begins; nothing before is touched.
    pub start: (i64, String),
    /// The last attempt before it, and the last one that was done.
    pub before: Option<Attempt>,
    pub running: Option<Attempt>,
    pub attempts: Vec<Attempt>,
    /// Where the next part begins: at this one's last attempt, which has to know its successor.
    pub next: Option<(i64, String)>,
}

impl Part {
    /// Whether a place lies in it; the last part has no end.
    pub(super) fn holds(&self, place: (i64, &str)) -> bool {
        let starts = (self.start.0, self.start.1.as_str()) <= place;
        let next = self.next.as_ref();
        starts && next.is_none_or(|(at, id)| place <= (*at, id.as_str()))
    }

    /// The instants from its first to its last place.
    pub(super) fn span(&self) -> (i64, i64) {
        let end = self.next.as_ref().map_or(i64::MAX, |(at, _)| *at);
        (self.start.0, end)
    }

    /// The commits of its attempts.
    pub(super) fn commits(&self) -> Vec<&str> {
        let attempts = self.attempts.iter();
        attempts
            .filter_map(|attempt| attempt.commit.as_deref())
            .collect()
    }
}

impl<'a> Line<'a> {
    pub(super) fn of(service: &'a str, registry: &'a Registry) -> Line<'a> {
        Line {
            service,
            ways: Ways::of(registry.service(service)),
            registry,
        }
    }

    /// The part that begins at a mark. A fresh mark begins one attempt earlier: what follows an
    /// attempt is part of what it is.
    pub(super) async fn part(&self, tx: &mut Tx, mark: &From) -> store::Result<Part> {
        let mut start = (mark.from_at, mark.from_id.clone());
        if mark.from_id.is_empty() {
            let (before, _) = self.before(tx, (mark.from_at, "")).await?;
            if let Some(before) = before {
                start = (before.finished_at, before.id);
            }
        }
        let (before, running) = self.before(tx, (start.0, &start.1)).await?;
        let mut attempts = self
            .attempts_from(tx, (start.0, &start.1), PART + 1)
            .await?;
        let next = (attempts.len() > PART).then(|| {
            attempts.truncate(PART);
            let last = &attempts[PART - 1];
            (last.finished_at, last.id.clone())
        });
        Ok(Part {
            start,
            before,
            running,
            attempts,
            next,
        })
    }

    /// The last attempt before a place, and the last one that was done.
    async fn before(
        &self,
        tx: &mut Tx,
        place: (i64, &str),
    ) -> store::Result<(Option<Attempt>, Option<Attempt>)> {
        if self.ways.merge_is_delivery() {
            let merge = change_links::merge_before(tx, self.service, place).await?;
            let attempt = merge.map(Attempt::merged);
            return Ok((attempt.clone(), attempt));
        }
        let mut place = (place.0, place.1.to_owned());
        let mut latest: Option<Attempt> = None;
        loop {
            let at = (place.0, place.1.as_str());
            let found = deployments::before_place(tx, self.service, at, BACK).await?;
            let Some(last) = found.last() else {
                return Ok((latest, None));
            };
            place = (last.finished_at, last.version.id.clone());
            for attempt in found
                .into_iter()
                .filter_map(|pushed| Attempt::pushed(pushed, self.ways))
            {
                if attempt.is_success {
                    return Ok((latest.or_else(|| Some(attempt.clone())), Some(attempt)));
                }
                latest.get_or_insert(attempt);
            }
        }
    }

    /// At least so many attempts from a place on, unless there are fewer.
    async fn attempts_from(
        &self,
        tx: &mut Tx,
        place: (i64, &str),
        limit: usize,
    ) -> store::Result<Vec<Attempt>> {
        let rows = limit as i64;
        if self.ways.merge_is_delivery() {
            let merges = change_links::merges_from(tx, self.service, place, rows).await?;
            return Ok(merges.into_iter().map(Attempt::merged).collect());
        }
        let mut place = (place.0, place.1.to_owned());
        let mut attempts: Vec<Attempt> = Vec::new();
        loop {
            let at = (place.0, place.1.as_str());
            let mut found = deployments::from_place(tx, self.service, at, rows).await?;
            let is_last = found.len() < limit;
            if !is_last && let Some(last) = found.pop() {
                place = (last.finished_at, last.version.id);
            }
            attempts.extend(
                found
                    .into_iter()
                    .filter_map(|pushed| Attempt::pushed(pushed, self.ways)),
            );
            if is_last || attempts.len() >= limit {
                attempts.truncate(limit);
                return Ok(attempts);
            }
        }
    }

    /// The first that was done after one place and before another; with none, the last attempt.
    pub(super) async fn first_between(
        &self,
        tx: &mut Tx,
        after: (i64, &str),
        before: (i64, &str),
    ) -> store::Result<Option<String>> {
        let mut place = (after.0, after.1.to_owned());
        let mut attempt: Option<String> = None;
        loop {
            let at = (place.0, place.1.as_str());
            let found = deployments::from_place(tx, self.service, at, BACK).await?;
            let is_last = found.len() < BACK as usize;
            for pushed in found {
                place = (pushed.finished_at, pushed.version.id.clone());
                let at = (place.0, place.1.as_str());
                if at >= before {
                    return Ok(attempt);
                }
                let Some(other) = Attempt::pushed(pushed, self.ways).filter(|_| at > after) else {
                    continue;
                };
                if other.is_success {
                    return Ok(Some(other.id));
                }
                attempt = Some(other.id);
            }
            if is_last {
                return Ok(attempt);
            }
        }
    }
}
