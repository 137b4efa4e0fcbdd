//! What joins a span to the rest of the world.

use serde_json::{Value, json};

use crate::otlp::JoinKey;
use crate::otlp::fixture::{read_all, row, span, spans};

fn joins(own: &Value) -> Vec<(JoinKey, String)> {
    row(own).joins
}

#[test]
fn what_joins_is_found_under_each_of_its_names() {
    let all = joins(&json!({
        "vcs.change.id": 1500, "vcs.ref.head.revision": "a94a8fe", "vcs.ref.head.name": "main",
        "vcs.repository.url.full": "https://example.com/shop", "deployment.id": "d-1",
    }));
    let keys: Vec<_> = all
        .iter()
        .map(|(key, value)| (*key, value.as_str()))
        .collect();
    assert_eq!(
        keys,
        [
            (JoinKey::Change, "1500"),
            (JoinKey::Commit, "a94a8fe"),
            (JoinKey::Branch, "main"),
            (JoinKey::Repository, "https://example.com/shop"),
            (JoinKey::Deployment, "d-1"),
        ]
    );
    for name in [
        "pr",
        "pr_number",
        "pull_request",
        "metadata.pr",
        "langsmith.metadata.pr",
    ] {
        assert_eq!(
            joins(&json!({name: "3"})),
            [(JoinKey::Change, "3".to_owned())],
            "{name}"
        );
    }
}

#[test]
fn who_reads_a_repository_is_not_kept_of_its_address() {
    let address = "https://x-access-token:ghs_1234@example.com/shop";
    assert_eq!(
        joins(&json!({"vcs.repository.url.full": address})),
        [(JoinKey::Repository, "https://example.com/shop".to_owned())]
    );
    let named = "shop@2";
    assert_eq!(
        joins(&json!({"vcs.ref.head.name": named})),
        [(JoinKey::Branch, named.to_owned())]
    );
}

#[test]
fn metadata_in_a_text_is_searched_and_nothing_else_of_it_is_kept() {
    let own = json!({"metadata": r#"{"pr_number": 12, "customer": "Ann", "issue": {"a": 1}, "thread_id": "t"}"#});
    let span = row(&own);
    assert_eq!(span.joins, [(JoinKey::Change, "12".to_owned())]);
    assert_eq!(span.sessions, ["t"]);
    assert_eq!(joins(&json!({"metadata": "not an object"})), []);
}

#[test]
fn what_a_resource_says_holds_for_each_of_its_spans() {
    let resource = json!({"service.name": "shop", "onehop.workflow": "answers", "vcs.change.id": "9",
        "session.id": "s"});
    let own = span(
        1,
        0,
        &json!({"gen_ai.conversation.id": "c", "workflow": "its own"}),
    );
    let read = read_all(&spans(&resource, &[own, span(2, 1, &json!({}))])).spans;
    assert_eq!(read[0].sessions, ["c", "s"]);
    let workflow = |at: usize| read[at].workflow.as_deref();
    assert_eq!(
        (workflow(0), workflow(1)),
        (Some("its own"), Some("answers"))
    );
    assert_eq!(read[1].joins, [(JoinKey::Change, "9".to_owned())]);
}
