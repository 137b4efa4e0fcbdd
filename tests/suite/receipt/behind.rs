//! Every record behind a figure of a generated company, held against the lists that count it.

use std::collections::BTreeSet;

use anyhow::Context;
use server::metrics::catalogue::CATALOGUE;
use server::store::cursors;
use tests::command;
use tests::database::Database;

use super::*;

/// The week that a generated company ends with.
async fn last_week(app: &App) -> Result<String> {
    let stored = cursors::get(&mut app.db.read().await?, "demo", "weeks").await?;
    let position: Value = serde_json::from_str(&stored.context("a position")?)?;
    let monday: chrono::NaiveDate = position["last_monday"]
        .as_str()
        .context("a monday")?
        .parse()?;
    Ok(monday.format("%G-W%V").to_string())
}

#[tokio::test]
async fn every_record_behind_a_figure_has_a_receipt_that_says_what_the_lists_say() -> Result<()> {
    let database = Database::sqlite();
    let demo = [
        "demo",
        "--size",
        "small",
        "--no-serve",
        "--weeks",
        "4",
        "--seed",
        "7",
    ];
    command::run(&database.url, &demo);
    let app = App::start(&database.url).await?;
    let script = Script::with(&app, Scope::Read).await?;
    let week = last_week(&app).await?;
    let mut kinds = BTreeSet::new();
    for metric in CATALOGUE {
        let path = format!("/api/v1/records/{}?week={week}", metric.id);
        let lists = script.json(&path).await?;
        // The first of each list and what it leaves out stand for all of them.
        for (list, most) in [("records", 6), ("left_out", 3)] {
            for record in lists[list].as_array().context("a list")?.iter().take(most) {
                let Some(url) = record["receipt_url"].as_str() else {
                    continue;
                };
                let receipt = told(&script, url).await.with_context(|| url.to_owned())?;
                kinds.insert(receipt.kind.name());
                assert_eq!(receipt.id, record["id"].as_str().context("an id")?);
                holds(&receipt, (metric.id, &week), record, list == "records");
                whole(&receipt);
            }
        }
    }
    let all = [
        "artifact",
        "change",
        "defect",
        "deployment",
        "incident",
        "run",
    ];
    assert_eq!(kinds.into_iter().collect::<Vec<_>>(), all);
    Ok(())
}

/// A receipt names the figure that lists it, or why it is left out.
fn holds(receipt: &Receipt, (metric, week): (&str, &str), record: &Value, is_counted: bool) {
    let label = format!("{} {} in {metric}", receipt.kind.name(), receipt.id);
    let mut counted = receipt.counted.iter();
    let counted = counted.find(|own| own.metric == metric && own.week == week);
    assert_eq!(counted.is_some(), is_counted, "{label}");
    if !is_counted {
        let mut left_out = receipt
            .not_counted
            .iter()
            .filter(|own| own.metric == metric);
        let reason = record["reason"].as_str().unwrap();
        assert!(
            left_out.any(|own| own.reason == reason),
            "{label}: {reason}"
        );
    }
}

/// Nothing of a receipt is empty where something must be said.
fn whole(receipt: &Receipt) {
    let questions: Vec<Question> = receipt.answers.iter().map(|own| own.question).collect();
    assert_eq!(questions, Question::ALL);
    for answer in &receipt.answers {
        let missing = answer.missing.as_deref().unwrap_or_default();
        assert!(
            !answer.found.is_empty() || missing.starts_with("Not "),
            "{answer:?}"
        );
        assert!(answer.found.iter().all(|own| !own.what.is_empty()));
    }
    let at: Vec<&str> = receipt.timeline.iter().map(|own| own.at.as_str()).collect();
    assert!(!at.is_empty() && at.is_sorted(), "{at:?}");
    assert!(receipt.cost.is_empty() == receipt.no_cost.is_some());
    assert!(!receipt.raw.is_empty() && receipt.raw.iter().all(|own| own.hash.len() == 64));
}
