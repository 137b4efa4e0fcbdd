//! What is set in the page: by whom, what is refused, what is kept of it, and what it leaves alone.

mod accounts;

use anyhow::{Context, Result};
use app::backend::Backend;
use app::view::answer::AnswerDefinition;
use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::freeze::freeze;
use server::metrics::week::Calendar;
use server::settings::{By, Decision, decide};
use server::store::Db;
use server::store::acts::{self, Kept};
use server::store::registry::{self, Company as Declared};
use server::views::Pages;
use tests::app::{App, Person, location};
use tests::company::{Company, HOUR_MS, week};
use tests::database::on_each_engine;
use tests::read;

const ANA: &str = "ana@example.org";

fn by(now_ms: i64) -> By<'static> {
    By { email: ANA, now_ms }
}

async fn company(db: &Db) -> Declared {
    let mut tx = db.read().await.unwrap();
    registry::load(&mut tx).await.unwrap().company
}

/// All acts, the newest first.
pub async fn kept(db: &Db) -> Vec<Kept> {
    let mut tx = db.read().await.unwrap();
    assert_eq!(acts::broken(&mut tx).await.unwrap(), None);
    acts::latest(&mut tx, 100).await.unwrap()
}

fn said(act: &Kept) -> (&str, &str, &str, Value, Value) {
    let json = |text: &str| serde_json::from_str(text).unwrap();
    (
        &act.by_whom,
        &act.kind,
        &act.subject,
        json(&act.before),
        json(&act.after),
    )
}

/// Opens a page as somebody.
pub async fn read_as(app: &App, person: &Person, path: &str) -> Result<String> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    Ok(request
        .header("cookie", person.cookie())
        .send()
        .await?
        .text()
        .await?)
}

/// Sends a form of the settings as somebody.
pub async fn send(
    app: &App,
    person: &Person,
    part: &str,
    fields: &[(&str, &str)],
) -> Result<Response> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form: Vec<(&str, &str)> = fields
        .iter()
        .copied()
        .chain([("csrf", csrf.as_str())])
        .collect();
    let request = browser
        .client
        .post(browser.at(&format!("/settings/{part}")))
        .form(&form);
    Ok(request.header("cookie", person.cookie()).send().await?)
}

