//! The week's question as companies would get it answered, from their records to the sentence.

use std::sync::Arc;

use app::backend::Backend;
use app::format;
use app::view::answer::{Answer, Compared, Word};
use server::views::Pages;
use tests::company::{Company, week};
use tests::database::Database;
use tests::read;

mod extremes;
mod freshness;
mod states;
mod twelve;

/// The answer of a week and scope, judged when all weeks have settled.
async fn told(company: &Company, shown: i32, scope: &str) -> Answer {
    told_at(company, shown, scope, read::NOW_MS).await
}

/// The same, judged at an instant.
async fn told_at(company: &Company, shown: i32, scope: &str, now_ms: i64) -> Answer {
    told_on(&Database::sqlite(), company, (shown, scope, now_ms)).await
}

async fn told_on(
    database: &Database,
    company: &Company,
    (shown, scope, now_ms): (i32, &str, i64),
) -> Answer {
    let db = database.open().await;
    company.feed(&db).await;
    let pages = Pages::new(db.clone(), Arc::new(move || now_ms));
    let shown = week(shown).to_string();
    let review = pages.review(Some(&shown), Some(scope));
    let answer = review.await.unwrap().answer;
    db.close().await;
    assert_sound(&answer);
    answer
}

/// No part is empty or no number, the words agree with each other, and the reason says the numbers
/// that were compared.
fn assert_sound(answer: &Answer) {
    let parts = [&answer.sentence, &answer.reason].into_iter();
    for part in parts.chain(&answer.missing).chain(&answer.beside) {
        assert!(part.ends_with('.') && !part.ends_with(".."), "{part}");
        let broken = [
            "NaN",
            "inf",
            "  ",
            " ,",
            "; .",
            ": .",
            "; ;",
            "between 0\u{202f}% shorter and 0",
        ];
        let found = broken.iter().find(|broken| part.contains(**broken));
        assert_eq!(found, None, "{part}");
    }
    for side in [&answer.speed, &answer.quality] {
        assert_eq!(side.compared.is_some(), side.spans.is_some());
        assert_eq!(side.compared.is_none(), side.why_not.is_some());
    }
    for number in numbers(answer) {
        assert!(
            answer.reason.contains(&number),
            "{number}: {}",
            answer.reason
        );
    }
}

/// What the reason has to say, as it is shown.
fn numbers(answer: &Answer) -> Vec<String> {
    let mut numbers = Vec::new();
    if let Some(Compared::Durations { low, high, .. }) = answer.speed.compared {
        numbers.push(match answer.speed.word {
            Word::Faster | Word::Slower => format::change([low, high]),
            _ if low == 1.0 && high == 1.0 => "as long as in the baseline".to_owned(),
            _ => format::around([low, high]),
        });
    }
    if let Some(Compared::Shares {
        recent,
        sloppier,
        no_sloppier,
        ..
    }) = answer.quality.compared
    {
        numbers.push(format::fraction(recent[0], recent[1]));
        match answer.quality.word {
            Word::Sloppier => numbers.extend(sloppier.map(format::points)),
            _ if no_sloppier[1] < 0.0 => {}
            _ => numbers.push(format::points(no_sloppier[1])),
        }
    }
    numbers
}
