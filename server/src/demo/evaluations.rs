//! What was checked of an artifact, by whom, and whether in time: before it landed, or only after.

use serde_json::Value;

use super::hours::{DAY, HOUR, MINUTE, rfc3339};
use super::object::{add_known, object};
use super::sent::Stream;
use super::suite_runs;
use super::truth::agents::Checked;
use super::work::Work;
use super::workflows::Workflow;

/// What is to be checked.
pub(super) struct Output<'a> {
    pub run: Option<&'a str>,
    pub has_run_failed: bool,
    pub reference: &'a str,
    /// Of a change: its last commit, where that is known, and its merge commit.
    pub commits: Option<(Option<&'a str>, &'a str)>,
    /// It was not there before.
    pub from: i64,
    pub landed: i64,
    /// Whose suites may be run on it.
    pub workflow: Option<&'a Workflow>,
}

/// Who checks.
type Evaluator = (&'static str, &'static str);

const CODE: Evaluator = ("contract-checks", "code");
const MODEL: Evaluator = ("diff-judge", "model");
const PERSON: Evaluator = ("spot-check", "human");

/// One check.
#[derive(Clone, Copy)]
struct Check {
    evaluator: Evaluator,
    finished: i64,
    score: Option<f64>,
    passed: Option<bool>,
}

const PASSED: Check = Check {
    evaluator: CODE,
    finished: 0,
    score: None,
    passed: Some(true),
};

impl Check {
    fn by_model(self, score: Option<f64>) -> Check {
        Check {
            evaluator: MODEL,
            score,
            ..self
        }
    }
}

/// Draws what is checked of an output that is checked in time with a likelihood, and tells of it.
pub(super) fn of_output(work: &mut Work<'_>, output: &Output<'_>, likely: f64) -> Checked {
    let mut checks = Checks {
        work,
        output,
        number: 0,
    };
    if output.has_run_failed {
        // A check of a run that broke off is of nothing that was made.
        if checks.work.chance.happens(0.4) {
            let finished = checks.in_time();
            checks.tell(
                &Check { finished, ..PASSED },
                ("run", output.run.unwrap_or("")),
            );
        }
        return Checked::default();
    }
    if checks.work.chance.happens(likely) {
        let has_failed = checks.done();
        return Checked {
            is_evaluated: true,
            has_failed,
        };
    }
    checks.undone();
    Checked::default()
}

struct Checks<'w, 'a, 'o> {
    work: &'w mut Work<'a>,
    output: &'o Output<'o>,
    /// Of them so far.
    number: usize,
}

impl Checks<'_, '_, '_> {
    /// Checked in time; answers whether something said no last.
    fn done(&mut self) -> bool {
        let finished = self.in_time();
        let good = Check { finished, ..PASSED };
        let bad = Check {
            passed: Some(false),
            score: Some(0.3),
            ..good
        };
        let ways = [0.58, 0.05, 0.08, 0.1, 0.04, 0.15];
        let (checks, has_failed) = match self.work.chance.weighted(&ways) {
            0 if self.work.chance.happens(0.5) => (vec![good], false),
            0 => (vec![good.by_model(Some(0.875))], false),
            1 if self.work.chance.happens(0.3) => {
                // It is asked again, when it is too late.
                let again = Check {
                    finished: self.output.landed + MINUTE,
                    ..PASSED
                };
                (vec![bad, again], true)
            }
            1 => (vec![bad], true),
            2 if self.output.from < finished => {
                let finished = self.work.chance.between(self.output.from, finished - 1);
                (vec![Check { finished, ..bad }, good], false)
            }
            2 => (vec![good], false),
            // A score alone fails nothing.
            3 => {
                let unjudged = Check {
                    passed: None,
                    ..bad
                };
                (vec![unjudged.by_model(Some(0.3))], false)
            }
            4 => (vec![bad.by_model(Some(0.3)), good], true),
            _ => return self.by_suite(good),
        };
        for check in checks {
            self.add(check);
        }
        has_failed
    }

    /// By a suite on the last commit where there is one, else by one more evaluator.
    fn by_suite(&mut self, else_by: Check) -> bool {
        let head = self.output.commits.and_then(|(head, _)| head);
        let (Some(commit), Some(workflow)) = (head, self.output.workflow) else {
            self.add(else_by);
            return false;
        };
        let has_failed = self.work.chance.happens(0.1);
        let on = suite_runs::OnCommit {
            commit,
            change: self.output.reference,
            finished: else_by.finished,
        };
        suite_runs::of_commit(self.work, (&on, workflow), has_failed);
        has_failed
    }

    /// Not checked at all, or in no way that counts.
    fn undone(&mut self) {
        let landed = self.output.landed;
        let finished = self.in_time();
        match self.work.chance.weighted(&[0.5, 0.28, 0.1, 0.06, 0.06]) {
            1 => {
                let finished = landed + self.work.chance.between(MINUTE, 3 * DAY);
                self.add(Check { finished, ..PASSED });
            }
            2 => self.add(Check {
                evaluator: PERSON,
                finished,
                ..PASSED
            }),
            3 => self.add(Check {
                passed: None,
                finished,
                ..PASSED
            }),
            4 => {
                let head = self.output.commits.and_then(|(head, _)| head);
                if let (Some(commit), Some(workflow)) = (head, self.output.workflow) {
                    let on = suite_runs::OnCommit {
                        commit,
                        change: self.output.reference,
                        finished,
                    };
                    suite_runs::of_units(self.work, &on, workflow);
                }
            }
            _ => {}
        }
    }

    /// Some instant before it landed; now and then that one itself.
    fn in_time(&mut self) -> i64 {
        let (from, landed) = (self.output.from, self.output.landed);
        match self.work.chance.happens(0.06) {
            true => landed,
            false => self.work.chance.between(from, landed),
        }
    }

    /// Of the run, of what it left or of a commit.
    fn add(&mut self, check: Check) {
        let output = self.output;
        let at_landing = check.finished == output.landed;
        let commit = output.commits.and_then(|(head, merge)| match head {
            // What is merged is there from the merge on.
            _ if at_landing => Some(merge),
            head => head,
        });
        let subjects = [
            output.run.map(|run| ("run", run)),
            Some(("artifact", output.reference)),
            commit.map(|commit| ("commit", commit)),
        ];
        let subjects: Vec<(&str, &str)> = subjects.into_iter().flatten().collect();
        let subject = *self.work.chance.one(&subjects);
        self.tell(&check, subject);
    }

    /// Some are told a week late, where weeks are left.
    fn tell(&mut self, check: &Check, (kind, of): (&str, &str)) {
        self.number += 1;
        let finished_at = rfc3339(check.finished);
        let (name, by) = check.evaluator;
        let mut record = object([
            (
                "id",
                format!("{}/evaluation/{}", self.output.reference, self.number).into(),
            ),
            (kind, of.into()),
            (
                "evaluator",
                object([("name", name.into()), ("kind", by.into())]),
            ),
            ("updated_at", finished_at.as_str().into()),
            ("finished_at", finished_at.into()),
        ]);
        add_known(
            &mut record,
            [
                ("score", check.score.map(Value::from)),
                ("passed", check.passed.map(Value::from)),
            ],
        );
        let late = check.finished + 7 * DAY;
        let is_late = late < self.work.site.week.known_until && self.work.chance.happens(0.1);
        let at = if is_late { late } else { check.finished };
        self.work.sent.send(at, Stream::Evaluations, record);
    }
}

/// Before this, nothing of a change without a run is checked.
pub(super) fn soon_before(landed: i64) -> i64 {
    landed - 3 * HOUR
}
