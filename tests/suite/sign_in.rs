//! Coming in and going out: links, passwords, the limit on tries, and how long a session holds.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use server::auth::role::Role;
use server::auth::secret::Secret;
use server::auth::session::{self, IDLE_MS, LONGEST_MS};
use server::auth::sign_in::{LINK_VALID_MS, Outcome, with_link};
use tests::app::{App, Browser, field, location};

const ADA: &str = "ada@example.org";
const PASSWORD: &str = "correct horse battery";

async fn open_link(browser: &Browser, token: &Secret) -> Result<reqwest::Response> {
    browser
        .get(&format!("/sign-in?token={}", token.reveal()))
        .await
}

async fn use_link(browser: &Browser, token: &Secret, password: &str) -> Result<StatusCode> {
    let form = [("token", token.reveal()), ("password", password)];
    Ok(browser.post("/sign-in/link", &form).await?.status())
}

async fn try_password(browser: &Browser, email: &str, password: &str) -> Result<StatusCode> {
    let form = [("email", email), ("password", password)];
    Ok(browser.post("/sign-in", &form).await?.status())
}

/// Whether the browser is in.
async fn is_in(browser: &Browser) -> Result<bool> {
    Ok(location(&browser.get("/review").await?).is_none())
}

#[tokio::test]
async fn a_link_signs_in_once_and_looking_at_it_does_not_use_it_up() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Executive).await?;
    let browser = app.browser()?;
    for _ in 0..2 {
        let page = open_link(&browser, &link).await?;
        assert_eq!(page.status(), StatusCode::OK);
        let page = page.text().await?;
        assert!(page.contains(ADA));
        assert_eq!(field(&page, "token").as_deref(), Some(link.reveal()));
    }
    assert!(!is_in(&browser).await?);
    assert_eq!(use_link(&browser, &link, "").await?, StatusCode::SEE_OTHER);
    assert!(is_in(&browser).await?);
    let late = app.browser()?;
    assert_eq!(use_link(&late, &link, "").await?, StatusCode::GONE);
    assert_eq!(open_link(&late, &link).await?.status(), StatusCode::GONE);
    assert!(!is_in(&late).await?);
    Ok(())
}

#[tokio::test]
async fn of_many_who_use_a_link_at_once_one_gets_in() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Dri).await?;
    let now = app.now();
    let mut racing = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (db, link) = (app.db.clone(), link.clone());
        racing.spawn(async move { with_link(&db, &link, None, now).await });
    }
    let mut let_in = 0;
    for outcome in racing.join_all().await {
        let_in += usize::from(matches!(outcome?, Outcome::SignedIn(_)));
    }
    assert_eq!(let_in, 1);
    Ok(())
}

#[tokio::test]
async fn a_link_older_than_a_day_opens_nothing() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Executive).await?;
    app.pass_ms(LINK_VALID_MS);
    assert_eq!(
        use_link(&app.browser()?, &link, "").await?,
        StatusCode::GONE
    );
    Ok(())
}

#[tokio::test]
async fn a_password_set_with_a_link_signs_in_later_and_a_short_one_is_not_taken() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Finance).await?;
    let before = app.signed_in(Role::Finance).await?;
    let browser = app.browser()?;
    let short = use_link(&browser, &link, "too short").await?;
    assert_eq!(short, StatusCode::BAD_REQUEST);
    assert_eq!(
        use_link(&browser, &link, PASSWORD).await?,
        StatusCode::SEE_OTHER
    );
    let later = app.browser()?;
    let known = try_password(&later, "Ada@Example.org", PASSWORD).await?;
    assert_eq!(known, StatusCode::SEE_OTHER);
    assert!(is_in(&later).await?);
    assert_eq!(session::of_person(&app.db, ADA, app.now()).await?.len(), 2);
    // Someone else's session is none of this.
    let finance = session::of_person(&app.db, "finance@example.org", app.now()).await?;
    assert_eq!(finance[0].token_hash, before.session.hash());
    Ok(())
}