#[tokio::test]
async fn each_decision_is_set_and_kept_with_what_stood_before() {
    on_each_engine(async |db| {
        let now_ms = read::NOW_MS;
        let baseline = Decision::Baseline {
            from: "2026-W01",
            to: "2026-W12",
        };
        let deciding = Decision::Deciding {
            speed: "pr_cycle_time",
            quality: "deployment_rework_rate",
        };
        decide(&db, Decision::Margin { points: "3" }, by(now_ms))
            .await
            .unwrap();
        decide(&db, Decision::Margin { points: "4.5" }, by(now_ms + 1))
            .await
            .unwrap();
        decide(&db, baseline, by(now_ms + 2)).await.unwrap();
        decide(&db, deciding, by(now_ms + 3)).await.unwrap();
        let set = company(&db).await;
        assert_eq!(set.margin_points, Some(4.5));
        assert_eq!(set.baseline.unwrap().to, "2026-W12");
        assert_eq!(set.deciding.unwrap().quality, "deployment_rework_rate");
        let acts = kept(&db).await;
        let span = json!({"from": "2026-W01", "to": "2026-W12"});
        let metrics = json!({"speed": "pr_cycle_time", "quality": "deployment_rework_rate"});
        let expected = [
            (ANA, "deciding_metrics", "company", Value::Null, metrics),
            (ANA, "baseline", "company", Value::Null, span),
            (ANA, "margin", "company", json!(3.0), json!(4.5)),
            (ANA, "margin", "company", Value::Null, json!(3.0)),
        ];
        assert_eq!(acts.iter().map(said).collect::<Vec<_>>(), expected);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_or_stands_already_changes_nothing_and_keeps_no_act() {
    on_each_engine(async |db| {
        decide(&db, Decision::Margin { points: "3" }, by(read::NOW_MS))
            .await
            .unwrap();
        let before = company(&db).await;
        for (decision, why) in [
            (Decision::Margin { points: "0" }, "percentage points"),
            (Decision::Margin { points: "3.0" }, "stands already"),
            (
                Decision::Baseline {
                    from: "2026-W10",
                    to: "2026-W12",
                },
                "at least 12 weeks",
            ),
            (
                Decision::Deciding {
                    speed: "change_size",
                    quality: "change_fail_rate",
                },
                "median of durations",
            ),
        ] {
            let refused = decide(&db, decision, by(read::NOW_MS))
                .await
                .unwrap_err()
                .to_string();
            assert!(refused.contains(why), "{refused}");
        }
        assert_eq!(company(&db).await, before);
        assert_eq!(kept(&db).await.len(), 1);
    })
    .await;
}

const FILE: &str =
    "[company]\nmargin_points = 5\nbaseline = { from = \"2026-W01\", to = \"2026-W12\" }\n";

async fn applied(db: &Db) -> Vec<String> {
    let document = Document::parse(FILE).unwrap();
    apply(db, document, read::NOW_MS, &|_, _, _| {})
        .await
        .unwrap()
        .kept
}

#[tokio::test]
async fn apply_leaves_what_an_executive_decided_and_names_who_and_when() {
    on_each_engine(async |db| {
        let at_ms = read::NOW_MS;
        decide(&db, Decision::Margin { points: "3" }, by(at_ms))
            .await
            .unwrap();
        let stays = applied(&db).await;
        assert_eq!(stays.len(), 1, "{stays:?}");
        assert!(
            stays[0].starts_with("company: margin (ana@example.org decided it on Fri 15 Jan 2027"),
            "{stays:?}"
        );
        let set = company(&db).await;
        assert_eq!(
            (set.margin_points, set.baseline.map(|own| own.to)),
            (Some(3.0), Some("2026-W12".to_owned()))
        );
        decide(&db, Decision::Baseline { from: "", to: "" }, by(at_ms + 1))
            .await
            .unwrap();
        assert_eq!(applied(&db).await.len(), 2);
        assert_eq!(
            company(&db).await.baseline,
            None,
            "that none is set was decided"
        );
    })
    .await;
}

async fn answered(db: &Db, week: &str, now_ms: i64) -> AnswerDefinition {
    let pages = Pages::new(db.clone(), std::sync::Arc::new(move || now_ms));
    pages.answer(Some(week), None).await.unwrap()
}

#[tokio::test]
async fn a_frozen_week_keeps_its_margin_and_the_next_names_who_changed_it() {
    on_each_engine(async |db| {
        let company = Company::of(20);
        company.declare(&db).await;
        company.feed(&db).await;
        let (frozen, open) = (week(18), week(19));
        let now_ms = Calendar::utc().end_ms(open) + 96 * HOUR_MS;
        decide(
            &db,
            Decision::Margin { points: "4" },
            by(now_ms - 2 * HOUR_MS),
        )
        .await
        .unwrap();
        freeze(&db, Some(frozen), now_ms).await.unwrap();
        let before = answered(&db, &frozen.to_string(), now_ms).await;
        decide(&db, Decision::Margin { points: "2" }, by(now_ms + HOUR_MS))
            .await
            .unwrap();
        let later_ms = now_ms + 2 * HOUR_MS;
        assert_eq!(answered(&db, &frozen.to_string(), later_ms).await, before);
        assert_eq!(
            (before.answer.margin_points, before.decided[0].said.as_str()),
            (4.0, "4 points")
        );
        let open = answered(&db, &open.to_string(), later_ms).await;
        assert_eq!(open.answer.margin_points, 2.0);
        let decided = &open.decided[0];
        assert_eq!(
            (
                decided.what.as_str(),
                decided.said.as_str(),
                decided.by.as_str()
            ),
            ("Margin", "2 points", ANA)
        );
    })
    .await;
}

#[tokio::test]
async fn an_executive_decides_in_the_page_and_others_only_read_it() -> Result<()> {
    let app = App::fresh().await?;
    let executive = app.signed_in(Role::Executive).await?;
    let page = read_as(&app, &executive, "/settings").await?;
    assert!(page.contains("action=\"/settings/decisions\"") && page.contains("5-point claim"));
    let margin = [("what", "margin"), ("points", "2.5")];
    let done = send(&app, &executive, "decisions", &margin).await?;
    assert_eq!(location(&done), Some("/settings#decisions"));
    let refused = send(
        &app,
        &executive,
        "decisions",
        &[("what", "margin"), ("points", "<lots>")],
    )
    .await?;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = refused.text().await?;
    assert!(refused.contains("percentage points") && refused.contains("value=\"&lt;lots&gt;\""));
    for role in [Role::Dri, Role::Finance, Role::Operator] {
        let person = app.signed_in(role).await?;
        let page = read_as(&app, &person, "/settings").await?;
        assert!(
            page.contains("worse by less than 2.5 points")
                && page.contains("executive@example.org")
        );
        assert!(!page.contains("action=\"/settings/decisions\""), "{role}");
        let told = send(&app, &person, "decisions", &margin).await?;
        assert_eq!(told.status(), StatusCode::FORBIDDEN, "{role}");
    }
    let answer = read_as(&app, &executive, "/definitions/answer").await?;
    answer.find("decided by ").context("who decided")?;
    Ok(())
}
