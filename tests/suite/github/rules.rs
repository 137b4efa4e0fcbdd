//! What the rules of a branch ask for, and what became of pushes that they were held against.

use serde_json::json;
use tests::database::on_each_engine;
use tests::dump;
use tests::forge::connected;
use tests::forge::{Fault, Forge, Manner, Repository, made};

const SHOP: &str = "acme/shop";

#[tokio::test]
async fn a_push_that_kept_the_rules_broke_them_or_went_past_them_is_a_policy_decision() {
    on_each_engine(async |db| {
        let suite = |id: u64, result: &str| {
            json!({
                "id": id, "actor_name": "ana", "after_sha": format!("sha{id}"), "result": result,
                "pushed_at": format!("2026-11-02T10:00:0{id}Z"),
                "rule_evaluations": [{
                    "rule_source": {"type": "ruleset", "id": 2, "name": "main"}, "enforcement": "active",
                    "result": "fail", "rule_type": "pull_request",
                }],
            })
        };
        let shop = Repository {
            rule_suites: vec![suite(1, "pass"), suite(2, "fail"), suite(3, "bypass")],
            ..Repository::default()
        };
        let forge = Forge::start(&[(SHOP, shop)], Manner::default()).await;
        connected::declare(&db, &forge, &[SHOP]).await;
        // A token that may not see them is no trouble: few may.
        let refused = Fault::Status(403, vec![]);
        forge.fail("rule-suites", refused);
        let first = connected::pull(&db).await;
        assert_eq!((first.failures.len(), first.accepted), (0, 0));
        assert_eq!((first.parts, first.parts_read), (Some(1), Some(1)));
        assert_eq!(connected::pull(&db).await.accepted, 3);
        let dump = dump::facts(&db).await;
        let [kept, broken, bypassed] = dump.rows("policy_decisions") else {
            panic!("{:?}", dump.rows("policy_decisions"));
        };
        for (row, parts) in [
            (kept, [r#"subject=Some("commit:sha1")"#, r#"decision=Some("allow")"#, r#"policy=Some("rules of acme/shop")"#, "bypassed_by=None"]),
            (broken, [r#"subject=Some("commit:sha2")"#, r#"decision=Some("deny")"#, r#"policy=Some("main: pull_request")"#, "bypassed_by=None"]),
            (bypassed, [r#"subject=Some("commit:sha3")"#, r#"decision=Some("deny")"#, r#"policy=Some("main: pull_request")"#, r#"bypassed_by=Some("ana")"#]),
        ] {
            for part in parts {
                assert!(row.contains(part), "{part}: {row}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn of_a_check_it_is_known_whether_its_branch_asks_for_it() {
    on_each_engine(async |db| {
        let mut pull = made::pull_request(1);
        pull["payload"]["head"]["sha"] = json!("abc");
        pull["payload"]["base"] = json!({"ref": "main"});
        pull["checks"] = json!([
            {"id": 1, "name": "unit tests", "head_sha": "abc", "conclusion": "success", "completed_at": "2026-08-30T12:00:00Z"},
            {"id": 3, "name": "build", "head_sha": "abc", "conclusion": "success", "completed_at": "2026-08-30T12:00:00Z"},
            {"id": 2, "name": "spelling", "head_sha": "abc", "conclusion": "failure", "completed_at": "2026-08-30T12:00:00Z"},
        ]);
        let shop = Repository {
            pull_requests: vec![pull],
            required_checks: vec!["unit tests"],
            protected_by: vec!["build"],
            ..Repository::default()
        };
        let forge = Forge::start(&[(SHOP, shop)], Manner::default()).await;
        connected::declare(&db, &forge, &[SHOP]).await;
        assert_eq!(connected::pull(&db).await.failures, []);
        let dump = dump::facts(&db).await;
        let [protected, other, asked_for] = dump.rows("evaluations") else {
            panic!("{:?}", dump.rows("evaluations"));
        };
        assert!(protected.contains("required=Some(1)"), "{protected}");
        assert!(asked_for.contains("required=Some(1)"), "{asked_for}");
        assert!(other.contains("required=Some(0)"), "{other}");
    })
    .await;
}
