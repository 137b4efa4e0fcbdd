//! Making an attempt: when it is over, what it brings, and the scopes that cover it.

use super::super::changes::Change;
use super::super::hours::MINUTE;
use super::super::truth::facts::Fact;
use super::attempt::{Attempt, ROLLOUT};
use super::walk::Walk;
use super::{Done, Running, Waiting};

/// An attempt that is to be made.
pub(super) struct Next<'a> {
    /// Of the change on whose account it is made; with the step, its id.
    pub number: u64,
    pub step: &'static str,
    pub commit: &'a str,
    pub said: Option<&'static str>,
    pub is_success: bool,
    /// Whether it brings what waits.
    pub brings: bool,
}

impl Walk<'_> {
    /// To staging, then to production; its sender may list what is inside.
    pub(super) fn roll_out(
        &mut self,
        change: &Change,
        said: Option<&'static str>,
        is_success: bool,
    ) -> Done {
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
    pub(super) fn roll_back(
        &mut self,
        change: &Change,
        before: Option<Running>,
        by_itself: bool,
    ) -> Done {
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
    pub(super) fn again(&mut self, change: &Change, step: &'static str) {
        let said = self.chance.happens(0.5).then_some("planned");
        let done = self.attempt(Next {
            step,
            brings: false,
            ..Next::of(change, said)
        });
        self.tell(&done, false);
    }

    pub(super) fn attempt(&mut self, next: Next<'_>) -> Done {
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
        let delivered = if is_first { &[][..] } else { &brought };
        let scopes = self.deliver(delivered, finished);
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

    /// Tells what reached production for the first time; answers the scopes that cover it all.
    fn deliver(&mut self, brought: &[Waiting], at: i64) -> Vec<String> {
        let mut scopes = self.site.company.around(self.site.service);
        for change in brought {
            let change = change.fact.clone();
            scopes.extend(change.scopes.iter().cloned());
            self.made.facts.push(Fact::Delivered { change, at });
        }
        scopes.sort_unstable();
        scopes.dedup();
        scopes
    }
}

impl<'a> Next<'a> {
    /// A change's own way to production.
    pub(super) fn of(change: &'a Change, said: Option<&'static str>) -> Next<'a> {
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
