//! People, tokens and sessions in the page.

use anyhow::{Context, Result};
use reqwest::StatusCode;
use server::auth::role::Role;
use server::settings::By;
use server::settings::accounts::{add, change_role, make_token, remove};
use tests::app::{App, location};
use tests::database::on_each_engine;
use tests::read;

use super::{kept, read_as, send};

fn by(email: &str) -> By<'_> {
    By {
        email,
        now_ms: read::NOW_MS,
    }
}

#[tokio::test]
async fn the_last_operator_is_neither_removed_nor_given_another_role() {
    on_each_engine(async |db| {
        add(&db, ("Ops@Example.org", "operator"), by("ops@example.org"))
            .await
            .unwrap();
        for refused in [
            remove(&db, "ops@example.org", by("ops@example.org")).await,
            change_role(&db, ("ops@example.org", "finance"), by("ops@example.org")).await,
        ] {
            assert!(refused.unwrap_err().to_string().contains("last operator"));
        }
        add(&db, ("eva@example.org", "executive"), by("ops@example.org"))
            .await
            .unwrap();
        change_role(&db, ("eva@example.org", "operator"), by("ops@example.org"))
            .await
            .unwrap();
        remove(&db, "ops@example.org", by("eva@example.org"))
            .await
            .unwrap();
        let acts = kept(&db).await;
        let kinds: Vec<_> = acts
            .iter()
            .map(|act| (act.kind.as_str(), act.subject.as_str()))
            .collect();
        assert_eq!(
            kinds,
            [
                ("person_removed", "person:ops@example.org"),
                ("role_changed", "person:eva@example.org"),
                ("person_added", "person:eva@example.org"),
                ("person_added", "person:ops@example.org"),
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn no_act_holds_a_secret() {
    on_each_engine(async |db| {
        let (_, link) = add(&db, ("eva@example.org", "executive"), by("ops@example.org"))
            .await
            .unwrap();
        let token = make_token(&db, ("ci", "ingest"), by("ops@example.org"))
            .await
            .unwrap();
        for act in kept(&db).await {
            for secret in [&link, &token] {
                for text in [&act.before, &act.after, &act.subject] {
                    assert!(!text.contains(secret.reveal()) && !text.contains(&secret.hash()));
                }
            }
        }
    })
    .await;
}

#[tokio::test]
async fn an_operator_adds_somebody_whose_link_is_shown_once_and_signs_them_in() -> Result<()> {
    let app = App::fresh().await?;
    let operator = app.signed_in(Role::Operator).await?;
    let form = [
        ("step", "add"),
        ("email", " Eva@Example.org "),
        ("role", "executive"),
    ];
    let made = send(&app, &operator, "people", &form).await?;
    assert_eq!(made.status(), StatusCode::OK);
    assert_eq!(
        made.headers().get("cache-control").context("a rule")?,
        "private, no-store"
    );
    let page = made.text().await?;
    let link = page.split("/sign-in?token=").nth(1).context("a link")?;
    let token = link.split('<').next().context("its end")?;
    let page = read_as(&app, &operator, "/settings").await?;
    assert!(page.contains("eva@example.org") && !page.contains(token));
    let browser = app.browser()?;
    browser.get(&format!("/sign-in?token={token}")).await?;
    let opened = browser.get(&format!("/sign-in?token={token}")).await?;
    assert!(opened.text().await?.contains("eva@example.org"));
    let again = send(&app, &operator, "people", &form).await?;
    assert_eq!(again.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.text().await?.contains("is here already"));
    Ok(())
}

#[tokio::test]
async fn a_token_is_shown_once_its_last_use_is_noted_and_revoked_it_opens_nothing() -> Result<()> {
    let app = App::fresh().await?;
    let operator = app.signed_in(Role::Operator).await?;
    let made = send(
        &app,
        &operator,
        "tokens",
        &[("step", "make"), ("name", "ci"), ("scope", "read")],
    )
    .await?;
    let page = made.text().await?;
    let token = page.split("<code>onehop_").nth(1).context("a token")?;
    let token = format!("onehop_{}", token.split('<').next().context("its end")?);
    let browser = app.browser()?;
    let ask = async || {
        browser
            .client
            .get(browser.at("/api/v1/metrics"))
            .bearer_auth(&token)
            .send()
            .await
    };
    assert_eq!(ask().await?.status(), StatusCode::OK);
    let page = read_as(&app, &operator, "/settings").await?;
    assert!(page.contains("ci") && !page.contains(&token));
    let revoked = send(
        &app,
        &operator,
        "tokens",
        &[("step", "revoke"), ("name", "ci")],
    )
    .await?;
    assert_eq!(location(&revoked), Some("/settings#tokens"));
    assert_eq!(ask().await?.status(), StatusCode::UNAUTHORIZED);
    let refused = send(
        &app,
        &operator,
        "tokens",
        &[("step", "make"), ("name", " "), ("scope", "read")],
    )
    .await?;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    Ok(())
}

#[tokio::test]
async fn people_and_tokens_are_shown_to_operators_alone() -> Result<()> {
    let app = App::fresh().await?;
    app.signed_in(Role::Operator).await?;
    for role in [Role::Executive, Role::Dri, Role::Finance] {
        let person = app.signed_in(role).await?;
        let page = read_as(&app, &person, "/settings").await?;
        assert!(!page.contains("operator@example.org"), "{role}");
        assert!(!page.contains("/settings/tokens"), "{role}");
        for part in ["people", "tokens"] {
            let told = send(
                &app,
                &person,
                part,
                &[("step", "add"), ("email", "x@example.org")],
            )
            .await?;
            assert_eq!(told.status(), StatusCode::FORBIDDEN, "{role} {part}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn everyone_ends_their_own_sessions_and_nobody_elses() -> Result<()> {
    let app = App::fresh().await?;
    let (reader, other) = (
        app.signed_in(Role::Finance).await?,
        app.signed_in(Role::Dri).await?,
    );
    let second = app.signed_in(Role::Finance).await?;
    let id = second.session.hash()[..16].to_owned();
    let foreign = send(&app, &other, "sessions", &[("session", &id)]).await?;
    assert_eq!(foreign.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = read_as(&app, &reader, "/settings").await?;
    assert!(page.contains(&id) && !page.contains(&second.session.hash()));
    let ended = send(&app, &reader, "sessions", &[("session", &id)]).await?;
    assert_eq!(location(&ended), Some("/settings#sessions"));
    assert!(
        !read_as(&app, &second, "/settings")
            .await?
            .contains("Your sessions")
    );
    assert!(
        read_as(&app, &reader, "/settings")
            .await?
            .contains("this one")
    );
    Ok(())
}
