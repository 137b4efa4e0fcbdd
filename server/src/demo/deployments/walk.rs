//! From merge to merge through a service's week, deploying.

use super::super::changes::Change;
use super::super::company::Site;
use super::super::truth::facts::Fact;
use super::fate::{End, Fate};
use super::mend::{Brings, Mend};
use super::rollout::Next;
use super::{Chance, Done, Failed, Line, Made, Open, Running};

pub(super) struct Walk<'a> {
    pub line: &'a mut Line,
    pub site: &'a Site<'a>,
    pub chance: &'a mut Chance,
    /// How likely a merge is to be deployed at once.
    pub share: f64,
    pub made: Made,
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
            Some((failed, brings)) => self.put_right(change, failed, brings),
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
        let before = self.line.running.clone();
        let said = self.chance.happens(0.5).then_some("planned");
        match Fate::drawn(self.site.week.failing, self.chance) {
            Fate::Fine => self.goes_well(change, said),
            Fate::Repeated => {
                self.goes_well(change, said);
                self.again(change, "repeat");
            }
            Fate::Retried => {
                self.roll_out(change, said, false);
                let done = self.attempt(Next {
                    step: "retry",
                    ..Next::of(change, said)
                });
                self.tell(&done, false);
            }
            Fate::Fails { by_itself, end } => {
                let done = self.roll_out(change, said, !by_itself);
                self.fails(change, done, (end, before));
            }
        }
    }

    fn goes_well(&mut self, change: &Change, said: Option<&'static str>) {
        let done = self.roll_out(change, said, true);
        self.tell(&done, false);
    }

    /// A deployment failed: incidents, and what puts it right.
    fn fails(&mut self, change: &Change, done: Done, (end, before): (End, Option<Running>)) {
        let by_itself = !done.is_success;
        let least = usize::from(end == End::Felt);
        let resolved = self.incidents(&done, least);
        let failed = Failed { done, resolved };
        let mend = match (end, before) {
            (End::Felt, _) => return self.made.facts.extend(failed.facts(None)),
            (End::RolledBack, Some(to)) if !by_itself && self.chance.happens(0.2) => {
                Mend::LateRollback { to }
            }
            (End::RolledBack, before) => return self.goes_back(change, failed, before),
            (End::Fixed, _) => Mend::Fix,
            (End::Reverted, _) => Mend::revert_of(change),
        };
        self.line.open = Some(Open {
            failed,
            mend,
            known_at: self.line.free_at,
        });
    }

    /// Now and then to a commit that was never deployed before, or soon forward again.
    fn goes_back(&mut self, change: &Change, failed: Failed, before: Option<Running>) {
        let by_itself = !failed.done.is_success;
        let is_known = by_itself || self.chance.happens(0.95);
        let back = self.roll_back(change, before.filter(|_| is_known), by_itself);
        self.tell(&back, true);
        self.made.facts.extend(failed.facts(Some(back.finished)));
        if !by_itself && is_known && self.chance.happens(0.2) {
            self.again(change, "forward");
        }
    }

    fn put_right(&mut self, change: &Change, failed: Failed, brings: Brings) {
        let done = self.roll_out(change, brings.said, true);
        self.tell(&done, brings.is_rework);
        let last = match brings.then_back_to {
            Some(before) => {
                let back = self.roll_back(change, Some(before), false);
                self.tell(&back, true);
                back
            }
            None => done,
        };
        self.made.facts.extend(failed.facts(Some(last.finished)));
    }

    pub(super) fn tell(&mut self, done: &Done, is_rework: bool) {
        self.made.facts.push(done.fact(false, is_rework));
    }
}
