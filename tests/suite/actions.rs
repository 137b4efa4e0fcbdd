//! Actions: who adds and who marks them, and which of them a review brings back.

use std::sync::Arc;

use anyhow::Result;
use app::backend::Backend;
use app::view::actions::FromLastWeek;
use reqwest::StatusCode;
use serde_json::json;
use server::actions::{Error, New, add, mark};
use server::auth::role::Role;
use server::auth::sign_in;
use server::freeze::freeze;
use server::ingest::StreamName::Changes;
use server::store::registry::Kind;
use server::store::{Db, acts};
use server::views::Pages;
use tests::app::{App, Person, location};
use tests::database::on_each_engine;
use tests::{deliver, dump};

const OWNER: &str = "ana@example.org";

fn at_ms(rfc3339: &str) -> i64 {
    let at: chrono::DateTime<chrono::Utc> = rfc3339.parse().unwrap();
    at.timestamp_millis()
}

fn new<'a>(said: &'a str, scope: &'a str, due: &'a str) -> New<'a> {
    New {
        said,
        owner: OWNER,
        due,
        scope,
        by: "eve@example.org",
    }
}

/// Somebody who may own an action, and a workflow over a service.
async fn company(db: &Db) {
    sign_in::invite(db, OWNER, Role::Finance, 0).await.unwrap();
    let workflow = json!({"slug": "checkout", "name": "Checkout", "services": ["shop"]});
    deliver::declare(db, Kind::Workflow, "checkout", workflow).await;
    deliver::declare(db, Kind::Service, "shop", json!({"slug": "shop"})).await;
}

async fn shown(db: &Db, (week, scope): (&str, &str), now: &str) -> Option<FromLastWeek> {
    let now_ms = at_ms(now);
    let pages = Pages::new(db.clone(), Arc::new(move || now_ms));
    pages.review(Some(week), Some(scope)).await.unwrap().actions
}

fn words(shown: &Option<FromLastWeek>) -> Vec<&str> {
    let shown = shown.as_ref().unwrap();
    shown.shown.iter().map(|one| one.said.as_str()).collect()
}

#[tokio::test]
async fn an_action_comes_back_in_later_reviews_until_it_was_done_a_week_before() {
    on_each_engine(async |db| {
        company(&db).await;
        let monday = at_ms("2026-11-16T09:00:00Z");
        let first = add(&db, new("First", "company", "2026-11-20"), monday)
            .await
            .unwrap();
        let own = new("Own", "workflow:checkout", "2026-11-18");
        let second = add(&db, own, monday).await.unwrap();
        assert_eq!((first, second), (1, 2));
        let before = shown(&db, ("2026-W46", "company"), "2026-11-23T09:00:00Z").await;
        assert!(words(&before).is_empty(), "decided in the week after");
        let next = shown(&db, ("2026-W47", "company"), "2026-11-23T09:00:00Z").await;
        assert_eq!(words(&next), ["Own", "First"]);
        let overdue = next.unwrap().shown;
        assert!(overdue.iter().all(|one| one.overdue && one.done.is_none()));
        let own = shown(
            &db,
            ("2026-W47", "workflow:checkout"),
            "2026-11-23T09:00:00Z",
        )
        .await;
        assert_eq!(words(&own), ["Own"]);
        assert_eq!(
            shown(&db, ("2026-W47", "service:shop"), "2026-11-23T09:00:00Z").await,
            None
        );
        mark(&db, (second, true), OWNER, at_ms("2026-11-23T10:00:00Z"))
            .await
            .unwrap();
        let after = shown(&db, ("2026-W47", "company"), "2026-11-23T11:00:00Z").await;
        assert_eq!(words(&after), ["First", "Own"]);
        let done = after.unwrap().shown[1].done.clone().unwrap();
        assert_eq!(
            (done.by.as_str(), done.at.to_rfc3339()),
            (OWNER, "2026-11-23T10:00:00+00:00".to_owned())
        );
        let now = "2026-12-21T09:00:00Z";
        assert_eq!(
            words(&shown(&db, ("2026-W49", "company"), now).await),
            ["First", "Own"]
        );
        assert_eq!(
            words(&shown(&db, ("2026-W50", "company"), now).await),
            ["First"]
        );
    })
    .await;
}

