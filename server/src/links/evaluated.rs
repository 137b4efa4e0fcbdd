//! Whether something was evaluated before it landed, and whether it landed although an evaluation failed.

use std::collections::BTreeMap;

use super::segment::{Evidence, Level};
use crate::store::evaluations::Given;
use crate::store::registry::{Registry, SuiteKind};
use crate::store::suite_runs::SuiteRun;

/// What is known of an artifact's evaluations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Evaluated {
    pub when: When,
    /// Whether the last word of some evaluation in time was that it failed.
    pub has_failed: bool,
    pub evidence: Vec<Evidence>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum When {
    InTime,
    TooLate,
    #[default]
    Never,
}

impl When {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            When::InTime => "in_time",
            When::TooLate => "too_late",
            When::Never => "never",
        }
    }
}

/// One evaluation or suite run, as far as it says anything.
struct Word<'a> {
    /// Of several by one evaluator, or of one suite, the latest counts.
    by: (&'a str, &'a str),
    at: i64,
    id: &'a str,
    has_failed: bool,
    what: String,
    is_check: bool,
}

/// Judges evaluations by code or model with a score or a verdict, the checks that the artifact's
/// workflows name as evaluations, and runs of regression and adversarial suites, by when it landed.
pub(super) fn evaluated(
    registry: &Registry,
    workflows: &[String],
    (evaluations, suites): (&[&Given], &[&SuiteRun]),
    landed_at: i64,
) -> Evaluated {
    let named = |check: &str| {
        let covering = registry
            .workflows
            .iter()
            .filter(|own| workflows.contains(&own.slug));
        let mut checks = covering.flat_map(|own| &own.evaluation_checks);
        checks.any(|own| own == check)
    };
    let mut words: Vec<Word<'_>> = Vec::new();
    for own in evaluations {
        let counts = own.evaluator_kind != "human" && (own.is_check == 0 || named(&own.evaluator));
        words.extend(of_evaluation(own).filter(|_| counts));
    }
    words.extend(suites.iter().filter_map(|own| of_suite(registry, own)));
    words.sort_by_key(|word| (word.at, word.id));
    let (in_time, late): (Vec<_>, Vec<_>) =
        words.into_iter().partition(|word| word.at <= landed_at);
    let mut last: BTreeMap<(&str, &str), &Word<'_>> = BTreeMap::new();
    for word in &in_time {
        last.insert(word.by, word);
    }
    Evaluated {
        when: match (in_time.is_empty(), late.is_empty()) {
            (false, _) => When::InTime,
            (true, false) => When::TooLate,
            (true, true) => When::Never,
        },
        has_failed: last.values().any(|word| word.has_failed),
        evidence: evidence(last.values().copied(), &late),
    }
}

fn evidence<'a>(last: impl Iterator<Item = &'a Word<'a>>, late: &[Word<'_>]) -> Vec<Evidence> {
    let of = |word: &Word<'_>, when: &str| Evidence {
        level: if word.is_check {
            Level::Recorded
        } else {
            Level::Declared
        },
        what: format!("{}{when}", word.what),
    };
    let in_time = last.map(|word| of(word, ", before it landed"));
    let late = late.first().map(|word| of(word, ", after it landed"));
    in_time.chain(late).collect()
}

fn of_evaluation(own: &Given) -> Option<Word<'_>> {
    if own.score.is_none() && own.passed.is_none() {
        return None;
    }
    let said = match (own.passed, own.score) {
        (Some(1), _) => "passed".to_owned(),
        (Some(_), _) => "did not pass".to_owned(),
        (None, score) => format!("scored it {}", score.unwrap_or_default()),
    };
    Some(Word {
        by: (&own.evaluator_kind, &own.evaluator),
        at: own.finished_at,
        id: &own.id,
        has_failed: own.passed == Some(0),
        what: format!("the evaluation {} {said}", own.evaluator),
        is_check: own.is_check == 1,
    })
}

/// The share of cases that had to pass: the run's own, else that which its workflow agreed on.
pub fn suite_threshold_ratio(registry: &Registry, own: &SuiteRun) -> Option<f64> {
    own.threshold_ratio.or_else(|| {
        let workflow = registry.workflow(&own.version.home)?;
        let mut suites = workflow.suite.iter();
        let suite = suites.find(|suite| suite.name == own.suite)?;
        suite.threshold_ratio
    })
}

