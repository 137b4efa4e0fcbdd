//! From merge to merge through a service's week, deploying.

use super::super::changes::Change;
use super::super::company::Site;
use super::super::hours::{DAY, HOUR, MINUTE};
use super::super::incidents::{Cause, Incident, noticed_after};
use super::super::truth::facts::Fact;
use super::attempt::{Attempt, ROLLOUT};
use super::fate::{End, Fate};
use super::mend::{Brings, Mend};
use super::{Chance, Done, Failed, Line, Made, Open, Running};

/// After so long nobody lays an incident to a deployment any more.
const WINDOW: i64 = 3 * DAY;

pub(super) struct Walk<'a> {
    pub line: &'a mut Line,
    pub site: &'a Site<'a>,
    pub chance: &'a mut Chance,
    /// How likely a merge is to be deployed at once.
    pub share: f64,
    pub made: Made,
}

/// An attempt that is to be made.
struct Next<'a> {
    /// Of the change on whose account it is made; with the step, its id.
    number: u64,
    step: &'static str,
    commit: &'a str,
    said: Option<&'static str>,
    is_success: bool,
    /// Whether it brings what waits.
    brings: bool,
}

impl Walk<'_> {
    /// Takes in a merge, and deploys it or not.
    pub(super) fn merge(&mut self, change: &mut Change, first_review: Option<i64>) {
        let open = self.line.open.take_if(|open| change.end > open.known_at);
        let mended = open.map(|open| {
            let brings = open.mend.make(change, self.site.service, self.chance);
            (open.failed, brings)
        });
        let waiting = change.waiting(self.site, first_review);
        self.made.facts.push(Fact::Merged(waiting.fact.clone()));
        self.line.waiting.push(waiting);
        match mended {
            Some((failed, brings)) => self.put_right(change, failed, &brings),
            None if self.line.open.is_some() => {}
            None if self.line.running.is_none() => self.begin(change),
            None if self.chance.happens(self.share) => self.planned(change),
            None => {}
        }
    }

    /// The first known deployment. What a narrower workflow covers does not go with it: then it is
    /// of a commit from before all records.
    fn begin(&mut self, change: &Change) {
        let is_narrow =
            change.scopes(self.site).len() > self.site.company.around(self.site.service).len();
        let before = self.chance.sha();
        let next = Next {
            number: change.number,
            step: "first",
            commit: if is_narrow {
                &before
            } else {
                &change.merge_commit
            },
            said: None,
            is_success: true,
            brings: !is_narrow,
        };
        self.line.free_at = change.end;
        let done = self.attempt(next);
        self.tell(&done, false);
    }

    fn planned(&mut self, change: &Change) {
        self.long_after(change.end);
        let fate = Fate::drawn(self.site.week.failing, self.chance);
        let before = self.line.running.clone();
        let said = self.chance.happens(0.5).then_some("planned");
        if fate == Fate::Retried {
            self.roll_out(change, said, false);
            let done = self.attempt(Next {
                step: "retry",
                ..Next::of(change, said)
            });
            return self.tell(&done, false);
        }
        let (by_itself, end) = match fate {
            Fate::Fails { by_itself, end } => (by_itself, Some(end)),
            _ => (false, None),
        };
        let done = self.roll_out(change, said, !by_itself);
        match end {
            Some(end) => self.fails(change, done, (end, before)),
            None => self.tell(&done, false),
        }
        if fate == Fate::Repeated {
            self.again(change, "repeat");
        }
    }

    /// A deployment failed: incidents, and what puts it right.
    fn fails(&mut self, change: &Change, done: Done, (end, before): (End, Option<Running>)) {
        let by_itself = !done.is_success;
        let least = usize::from(end == End::Felt);
        let resolved = self.incidents(&done, least);
        let failed = Failed { done, resolved };
        let mend = match end {
            End::RolledBack => {
                // Some go back to a commit that was never deployed before.
                let is_known = by_itself || self.chance.happens(0.95);
                let back = self.roll_back(change, before.filter(|_| is_known), by_itself);
                self.tell(&back, true);
                self.made.facts.extend(failed.facts(Some(back.finished)));
                if !by_itself && is_known && self.chance.happens(0.2) {
                    self.again(change, "forward");
                }
                return;
            }
            End::Felt => return self.made.facts.extend(failed.facts(None)),
            End::Fixed => Mend::Fix,
            End::Reverted => Mend::revert_of(change),
        };
        self.line.open = Some(Open {
            failed,
            mend,
            known_at: self.line.free_at,
        });
    }

    fn put_right(&mut self, change: &Change, failed: Failed, brings: &Brings) {
        let done = self.roll_out(change, brings.said, true);
        self.tell(&done, brings.is_rework);
        self.made.facts.extend(failed.facts(Some(done.finished)));
    }

    /// To staging, then to production; its sender may list what is inside.
    fn roll_out(&mut self, change: &Change, said: Option<&'static str>, is_success: bool) -> Done {
        let from = self.line.free_at.max(change.end);
        let finished = from + self.chance.between(4 * MINUTE, 25 * MINUTE) + ROLLOUT;
        self.made.attempts.push(Attempt {
            id: format!("{}-{}-staging", self.site.service.slug, change.number),
            is_production: false,
            commit: change.merge_commit.clone(),
            finished,
            is_success: true,
            said,
            changes: None,
        });
        self.line.free_at = finished;
        self.attempt(Next {
            is_success,
            ..Next::of(change, said)
        })
    }

    /// Goes back to what ran before, or to something unknown. Only its sender's word tells of that,
    /// and of the same commit once more after a rollout that failed.
    fn roll_back(&mut self, change: &Change, before: Option<Running>, by_itself: bool) -> Done {
        let is_said = by_itself || before.is_none() || self.chance.happens(0.5);
        let unknown = self.chance.sha();
        self.attempt(Next {
            step: "rollback",
            commit: before.as_ref().map_or(&unknown, |before| &before.commit),
            brings: false,
            ..Next::of(change, is_said.then_some("rollback"))
        })
    }

    /// The same commit once more, bringing nothing new.
    fn again(&mut self, change: &Change, step: &'static str) {
        let said = self.chance.happens(0.5).then_some("planned");
        let done = self.attempt(Next {
            step,
            brings: false,
            ..Next::of(change, said)
        });
        self.tell(&done, false);
    }

    fn attempt(&mut self, next: Next<'_>) -> Done {
        let finished = self.line.free_at + self.chance.between(12 * MINUTE, 50 * MINUTE) + ROLLOUT;
        let brings = next.brings && next.is_success;
        let brought = match brings {
            true => std::mem::take(&mut self.line.waiting),
            false => Vec::new(),
        };
        let is_first = self.line.running.is_none();
        let lists = brings && !is_first && self.chance.happens(0.2);
        let id = format!("{}-{}-{}", self.site.service.slug, next.number, next.step);
        self.made.attempts.push(Attempt {
            id: id.clone(),
            is_production: true,
            commit: next.commit.to_owned(),
            finished,
            is_success: next.is_success,
            said: next.said,
            changes: lists.then(|| brought.iter().map(|change| change.id.clone()).collect()),
        });
        self.line.free_at = finished;
        if next.is_success {
            self.line.running = Some(Running {
                commit: next.commit.to_owned(),
                since: finished,
            });
        }
        let mut scopes = self.site.company.around(self.site.service);
        if !is_first {
            for change in &brought {
                self.made.facts.push(Fact::Delivered {
                    change: change.fact.clone(),
                    at: finished,
                });
                scopes.extend(change.fact.scopes.iter().cloned());
            }
        }
        scopes.sort_unstable();
        scopes.dedup();
        let origin = (("deployment", id.clone()), scopes.clone());
        self.made.origins.push(origin);
        Done {
            id,
            finished,
            scopes,
            is_success: next.is_success,
            brought,
        }
    }

    fn tell(&mut self, done: &Done, is_rework: bool) {
        self.made.facts.push(done.fact(false, is_rework));
    }

    /// The incidents of a deployment that failed, at least so many; answers when each was over. No
    /// other deployment begins before they have begun.
    fn incidents(&mut self, done: &Done, least: usize) -> Vec<Option<i64>> {
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
    fn long_after(&mut self, merged: i64) {
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

impl<'a> Next<'a> {
    /// A change's own way to production.
    fn of(change: &'a Change, said: Option<&'static str>) -> Next<'a> {
        Next {
            number: change.number,
            step: "production",
            commit: &change.merge_commit,
            said,
            is_success: true,
            brings: true,
        }
    }
}
