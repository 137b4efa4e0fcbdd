//! The list of workflows, one workflow's page, its form, and new limits for its series.

mod items;

use std::collections::BTreeMap;

use anyhow::Result;
use reqwest::StatusCode;
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::ingest::StreamName;
use server::store::acts;
use server::store::registry;
use tests::app::{App, NOW_MS, Person, location};
use tests::deliver;

const REGISTRY: &str = r#"
    [company]
    name = "Acme"
    [[service]]
    slug = "shop"
    [[service]]
    slug = "desk"
    [[person]]
    email = "dri@example.org"
    name = "Dora Riis"
    role = "dri"
    [[workflow]]
    slug = "checkout"
    name = "Checkout"
    services = ["shop"]
    dri = "dri@example.org"
    tier = 1
    pattern = "guardrailed"
    [[workflow]]
    slug = "support"
    name = "Support"
    services = ["desk"]
    dri = "other@example.org"
"#;

const LIMITS: &str = "/limits/change_size?scope=workflow:checkout";

/// Two dozen weeks of changes, larger in the last four, of one service; of the other, one change.
async fn company() -> Result<App> {
    let app = App::fresh().await?;
    apply(&app.db, Document::parse(REGISTRY)?, NOW_MS, &|_, _, _| {}).await?;
    let mut changes = Vec::new();
    for week in 0..24_i64 {
        for number in 0..6_i64 {
            let day = chrono::DateTime::from_timestamp_millis(NOW_MS).unwrap_or_default()
                - chrono::TimeDelta::weeks(24 - week)
                + chrono::TimeDelta::hours(30 + number);
            let lines = if week < 20 {
                10 + number + week % 3
            } else {
                400 + number
            };
            changes.push(serde_json::json!({
                "id": format!("c{week}-{number}"), "service": "shop", "title": "Work",
                "author": { "id": "ana", "kind": "person" }, "commits": [],
                "merged_at": day.to_rfc3339(), "additions": lines, "deletions": 0,
            }));
        }
    }
    changes.push(serde_json::json!({
        "id": "desk-1", "service": "desk", "title": "A secret of the desk",
        "author": { "id": "ana", "kind": "person" }, "commits": [],
        "merged_at": "2026-11-18T10:00:00Z", "additions": 7_777, "deletions": 0,
    }));
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    deliver::refresh(&app.db).await;
    Ok(app)
}

async fn read(app: &App, person: &Person, path: &str) -> Result<(StatusCode, String)> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    Ok((page.status(), page.text().await?))
}

async fn send(
    app: &App,
    person: &Person,
    path: &str,
    fields: &[(&str, &str)],
) -> Result<reqwest::Response> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let mut form: BTreeMap<&str, &str> = fields.iter().copied().collect();
    form.insert("csrf", &csrf);
    let request = browser.client.post(browser.at(path)).form(&form);
    Ok(request.header("cookie", person.cookie()).send().await?)
}

const ANSWERS: [(&str, &str); 5] = [
    ("week", "2026-W44"),
    ("what_changed", "Changes carry generated code."),
    ("cause", "The generator was <b>adopted</b>."),
    ("why_wanted", "It saves typing."),
    ("why_lasting", "The generator stays."),
];

#[tokio::test]
async fn a_workflow_shows_who_answers_for_it_and_only_its_own_work() -> Result<()> {
    let app = company().await?;
    let reader = app.signed_in(Role::Executive).await?;
    let (status, page) = read(&app, &reader, "/workflows/checkout").await?;
    assert_eq!(status, StatusCode::OK);
    for said in [
        "Dora Riis",
        "1, propose only",
        "guardrailed agents",
        "service shop",
    ] {
        assert!(page.contains(said), "{said}");
    }
    assert!(!page.contains("A secret of the desk") && !page.contains("7,777"));
    assert!(!page.contains("Propose new limits") && !page.contains("Edit this workflow"));
    let (_, list) = read(&app, &reader, "/workflows").await?;
    assert!(list.contains("href=\"/workflows/checkout?week=2026-W47\""));
    assert_eq!(
        read(&app, &reader, "/workflows/nobody").await?.0,
        StatusCode::NOT_FOUND
    );
    Ok(())
}

