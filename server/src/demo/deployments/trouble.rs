//! Incidents between one deployment and the next.

use super::super::hours::{DAY, HOUR, MINUTE};
use super::super::incidents::{Cause, Incident, noticed_after};
use super::super::truth::facts::Fact;
use super::Done;
use super::walk::Walk;

/// After so long nobody lays an incident to a deployment any more.
const WINDOW: i64 = 3 * DAY;

impl Walk<'_> {
    /// The incidents of a deployment that failed, at least so many; answers when each was over. No
    /// other deployment begins before they have begun.
    pub(super) fn incidents(&mut self, done: &Done, least: usize) -> Vec<Option<i64>> {
        let count = least.max(self.chance.weighted(&[0.55, 0.35, 0.1]));
        let mut resolved = Vec::new();
        for _ in 0..count {
            let at = done.finished + noticed_after(self.chance);
            let cause = self.cause(done);
            resolved.push(self.incident(at, cause, done.scopes.clone()));
            self.line.free_at = self.line.free_at.max(at + MINUTE);
        }
        resolved
    }

    /// What an incident of a deployment names: nothing, it, or what it brought.
    fn cause(&mut self, done: &Done) -> Option<Cause> {
        let unnamed = if done.is_success { 0.4 } else { 0.0 };
        let by_change = if done.brought.is_empty() { 0.0 } else { 0.15 };
        let way = self
            .chance
            .weighted(&[unnamed, 0.3, by_change, by_change, by_change]);
        let brought = match done.brought.as_slice() {
            [] => None,
            brought => Some(self.chance.one(brought)),
        };
        let commit = |sha: &String| ("commit", sha.clone());
        match (way, brought) {
            (0, _) => None,
            (2, Some(change)) => Some(("change", change.id.clone())),
            (3, Some(change)) => Some(commit(&change.merge_commit)),
            (4, Some(change)) => change.first_commit.as_ref().map(commit),
            _ => Some(("deployment", done.id.clone())),
        }
    }

    /// Now and then something breaks so long after the last deployment that it is laid to none.
    pub(super) fn long_after(&mut self, merged: i64) {
        let Some(since) = self.line.running.as_ref().map(|running| running.since) else {
            return;
        };
        let room = merged - since - WINDOW;
        if room > HOUR && self.chance.happens(0.1) {
            let at = since + WINDOW + self.chance.between(MINUTE, room - MINUTE);
            let scopes = self.site.company.around(self.site.service);
            self.incident(at, None, scopes);
        }
    }

    fn incident(&mut self, at: i64, cause: Option<Cause>, scopes: Vec<String>) -> Option<i64> {
        let number = self.made.incidents.len() + 1;
        let mut incident = Incident::of_service(self.site, number, at, self.chance);
        incident.cause = cause;
        let resolved = incident.resolved;
        self.made.facts.push(Fact::Incident { at, scopes });
        self.made.incidents.push(incident);
        resolved
    }
}
