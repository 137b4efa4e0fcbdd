//! Connecting a system in the page: its sign-in is tried first, and its secrets are shown to nobody again.

use std::sync::Arc;

use anyhow::Result;
use reqwest::StatusCode;
use server::auth::role::Role;
use server::connections::Connections;
use server::store::registry;
use tests::app::{App, Person};
use tests::dump;
use tests::forge::connected::{self, pull_as_entered, vault};
use tests::forge::{Fault, Forge, Manner, TOKEN, made};

const WEBHOOK: &str = "planted-webhook-secret-91";

/// What the page of sources says once its sign-in is tried.
async fn checked(app: &App, person: &Person) -> Result<String> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form = [("csrf", csrf.as_str()), ("source", "forge")];
    let request = browser
        .client
        .post(browser.at("/sources/check"))
        .form(&form);
    let answer = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(answer.status(), StatusCode::OK);
    Ok(answer.text().await?)
}

async fn send(
    app: &App,
    person: &Person,
    forge: &Forge,
    token: &str,
) -> Result<(StatusCode, String)> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form = [
        ("csrf", csrf.as_str()),
        ("kind", "github"),
        ("name", "forge"),
        ("base_url", forge.url.as_str()),
        ("repositories", "acme/shop\r\n"),
        ("token", token),
        ("webhook_secret", WEBHOOK),
    ];
    let request = browser
        .client
        .post(browser.at("/sources/connect"))
        .form(&form);
    let answer = request.header("cookie", person.cookie()).send().await?;
    Ok((answer.status(), answer.text().await?))
}

#[tokio::test]
async fn a_sign_in_that_holds_is_kept_sealed_and_one_that_does_not_leaves_nothing() -> Result<()> {
    let shop = [("acme/shop", made::repository(5))];
    let forge = Forge::start(&shop, Manner::default()).await;
    let app = App::connected(Connections::new(Arc::new(|_| None), vault())).await?;
    let operator = app.signed_in(Role::Operator).await?;
    let (status, page) = send(&app, &operator, &forge, "revoked-token-33").await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("the token is wrong, expired or revoked"),
        "{page}"
    );
    assert!(
        !page.contains("revoked-token-33") && !page.contains(WEBHOOK),
        "{page}"
    );
    let sources = registry::load(&mut app.db.read().await?).await?.sources;
    assert_eq!(sources, []);

    let (status, _) = send(&app, &operator, &forge, TOKEN).await?;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let pulled = pull_as_entered(&app.db).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (0, 10));
    let said = checked(&app, &operator).await?;
    assert!(
        said.contains("The sign-in holds: it was tried on one repository, acme/shop."),
        "{said}"
    );
    forge.fail("/pulls?", Fault::Status(401, vec![]));
    let said = checked(&app, &operator).await?;
    assert!(said.contains("forge is not let in:"), "{said}");
    let held = format!("{:?}", dump::whole(&app.db).await);
    for page in ["/sources", "/sources/connect", "/settings"] {
        let browser = app.browser()?;
        let request = browser.client.get(browser.at(page));
        let text = request
            .header("cookie", operator.cookie())
            .send()
            .await?
            .text()
            .await?;
        for secret in [TOKEN, WEBHOOK] {
            assert!(!text.contains(secret), "{page}");
            assert!(!held.contains(secret), "the database");
        }
    }
    Ok(())
}

async fn posted(app: &App, person: &Person, (path, source): (&str, &str)) -> Result<StatusCode> {
    let browser = app.browser()?;
    let csrf = person.csrf();
    let form = [("csrf", csrf.as_str()), ("source", source)];
    let request = browser.client.post(browser.at(path)).form(&form);
    let answer = request.header("cookie", person.cookie()).send().await?;
    Ok(answer.status())
}

#[tokio::test]
async fn entered_again_it_keeps_its_token_and_read_no_more_it_keeps_what_was_read() -> Result<()> {
    let shop = [("acme/shop", made::repository(5))];
    let forge = Forge::start(&shop, Manner::default()).await;
    let app = App::connected(Connections::new(Arc::new(|_| None), vault())).await?;
    let operator = app.signed_in(Role::Operator).await?;
    let (status, page) = send(&app, &operator, &forge, "").await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("it needs a token"), "{page}");
    for token in [TOKEN, ""] {
        let (status, page) = send(&app, &operator, &forge, token).await?;
        assert_eq!(status, StatusCode::SEE_OTHER, "{page}");
    }
    assert_eq!(pull_as_entered(&app.db).await.accepted, 10);
    let status = posted(&app, &operator, ("/sources/disconnect", "forge")).await?;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let sources = registry::load(&mut app.db.read().await?).await?.sources;
    assert_eq!(sources, []);
    let dump = dump::whole(&app.db).await;
    assert_eq!(
        (dump.rows("secrets").len(), dump.rows("changes").len()),
        (0, 5)
    );
    Ok(())
}

#[tokio::test]
async fn a_source_that_is_declared_in_a_file_is_not_taken_over_by_the_page() -> Result<()> {
    let shop = [("acme/shop", made::repository(5))];
    let forge = Forge::start(&shop, Manner::default()).await;
    let app = App::connected(Connections::new(Arc::new(|_| None), vault())).await?;
    connected::declare(&app.db, &forge, &["acme/shop"]).await;
    let before = registry::load(&mut app.db.read().await?).await?.sources;
    let operator = app.signed_in(Role::Operator).await?;
    let (status, page) = send(&app, &operator, &forge, TOKEN).await?;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("is declared in a file"), "{page}");
    let sources = registry::load(&mut app.db.read().await?).await?.sources;
    assert_eq!(sources, before);
    Ok(())
}

#[tokio::test]
async fn what_it_adds_and_the_permissions_it_needs_are_told_to_operators_alone() -> Result<()> {
    let app = App::connected(Connections::new(Arc::new(|_| None), vault())).await?;
    for (role, status) in [
        (Role::Operator, 200),
        (Role::Executive, 403),
        (Role::Dri, 403),
    ] {
        let person = app.signed_in(role).await?;
        let browser = app.browser()?;
        let request = browser.client.get(browser.at("/sources/connect"));
        let answer = request.header("cookie", person.cookie()).send().await?;
        assert_eq!(answer.status(), status, "{role}");
        if role == Role::Operator {
            let page = answer.text().await?;
            assert!(page.contains("Pull requests and Contents: read"), "{page}");
        }
    }
    Ok(())
}