#[tokio::test]
async fn weeks_that_stood_out_are_marked_until_people_say_that_the_process_became_another_one()
-> Result<()> {
    let app = company().await?;
    let dri = app.signed_in(Role::Dri).await?;
    let (_, before) = read(&app, &dri, LIMITS).await?;
    assert!(before.contains("class=\"ring\""));
    let set = send(&app, &dri, LIMITS, &ANSWERS).await?;
    assert_eq!(set.status(), StatusCode::SEE_OTHER);
    let (_, after) = read(&app, &dri, LIMITS).await?;
    assert!(after.contains("New limits from week 44 of 2026"));
    assert!(after.contains("The generator was &lt;b&gt;adopted&lt;/b&gt;."));
    assert!(!after.contains("class=\"ring\""));
    let mut tx = app.db.read().await?;
    let kept = acts::latest(&mut tx, 1).await?;
    assert_eq!(
        (kept[0].kind.as_str(), kept[0].by_whom.as_str()),
        ("new_limits", "dri@example.org")
    );
    drop(tx);
    let back = [("week", "2026-W44"), ("step", "take_back")];
    send(&app, &dri, LIMITS, &back).await?;
    assert!(read(&app, &dri, LIMITS).await?.1.contains("class=\"ring\""));
    Ok(())
}

#[tokio::test]
async fn new_limits_need_all_four_answers_and_somebody_who_answers_for_the_work() -> Result<()> {
    let app = company().await?;
    let dri = app.signed_in(Role::Dri).await?;
    let mut three = ANSWERS;
    three[4].1 = "  ";
    let refused = send(&app, &dri, LIMITS, &three).await?;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await?;
    assert!(
        refused.contains("All four questions need an answer")
            && refused.contains("It saves typing.")
    );
    let others = "/limits/change_size?scope=workflow:support";
    let foreign = send(&app, &dri, others, &ANSWERS).await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let executive = app.signed_in(Role::Executive).await?;
    let foreign = send(&app, &executive, LIMITS, &ANSWERS).await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let mut tx = app.db.read().await?;
    assert!(registry::load(&mut tx).await?.dividers.is_empty());
    Ok(())
}

#[tokio::test]
async fn an_operator_adds_a_workflow_and_its_figures_follow() -> Result<()> {
    let app = company().await?;
    let operator = app.signed_in(Role::Operator).await?;
    let fields = [
        ("slug", "both"),
        ("name", "Both"),
        ("dri", "dri@example.org"),
        ("service:shop", "on"),
        ("service:desk", "on"),
        ("tier", "2"),
        ("rules", "Agents propose; people decide."),
    ];
    let added = send(&app, &operator, "/workflows/new", &fields).await?;
    assert_eq!(
        (added.status(), location(&added)),
        (StatusCode::SEE_OTHER, Some("/workflows/both"))
    );
    let (_, page) = read(&app, &operator, "/workflows/both").await?;
    assert!(page.contains("Agents propose; people decide."));
    let (_, list) = read(
        &app,
        &operator,
        "/records/changes_merged?week=2026-W47&scope=workflow:both",
    )
    .await?;
    assert!(list.contains("A secret of the desk"));
    Ok(())
}

#[tokio::test]
async fn a_dri_edits_what_was_agreed_and_not_whose_it_is() -> Result<()> {
    let app = company().await?;
    let dri = app.signed_in(Role::Dri).await?;
    let fields = [
        ("name", "Checkout"),
        ("dri", "nobody@example.org"),
        ("service:desk", "on"),
        ("escalation", "Call </textarea><script>the desk."),
        ("playbook_practised_on", "2026-11-20"),
    ];
    let saved = send(&app, &dri, "/workflows/checkout/edit", &fields).await?;
    assert_eq!(saved.status(), StatusCode::SEE_OTHER);
    let mut tx = app.db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let own = registry.workflow("checkout").cloned().unwrap_or_default();
    assert_eq!(
        (own.dri.as_deref(), &own.services[..]),
        (Some("dri@example.org"), &["shop".to_owned()][..])
    );
    drop(tx);
    for path in ["/workflows/checkout/edit", "/workflows/checkout"] {
        let (_, page) = read(&app, &dri, path).await?;
        let escaped = page.contains("Call &lt;/textarea>&lt;script>the desk.")
            || page.contains("Call &lt;/textarea&gt;&lt;script&gt;the desk.");
        assert!(escaped && !page.contains("<script>the desk"), "{path}");
    }
    let bad = [("name", "Checkout"), ("playbook_practised_on", "last week")];
    let bad = send(&app, &dri, "/workflows/checkout/edit", &bad).await?;
    assert_eq!(bad.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let foreign = send(&app, &dri, "/workflows/support/edit", &fields).await?;
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    Ok(())
}
