//! What one refusal, limit or failure leaves open of all else.

use std::time::Duration;

use serde_json::json;
use server::connectors::failure::{Class, Next};
use server::store::registry::Kind;
use tests::database::Database;
use tests::forge::app::App;
use tests::forge::connected::{self, Connected, SHOP, SOURCE, TOKEN_ENV};
use tests::forge::{Fault, Forge, Manner, made};
use tests::{deliver, dump};

async fn shop(things: u64) -> Connected {
    Connected::to(made::repository(things), Manner::default()).await
}

#[tokio::test]
async fn a_limit_that_graphql_tells_with_200_is_waited_for_and_not_asked_around() {
    for error in [
        json!({"type": "RATE_LIMIT", "message": "API rate limit already exceeded for user ID 1."}),
        json!({"message": "You have exceeded a secondary rate limit."}),
    ] {
        let Connected { forge, db, .. } = &shop(40).await;
        let body = json!({"data": null, "errors": [error]}).to_string();
        forge.fail("graphql", Fault::Text(body));
        let pulled = connected::pull(db).await;
        assert_eq!(pulled.failures.len(), 1, "{:?}", pulled.failures);
        let failure = &pulled.failures[0];
        assert_eq!(failure.class, Class::WillPass);
        assert_eq!(failure.next, Next::Wait(Duration::from_secs(60)));
        // Batches that were under way are let end, and nothing is split.
        let asked = forge.asked();
        let queries = asked.iter().filter(|own| own.path.ends_with("graphql"));
        assert!(queries.count() <= 2, "{asked:?}");
    }
}

#[tokio::test]
async fn what_graphql_never_manages_is_read_by_rest() {
    let (expected, fell_back) = (shop(6).await, shop(6).await);
    assert_eq!(connected::pull(&expected.db).await.failures, []);
    let broken = r#"{"data": null, "errors": [{"message": "Something went wrong"}]}"#;
    for _ in 0..200 {
        fell_back
            .forge
            .fail("graphql", Fault::Text(broken.to_owned()));
    }
    assert_eq!(connected::pull(&fell_back.db).await.failures, []);
    let [expected, found] = [
        dump::facts(&expected.db).await,
        dump::facts(&fell_back.db).await,
    ];
    for table in ["changes", "reviews"] {
        assert_eq!(expected.rows(table), found.rows(table), "{table}");
    }
}

#[tokio::test]
async fn an_organisation_that_is_closed_leaves_the_others() {
    let forge = Forge::start(&[(SHOP, made::repository(3))], Manner::default()).await;
    let database = Database::sqlite();
    let db = database.open().await;
    let source = json!({
        "kind": "github", "name": SOURCE, "base_url": forge.url, "token_env": TOKEN_ENV,
        "organisations": ["acme", "closed"],
    });
    deliver::declare(&db, Kind::Source, SOURCE, source).await;
    forge.fail("/orgs/closed/", Fault::Status(403, vec![]));
    let pulled = connected::pull(&db).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (1, 6));
    let said = pulled.failures[0].to_string();
    assert!(
        said.starts_with("organisation closed: it refuses (403)"),
        "{said}"
    );
}

#[tokio::test]
async fn the_token_of_an_app_lasts_from_one_reading_to_the_next_and_so_do_its_marks() {
    let forge = Forge::start(&[(SHOP, made::repository(3))], Manner::default()).await;
    let app = App::new();
    forge.install(&app);
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare_app(&db, &forge, &[SHOP]).await;
    let connections = connected::connections(&app.key);
    for _ in 0..3 {
        let pulled = connected::pull_with(&db, &connections).await;
        assert_eq!(pulled.failures, []);
    }
    let asked = forge.asked();
    let tokens = asked
        .iter()
        .filter(|own| own.path.ends_with("/access_tokens"));
    assert_eq!(tokens.count(), 1, "{asked:?}");
}