/// Whether too few cases passed of a suite that evaluates agents' work.
pub fn has_suite_failed(registry: &Registry, own: &SuiteRun) -> bool {
    let is_judged = own.kind != SuiteKind::Unit && own.cases > 0;
    let threshold = suite_threshold_ratio(registry, own).filter(|_| is_judged);
    threshold.is_some_and(|ratio| (own.passed as f64 / own.cases as f64) < ratio)
}

fn of_suite<'a>(registry: &Registry, own: &'a SuiteRun) -> Option<Word<'a>> {
    if own.kind == SuiteKind::Unit || own.cases == 0 {
        return None;
    }
    Some(Word {
        by: (&own.version.home, &own.suite),
        at: own.finished_at,
        id: &own.version.id,
        has_failed: has_suite_failed(registry, own),
        what: format!(
            "{} of {} cases of the suite {} passed",
            own.passed, own.cases, own.suite
        ),
        is_check: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::registry::Workflow;
    use crate::store::versions::Version;

    fn given(evaluator: &str, at: i64, passed: Option<i64>) -> Given {
        Given {
            subject: "commit:a".to_owned(),
            id: format!("{evaluator}-{at}"),
            evaluator: evaluator.to_owned(),
            evaluator_kind: "code".to_owned(),
            score: None,
            passed,
            is_check: 0,
            finished_at: at,
        }
    }

    fn suite(at: i64, passed: i64) -> SuiteRun {
        SuiteRun {
            version: Version {
                home: "support".to_owned(),
                id: format!("s-{at}"),
                ..Version::default()
            },
            suite: "refunds".to_owned(),
            kind: SuiteKind::Regression,
            commit_sha: None,
            cases: 20,
            passed,
            failed: BTreeMap::new(),
            threshold_ratio: Some(0.95),
            finished_at: at,
        }
    }

    fn judged(evaluations: &[Given], suites: &[SuiteRun]) -> (When, bool) {
        let evaluations: Vec<&Given> = evaluations.iter().collect();
        let suites: Vec<&SuiteRun> = suites.iter().collect();
        let found = evaluated(&Registry::default(), &[], (&evaluations, &suites), 100);
        (found.when, found.has_failed)
    }

    #[test]
    fn an_evaluation_at_the_landing_is_in_time_and_a_later_one_is_not() {
        assert_eq!(
            judged(&[given("a", 100, Some(1))], &[]),
            (When::InTime, false)
        );
        assert_eq!(
            judged(&[given("a", 101, Some(1))], &[]),
            (When::TooLate, false)
        );
        assert_eq!(judged(&[], &[suite(100, 20)]), (When::InTime, false));
    }

    #[test]
    fn without_score_or_verdict_or_by_a_person_it_is_none() {
        let by_person = Given {
            evaluator_kind: "human".to_owned(),
            ..given("a", 1, Some(1))
        };
        assert_eq!(
            judged(&[given("a", 1, None), by_person], &[]),
            (When::Never, false)
        );
        let unit = SuiteRun {
            kind: SuiteKind::Unit,
            ..suite(1, 20)
        };
        assert_eq!(judged(&[], &[unit]), (When::Never, false));
    }

    #[test]
    fn the_last_word_in_time_of_each_evaluator_decides_whether_it_failed() {
        let mended = [given("a", 1, Some(0)), given("a", 2, Some(1))];
        assert_eq!(judged(&mended, &[]), (When::InTime, false));
        let other = [given("a", 1, Some(0)), given("b", 2, Some(1))];
        assert_eq!(judged(&other, &[]), (When::InTime, true));
        let later = [given("a", 1, Some(0)), given("a", 101, Some(1))];
        assert_eq!(judged(&later, &[]), (When::InTime, true));
        assert_eq!(judged(&[], &[suite(1, 19)]), (When::InTime, false));
        assert_eq!(judged(&[], &[suite(1, 18)]), (When::InTime, true));
    }

    #[test]
    fn a_forges_check_counts_where_a_workflow_names_it() {
        let check = Given {
            is_check: 1,
            ..given("evals", 1, Some(1))
        };
        let workflow = Workflow {
            slug: "shop".to_owned(),
            evaluation_checks: vec!["evals".to_owned()],
            ..Workflow::default()
        };
        let registry = Registry {
            workflows: vec![workflow],
            ..Registry::default()
        };
        let when =
            |workflows: &[String]| evaluated(&registry, workflows, (&[&check], &[]), 100).when;
        assert_eq!(when(&[]), When::Never);
        assert_eq!(when(&["shop".to_owned()]), When::InTime);
    }
}