#[tokio::test]
async fn seven_are_shown_by_their_due_day_and_the_rest_is_counted() {
    on_each_engine(async |db| {
        company(&db).await;
        for day in (21..30).rev() {
            let due = format!("2026-11-{day}");
            let said = format!("By the {day}");
            add(
                &db,
                new(&said, "company", &due),
                at_ms("2026-11-20T09:00:00Z"),
            )
            .await
            .unwrap();
        }
        let shown = shown(&db, ("2026-W47", "company"), "2026-11-23T09:00:00Z").await;
        assert_eq!(words(&shown)[0], "By the 21");
        let shown = shown.unwrap();
        assert_eq!((shown.shown.len(), shown.more), (7, 2));
        let overdue: Vec<bool> = shown.shown.iter().map(|one| one.overdue).collect();
        assert_eq!(overdue[..3], [true, true, false], "not on its due day");
    })
    .await;
}

#[tokio::test]
async fn a_frozen_week_keeps_the_actions_that_were_shown_then() {
    on_each_engine(async |db| {
        company(&db).await;
        let number = add(
            &db,
            new("First", "company", "2026-11-30"),
            at_ms("2026-11-20T09:00:00Z"),
        )
        .await
        .unwrap();
        let week = "2026-W47".parse().unwrap();
        freeze(&db, Some(week), at_ms("2026-11-23T07:00:00Z"))
            .await
            .unwrap();
        let then = shown(&db, ("2026-W47", "company"), "2026-11-23T08:00:00Z").await;
        assert_eq!(words(&then), ["First"]);
        mark(&db, (number, true), OWNER, at_ms("2026-11-23T09:00:00Z"))
            .await
            .unwrap();
        let later = shown(&db, ("2026-W47", "company"), "2026-12-23T08:00:00Z").await;
        assert_eq!(later, then);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_action_is_refused_and_each_that_is_leaves_an_act() {
    on_each_engine(async |db| {
        company(&db).await;
        let now_ms = at_ms("2026-11-20T09:00:00Z");
        let before = dump::whole(&db).await;
        let good = new("First", "company", "2026-11-30");
        for refused in [
            New { said: " ", ..good },
            New {
                owner: "nobody@example.org",
                ..good
            },
            New {
                due: "2026-11-19",
                ..good
            },
            New {
                scope: "service:shop",
                ..good
            },
            New {
                scope: "workflow:none",
                ..good
            },
        ] {
            let told = add(&db, refused, now_ms).await;
            assert!(
                matches!(told, Err(Error::Refused(_))),
                "{refused:?}: {told:?}"
            );
        }
        let told = mark(&db, (1, true), OWNER, now_ms).await;
        assert!(matches!(told, Err(Error::NotFound)), "{told:?}");
        dump::whole(&db).await.assert_same(&before, "refused");
        let number = add(&db, good, now_ms).await.unwrap();
        for done in [true, false] {
            mark(&db, (number, done), OWNER, now_ms).await.unwrap();
            let again = mark(&db, (number, done), OWNER, now_ms).await;
            assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        }
        let mut tx = db.read().await.unwrap();
        let kept = acts::latest(&mut tx, 9).await.unwrap();
        let said: Vec<_> = kept
            .iter()
            .map(|one| {
                (
                    one.subject.as_str(),
                    one.by_whom.as_str(),
                    one.after.as_str(),
                )
            })
            .collect();
        let (done, open) = ("{\"state\":\"done\"}", "{\"state\":\"open\"}");
        assert_eq!(
            said[..2],
            [("action 1", OWNER, open), ("action 1", OWNER, done)]
        );
        assert_eq!((said.len(), said[2].1), (3, "eve@example.org"));
        assert_eq!(acts::broken(&mut tx).await.unwrap(), None);
    })
    .await;
}

async fn get(app: &App, person: &Person, path: &str) -> Result<String> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    Ok(page.text().await?)
}

async fn send(
    app: &App,
    person: &Person,
    (path, fields): (&str, &[(&str, &str)]),
) -> Result<reqwest::Response> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let mut form = vec![("csrf", csrf.as_str())];
    form.extend(fields);
    let request = browser.client.post(browser.at(path)).form(&form);
    Ok(request.header("cookie", person.cookie()).send().await?)
}

#[tokio::test]
async fn executives_add_and_mark_the_owner_marks_and_others_read() -> Result<()> {
    let app = App::fresh().await?;
    company(&app.db).await;
    let executive = app.signed_in(Role::Executive).await?;
    let owner = app.signed_in(Role::Dri).await?;
    let fields = [
        ("said", "Split the <b>importer</b>"),
        ("owner", "dri@example.org"),
        ("due", "2026-11-27"),
        ("scope", "workflow:checkout"),
    ];
    for role in [Role::Dri, Role::Finance, Role::Operator] {
        let person = app.signed_in(role).await?;
        let told = send(&app, &person, ("/actions", &fields)).await?;
        assert_eq!(told.status(), StatusCode::FORBIDDEN, "{role}");
        let page = get(&app, &person, "/actions").await?;
        assert!(
            !page.contains("Add an action") && !page.contains(OWNER),
            "{role}"
        );
    }
    let added = send(&app, &executive, ("/actions", &fields)).await?;
    assert_eq!(
        (added.status(), location(&added)),
        (StatusCode::SEE_OTHER, Some("/actions"))
    );
    for role in [Role::Finance, Role::Operator] {
        let person = app.signed_in(role).await?;
        let told = send(&app, &person, ("/actions/1", &[("state", "done")])).await?;
        assert_eq!(told.status(), StatusCode::FORBIDDEN, "{role}");
        let page = get(&app, &person, "/actions").await?;
        assert!(
            page.contains("Split the &lt;b&gt;importer&lt;/b&gt;"),
            "{page}"
        );
        assert!(!page.contains("Mark done"), "{role}");
    }
    for (person, state, offered) in [
        (&owner, "done", "Open again"),
        (&executive, "open", "Mark done"),
    ] {
        let told = send(&app, person, ("/actions/1", &[("state", state)])).await?;
        assert_eq!(told.status(), StatusCode::SEE_OTHER, "{state}");
        assert!(
            get(&app, person, "/actions").await?.contains(offered),
            "{state}"
        );
    }
    let again = send(&app, &owner, ("/actions/1", &[("state", "open")])).await?;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        again
            .text()
            .await?
            .contains("Somebody marked it before you.")
    );
    let none = send(&app, &owner, ("/actions/1", &[("state", "later")])).await?;
    assert_eq!(none.status(), StatusCode::BAD_REQUEST);
    let unknown = send(&app, &owner, ("/actions/9", &[("state", "done")])).await?;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    Ok(())
}

