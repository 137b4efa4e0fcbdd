//! What is said about a week of a series: by whom, how it is kept, and where it is shown.

use std::sync::Arc;

use anyhow::Result;
use app::backend::Backend;
use app::view::exceptions::Exception;
use app::view::explanation::{Cause, Written};
use chrono::DateTime;
use reqwest::StatusCode;
use serde_json::json;
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::explanations::{Error, Word, write};
use server::freeze::freeze;
use server::store::explanations::{Explanation, Subject, between, of};
use server::store::registry::Kind;
use server::store::{Db, acts};
use server::views::Pages;
use tests::app::{App, Person, location};
use tests::company::{Company, log_normal, week};
use tests::database::on_each_engine;
use tests::{deliver, read};

const METRIC: &str = "change_lead_time";

fn word<'a>(scope: &'a str, week: &'a str, said: &'a str) -> Word<'a> {
    Word {
        subject: Subject {
            metric: METRIC,
            scope,
            week,
        },
        said,
        cause: "known_cause",
        by: "ana@example.org",
    }
}

async fn history(db: &Db, scope: &str, week: &str) -> Vec<Explanation> {
    let subject = word(scope, week, "").subject;
    of(&mut db.read().await.unwrap(), subject).await.unwrap()
}

#[tokio::test]
async fn an_edit_keeps_what_was_said_and_each_is_an_act() {
    on_each_engine(async |db| {
        let first = word("company", "2026-W47", "The importer retried.");
        write(&db, first, 20).await.unwrap();
        let again = write(&db, first, 30).await;
        assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
        let second = word("company", "2026-W47", "The importer retried twice.");
        write(&db, second, 20).await.unwrap();
        let kept = history(&db, "company", "2026-W47").await;
        let said: Vec<_> = kept
            .iter()
            .map(|one| (one.written_at, one.said.as_str()))
            .collect();
        assert_eq!(
            said,
            [
                (21, "The importer retried twice."),
                (20, "The importer retried.")
            ]
        );
        let mut tx = db.read().await.unwrap();
        let acts = acts::latest(&mut tx, 9).await.unwrap();
        assert_eq!(acts.len(), 2, "what was refused is none");
        assert_eq!(acts[0].kind, "explanation");
        assert_eq!(acts[0].subject, "change_lead_time of company in 2026-W47");
        assert_eq!(acts[0].before, acts[1].after);
        assert_eq!(acts[1].before, "null");
        assert_eq!(acts::broken(&mut tx).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn two_at_once_are_both_kept() {
    on_each_engine(async |db| {
        let say = |said: &'static str| {
            let db = db.clone();
            tokio::spawn(async move { write(&db, word("company", "2026-W47", said), 20).await })
        };
        let (one, other) = (say("One."), say("Other."));
        one.await.unwrap().unwrap();
        other.await.unwrap().unwrap();
        assert_eq!(history(&db, "company", "2026-W47").await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn weeks_are_listed_from_one_to_another_across_the_end_of_a_year() {
    on_each_engine(async |db| {
        for (at, week) in (1..).zip(["2026-W52", "2026-W53", "2027-W01", "2027-W02"]) {
            write(&db, word("company", week, week), at).await.unwrap();
        }
        let mut tx = db.read().await.unwrap();
        let found = between(&mut tx, ("2026-W53", "2027-W01")).await.unwrap();
        let weeks: Vec<_> = found.iter().map(|one| one.week.as_str()).collect();
        assert_eq!(weeks, ["2027-W01", "2026-W53"]);
    })
    .await;
}

/// Twenty weeks of which the last two are slower, in a company and its one workflow.
async fn slower(db: &Db) {
    let mut company = Company::of(20).but(18..20, |work| {
        work.durations_ms = log_normal(20, 4.0);
    });
    company.workflow = Some(json!({
        "slug": "checkout", "name": "Checkout", "dri": "dri@example.org", "services": ["shop"],
    }));
    company.feed(db).await;
}

/// What stands out of a metric in a scope, as it is shown in a week's review.
async fn found(db: &Db, shown: i32, scope: &str) -> Exception {
    let pages = Pages::new(db.clone(), Arc::new(|| read::NOW_MS));
    let shown = week(shown).to_string();
    let review = pages.review(Some(&shown), None).await.unwrap();
    let mut all = review.exceptions.found.into_iter();
    all.find(|one| one.figure.metric == METRIC && one.figure.scope == scope)
        .unwrap()
}

fn said(shown: &Exception) -> Option<&str> {
    shown.explanation.as_ref().map(|one| one.said.as_str())
}

#[tokio::test]
async fn the_newest_word_about_a_week_of_the_signal_is_shown_and_no_other() {
    on_each_engine(async |db| {
        slower(&db).await;
        let [before, first, last, after] = [17, 18, 19, 20].map(|at| week(at).to_string());
        let of_workflow = "workflow:checkout";
        for (at, scope, week) in [
            (1, "company", &before),
            (2, "company", &after),
            (3, of_workflow, &last),
        ] {
            write(&db, word(scope, week, "elsewhere"), at)
                .await
                .unwrap();
        }
        let shown = found(&db, 19, "company").await;
        assert_eq!((shown.since.as_str(), said(&shown)), (first.as_str(), None));
        write(&db, word("company", &last, "of the last"), 5)
            .await
            .unwrap();
        write(&db, word("company", &first, "of the first"), 6)
            .await
            .unwrap();
        let shown = found(&db, 19, "company").await;
        assert_eq!(said(&shown), Some("of the first"));
        let shown = found(&db, 19, of_workflow).await;
        assert_eq!(said(&shown), Some("elsewhere"));
        assert_eq!(shown.explainers, ["dri@example.org"]);
        let earlier = found(&db, 18, "company").await;
        assert_eq!(said(&earlier), Some("of the first"));
    })
    .await;
}

#[tokio::test]
async fn what_is_said_of_a_frozen_week_is_shown_beside_what_was_judged_by_the_name_in_the_registry()
{
    on_each_engine(async |db| {
        slower(&db).await;
        freeze(&db, Some(week(19)), read::NOW_MS).await.unwrap();
        let before = found(&db, 19, "company").await;
        assert_eq!(before.explanation, None);
        let people = "[[person]]\nemail = \"ana@example.org\"\nname = \"Ana Ruiz\"\nrole = \"dri\"";
        let document = Document::parse(people).unwrap();
        apply(&db, document, read::NOW_MS, &|_, _, _| {})
            .await
            .unwrap();
        let last = week(19).to_string();
        let later_ms = read::NOW_MS + 5;
        write(
            &db,
            word("company", &last, "The importer retried."),
            later_ms,
        )
        .await
        .unwrap();
        let after = found(&db, 19, "company").await;
        let written = Written {
            week: last,
            cause: Cause::KnownCause,
            said: "The importer retried.".to_owned(),
            by: "Ana Ruiz".to_owned(),
            at: DateTime::from_timestamp_millis(later_ms)
                .unwrap()
                .fixed_offset(),
        };
        assert_eq!(after.explanation, Some(written));
        assert_eq!(
            Exception {
                explanation: None,
                ..after
            },
            before
        );
    })
    .await;
}

fn address(scope: &str) -> String {
    format!("/explanations/{METRIC}?scope={scope}&week=2026-W47")
}

async fn get(app: &App, person: &Person, path: &str) -> Result<(StatusCode, String)> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    Ok((page.status(), page.text().await?))
}

async fn send(
    app: &App,
    person: &Person,
    (scope, said, cause): (&str, &str, &str),
) -> Result<reqwest::Response> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form = [("csrf", csrf.as_str()), ("said", said), ("cause", cause)];
    let request = browser.client.post(browser.at(&address(scope))).form(&form);
    Ok(request.header("cookie", person.cookie()).send().await?)
}

/// Two workflows over a service each; the one is `dri@example.org`'s.
async fn workflows(app: &App) {
    for (slug, dri, service) in [
        ("checkout", "DRI@example.org", "shop"),
        ("search", "somebody@example.org", "index"),
    ] {
        let workflow = json!({"slug": slug, "dri": dri, "services": [service]});
        deliver::declare(&app.db, Kind::Workflow, slug, workflow).await;
        deliver::declare(&app.db, Kind::Service, service, json!({"slug": service})).await;
    }
}

#[tokio::test]
async fn a_dri_explains_their_own_work_an_operator_any_and_nobody_else_anything() -> Result<()> {
    let app = App::fresh().await?;
    workflows(&app).await;
    for (role, own, others) in [
        (Role::Dri, true, false),
        (Role::Operator, true, true),
        (Role::Executive, false, false),
        (Role::Finance, false, false),
    ] {
        let person = app.signed_in(role).await?;
        for (scope, may) in [
            ("workflow:checkout", own),
            ("service:shop", own),
            ("workflow:search", others),
            ("service:index", others),
            ("company", others),
        ] {
            let (status, page) = get(&app, &person, &address(scope)).await?;
            assert_eq!(status, StatusCode::OK, "{role} {scope}");
            assert_eq!(page.contains("name=\"said\""), may, "{role} {scope}");
            let told = send(
                &app,
                &person,
                (scope, &format!("{role} looks"), "still_looking"),
            )
            .await?;
            let expected = if may {
                StatusCode::SEE_OTHER
            } else {
                StatusCode::FORBIDDEN
            };
            assert_eq!(told.status(), expected, "{role} {scope}");
        }
    }
    let finance = app.signed_in(Role::Finance).await?;
    let (_, page) = get(&app, &finance, &address("workflow:search")).await?;
    assert!(page.contains("operators and the DRI of its work, somebody@example.org"));
    Ok(())
}

#[tokio::test]
async fn what_is_written_stands_on_its_page_and_what_is_not_taken_comes_back() -> Result<()> {
    let app = App::fresh().await?;
    workflows(&app).await;
    let dri = app.signed_in(Role::Dri).await?;
    let scope = "workflow:checkout";
    let long = "x".repeat(281);
    for (said, cause, why) in [
        ("", "known_cause", "Say it in a sentence"),
        (long.as_str(), "known_cause", "longer than 280 characters"),
        (
            "The <b>importer</b>.",
            "",
            "Choose whether the cause is known",
        ),
    ] {
        let told = send(&app, &dri, (scope, said, cause)).await?;
        assert_eq!(told.status(), StatusCode::UNPROCESSABLE_ENTITY, "{why}");
        let page = told.text().await?;
        assert!(
            page.contains("Nothing was changed.") && page.contains(why),
            "{page}"
        );
        assert!(
            page.contains(&said.replace('<', "&lt;").replace('>', "&gt;")),
            "{page}"
        );
    }
    let kept = send(&app, &dri, (scope, "The <b>importer</b>\0.", "known_cause")).await?;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    assert_eq!(location(&kept), Some(address(scope).as_str()));
    let edited = send(&app, &dri, (scope, "The importer retried.", "known_cause")).await?;
    assert_eq!(edited.status(), StatusCode::SEE_OTHER);
    let (_, page) = get(&app, &dri, &address(scope)).await?;
    for said in [
        "The importer retried.",
        "Said before",
        "The &lt;b&gt;importer&lt;/b&gt; .",
        "dri@example.org",
    ] {
        assert!(page.contains(said), "{said} in {page}");
    }
    for path in [
        "/explanations/lines_of_code?scope=company&week=2026-W47",
        "/explanations/change_lead_time?scope=workflow:none&week=2026-W47",
    ] {
        assert_eq!(
            get(&app, &dri, path).await?.0,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let running = "/explanations/change_lead_time?scope=company&week=2026-W48";
    assert_eq!(get(&app, &dri, running).await?.0, StatusCode::BAD_REQUEST);
    Ok(())
}

/// What is listed under the charts of a page, and the numbers in them.
fn noted(page: &str) -> (Vec<&str>, usize) {
    let lists = page.split("<ol class=\"marks notes\">").skip(1);
    let lines = lists.flat_map(|rest| rest.split("</ol>").next().unwrap().split("<li>").skip(1));
    let numbers = page.matches("mark note").count();
    (lines.collect(), numbers)
}

#[tokio::test]
async fn what_was_said_of_a_week_is_a_number_in_the_chart_of_its_series_and_in_no_other()
-> Result<()> {
    let app = App::fresh().await?;
    slower(&app.db).await;
    let [early, last] = [9, 19].map(|at| week(at).to_string());
    let scope = "workflow:checkout";
    for (at, scope, week, said) in [
        (1, scope, &last, "The first word."),
        (2, scope, &early, "A <i>holiday</i>."),
        (3, scope, &last, "The last word."),
        (4, "company", &last, "Of the company."),
    ] {
        write(&app.db, word(scope, week, said), at).await?;
    }
    let dri = app.signed_in(Role::Dri).await?;
    let page = text(&app, &dri, &format!("/workflows/checkout?week={last}")).await?;
    let (lines, numbers) = noted(&page);
    assert_eq!((lines.len(), numbers), (2, 2), "{lines:?}");
    assert!(
        lines[0].contains("A &lt;i&gt;holiday&lt;/i&gt;.") && lines[1].contains("The last word.")
    );
    assert!(
        lines
            .iter()
            .all(|line| line.contains("ana@example.org") && line.contains("1970"))
    );
    let earlier = format!("/workflows/checkout?week={}", week(18));
    assert_eq!(
        noted(&text(&app, &dri, &earlier).await?).1,
        1,
        "before the last was shown"
    );

    let of =
        |path: &str, segment: &str| format!("{path}?week={last}&scope={scope}&segment={segment}");
    let picture = format!("/records/{METRIC}/chart.svg");
    let drawn = text(&app, &dri, &of(&picture, "all")).await?;
    for said in [
        "\n1\n",
        "\n2\n",
        "A &lt;i&gt;holiday&lt;/i&gt;.",
        "The last word.",
    ] {
        assert!(drawn.contains(said), "{said}");
    }
    assert!(!drawn.contains("Of the company.") && !drawn.contains("The first word."));
    let of_a_segment = text(&app, &dri, &of(&picture, "unmarked")).await?;
    assert!(
        !of_a_segment.contains("The last word."),
        "it was said of all segments"
    );
    Ok(())
}

async fn text(app: &App, person: &Person, path: &str) -> Result<String> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    Ok(page.text().await?)
}
