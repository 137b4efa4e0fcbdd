//! Receipts: every record behind a figure has one, it says what the lists say, and what is not recorded
//! is told as such.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use app::routes;
use app::view::receipt::{Answer, Question, Receipt, State};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::ingest::StreamName;
use server::metrics::catalogue::CATALOGUE;
use server::store::cursors;
use server::store::registry::Kind;
use tests::app::App;
use tests::database::Database;
use tests::script::{Script, problem};
use tests::{command, deliver};

mod agents;
mod signed;

/// What stands in a page for a text.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// A page as somebody who is signed in sees it.
async fn page(app: &App, path: &str) -> Result<(StatusCode, String)> {
    let browser = app.browser()?;
    let person = app.signed_in(Role::Executive).await?;
    let asked = browser
        .client
        .get(browser.at(path))
        .header("cookie", person.cookie());
    let answer = asked.send().await?;
    Ok((answer.status(), answer.text().await?))
}

async fn told(script: &Script, path: &str) -> Result<Receipt> {
    Ok(serde_json::from_value(
        script.json(&format!("/api/v1{path}")).await?,
    )?)
}

fn answer(receipt: &Receipt, question: Question) -> &Answer {
    receipt
        .answers
        .iter()
        .find(|own| own.question == question)
        .unwrap()
}

/// All that an answer says, on one line.
fn said(receipt: &Receipt, question: Question) -> String {
    let answer = answer(receipt, question);
    let found = answer.found.iter().map(|own| {
        let link = own.link.as_ref().map(|link| format!(" {}", link.text));
        format!("{}{} [{:?}]", own.what, link.unwrap_or_default(), own.level)
    });
    let all: Vec<String> = found.chain(answer.missing.clone()).collect();
    all.join(" | ")
}

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
    let all = ["change", "defect", "deployment", "incident"];
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

/// Two changes, the second of which waits for its deployment, and an incident laid to the first's.
async fn shop(app: &App) {
    for (kind, key, body) in [
        (
            Kind::Company,
            "company",
            json!({"name": "Acme", "time_zones": [{"zone": "Europe/Berlin"}]}),
        ),
        (
            Kind::Service,
            "shop",
            json!({"slug": "shop", "name": "Web shop"}),
        ),
        (
            Kind::Workflow,
            "checkout",
            json!({"slug": "checkout", "name": "Checkout", "services": ["shop"],
            "dri": "mira@example.org", "tier": 1}),
        ),
    ] {
        deliver::declare(&app.db, kind, key, body).await;
    }
    let change = |id: &str, title: &str, hour: u32| {
        json!({"id": id, "service": "shop", "title": title, "author": {"id": "ana"},
            "created_at": format!("2026-11-16T{hour:02}:00:00Z"), "additions": 3, "deletions": 1,
            "merged_at": format!("2026-11-16T{:02}:00:00Z", hour + 1), "merge_commit": format!("{id}-merged"),
            "commits": [{"sha": format!("{id}-first"), "authored_at": "2026-11-13T08:40:00Z",
                "author": {"id": "ana"}}], "paths": ["pay/a.rs", "pay/b.rs"]})
    };
    let deployment = |id: &str, hour: u32, changes: Value| {
        json!({"id": id, "service": "shop", "environment": "production", "commit": format!("{id}-sha"),
            "finished_at": format!("2026-11-16T{hour:02}:30:00Z"), "result": "success", "changes": changes})
    };
    let first = change("c/1", "Split <b>payments</b> & more", 8);
    deliver::records(
        &app.db,
        StreamName::Changes,
        &[first, change("c 2", "Later", 10)],
    )
    .await;
    let reviews = [
        json!({"id": "r1", "change": "c/1", "author": {"id": "ben"}, "state": "approved",
            "submitted_at": "2026-11-16T08:50:00Z", "commit": "c/1-first"}),
        json!({"id": "r2", "change": "c/1", "author": {"id": "carla"}, "state": "commented",
            "submitted_at": "2026-11-16T08:40:00Z"}),
    ];
    deliver::records(&app.db, StreamName::Reviews, &reviews).await;
    let deployments = [
        deployment("d0", 1, json!([])),
        deployment("d1", 9, json!(["c/1"])),
    ];
    deliver::records(&app.db, StreamName::Deployments, &deployments).await;
    let incident = json!({"id": "i%1", "service": "shop", "started_at": "2026-11-16T10:00:00Z",
        "resolved_at": "2026-11-16T12:20:00Z", "caused_by": {"deployment": "d1"}});
    deliver::good(&app.db, StreamName::Incidents, &[incident]).await;
}