#[tokio::test]
async fn what_is_not_taken_comes_back_with_what_was_typed_and_executives_are_led_to_the_form()
-> Result<()> {
    let app = App::fresh().await?;
    company(&app.db).await;
    let change = json!({"id": "c1", "service": "shop", "author": {"id": "ana"}, "merged_at": "2026-11-17T12:00:00Z"});
    deliver::good(&app.db, Changes, &[change]).await;
    let executive = app.signed_in(Role::Executive).await?;
    let fields = [
        ("said", "Split \"it\""),
        ("owner", OWNER),
        ("due", "2026-11-01"),
        ("scope", "company"),
    ];
    let told = send(&app, &executive, ("/actions", &fields)).await?;
    assert_eq!(told.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = told.text().await?;
    for said in [
        "Nothing was changed.",
        "Choose a due day from today on",
        "value=\"Split &quot;it&quot;\"",
        "value=\"2026-11-01\"",
        "<option value=\"ana@example.org\" selected",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    let link = "href=\"/actions#add\"";
    assert!(get(&app, &executive, "/review").await?.contains(link));
    let operator = app.signed_in(Role::Operator).await?;
    let page = get(&app, &operator, "/review").await?;
    assert!(page.contains("No action is open") && !page.contains(link));
    Ok(())
}
