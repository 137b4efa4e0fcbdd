//! `onehop erase`: nobody can be told from what is left, and every figure is what it was.

use serde_json::json;
use server::auth::role::Role;
use server::auth::sign_in;
use server::corrections::{self, Kind as Corrected, Word};
use server::erase::{self, Error, Names};
use server::freeze;
use server::ingest::StreamName;
use server::store::Db;
use server::store::raw::{self, Kept};
use server::store::registry::Kind;
use tests::command;
use tests::company::Company;
use tests::database::{Database, on_each_engine};
use tests::deliver;
use tests::dump::{self, Dump};

const NOW_MS: i64 = deliver::RECEIVED_AT_MS;
/// Everything that names her, in the suite's own words.
const ANA: [&str; 2] = ["ana@example.org", "ana"];

fn pseudonym() -> String {
    format!("erased-{:016x}", rand::random::<u64>())
}

fn names(of: &[&str]) -> Names {
    let of: Vec<String> = of.iter().map(|name| (*name).to_owned()).collect();
    Names::of(&of, pseudonym).unwrap()
}

/// A company in which Ana signs in, answers for a workflow, writes changes and reviews them, and puts
/// one right; one week of it is frozen.
async fn company(db: &Db) {
    let mut laid_out = Company::of(4);
    laid_out.workflow =
        Some(json!({"slug": "buying", "services": ["shop"], "dri": "ana@example.org"}));
    laid_out.feed(db).await;
    sign_in::invite(db, "ana@example.org", Role::Dri, NOW_MS)
        .await
        .unwrap();
    let changes = [
        json!({
            "id": "own", "service": "shop", "author": {"id": "Ana"}, "branch": "ana/fix", "title": "Thanks @ana",
            "created_at": "2026-01-12T08:00:00Z", "merged_at": "2026-01-13T08:00:00Z", "assignee": "ana",
            "body": "Co-authored-by: Ana Lo <ana@example.org>",
            "commits": [{"sha": "s1", "authored_at": "2026-01-12T07:00:00Z",
                         "author": {"id": "7+ana@users.noreply.github.com"}}],
        }),
        json!({
            "id": "other", "service": "shop", "author": {"id": "ana@example.org"},
            "created_at": "2026-01-12T08:00:00Z", "merged_at": "2026-01-13T09:00:00Z",
        }),
    ];
    deliver::good(db, StreamName::Changes, &changes).await;
    let review = |id: &str, of: &str, by: &str| json!({"id": id, "change": of, "author": {"id": by}, "state": "approved", "submitted_at": "2026-01-12T20:00:00Z"});
    let reviews = [
        review("r1", "own", "Ana"),
        review("r2", "own", "cleo"),
        review("r3", "other", "ana"),
    ];
    deliver::good(db, StreamName::Reviews, &reviews).await;
    deliver::records(
        db,
        StreamName::Changes,
        &[json!({"id": "bad", "author": {"id": "ana"}})],
    )
    .await;
    freeze::freeze(db, Some("2026-W02".parse().unwrap()), NOW_MS)
        .await
        .unwrap();
    let word = Word {
        kind: Corrected::Change,
        id: "own",
        value: "agent",
        reason: "asked ana@example.org",
        made_by: "ana@example.org",
    };
    corrections::keep(db, word, NOW_MS).await.unwrap();
}

/// Whatever figures are made of, and they themselves.
fn figures(dump: &Dump) -> Vec<Vec<String>> {
    let tables = ["figures", "week_values", "change_links", "frozen_figures"];
    tables
        .iter()
        .map(|table| dump.rows(table).to_vec())
        .collect()
}

/// All that the database holds, deliveries in plain text.
async fn everything(db: &Db) -> String {
    let mut all = format!("{:?}", dump::whole(db).await);
    let mut tx = db.read().await.unwrap();
    for kept in [Kept::Taken, Kept::Refused] {
        for (_, body) in raw::bodies_after(&mut tx, kept, "", 1_000).await.unwrap() {
            all.push_str(&body);
        }
    }
    all.to_lowercase()
}

#[tokio::test]
async fn nothing_names_the_person_and_every_figure_is_what_it_was_also_once_computed_again() {
    on_each_engine(async |db| {
        company(&db).await;
        let before = figures(&dump::whole(&db).await);
        assert!(everything(&db).await.contains("\"ana\""));
        let counts = erase::erase(&db, &names(&ANA), NOW_MS).await.unwrap();
        for table in [
            "people",
            "sign_in_links",
            "changes",
            "reviews",
            "corrections",
            "registry",
            "raw",
            "raw_refused",
        ] {
            assert!(counts.contains_key(table), "{table} in {counts:?}");
        }
        let left = everything(&db).await;
        let at = left
            .find("ana@")
            .or(left.find("\"ana\""))
            .or(left.find("@ana"))
            .or(left.find("ana lo"));
        assert_eq!(at.map(|at| &left[at.saturating_sub(200)..at + 40]), None);
        assert_eq!(figures(&dump::whole(&db).await), before);
        deliver::recompute(&db).await;
        assert_eq!(figures(&dump::whole(&db).await), before);
        assert!(
            erase::preview(&db, &names(&ANA), NOW_MS)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn a_preview_changes_nothing_and_an_agent_is_not_erased() {
    on_each_engine(async |db| {
        company(&db).await;
        let agent = json!({"id": "checkout-agent", "identities": ["checkout-bot"]});
        deliver::declare(&db, Kind::Agent, "checkout-agent", agent).await;
        let before = dump::whole(&db).await;
        let counts = erase::preview(&db, &names(&ANA), NOW_MS).await.unwrap();
        assert!(counts["changes"] > 2, "{counts:?}");
        for agent in ["checkout-bot", "claude[bot]"] {
            let refused = erase::erase(&db, &names(&[agent]), NOW_MS).await;
            assert!(matches!(refused, Err(Error::Agent(_))), "{agent}");
        }
        dump::whole(&db).await.assert_same(&before, "a preview");
    })
    .await;
}

#[tokio::test]
async fn without_a_yes_the_command_shows_what_it_would_change_and_changes_nothing() {
    let database = Database::sqlite();
    let db = database.open().await;
    company(&db).await;
    let before = dump::whole(&db).await;
    let refused = command::refusal(&database.url, &["erase", "ana"]);
    assert!(refused.contains("nothing was changed"), "{refused}");
    dump::whole(&db).await.assert_same(&before, "no yes");
    let said = command::run(&database.url, &["erase", "ana", "ana@example.org", "--yes"]);
    assert!(
        said.contains("No figure moved") && said.contains("reviews\t"),
        "{said}"
    );
    let said = command::run(&database.url, &["erase", "ana", "ana@example.org", "--yes"]);
    assert!(said.contains("nothing here names"), "{said}");
    db.close().await;
    // Nor is it in what the file no longer uses.
    let file = std::fs::read(database.url.strip_prefix("sqlite:").unwrap()).unwrap();
    let holds = |text: &[u8]| file.windows(text.len()).any(|window| window == text);
    assert!(!holds(b"ana@example.org") && holds(b"erased-"));
}
