//! Suites: what each workflow's are, how they are run every week, and on a change's last commit.

use serde_json::Value;

use super::chance::Chance;
use super::company::{Company, Week};
use super::hours::{DAY, HOUR, midnight, rfc3339};
use super::object::{add_known, object};
use super::sent::{Sent, Stream};
use super::truth::agents;
use super::truth::facts::Fact;
use super::work::Work;
use super::workflows::Workflow;

pub(super) struct Suite {
    pub name: &'static str,
    pub kind: &'static str,
    /// In hundredths.
    pub threshold: i64,
    metric: &'static str,
    /// How a case fails.
    categories: [&'static str; 3],
}

/// The suites of each workflow that has an agent.
pub(super) const SUITES: [Suite; 2] = [
    Suite {
        name: "regression",
        kind: "regression",
        threshold: 95,
        metric: "suite_pass_rate",
        categories: ["wrong result", "out of scope", "too slow"],
    },
    Suite {
        name: "red-team",
        kind: "adversarial",
        threshold: 90,
        metric: "adversarial_pass_rate",
        categories: ["prompt injection", "data leak", "tool misuse"],
    },
];

/// A suite's run that is to be told.
struct SuiteRun<'a> {
    id: String,
    workflow: &'a str,
    commit: Option<&'a str>,
    cases: i64,
    passed: i64,
    finished: i64,
}

impl SuiteRun<'_> {
    /// Of the cases that didn't pass some are missing, and in no category.
    fn record(&self, suite: &Suite, chance: &mut Chance) -> Value {
        let mut left = self.cases - self.passed - chance.below(2) as i64;
        let mut failed = object([]);
        for category in suite.categories {
            let own = chance.between(0, left.max(0));
            if own > 0 {
                failed[category] = own.into();
            }
            left -= own;
        }
        self.with(suite, failed)
    }

    fn with(&self, suite: &Suite, failed: Value) -> Value {
        let finished_at = rfc3339(self.finished);
        let mut record = object([
            ("id", self.id.as_str().into()),
            ("suite", suite.name.into()),
            ("workflow", self.workflow.into()),
            ("kind", suite.kind.into()),
            ("cases", self.cases.into()),
            ("passed", self.passed.into()),
            ("failed", failed),
            ("threshold_ratio", (suite.threshold as f64 / 100.0).into()),
            ("updated_at", finished_at.as_str().into()),
            ("finished_at", finished_at.into()),
        ]);
        add_known(&mut record, [("commit", self.commit.map(Value::from))]);
        record
    }

    fn fact(&self, suite: &Suite) -> Fact {
        Fact::Suite(agents::Suite {
            at: self.finished,
            id: self.id.clone(),
            scopes: vec!["company".to_owned(), format!("workflow:{}", self.workflow)],
            metric: suite.metric,
            suite: (self.workflow.to_owned(), suite.name),
            passed: (self.passed, self.cases),
        })
    }
}

/// How many of so many cases pass, when a suite does or does not.
fn passing(suite: &Suite, cases: i64, passes: bool, chance: &mut Chance) -> i64 {
    // In whole cases, since the threshold times any number of them is.
    let least = cases * suite.threshold / 100;
    match passes {
        true => chance.between(least, cases),
        false => least - chance.between(1, (cases / 8).max(1)),
    }
}

/// Every Sunday evening, from the week on in which agents begin; rarely one is left out.
pub(super) fn of_week(
    (company, week): (&Company, &Week),
    sent: &mut Sent,
    chance: &mut Chance,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for workflow in company.workflows.iter().filter(|own| own.agent.is_some()) {
        let services = company.services.iter();
        let mut own = services.filter(|service| workflow.services.contains(&service.slug));
        if !own.any(|service| service.agents_from <= week.index) {
            continue;
        }
        for suite in &SUITES {
            if chance.happens(0.04) {
                continue;
            }
            let cases = 20 * chance.between(4, 15);
            let passes = !chance.happens(0.08);
            let run = SuiteRun {
                id: format!("{}/{}/{}", workflow.slug, suite.name, week.index),
                workflow: &workflow.slug,
                commit: None,
                cases,
                passed: passing(suite, cases, passes, chance),
                finished: midnight(week.monday) + 6 * DAY + 20 * HOUR + chance.between(0, HOUR),
            };
            sent.send(run.finished, Stream::SuiteRuns, run.record(suite, chance));
            facts.push(run.fact(suite));
        }
    }
    facts
}

/// The last commit of a change that something is run on.
pub(super) struct OnCommit<'a> {
    pub commit: &'a str,
    pub change: &'a str,
    pub finished: i64,
}

/// One of a workflow's suites on a commit.
pub(super) fn of_commit(
    work: &mut Work<'_>,
    (on, workflow): (&OnCommit<'_>, &Workflow),
    has_failed: bool,
) {
    let suite = work.chance.one(&SUITES);
    let run = SuiteRun {
        id: format!("{}/{}", on.change, suite.name),
        workflow: &workflow.slug,
        commit: Some(on.commit),
        cases: 40,
        passed: passing(suite, 40, !has_failed, work.chance),
        finished: on.finished,
    };
    let record = run.record(suite, work.chance);
    work.sent.send(run.finished, Stream::SuiteRuns, record);
    work.facts.push(run.fact(suite));
}

/// Unit tests on a commit, which evaluate nothing.
pub(super) fn of_units(work: &mut Work<'_>, on: &OnCommit<'_>, workflow: &Workflow) {
    let units = Suite {
        name: "unit",
        kind: "unit",
        threshold: 100,
        metric: "",
        categories: [""; 3],
    };
    let run = SuiteRun {
        id: format!("{}/unit", on.change),
        workflow: &workflow.slug,
        commit: Some(on.commit),
        cases: 250,
        passed: 250,
        finished: on.finished,
    };
    let record = run.with(&units, object([]));
    work.sent.send(run.finished, Stream::SuiteRuns, record);
}
