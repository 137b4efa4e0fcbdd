//! What is known of agents' work by its runs, approvals, policy decisions, evaluations and suites.

use app::view::receipt::Quality;
use app::view::records::Level;

use super::draft::{Draft, Happened, Told};
use super::{Reading, words};
use crate::links;
use crate::store::approvals::{self, Approval};
use crate::store::links::runs::{self as run_links, RunLink};
use crate::store::policy_decisions::{self, PolicyDecision};
use crate::store::registry::Registry;
use crate::store::runs::{self, Run};
use crate::store::suite_runs::{self, SuiteRun};
use crate::store::told::{self, Evaluation};
use crate::store::{Result, Tx};
use crate::views::rfc3339;

/// What evidence may name: runs, artifacts, commits and deployments.
#[derive(Clone, Debug, Default)]
pub(super) struct Subjects {
    pub runs: Vec<String>,
    pub artifacts: Vec<String>,
    pub commits: Vec<String>,
    pub deployments: Vec<String>,
}

impl Subjects {
    fn named(&self) -> Vec<String> {
        let named = |kind: &str, ids: &[String]| -> Vec<String> {
            ids.iter().map(|id| format!("{kind}:{id}")).collect()
        };
        [
            named("run", &self.runs),
            named("artifact", &self.artifacts),
            named("commit", &self.commits),
            named("deployment", &self.deployments),
        ]
        .concat()
    }
}

#[derive(Debug, Default)]
pub(super) struct Known {
    pub runs: Vec<Run>,
    pub run_links: Vec<RunLink>,
    pub approvals: Vec<Approval>,
    pub decisions: Vec<PolicyDecision>,
    pub evaluations: Vec<Evaluation>,
    pub suites: Vec<SuiteRun>,
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

impl Known {
    pub(super) async fn of(tx: &mut Tx, subjects: &Subjects) -> Result<Known> {
        let (run_ids, commits) = (texts(&subjects.runs), texts(&subjects.commits));
        let named = subjects.named();
        let named = texts(&named);
        let runs = runs::find(tx, &run_ids).await?;
        let calls = runs.iter().flat_map(|run| &run.calls);
        let by_call: Vec<&str> = calls
            .filter_map(|call| call.policy_decision.as_deref())
            .collect();
        let mut decisions = policy_decisions::of_subjects(tx, &named).await?;
        decisions.extend(policy_decisions::find(tx, &by_call).await?);
        decisions
            .sort_by(|one, other| (one.at, &one.version.id).cmp(&(other.at, &other.version.id)));
        decisions.dedup_by(|one, other| one.version == other.version);
        Ok(Known {
            run_links: run_links::find(tx, &run_ids).await?,
            approvals: approvals::of_subjects(tx, &named).await?,
            evaluations: told::evaluations(tx, &named).await?,
            suites: suite_runs::on_commits(tx, &commits).await?,
            decisions,
            runs,
        })
    }

    /// Its records and what happened by them, for the timeline.
    pub(super) fn tell(&self, reading: &Reading<'_>, draft: &mut Draft) {
        for run in &self.runs {
            let told = Told::of("runs", &run.version);
            let text = format!("run {}", run.version.id);
            let url = app::routes::receipt("run", &run.version.id);
            let begun = Happened::new(run.started_at, "an agent’s run began,", Some(&told));
            draft.events.push(begun.link(&text, url.clone()));
            if let Some(at) = run.ended_at {
                let how = format!("{}:", outcome(run));
                draft
                    .events
                    .push(Happened::new(at, how, Some(&told)).link(text, url));
            }
            draft.told.push(told);
        }
        for own in &self.approvals {
            let told = Told::of("approvals", &own.version);
            draft.events.push(Happened::new(
                own.requested_at,
                "approval asked for",
                Some(&told),
            ));
            if let (Some(at), Some(decision)) = (own.decided_at, own.decision.as_deref()) {
                let by = own.approver.as_deref();
                let by = by.map_or_else(String::new, |by| format!(" by {}", reading.names.of(by)));
                let decided = Happened::new(at, format!("{decision}{by}"), Some(&told));
                draft.events.push(decided.awaited("approval"));
            }
            draft.told.push(told);
        }
        for own in &self.decisions {
            let told = Told::of("policy_decisions", &own.version);
            let what = format!("policy {}: {}", own.policy, own.decision.replace('_', " "));
            draft.events.push(Happened::new(own.at, what, Some(&told)));
            draft.told.push(told);
        }
        self.tell_checks(reading.registry, draft);
    }

    fn tell_checks(&self, registry: &Registry, draft: &mut Draft) {
        for own in &self.evaluations {
            let told = Told::of("evaluations", &own.version);
            let what = verdict(own);
            draft.quality.push(Quality {
                what: "Evaluation".to_owned(),
                said: what.clone(),
                link: None,
                at: Some(rfc3339(own.finished_at)),
                is_bad: own.passed == Some(0),
            });
            draft
                .events
                .push(Happened::new(own.finished_at, what, Some(&told)));
            draft.told.push(told);
        }
        for own in &self.suites {
            let told = Told::of("suite_runs", &own.version);
            let what = suite(registry, own);
            draft.quality.push(Quality {
                what: "Suite".to_owned(),
                said: what.clone(),
                link: None,
                at: Some(rfc3339(own.finished_at)),
                is_bad: links::has_suite_failed(registry, own),
            });
            draft
                .events
                .push(Happened::new(own.finished_at, what, Some(&told)));
            draft.told.push(told);
        }
    }
}

/// How a run ended, in words.
pub(super) fn outcome(run: &Run) -> &'static str {
    match (run.ended_at, run.outcome.as_deref()) {
        (Some(_), Some("ok")) => "ended well",
        (Some(_), Some("error")) => "ended in an error",
        (Some(_), Some("handed_over")) => "handed over to a person",
        (Some(_), _) => "ended, and nobody says how",
        (None, _) => "not known to have ended",
    }
}

/// "unit passed", "refund judge scored 0.93"; a person is not named.
pub(super) fn verdict(own: &Evaluation) -> String {
    let by = match own.evaluator_kind.as_str() {
        "human" => "a person’s evaluation",
        _ => &own.evaluator,
    };
    let required = if own.required == Some(1) {
        ", required"
    } else {
        ""
    };
    match (own.passed, own.score) {
        (Some(1), _) => format!("{by} passed{required}"),
        (Some(_), _) => format!("{by} did not pass{required}"),
        (None, Some(score)) => format!("{by} scored {score}{required}"),
        (None, None) => format!("{by} ran and said neither score nor verdict{required}"),
    }
}

/// Whether it is a check of a forge or told by whoever ran it.
pub(super) fn check_level(own: &Evaluation) -> Level {
    match own.is_check {
        1 => Level::Recorded,
        _ => Level::Declared,
    }
}

/// "regression suite refunds: 188 of 200 cases passed, 95 % had to".
pub(super) fn suite(registry: &Registry, own: &SuiteRun) -> String {
    let kind = own.kind.as_str();
    let had_to = links::suite_threshold_ratio(registry, own)
        .map(|ratio| format!(", {}\u{202f}% had to", (ratio * 1_000.0).round() / 10.0));
    let cases = words::counted(usize::try_from(own.cases).unwrap_or(0), "case");
    format!(
        "{kind} suite {}: {} of {cases} passed{}",
        own.suite,
        own.passed,
        had_to.unwrap_or_default()
    )
}