#[tokio::test]
async fn a_receipt_tells_what_was_done_computed_and_counted_and_names_approvers_alone() -> Result<()>
{
    let app = App::fresh().await?;
    shop(&app).await;
    let script = Script::with(&app, Scope::Read).await?;
    let receipt = told(&script, &routes::receipt("change", "c/1")).await?;
    assert_eq!(receipt.state, State::Counted);
    assert_eq!(receipt.week.as_deref(), Some("2026-W47"));
    let computed = |metric: &str| {
        let line = receipt
            .computed
            .iter()
            .find(|own| own.metric == metric)
            .unwrap();
        line.said.replace('\u{a0}', " ")
    };
    assert_eq!(
        computed("change_lead_time"),
        "in production Mon 16 Nov 2026, 10:30 \u{2212} first commit Fri 13 Nov 2026, 09:40 = 72 h 50 m"
    );
    assert_eq!(computed("change_size"), "3 added + 1 deleted = 4");
    assert_eq!(
        said(&receipt, Question::Touched),
        "2 files in pay: 3 lines added, 1 deleted [Recorded]"
    );
    let approved = said(&receipt, Question::Approved);
    assert!(
        approved.starts_with("ben, at the merged commit, Mon 16 Nov 2026, 09:50"),
        "{approved}"
    );
    let next = said(&receipt, Question::Next);
    assert!(
        next.contains("The deployment failed") && next.contains("All was well again"),
        "{next}"
    );
    let gap = receipt.timeline.iter().find_map(|own| own.gap.as_deref());
    assert_eq!(
        gap.map(|gap| gap.replace('\u{a0}', " ")).as_deref(),
        Some("2 d 23 h later")
    );
    let text = serde_json::to_string(&receipt)?;
    for name in ["carla", "\"ana\""] {
        assert!(!text.contains(name), "{name}: {text}");
    }
    let waiting = told(&script, &routes::receipt("change", "c 2")).await?;
    assert!(
        said(&waiting, Question::Next)
            .starts_with("Not in production yet; its lead time ends when it ships.")
    );
    let incident = told(&script, &routes::receipt("incident", "i%1")).await?;
    let next = said(&incident, Question::Next);
    assert!(next.contains("after 2\u{a0}h\u{a0}20\u{a0}m"), "{next}");
    assert!(said(&incident, Question::Did).contains("Laid to Deployment of shop"));
    Ok(())
}

#[tokio::test]
async fn the_page_says_what_the_data_says_and_what_a_source_wrote_stays_text() -> Result<()> {
    let app = App::fresh().await?;
    shop(&app).await;
    let script = Script::with(&app, Scope::Read).await?;
    for (kind, id) in [
        ("change", "c/1"),
        ("change", "c 2"),
        ("deployment", "d1"),
        ("incident", "i%1"),
    ] {
        let path = routes::receipt(kind, id);
        let receipt = told(&script, &path).await?;
        let (status, html) = page(&app, &path).await?;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(
            html.contains(&format!(
                "<h1 class=\"name\">{}</h1>",
                escaped(&receipt.title)
            )),
            "{html}"
        );
        let answers = receipt.answers.iter();
        let told =
            answers.flat_map(|own| own.found.iter().map(|own| &own.what).chain(&own.missing));
        let computed = receipt.computed.iter().map(|own| &own.said);
        let events = receipt.timeline.iter().map(|own| &own.local);
        for text in told.chain(computed).chain(events) {
            assert!(html.contains(&escaped(text)), "{path}: {text}");
        }
        for own in &receipt.counted {
            assert!(
                html.contains(&escaped(&own.records_url)),
                "{path}: {}",
                own.records_url
            );
        }
        assert!(
            !html.contains("<td></td>") && !html.contains("<b>payments"),
            "{path}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_corrected_change_says_by_whose_word_it_stands() -> Result<()> {
    let app = App::fresh().await?;
    shop(&app).await;
    let word = server::corrections::Word {
        kind: server::corrections::Kind::Change,
        id: "c/1",
        value: "assisted",
        reason: "paired with the agent",
        made_by: "mira@example.org",
    };
    server::corrections::keep(&app.db, word, app.now()).await?;
    let script = Script::with(&app, Scope::Read).await?;
    let receipt = told(&script, &routes::receipt("change", "c/1")).await?;
    assert_eq!(
        (receipt.state, receipt.attribution.stands.as_str()),
        (State::Corrected, "assisted")
    );
    assert_eq!(receipt.attribution.made[0].by, "mira@example.org");
    assert_eq!(
        receipt.correction_url.as_deref(),
        Some("/corrections/change/c%2F1")
    );
    assert!(
        receipt
            .items
            .iter()
            .any(|item| item.item == "Run linked" && !item.is_met)
    );
    Ok(())
}

#[tokio::test]
async fn an_id_of_any_letters_has_an_address_that_leads_to_it() -> Result<()> {
    let app = App::fresh().await?;
    let ids = [
        "a/b/c",
        "shop#7",
        "50%",
        "%2F",
        "two words",
        "größe/№ 7",
        "a?b=c&d",
        "<i>&\"'",
        "+",
        "日本",
    ];
    let changes: Vec<Value> = ids
        .iter()
        .map(|id| {
            json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-16T10:00:00Z"})
        })
        .collect();
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    let script = Script::with(&app, Scope::Read).await?;
    let listed = script
        .json("/api/v1/records/changes_merged?week=2026-W47")
        .await?;
    let urls: BTreeSet<&str> = listed["records"]
        .as_array()
        .context("records")?
        .iter()
        .filter_map(|own| own["receipt_url"].as_str())
        .collect();
    assert_eq!(urls.len(), ids.len());
    for id in ids {
        let path = routes::receipt("change", id);
        assert!(urls.contains(path.as_str()), "{path}");
        assert_eq!(told(&script, &path).await?.id, id);
        let (status, html) = page(&app, &path).await?;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(html.contains(&format!(">{}</h1>", escaped(id))), "{path}");
    }
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_told_with_what_to_do() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    for kind in [
        "change",
        "run",
        "artifact",
        "ticket",
        "deployment",
        "incident",
        "defect",
    ] {
        let path = routes::receipt(kind, "no/such");
        let told = script.get(&format!("/api/v1{path}")).await?;
        problem(
            told,
            StatusCode::NOT_FOUND,
            &format!("the {kind} \"no/such\" among all records"),
        );
        let (status, html) = page(&app, &path).await?;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert!(
            html.contains("look for it by its id or its link under Find"),
            "{html}"
        );
    }
    let told = script.get("/api/v1/receipts/person/ana").await?;
    problem(
        told,
        StatusCode::NOT_FOUND,
        "change, run, artifact, deployment, incident, defect",
    );
    Ok(())
}
