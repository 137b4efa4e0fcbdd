//! What agents did at a service in a week, and what can be known of it.
//!
//! What is true of each run and of each thing that landed is chosen first; the records that tell it
//! are written from that.

mod audit;
mod beside;

use super::actors::Actor;
use super::approvals::{self, Asked};
use super::chance::Chance;
use super::changes::Change;
use super::company::{Site, UPKEEP_AGENT};
use super::deployments::Made;
use super::evaluations::{self, Output, soon_before};
use super::hours::{HOUR, midnight};
use super::marks::Segment;
use super::policy::{self, Decisions};
use super::reviews::Reviews;
use super::runs::{Left, Outcome, Planned, Run};
use super::sent::Sent;
use super::truth::agents::Landed;
use super::truth::facts::Fact;

use audit::Known;

pub(super) struct Work<'a> {
    pub site: &'a Site<'a>,
    pub chance: &'a mut Chance,
    pub sent: &'a mut Sent,
    pub facts: Vec<Fact>,
    /// Runs so far.
    pub runs: usize,
}

/// A run that is over, with what was decided of it.
pub(super) struct Done<'a> {
    pub run: Run,
    pub actor: Actor<'a>,
    pub decided: Decisions,
}

impl<'a> Work<'a> {
    /// All that agents did in the week; answers what is true of it.
    pub(super) fn of_week(
        mut self,
        (changes, reviews): (&mut [Change], &mut [Reviews]),
        made: &Made,
    ) -> Vec<Fact> {
        for (change, reviews) in changes.iter_mut().zip(reviews) {
            let scopes = change.scopes(self.site);
            let is_missing = self.site.company.is_unapproved(&scopes, self.site.week);
            let is_reviewed = reviews.name_commit(change, is_missing, self.chance);
            self.change(change, is_reviewed);
        }
        let changes = changes.iter();
        let marked = changes.filter(|change| change.segment != Segment::Unmarked);
        self.beside(marked.count());
        if self.site.week.agent_share > 0.0 {
            approvals::of_deployments(&mut self, &made.attempts, &made.origins);
        }
        self.facts
    }

    /// What stands behind a change that an agent had a hand in, `is_reviewed` being whether what was
    /// merged was approved in a review.
    fn change(&mut self, change: &mut Change, is_reviewed: bool) {
        let has_run = match change.segment {
            Segment::Agent => 0.88,
            Segment::Assisted => 0.6,
            Segment::Unmarked => return,
        };
        let done = self.chance.happens(has_run).then(|| self.run_of(change));
        if change.is_merged {
            self.lands(change, done.as_ref(), is_reviewed);
        }
        if let Some(done) = done {
            self.tell(done);
        }
    }

