//! An app that is installed: it signs in by its key, and asks for what it sent and did not arrive.

use serde_json::{Value, json};
use tests::database::Database;
use tests::deliver;
use tests::forge::app::App;
use tests::forge::connected;
use tests::forge::{Forge, Manner, made};

const SHOP: &str = "acme/shop";

#[tokio::test]
async fn an_app_gets_one_token_by_its_key_also_under_the_address_of_an_enterprise_server() {
    let forge = Forge::start(&[(SHOP, made::repository(30))], Manner::default()).await;
    let app = App::new();
    forge.install(&app);
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare_app(&db, &forge, &[SHOP]).await;
    let pulled = connected::pull_signed_in(&db, &app.key).await;
    assert_eq!((pulled.failures.len(), pulled.accepted), (0, 60));
    let asked = forge.asked();
    let tokens = asked.iter().filter(|own| own.method == "POST");
    let tokens: Vec<&str> = tokens
        .map(|own| own.path.as_str())
        .filter(|path| !path.ends_with("graphql"))
        .collect();
    assert_eq!(tokens, ["/api/v3/app/installations/7/access_tokens"]);
    // Another app's key is not this one's.
    let pulled = connected::pull_signed_in(&db, &App::new().key).await;
    assert!(
        pulled.failures[0]
            .to_string()
            .contains("does not accept the sign-in")
    );
    let pulled = connected::pull_signed_in(&db, "no key at all").await;
    assert!(pulled.failures[0].to_string().contains("no RSA key in PEM"));
}

#[tokio::test]
async fn what_was_sent_and_did_not_arrive_is_asked_for_once_more() {
    let forge = Forge::start(&[(SHOP, made::repository(1))], Manner::default()).await;
    let app = App::new();
    forge.install(&app);
    let database = Database::sqlite();
    let db = database.open().await;
    connected::declare_app(&db, &forge, &[SHOP]).await;
    assert_eq!(connected::pull_signed_in(&db, &app.key).await.failures, []);
    let hour_ms = 3_600_000;
    let delivery = |id: u64, guid: &str, hours: i64, status: u16| -> Value {
        let at = deliver::RECEIVED_AT_MS + hours * hour_ms;
        let at = chrono::DateTime::from_timestamp_millis(at).unwrap();
        json!({"id": id, "guid": guid, "delivered_at": at.to_rfc3339(), "status_code": status})
    };
    for own in [
        delivery(1, "before", -1, 502),
        delivery(2, "lost", 1, 502),
        delivery(3, "well", 1, 200),
        delivery(4, "late", 1, 504),
        delivery(5, "late", 2, 200),
        delivery(6, "lost", 2, 502),
    ] {
        forge.delivered(own);
    }
    forge.asked();
    let later = deliver::RECEIVED_AT_MS + 3 * hour_ms;
    assert_eq!(connected::pull_at(&db, &app.key, later).await.failures, []);
    let asked = forge.asked();
    let attempts = asked.iter().map(|own| own.path.as_str());
    let attempts: Vec<&str> = attempts
        .filter(|path| path.ends_with("/attempts"))
        .collect();
    assert_eq!(attempts, ["/api/v3/app/hook/deliveries/6/attempts"]);
}
