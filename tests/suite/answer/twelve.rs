//! Each of the twelve sentences, and a company just across the boundary that gets another.

use app::view::answer::{Answer, Word};
use tests::company::{Company, log_normal, week};
use tests::database::Database;
use tests::read;

use super::{told, told_on};

/// Twelve weeks of baseline, and four recent ones.
const WEEKS: i32 = 16;
const RECENT: std::ops::Range<i32> = 12..16;

/// Of 40 hours the recent weeks make so many, and of their 80 deployments so many fail.
fn company(hours: f64, failing: usize) -> Company {
    let made = Company::of(WEEKS).but(RECENT, |work| work.durations_ms = log_normal(20, hours));
    (RECENT).fold(made, |made, number| {
        let before = (number - RECENT.start) as usize;
        made.but(number..number + 1, |work| {
            work.failing = (failing + 3 - before) / 4
        })
    })
}

/// Whose baseline weeks bring so many changes in all.
fn with_baseline_changes(changes: usize, failing: usize) -> Company {
    (0..RECENT.start).fold(company(40.0, failing), |made, number| {
        let own = (changes + 11 - number as usize) / 12;
        made.but(number..number + 1, |work| {
            work.durations_ms = log_normal(own, 40.0)
        })
    })
}

/// Whose first weeks bring no changes.
fn with_changes_from(first: i32, failing: usize) -> Company {
    company(40.0, failing).but(0..first, |work| work.durations_ms.clear())
}

/// Whose records begin so many weeks later.
fn begun_at(first: i32) -> Company {
    let mut company = company(40.0, 5);
    company.works.retain(|(week, _)| *week >= first);
    company
}

struct Case {
    company: Company,
    sentence: &'static str,
    differs: &'static str,
    twin: Company,
    twin_sentence: &'static str,
}

fn case(
    (company, sentence): (Company, &'static str),
    differs: &'static str,
    (twin, twin_sentence): (Company, &'static str),
) -> Case {
    Case {
        company,
        sentence,
        differs,
        twin,
        twin_sentence,
    }
}

fn faster() -> Vec<Case> {
    let (quick, usual) = (30.0, 31.0);
    vec![
        case(
            (company(quick, 5), "Faster, and no sloppier."),
            "An hour less speed-up",
            (company(usual, 5), "No change we can see."),
        ),
        case(
            (company(quick, 17), "Faster, but sloppier."),
            "One failure less",
            (company(quick, 16), "Faster; quality can’t be told yet."),
        ),
        case(
            (company(quick, 6), "Faster; quality can’t be told yet."),
            "One failure less",
            (company(quick, 5), "Faster, and no sloppier."),
        ),
    ]
}

fn unchanged() -> Vec<Case> {
    vec![
        case(
            (company(40.0, 5), "No change we can see."),
            "One failure more",
            (
                company(40.0, 6),
                "Speed unchanged; quality can’t be told yet.",
            ),
        ),
        case(
            (company(31.0, 17), "Sloppier, and not faster."),
            "An hour quicker",
            (company(30.0, 17), "Faster, but sloppier."),
        ),
        case(
            (
                company(40.0, 16),
                "Speed unchanged; quality can’t be told yet.",
            ),
            "One failure more",
            (company(40.0, 17), "Sloppier, and not faster."),
        ),
    ]
}

fn slower() -> Vec<Case> {
    let (slow, usual) = (52.0, 51.0);
    vec![
        case(
            (company(slow, 5), "Slower, and no sloppier."),
            "An hour less slow-down",
            (company(usual, 5), "No change we can see."),
        ),
        case(
            (company(slow, 17), "Slower and sloppier."),
            "One failure less",
            (company(slow, 16), "Slower; quality can’t be told yet."),
        ),
        case(
            (company(slow, 6), "Slower; quality can’t be told yet."),
            "An hour less slow-down",
            (
                company(usual, 6),
                "Speed unchanged; quality can’t be told yet.",
            ),
        ),
    ]
}

fn untold() -> Vec<Case> {
    vec![
        case(
            (
                with_baseline_changes(39, 5),
                "Speed can’t be told yet; no sloppier.",
            ),
            "Forty changes in the baseline",
            (with_baseline_changes(40, 5), "No change we can see."),
        ),
        case(
            (
                with_changes_from(1, 17),
                "Sloppier; speed can’t be told yet.",
            ),
            "Twelve weeks of baseline",
            (with_changes_from(0, 17), "Sloppier, and not faster."),
        ),
        case(
            (begun_at(1), "Can’t tell yet."),
            "Twelve weeks of baseline",
            (begun_at(0), "No change we can see."),
        ),
    ]
}

/// The words of a sentence.
fn words(sentence: &str) -> (Word, Word) {
    let has = |part: &str| sentence.to_lowercase().contains(part);
    let speed = match () {
        () if has("speed can’t") || has("can’t tell") => Word::CantTell,
        () if has("not faster") || has("unchanged") || has("no change") => Word::NoVisibleChange,
        () if has("faster") => Word::Faster,
        () => Word::Slower,
    };
    let quality = match () {
        () if has("quality can’t") || has("can’t tell") => Word::CantTell,
        () if has("no sloppier") || has("no change") => Word::NoSloppier,
        () => Word::Sloppier,
    };
    (speed, quality)
}

fn check(answer: &Answer, sentence: &str) {
    assert_eq!(answer.sentence, sentence, "{answer:?}");
    assert_eq!((answer.speed.word, answer.quality.word), words(sentence));
    for (side, first) in [(&answer.speed, 0), (&answer.quality, 1)] {
        let Some(spans) = &side.spans else { continue };
        let told = [
            &spans.baseline.from,
            &spans.baseline.to,
            &spans.recent.from,
            &spans.recent.to,
        ];
        assert_eq!(
            told.map(String::as_str),
            [0, 11, 12, 15]
                .map(|number| week(number).to_string())
                .each_ref()
                .map(String::as_str)
        );
        // The first deployment of a service is one, though what it delivers isn't known.
        assert_eq!(spans.recent.records, 80);
        assert!(spans.baseline.records == 240 + first || spans.baseline.records == 40);
    }
    let untold = [&answer.speed, &answer.quality]
        .into_iter()
        .filter(|side| side.why_not.is_some());
    assert!(
        answer.missing.len() >= untold.count(),
        "{:?}",
        answer.missing
    );
}

#[tokio::test]
async fn each_sentence_is_said_and_just_across_its_boundary_another() {
    let cases = [faster(), unchanged(), slower(), untold()]
        .into_iter()
        .flatten();
    let cases: Vec<Case> = cases.collect();
    assert_eq!(cases.len(), 12);
    for case in cases {
        let answer = told(&case.company, WEEKS - 1, "company").await;
        println!("{}, {}", case.sentence, case.differs);
        check(&answer, case.sentence);
        let twin = told(&case.twin, WEEKS - 1, "company").await;
        check(&twin, case.twin_sentence);
    }
}

#[tokio::test]
async fn both_engines_give_the_same_answer() {
    let mut answers = Vec::new();
    for database in Database::on_each_engine().await {
        let asked = (WEEKS - 1, "company", read::NOW_MS);
        answers.push(told_on(&database, &company(30.0, 17), asked).await);
    }
    assert_eq!(answers[0].sentence, "Faster, but sloppier.");
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}
