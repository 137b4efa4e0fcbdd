//! Who may put what right, in a browser.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use server::auth::role::Role;
use server::store::registry::Kind;
use tests::app::{App, Person, location};
use tests::deliver;

use super::shop;

const INCIDENT: &str = "/corrections/incident/late";

async fn read(app: &App, person: &Person, path: &str) -> Result<String> {
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let page = request.header("cookie", person.cookie()).send().await?;
    Ok(page.text().await?)
}

/// Sends the form: tries or keeps an answer.
async fn answer(
    app: &App,
    person: &Person,
    (choice, other, step): (&str, &str, &str),
) -> Result<reqwest::Response> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form = [
        ("csrf", csrf.as_str()),
        ("choice", choice),
        ("other", other),
        ("reason", "its <b>log</b> shows it"),
        ("step", step),
    ];
    let request = browser.client.post(browser.at(INCIDENT)).form(&form);
    Ok(request.header("cookie", person.cookie()).send().await?)
}

#[tokio::test]
async fn the_dri_of_its_work_sees_the_weeks_first_and_then_puts_an_incident_right() -> Result<()> {
    let app = App::fresh().await?;
    shop(&app.db).await;
    let dri = app.signed_in(Role::Dri).await?;
    let list = read(&app, &dri, "/corrections").await?;
    assert!(list.contains("href=\"/corrections/incident/late\""));
    let tried = answer(&app, &dri, ("is:d2", "", "try")).await?;
    assert_eq!(tried.status(), StatusCode::OK);
    let tried = tried.text().await?;
    for said in [
        "This would change 2 weeks.",
        "Change fail rate",
        "Failed deployment recovery",
        "its &lt;b&gt;log&lt;/b&gt; shows it",
    ] {
        assert!(tried.contains(said), "{said}");
    }
    let kept = answer(&app, &dri, ("other", " d2 ", "keep")).await?;
    assert_eq!(
        (kept.status(), location(&kept)),
        (StatusCode::SEE_OTHER, Some(INCIDENT))
    );
    let page = read(&app, &dri, INCIDENT).await?;
    for said in [
        "Laid to deployment d2",
        "put right by hand (declared)",
        "no deployment → d2",
        "dri@example.org",
    ] {
        assert!(page.contains(said), "{said}");
    }
    let list = read(&app, &dri, "/corrections").await?;
    assert!(list.contains("Every incident is laid to a deployment."));
    Ok(())
}

#[tokio::test]
async fn others_see_what_stands_and_change_nothing() -> Result<()> {
    let app = App::fresh().await?;
    shop(&app.db).await;
    let elsewhere = serde_json::json!({"slug": "shop-delivery", "dri": "somebody@example.org", "services": ["shop"]});
    deliver::declare(&app.db, Kind::Workflow, "shop-delivery", elsewhere).await;
    for role in [Role::Dri, Role::Executive, Role::Finance] {
        let person = app.signed_in(role).await?;
        let page = read(&app, &person, INCIDENT).await?;
        assert!(page.contains("operators and the DRI of its work, somebody@example.org"));
        for step in ["try", "keep"] {
            let told = answer(&app, &person, ("is:none", "", step)).await?;
            assert_eq!(told.status(), StatusCode::FORBIDDEN, "{role} {step}");
        }
    }
    let operator = app.signed_in(Role::Operator).await?;
    let told = answer(&app, &operator, ("is:d3", "", "keep")).await?;
    assert_eq!(told.status(), StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn an_answer_that_is_not_taken_comes_back_with_what_was_typed() -> Result<()> {
    let app = App::fresh().await?;
    shop(&app.db).await;
    let operator = app.signed_in(Role::Operator).await?;
    for (choice, other, why) in [
        ("", "", "Choose an answer"),
        ("other", "", "Choose an answer"),
        ("other", "d9", "is not among the answers"),
        ("as_found", "", "no correction to take back"),
    ] {
        for step in ["try", "keep"] {
            let told = answer(&app, &operator, (choice, other, step)).await?;
            assert_eq!(
                told.status(),
                StatusCode::UNPROCESSABLE_ENTITY,
                "{choice} {other}"
            );
            let page = told.text().await?;
            assert!(page.contains("Nothing was changed."), "{choice} {other}");
            assert!(page.contains(why), "{choice} {other}");
            assert!(page.contains("its &lt;b&gt;log&lt;/b&gt; shows it"));
        }
    }
    let browser = app.browser()?;
    for path in ["/corrections/review/r1", "/corrections/incident/none-such"] {
        let request = browser.client.get(browser.at(path));
        let told = request.header("cookie", operator.cookie()).send().await?;
        assert_eq!(told.status(), StatusCode::NOT_FOUND, "{path}");
        told.headers().get("content-type").context("a type")?;
    }
    Ok(())
}