#[tokio::test]
async fn after_five_wrong_passwords_even_the_right_one_waits() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Operator).await?;
    use_link(&app.browser()?, &link, PASSWORD).await?;
    let browser = app.browser()?;
    for _ in 0..5 {
        let wrong = try_password(&browser, ADA, "wrong horse battery").await?;
        assert_eq!(wrong, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let form = [("email", ADA), ("password", PASSWORD)];
    let limited = browser.post("/sign-in", &form).await?;
    assert_eq!(limited.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait = limited.headers().get("retry-after").context("how long")?;
    assert_eq!(wait, "900");
    app.pass_ms(15 * 60 * 1000);
    let again = try_password(&browser, ADA, PASSWORD).await?;
    assert_eq!(again, StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn wrong_passwords_and_wrong_links_count_against_the_address_they_come_from() -> Result<()> {
    let app = App::fresh().await?;
    let browser = app.browser()?;
    for number in 0..3 {
        let nobody = format!("nobody{number}@example.org");
        let wrong = try_password(&browser, &nobody, "wrong horse battery").await?;
        assert_eq!(wrong, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for _ in 0..27 {
        let wrong = use_link(&browser, &Secret::random(), "").await?;
        assert_eq!(wrong, StatusCode::GONE);
    }
    let wrong = open_link(&browser, &Secret::random()).await?;
    assert_eq!(wrong.status(), StatusCode::TOO_MANY_REQUESTS);
    let fresh_name = try_password(&browser, "other@example.org", PASSWORD).await?;
    assert_eq!(fresh_name, StatusCode::TOO_MANY_REQUESTS);
    Ok(())
}

#[tokio::test]
async fn signing_in_never_leads_to_another_site() -> Result<()> {
    let app = App::fresh().await?;
    for (next, lands) in [
        (
            "/records/pr_cycle_time?week=2026-W47",
            "/records/pr_cycle_time?week=2026-W47",
        ),
        ("//evil.example", "/review"),
        ("/\\evil.example", "/review"),
        ("https://evil.example/", "/review"),
    ] {
        let link = app.invite(ADA, Role::Executive).await?;
        let form = [("token", link.reveal()), ("next", next)];
        let landed = app.browser()?.post("/sign-in/link", &form).await?;
        assert_eq!(location(&landed), Some(lands), "{next}");
    }
    Ok(())
}

#[tokio::test]
async fn a_sign_in_form_from_another_site_is_refused() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Executive).await?;
    let browser = app.browser()?;
    let request = browser.client.post(browser.at("/sign-in/link"));
    let foreign = request
        .form(&[("token", link.reveal())])
        .header("origin", "https://evil.example");
    assert_eq!(foreign.send().await?.status(), StatusCode::FORBIDDEN);
    assert_eq!(use_link(&browser, &link, "").await?, StatusCode::SEE_OTHER);
    Ok(())
}

#[tokio::test]
async fn a_session_ends_when_signed_out_when_idle_and_at_its_longest() -> Result<()> {
    let app = App::fresh().await?;
    let link = app.invite(ADA, Role::Dri).await?;
    let browser = app.browser()?;
    use_link(&browser, &link, "").await?;
    let session = session::of_person(&app.db, ADA, app.now()).await?;
    assert_eq!(session[0].expires_at, app.now() + LONGEST_MS);
    app.pass_ms(IDLE_MS);
    assert!(!is_in(&browser).await?);

    let person = app.signed_in(Role::Executive).await?;
    let sign_out = browser.client.post(browser.at("/sign-out"));
    let request = sign_out.header("cookie", person.cookie());
    let out = request.form(&[("csrf", person.csrf())]).send().await?;
    assert_eq!(location(&out), Some("/sign-in?signed_out=1"));
    let left = session::of_person(&app.db, "executive@example.org", app.now()).await?;
    assert!(left.is_empty());
    Ok(())
}

#[tokio::test]
async fn sessions_taken_away_are_gone_with_the_next_request() -> Result<()> {
    let app = App::fresh().await?;
    let person = app.signed_in(Role::Operator).await?;
    assert_eq!(
        session::close_all(&app.db, "operator@example.org").await?,
        1
    );
    let browser = app.browser()?;
    let request = browser.client.get(browser.at("/review"));
    let response = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(location(&response), Some("/sign-in"));
    Ok(())
}
