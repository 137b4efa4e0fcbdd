//! Receipts: every record behind a figure has one, it says what the lists say, and what is not recorded
//! is told as such.

use anyhow::Result;
use app::routes;
use app::view::receipt::{Answer, Question, Receipt, State};
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::ingest::StreamName;
use server::store::registry::Kind;
use tests::app::App;
use tests::deliver;
use tests::script::Script;

mod addresses;
mod agents;
mod behind;
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
