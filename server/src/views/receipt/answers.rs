//! The answers that rest on runs, policies, checks and approvals, the same for all that agents do.

use std::collections::{BTreeMap, BTreeSet};

use app::routes;
use app::view::receipt::Question;
use app::view::records::Level;

use super::draft::{Answers, Piece, Told};
use super::known::{self, Known};
use super::{Reading, words};
use crate::links;
use crate::store::approvals::Approval;
use crate::store::runs::{Call, Run};

/// How many names a sentence holds.
pub(super) const NAMED: usize = 6;

/// What the linked runs did, and whether one went too far.
pub(super) fn did(known: &Known, answers: &mut Answers) {
    for run in &known.runs {
        let told = Some(Told::of("runs", &run.version));
        let what = format!("{}; {}; in", calls(run), known::outcome(run));
        let url = routes::receipt("run", &run.version.id);
        let piece = Piece::new(Level::Declared, what).told(told.clone());
        answers.add(
            Question::Did,
            piece.link(format!("run {}", run.version.id), url),
        );
        let link = known
            .run_links
            .iter()
            .find(|own| own.run_id == run.version.id);
        if let Some(beyond) = link.and_then(|own| own.above_tier.as_deref()) {
            let what = format!("Beyond its tier: {beyond}");
            answers.add(
                Question::Did,
                Piece::new(Level::Declared, what).told(told).exception(),
            );
        }
    }
}

/// "14 tool calls (9 read_file, 4 edit, 1 open_pull_request), 1 failed".
pub(super) fn calls(run: &Run) -> String {
    let (all, failed, by) = match &run.counts {
        Some(counts) => {
            let by = counts.by_effect.iter().filter(|(_, count)| **count > 0);
            let by =
                by.map(|(effect, count)| format!("{count} {}", effect_in_words(effect.as_str())));
            (counts.calls, counts.failed, by.collect::<Vec<_>>())
        }
        None => {
            let mut names: BTreeMap<&str, usize> = BTreeMap::new();
            run.calls
                .iter()
                .for_each(|call| *names.entry(&call.name).or_default() += 1);
            let mut names: Vec<(usize, &str)> =
                names.into_iter().map(|(name, n)| (n, name)).collect();
            names.sort_by(|one, other| other.0.cmp(&one.0).then(one.1.cmp(other.1)));
            let by = names.iter().map(|(count, name)| format!("{count} {name}"));
            let failed = run.calls.iter().filter(|call| call.error.is_some()).count();
            (run.calls.len() as i64, failed as i64, by.collect())
        }
    };
    let count = usize::try_from(all).unwrap_or(0);
    if count == 0 {
        return "No tool call told".to_owned();
    }
    let by = match by.is_empty() {
        true => String::new(),
        false => format!(" ({})", words::first(&by, NAMED)),
    };
    let failed = if failed > 0 {
        format!(", {failed} failed")
    } else {
        String::new()
    };
    format!("{}{by}{failed}", words::counted(count, "tool call"))
}

fn effect_in_words(effect: &str) -> &str {
    match effect {
        "none" => "without effect",
        "propose" => "proposing",
        "non_production" => "in non-production",
        _ => "in production",
    }
}

/// What the calls of the linked runs name as touched.
pub(super) fn touched(known: &Known, answers: &mut Answers) {
    for run in &known.runs {
        let named: BTreeSet<&str> = run
            .calls
            .iter()
            .flat_map(|call| &call.resources)
            .map(String::as_str)
            .collect();
        let named: Vec<&str> = named.into_iter().collect();
        if named.is_empty() {
            continue;
        }
        let what = format!("Named by its calls: {}", words::first(&named, NAMED));
        let told = Told::of("runs", &run.version);
        answers.add(
            Question::Touched,
            Piece::new(Level::Declared, what).told(Some(told)),
        );
    }
    if answers.has(Question::Touched) {
        return;
    }
    let why = match known.runs.is_empty() {
        true => "no run is linked, so that nothing says what was read or written.",
        false => "no call of its run names what it touched.",
    };
    answers.lack(Question::Touched, why);
}

/// What policies said.
pub(super) fn allowed(known: &Known, answers: &mut Answers) {
    for own in &known.decisions {
        let revision = own.revision.as_ref().map(|own| format!(", revision {own}"));
        let said = match own.decision.as_str() {
            "allow" => "allowed",
            "require_approval" => "allowed with an approval",
            _ => "denied",
        };
        let bypassed = if own.bypassed_by.is_some() {
            ", and was bypassed"
        } else {
            ""
        };
        let call = called(known, own.tool_call.as_deref());
        let call = call.map(|name| format!(", for {name}"));
        let what = format!(
            "{}{}: {said}{bypassed}{}",
            own.policy,
            revision.unwrap_or_default(),
            call.unwrap_or_default()
        );
        let told = Told::of("policy_decisions", &own.version);
        let level = own.level.as_deref().map(links::Level::parse);
        let level = level.map_or(Level::Recorded, Into::into);
        let piece = Piece::new(level, what).told(Some(told));
        let is_exception = own.decision == "deny" || own.bypassed_by.is_some();
        answers.add(
            Question::Allowed,
            if is_exception {
                piece.exception()
            } else {
                piece
            },
        );
    }
    if known.decisions.is_empty() {
        answers.lack(
            Question::Allowed,
            "no policy decision names it, its run or its commits.",
        );
    }
}