    /// The run that made a change: it lists the change, or the change names it.
    fn run_of(&mut self, change: &mut Change) -> Done<'a> {
        let agent = change.marks.agent.clone();
        let agent = agent.unwrap_or_else(|| UPKEEP_AGENT.to_owned());
        let opens = midnight(self.site.week.monday) + 3 * HOUR;
        let mut done = self.run(&agent, (change.start.max(opens), change.end));
        let way = self.chance.weighted(&[0.65, 0.2, 0.15]);
        if way != 0 {
            change.run_ids.push(done.run.id.clone());
        }
        if way != 1 {
            // When it was merged only the forge knows.
            let reported = change.end + self.chance.between(-60, 300);
            let is_reported = change.is_merged && self.chance.happens(0.5);
            done.run.left.push(Left {
                kind: "change",
                reference: change.id.clone(),
                landed: is_reported.then_some(reported),
                reversal: None,
            });
        }
        if done.is_exemplary() && self.chance.happens(0.04) {
            self.tried_before(change, &done);
        }
        done
    }

    /// A try that was given up before the run that made a change, of which less is known.
    fn tried_before(&mut self, change: &Change, done: &Done<'a>) {
        let opens = midnight(self.site.week.monday) + 3 * HOUR;
        let from = change.start.max(opens).min(done.run.started);
        let id = self.next_id();
        let mut run = done.run.given_up(id, from, self.chance);
        run.left.push(Left {
            kind: "change",
            reference: change.id.clone(),
            landed: None,
            reversal: None,
        });
        self.facts.push(Fact::Ran(run.fact(&done.actor, false)));
        run.send(self.sent, self.site.week.known_until, self.chance);
    }

    fn lands(&mut self, change: &Change, done: Option<&Done<'a>>, is_reviewed: bool) {
        let (company, week) = (self.site.company, self.site.week);
        let scopes = change.scopes(self.site);
        let head = change.head();
        let made_at = head.map_or(change.start, |(_, at)| at);
        let known_from = done.map_or(soon_before(change.end), |done| done.run.end());
        let from = known_from.max(made_at);
        let of_run = done.and_then(|done| done.actor.workflow);
        let workflow = of_run.or_else(|| company.first_of(&scopes));
        let output = Output {
            run: done.map(|done| done.run.id.as_str()),
            has_run_failed: done.is_some_and(Done::has_failed),
            reference: &change.id,
            commits: Some((head.map(|(sha, _)| sha), &change.merge_commit)),
            from,
            landed: change.end,
            workflow: workflow.filter(|workflow| workflow.agent.is_some()),
        };
        let likely = company.evaluated_share(&scopes, week);
        let checked = evaluations::of_output(self, &output, likely);
        let is_missing = company.is_unapproved(&scopes, week);
        let run_scopes = done.map(|done| done.actor.scopes());
        let asked = Asked {
            reference: &change.id,
            run: output.run.zip(run_scopes.as_deref()),
            scopes: &scopes,
            author: &change.marks.login,
            from,
            landed: change.end,
            is_missing,
        };
        let likely = if is_reviewed { 0.06 } else { 0.35 };
        let is_approved = approvals::of_artifact(self, &asked, likely);
        let known = Known {
            done,
            agent: None,
            workflow,
            is_approved: is_reviewed || is_approved,
            has_way_back: true,
            is_evaluated: checked.is_evaluated,
        };
        self.facts.push(Fact::Landed(Landed {
            at: change.end,
            segment: change.segment.as_str(),
            checked,
            items: known.items(company),
            scopes,
        }));
    }

    /// A run by an agent, between two instants.
    fn run(&mut self, agent: &str, between: (i64, i64)) -> Done<'a> {
        let actor = Actor::drawn(self.site, agent, self.chance);
        let (company, week) = (self.site.company, self.site.week);
        let planned = Planned {
            id: self.next_id(),
            above: company.above_tier(&actor.scopes(), week),
            actor: &actor,
            between,
        };
        let mut run = Run::drawn(planned, self.chance);
        let decided = policy::of_run(&mut run, self.sent, self.chance);
        Done {
            run,
            actor,
            decided,
        }
    }

    fn next_id(&mut self) -> String {
        self.runs += 1;
        let site = self.site;
        format!(
            "{}-run-{}-{}",
            site.service.slug, site.week.index, self.runs
        )
    }

    fn tell(&mut self, done: Done<'a>) {
        let fact = done.run.fact(&done.actor, done.decided.deny);
        self.facts.push(Fact::Ran(fact));
        done.run
            .send(self.sent, self.site.week.known_until, self.chance);
    }

    /// Somebody of the team with another account.
    pub(super) fn somebody_but(&mut self, account: &str) -> String {
        let team = &self.site.service.team;
        let from = self.chance.below(team.len());
        let around = team.iter().cycle().skip(from).take(team.len());
        let mut logins = around.map(|place| &self.site.company.people[*place].login);
        let other = logins.find(|login| *login != account);
        other.cloned().unwrap_or_default()
    }
}

impl Done<'_> {
    pub(super) fn has_failed(&self) -> bool {
        self.run.outcome == Some(Outcome::Error)
    }

    /// All that a run itself can tell is told of it.
    fn is_exemplary(&self) -> bool {
        let is_told = self.run.is_recorded() && self.run.calls.are_complete();
        is_told && self.decided.are_complete && !self.has_failed()
    }
}
