//! A service's way to production: which merges are deployed, which of these deployments fail, and
//! what puts them right.
//!
//! What becomes of a deployment is drawn before it is made, and a deployment that a change is yet to
//! put right holds up all others. Attempts of a service never overlap, so each incident lies between
//! the deployment that it comes from and the next.

mod attempt;
mod fate;
mod mend;
mod rollout;
mod trouble;
mod walk;

use super::chance::Chance;
use super::changes::Change;
use super::company::Site;
use super::defects::Origin;
use super::incidents::Incident;
use super::truth::facts::{Deployed, Fact, Merged};

pub(super) use attempt::Attempt;
use mend::Mend;
use walk::Walk;

/// How often a service deploys in an ordinary week, as far as it has the changes.
const A_WEEK: f64 = 8.0;

/// What a service carries from week to week.
#[derive(Default)]
pub(super) struct Line {
    /// Before this the next attempt does not begin.
    free_at: i64,
    /// None before the first deployment.
    running: Option<Running>,
    /// Merged and not in production yet, earliest first.
    waiting: Vec<Waiting>,
    /// What a change to come puts right.
    open: Option<Open>,
}

/// What runs in production.
#[derive(Clone)]
struct Running {
    commit: String,
    since: i64,
}

/// A merged change on its way to production.
#[derive(Clone)]
pub(super) struct Waiting {
    pub id: String,
    pub merge_commit: String,
    pub first_commit: Option<String>,
    pub fact: Merged,
}

/// An attempt that is over.
struct Done {
    id: String,
    finished: i64,
    scopes: Vec<String>,
    is_success: bool,
    /// What it was the first to bring.
    brought: Vec<Waiting>,
}

/// A deployment that failed, and when each of its incidents was over, as far as they are.
struct Failed {
    done: Done,
    resolved: Vec<Option<i64>>,
}

/// A failed deployment that waits for the change that puts it right.
struct Open {
    failed: Failed,
    mend: Mend,
    /// Only a change merged after this knows of it.
    known_at: i64,
}

/// What a service's deployments come to in a week.
#[derive(Default)]
pub(super) struct Made {
    pub attempts: Vec<Attempt>,
    pub incidents: Vec<Incident>,
    pub facts: Vec<Fact>,
    /// The attempts to reach production, with the scopes that cover them.
    pub origins: Vec<Origin>,
}

/// The deployments of a week; some of the changes become what an earlier deployment waits for.
/// `first_reviews` are those of the changes, by another person and in time.
pub(super) fn of_week(
    line: &mut Line,
    site: &Site,
    (changes, first_reviews): (&mut [Change], &[Option<i64>]),
    chance: &mut Chance,
) -> Made {
    let merged = changes.iter().filter(|change| change.is_merged).count();
    let mut walk = Walk {
        line,
        site,
        chance,
        share: (A_WEEK / merged as f64).min(0.8),
        made: Made::default(),
    };
    for (change, first_review) in changes.iter_mut().zip(first_reviews) {
        if change.is_merged {
            walk.merge(change, *first_review);
        }
    }
    walk.made
}

impl Line {
    /// Tells of what nothing has put right when the last week ends.
    pub(super) fn close(&mut self) -> Vec<Fact> {
        let open = self.open.take();
        open.map_or(Vec::new(), |open| open.failed.facts(None))
    }
}

impl Failed {
    /// It counts as failed when it was put right or an incident came of it; a rollout that failed
    /// otherwise counts nowhere. All is well again with the last of its incidents, else with what
    /// put it right.
    fn facts(self, put_right: Option<i64>) -> Vec<Fact> {
        let Failed { done, resolved } = self;
        let has_failed = put_right.is_some() || !resolved.is_empty();
        if !has_failed && !done.is_success {
            return Vec::new();
        }
        let mut facts = vec![done.fact(has_failed, false)];
        let over: Option<Vec<i64>> = resolved.into_iter().collect();
        let well_again = over.and_then(|over| over.into_iter().max().or(put_right));
        facts.extend(well_again.map(|at| Fact::Recovered {
            at,
            took: at - done.finished,
            scopes: done.scopes,
        }));
        facts
    }
}

impl Done {
    fn fact(&self, has_failed: bool, is_rework: bool) -> Fact {
        Fact::Deployed(Deployed {
            at: self.finished,
            scopes: self.scopes.clone(),
            is_success: self.is_success,
            has_failed,
            is_rework,
        })
    }
}
