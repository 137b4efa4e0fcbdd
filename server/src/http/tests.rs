use axum::body::{Body, to_bytes};
use axum::extract::Request;
use tower::ServiceExt;

use super::*;
use crate::auth::role::ROUTES;

#[test]
fn the_router_and_the_table_of_who_may_name_the_same_routes() {
    let mut routed = routes().names;
    let mut listed: Vec<_> = ROUTES.iter().map(|row| (row.method, row.path)).collect();
    routed.sort_unstable();
    listed.sort_unstable();
    assert_eq!(routed, listed);
}

async fn broken_page() {
    let nothing: Vec<u8> = Vec::new();
    assert!(!nothing.is_empty(), "a secret in a panic");
}

/// Status, request id and text of what a panicking handler answers.
async fn panicking(path: &'static str) -> (u16, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("onehop.db").display());
    let db = Db::open(&url, crate::store::Durable::Process)
        .await
        .unwrap();
    let state = AppState::new(db, crate::clock::system(), "http://127.0.0.1".to_owned());
    let router: Router =
        dress(Router::new().route(path, get(broken_page)), &state).with_state(state);
    let request = Request::builder().uri(path).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let id = response.headers()[headers::REQUEST_ID].to_str().unwrap();
    let id = id.to_owned();
    let body = to_bytes(response.into_body(), 100_000).await.unwrap();
    (status, id, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn a_panic_becomes_an_answer_with_the_request_id_and_without_its_message() {
    for path in ["/broken", "/api/v1/broken"] {
        let (status, id, text) = panicking(path).await;
        assert_eq!(status, 500);
        assert!(text.contains(&id), "{text}");
        assert!(!text.contains("secret"), "{text}");
    }
}
