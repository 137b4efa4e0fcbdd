//! Who was asked to let something pass, and what came of it.

use serde_json::Value;

use super::company::{REVIEW_AGENT, login};
use super::defects::Origin;
use super::deployments::Attempt;
use super::hours::{DAY, HOUR, MINUTE, rfc3339};
use super::object::{add_known, object};
use super::sent::Stream;
use super::truth::agents::Decided;
use super::truth::facts::Fact;
use super::work::Work;

/// What somebody is asked to let pass.
pub(super) struct Asked<'a> {
    /// Of an artifact: its reference; a run's is the run itself.
    pub reference: &'a str,
    /// Its run, and the scopes in which that counts.
    pub run: Option<(&'a str, &'a [String])>,
    pub scopes: &'a [String],
    /// The account that made it.
    pub author: &'a str,
    pub from: i64,
    pub landed: i64,
    /// Whether this is a time in which nothing is approved as it should be.
    pub is_missing: bool,
}

/// One approval.
struct Approval {
    id: String,
    subject: (&'static str, String),
    scopes: Vec<String>,
    requested: i64,
    decided: Option<i64>,
    is_approved: bool,
    approver: String,
    level: Option<&'static str>,
}

/// Draws whether and how an artifact is approved; answers whether a person did, in time and on
/// record.
pub(super) fn of_artifact(work: &mut Work<'_>, asked: &Asked<'_>, likely: f64) -> bool {
    if !work.chance.happens(likely) {
        return false;
    }
    let way = match asked.is_missing {
        true => work.chance.weighted(&[0.0, 0.4, 0.0, 0.0, 0.0, 0.0, 0.6]),
        false => work
            .chance
            .weighted(&[0.75, 0.06, 0.05, 0.04, 0.03, 0.03, 0.04]),
    };
    let of_run = asked.run.filter(|_| work.chance.happens(0.4));
    let (subject, scopes) = match of_run {
        Some((run, scopes)) => (("run", run.to_owned()), scopes),
        None => (("artifact", asked.reference.to_owned()), asked.scopes),
    };
    let decided = match work.chance.happens(0.05) {
        true => asked.landed,
        false => work.chance.between(asked.from, asked.landed),
    };
    let agents = [REVIEW_AGENT.to_owned(), login(REVIEW_AGENT)];
    let mut approval = Approval {
        id: format!("{}/approval", asked.reference),
        subject,
        scopes: scopes.to_vec(),
        requested: work.chance.between(asked.from, decided),
        decided: Some(decided),
        is_approved: way != 5,
        approver: work.somebody_but(asked.author),
        level: work.chance.happens(0.6).then_some("recorded"),
    };
    match way {
        1 => approval.decided = Some(asked.landed + work.chance.between(MINUTE, 4 * DAY)),
        2 => approval.approver = asked.author.to_owned(),
        3 => approval.approver = work.chance.one(&agents).clone(),
        4 => approval.level = Some("declared"),
        6 => approval.decided = None,
        _ => {}
    }
    approval.tell(work);
    way == 0
}

/// Some of what goes to production is approved right before.
pub(super) fn of_deployments(work: &mut Work<'_>, attempts: &[Attempt], origins: &[Origin]) {
    for ((_, deployment), scopes) in origins {
        let mut attempts = attempts.iter().filter(|attempt| attempt.is_success);
        let Some(attempt) = attempts.find(|attempt| attempt.id == *deployment) else {
            continue;
        };
        if !work.chance.happens(0.15) {
            continue;
        }
        let decided = attempt.finished - work.chance.between(7 * MINUTE, 11 * MINUTE);
        let approval = Approval {
            id: format!("{deployment}/approval"),
            subject: ("deployment", deployment.clone()),
            scopes: scopes.clone(),
            requested: decided - work.chance.between(MINUTE, 5 * HOUR),
            decided: Some(decided),
            is_approved: true,
            approver: work.somebody_but(""),
            level: Some("recorded"),
        };
        approval.tell(work);
    }
}

impl Approval {
    /// Sends it, and again once it is decided, as far as that lies in the generated weeks.
    fn tell(mut self, work: &mut Work<'_>) {
        let week = work.site.week;
        self.decided = self.decided.filter(|at| *at < week.known_until);
        if let Some(decided) = self.decided {
            work.facts.push(Fact::Decided(Decided {
                at: decided,
                scopes: self.scopes.clone(),
                took: decided - self.requested,
            }));
            work.sent
                .send(decided, Stream::Approvals, self.version(true));
            // In between it was never seen.
            if decided < week.ends() || decided == self.requested {
                return;
            }
        }
        work.sent
            .send(self.requested, Stream::Approvals, self.version(false));
    }

    fn version(&self, is_decided: bool) -> Value {
        let decided = self.decided.filter(|_| is_decided);
        let mut record = object([
            ("id", self.id.as_str().into()),
            (
                "subject",
                object([(self.subject.0, self.subject.1.as_str().into())]),
            ),
            ("requested_at", rfc3339(self.requested).into()),
            (
                "updated_at",
                rfc3339(decided.unwrap_or(self.requested)).into(),
            ),
        ]);
        let decision = if self.is_approved {
            "approved"
        } else {
            "rejected"
        };
        add_known(
            &mut record,
            [
                ("level", self.level.map(Value::from)),
                ("decided_at", decided.map(|at| rfc3339(at).into())),
                ("decision", decided.map(|_| decision.into())),
                ("approver", decided.map(|_| self.approver.as_str().into())),
            ],
        );
        record
    }
}