/// The tool that a call of the linked runs is of.
fn called<'a>(known: &'a Known, call: Option<&str>) -> Option<&'a str> {
    let mut calls = known.runs.iter().flat_map(|run| &run.calls);
    let of_call = calls.find(|own| Some(own.id.as_str()) == call)?;
    Some(&of_call.name)
}

/// The automatic checks that had finished when it landed; those that came too late are told apart.
pub(super) fn checked(
    reading: &Reading<'_>,
    known: &Known,
    landed_at: Option<i64>,
    answers: &mut Answers,
) {
    let by_machine = known
        .evaluations
        .iter()
        .filter(|own| own.evaluator_kind != "human");
    let evaluations = by_machine.map(|own| {
        let level = known::check_level(own);
        let told = Told::of("evaluations", &own.version);
        (
            own.finished_at,
            known::verdict(own),
            level,
            told,
            own.passed == Some(0),
        )
    });
    let suites = known.suites.iter().map(|own| {
        let told = Told::of("suite_runs", &own.version);
        (
            own.finished_at,
            known::suite(reading.registry, own),
            Level::Declared,
            told,
            links::has_suite_failed(reading.registry, own),
        )
    });
    let mut late = Vec::new();
    for (at, what, level, told, has_failed) in evaluations.chain(suites) {
        if landed_at.is_some_and(|landed| at > landed) {
            late.push(what);
            continue;
        }
        let piece = Piece::new(level, what).told(Some(told));
        let is_exception = has_failed && landed_at.is_some();
        answers.add(
            Question::Checked,
            if is_exception {
                piece.exception()
            } else {
                piece
            },
        );
    }
    if !late.is_empty() {
        let late = words::first(&late, NAMED);
        answers.lack(
            Question::Checked,
            format!("only after it had landed: {late}."),
        );
    } else if !answers.has(Question::Checked) {
        answers.lack(
            Question::Checked,
            "no evaluation, suite or check is known that names it.",
        );
    }
}

/// The decisions of people who were asked.
pub(super) fn approved(reading: &Reading<'_>, known: &Known, answers: &mut Answers) {
    for own in &known.approvals {
        let told = Told::of("approvals", &own.version);
        let piece = Piece::new(
            links::Level::parse(&own.level).into(),
            approval(reading, own),
        );
        let piece = piece.told(Some(told));
        match own.decision.as_deref() {
            Some("approved") => answers.add(Question::Approved, piece),
            Some(_) => answers.add(Question::Approved, piece.exception()),
            None => answers.lack(
                Question::Approved,
                "an approval was asked for and not given.",
            ),
        }
    }
    let_pass(known, answers);
    if !answers.has(Question::Approved) {
        answers.lack(
            Question::Approved,
            "no approval by a person other than its author is on record.",
        );
    }
}

/// The calls that somebody let pass as the agent's own log tells, without a record of an approval.
fn let_pass(known: &Known, answers: &mut Answers) {
    let is_on_record = |id: &str| known.approvals.iter().any(|own| own.version.id == id);
    for run in &known.runs {
        let approval = |call: &&Call| call.approval.as_deref().is_some_and(|id| !is_on_record(id));
        let passed: BTreeSet<&str> = run
            .calls
            .iter()
            .filter(approval)
            .map(|call| call.name.as_str())
            .collect();
        if passed.is_empty() {
            continue;
        }
        let named: Vec<&str> = passed.into_iter().collect();
        let what = format!(
            "A person who is not named let calls pass as the run tells: {}",
            words::first(&named, NAMED)
        );
        let told = Told::of("runs", &run.version);
        let piece = Piece::new(Level::Declared, what).told(Some(told));
        answers.add(Question::Approved, piece);
    }
}

fn approval(reading: &Reading<'_>, own: &Approval) -> String {
    let by = own.approver.as_deref();
    let is_agent = by.is_some_and(|by| links::is_agent(reading.registry, by));
    let by = match (by, is_agent) {
        (Some(by), false) => reading.names.of(by),
        (Some(by), true) => format!("The agent {by}, which is no person"),
        (None, _) => "Somebody who is not named".to_owned(),
    };
    let of = own.version.home.split(':').next().unwrap_or_default();
    let at = own
        .decided_at
        .map(|at| format!(", {}", words::local(reading.calendar, at)));
    let said = if own.decision.as_deref() == Some("approved") {
        ""
    } else {
        ", who rejected it"
    };
    format!("{by}, of the {of}{said}{}", at.unwrap_or_default())
}
