//! `onehop erase`: nobody can be told from what is left, and every figure is what it was.

use app::view::limits::Proposal;
use serde_json::json;
use server::auth::role::Role;
use server::auth::sign_in;
use server::corrections::{self, Kind as Corrected, Word};
use server::erase::{self, Error, Names};
use server::ingest::StreamName;
use server::settings::{By, accounts};
use server::store::explanations::Subject;
use server::store::packed::Packed;
use server::store::registry::{self, Kind};
use server::store::trace_pieces::{self, Piece};
use server::store::{Db, acts};
use server::{actions, explanations, freeze, limits};
use sqlx::AssertSqlSafe;
use tests::command;
use tests::company::Company;
use tests::database::{Database, execute, on_each_engine};
use tests::dump::{self, Dump};
use tests::{deliver, schema};

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

/// A company in which Ana signs in, answers for a workflow, writes changes and reviews them, puts one
/// right and says and decides things; one week of it is frozen. She stands in every column in which a
/// person can.
async fn company(db: &Db) {
    let mut laid_out = Company::of(4);
    laid_out.workflow =
        Some(json!({"slug": "buying", "services": ["shop"], "dri": "ana@example.org"}));
    laid_out.feed(db).await;
    sign_in::invite(db, "ops@example.org", Role::Operator, NOW_MS)
        .await
        .unwrap();
    let ops = By {
        email: "ops@example.org",
        now_ms: NOW_MS,
    };
    accounts::add(db, ("ana@example.org", "dri"), ops)
        .await
        .unwrap();
    accounts::make_token(db, ("ana", "ingest"), ops)
        .await
        .unwrap();
    records(db).await;
    let action = actions::New {
        said: "Ask ana@example.org",
        owner: "ana@example.org",
        due: "2026-01-12",
        scope: "workflow:buying",
        by: "ana@example.org",
    };
    // In the week that freezes, so that its page shows it.
    let action = actions::add(db, action, FROZEN_MS).await.unwrap();
    freeze::freeze(db, Some("2026-W02".parse().unwrap()), NOW_MS)
        .await
        .unwrap();
    actions::mark(db, (action, true), "ana@example.org", NOW_MS)
        .await
        .unwrap();
    said(db).await;
    for statement in PLANTED {
        execute(db, statement).await;
    }
    piece(db).await;
    deliver::recompute(db).await;
}

/// A span as it came.
async fn piece(db: &Db) {
    let span = json!([{"id": "s", "role": "agent", "name": "work", "started_at": 1, "agent": "ana@example.org"}]);
    let piece = Piece {
        run_id: "t".to_owned(),
        id: "s".to_owned(),
        kind: "span".to_owned(),
        parts: 1,
        bytes: 9,
        body: Packed::of(&span.to_string()).unwrap(),
    };
    let mut tx = db.write().await.unwrap();
    trace_pieces::put(&mut tx, &[piece]).await.unwrap();
    tx.commit().await.unwrap();
}

/// Within 2026-W02.
const FROZEN_MS: i64 = 1_767_873_600_000;

/// What comes about seldom, or not in one process.
const PLANTED: [&str; 24] = [
    "UPDATE people SET name = 'Ana Lo' WHERE email = 'ana@example.org'",
    "UPDATE raw SET source = 'ana@example.org'",
    "UPDATE raw_refused SET source = 'ana@example.org', reason = 'was @ana'",
    "INSERT INTO cursors (source, stream, position, moved_at) VALUES ('ana@example.org', 'issues ana@example.org', '7', 1)",
    "INSERT INTO sessions (token_hash, email, created_at, seen_at, expires_at) VALUES ('h', 'ana@example.org', 1, 1, 2)",
    "INSERT INTO sign_in_attempts (key, window_start, failures) VALUES ('email:ana@example.org', 1, 1)",
    "INSERT INTO restatements (metric, scope, segment, week, restated_at, old_body, new_body, reason) \
     SELECT metric, scope, segment, week, 1, body, body, 'put right by ana@example.org: as asked' FROM frozen_figures \
     WHERE metric = 'changes_merged' AND scope = 'company' AND segment = 'all'",
    "INSERT INTO approvals (subject, id, hash, raw_id, ordinal, level, requested_at, approver) VALUES ('run:r', 'a', 'h', 'r', 0, 'recorded', 1, 'ana@example.org')",
    "INSERT INTO evaluations (subject, id, hash, raw_id, ordinal, evaluator, evaluator_kind, finished_at) VALUES ('run:r', 'e', 'h', 'r', 0, 'ana@example.org', 'human', 1)",
    "INSERT INTO policy_decisions (subject, id, hash, raw_id, ordinal, at, policy, decision, bypassed_by) VALUES ('run:r', 'p', 'h', 'r', 0, 1, 'main', 'deny', 'ana@example.org')",
    "INSERT INTO runs (id, hash, raw_id, ordinal, agent, started_at, account, trace_url, input, output, tokens) \
     VALUES ('r', 'h', 'r', 0, 'ana@example.org', 1, 'ana@example.org', 'https://traces.example/@ana', \
     '{\"is_recorded\":true,\"size\":1,\"url\":\"https://traces.example/@ana\"}', '{\"is_recorded\":true,\"size\":1,\"url\":\"https://traces.example/@ana\"}', '[]')",
    "INSERT INTO tool_calls (run_id, id, name, started_at, input, output, error, resources) VALUES ('r', 'c', 'mail', 1, \
     '{\"is_recorded\":true,\"size\":1,\"url\":\"https://traces.example/@ana\"}', '{\"is_recorded\":true,\"size\":1,\"url\":\"https://traces.example/@ana\"}', \
     '{\"is_recorded\":true,\"size\":1,\"url\":\"https://traces.example/@ana\"}', '[\"the mailbox of ana@example.org\"]')",
    "INSERT INTO run_artifacts (run_id, kind, ref, reversal) VALUES ('r', 'ticket', 'T-1', 'ask @ana')",
    "INSERT INTO run_keys (run_id, key) VALUES ('r', 'branch:ana/fix')",
    "INSERT INTO trace_bodies (run_id, sha256, received_at, text) VALUES ('t', 'h', 1, 'Dear ana@example.org')",
    "INSERT INTO artifacts (ref, id, hash, raw_id, ordinal, kind, landed_at, agent, reversal) \
     VALUES ('T-1', 'a', 'h', 'r', 0, 'ticket', 1, 'ana@example.org', 'ask @ana')",
    "INSERT INTO hooks (source, id, event, received_at, accepted, refused) VALUES ('ana@example.org', 'h', 'push', 1, 0, 0)",
    "INSERT INTO hook_forgeries (source, times, last_at) VALUES ('ana@example.org', 1, 1)",
    "INSERT INTO hook_parts (source, part, at) VALUES ('ana@example.org', 'of ana@example.org', 1)",
    "INSERT INTO jobs (name, failures, last_error) VALUES ('pull ana@example.org', 1, 'asked ana@example.org')",
    "INSERT INTO pulls (source, started_at, pages, accepted, repeated, refused, said) VALUES ('ana@example.org', 1, 0, 0, 0, 0, 'asked @ana')",
    "INSERT INTO limits_left (source, name, most, remaining, resets_at) VALUES ('ana@example.org', 'REST', 1, 1, 1)",
    "INSERT INTO secrets (source, name, sealed, set_at, set_by) SELECT 'ana@example.org', 'token', body, 1, 'ana@example.org' FROM raw LIMIT 1",
    "INSERT INTO registry (kind, key, body) VALUES ('source', 'ana@example.org', '{\"kind\":\"push\",\"name\":\"ana@example.org\"}')",
];

async fn records(db: &Db) {
    let changes = [
        json!({
            "id": "own", "service": "shop", "author": {"id": "Ana"}, "branch": "ana/fix", "title": "Thanks @ana",
            "created_at": "2026-01-12T08:00:00Z", "merged_at": "2026-01-13T08:00:00Z", "assignee": "ana",
            "url": "https://forge.example.org/@ana/1", "body": "Co-authored-by: Ana Lo <ana@example.org>",
            "commits": [{"sha": "s1", "authored_at": "2026-01-12T07:00:00Z",
                         "author": {"id": "7+ana@users.noreply.github.com"}}],
        }),
        json!({
            "id": "other", "service": "shop", "author": {"id": "ana@example.org"}, "source": "ana@example.org",
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
    let url = "https://forge.example.org/@ana";
    let deployment = json!({"id": "d9", "service": "shop", "environment": "production", "commit": "s9", "result": "success", "finished_at": "2026-01-13T12:00:00Z", "url": url});
    deliver::good(db, StreamName::Deployments, &[deployment]).await;
    let incident = json!({"id": "i1", "service": "shop", "started_at": "2026-01-13T13:00:00Z", "title": "Paged @ana", "url": url});
    deliver::good(db, StreamName::Incidents, &[incident]).await;
    let defect = json!({"id": "f1", "service": "shop", "found_at": "2026-01-13T13:00:00Z", "title": "Seen by ana@example.org"});
    deliver::good(db, StreamName::Defects, &[defect]).await;
    let bad = json!({"id": "bad", "author": {"id": "ana"}});
    deliver::records(db, StreamName::Changes, &[bad]).await;
}

/// What she puts right, explains and sets.
async fn said(db: &Db) {
    let word = Word {
        kind: Corrected::Change,
        id: "own",
        value: "agent",
        reason: "asked\nana@example.org",
        made_by: "ana@example.org",
    };
    corrections::keep(db, word, NOW_MS).await.unwrap();
    let explanation = explanations::Word {
        subject: Subject {
            metric: "change_lead_time",
            scope: "workflow:buying",
            week: "2026-W02",
        },
        said: "As @ana said",
        cause: "known_cause",
        by: "ana@example.org",
    };
    explanations::write(db, explanation, NOW_MS).await.unwrap();
    let of = limits::Of {
        metric: "change_lead_time",
        scope: "workflow:buying",
        by: "ana@example.org",
    };
    let proposal = |week: &str| Proposal {
        week: week.to_owned(),
        what_changed: "Asked ana@example.org".to_owned(),
        cause: "known".to_owned(),
        why_wanted: "yes".to_owned(),
        why_lasting: "yes".to_owned(),
    };
    for week in ["2026-W02", "2026-W03"] {
        limits::begin_anew(db, of, &proposal(week), NOW_MS)
            .await
            .unwrap();
    }
    limits::take_back(db, of, "2026-W03", NOW_MS).await.unwrap();
}

/// Columns in which a person can be named in plain text.
const REACHED: &str = "\
    run_keys.key trace_bodies.text runs.agent runs.account runs.trace_url runs.input runs.output tool_calls.input tool_calls.output tool_calls.error \
    tool_calls.resources run_artifacts.reversal artifacts.agent artifacts.reversal approvals.approver cursors.stream evaluations.evaluator policy_decisions.bypassed_by hook_forgeries.source hook_parts.part \
    hook_parts.source hooks.source secrets.set_by secrets.source jobs.last_error jobs.name limits_left.source pulls.said pulls.source \
    acts.after acts.before acts.by_whom acts.subject actions.added_by actions.done_by actions.owner \
    actions.said arrivals.source changes.author_id changes.branch changes.commits changes.title \
    changes.trailers changes.url corrections.made_by corrections.reason cursors.source defects.title \
    deployments.url explanations.said explanations.written_by incidents.title incidents.url \
    people.email people.name raw.source raw_refused.reason raw_refused.source receipts.source \
    registry.body registry.key restatements.reason reviews.author_id sessions.email \
    sign_in_attempts.key sign_in_links.email snapshots.body tokens.name";

/// The same, packed.
const PACKED: &str = "raw.body raw_refused.body trace_pieces.body";

/// Columns in which none can: words of our own, figures, ids of records and what is derived anew from
/// the columns above. Without a table: wherever one of this name stands.
const NAMELESS: &str = "\
    above_tier agent approval approval_id cost counts currency denied effect evaluated failed items outcome parts provider trace \
    policy_decision ref run_id suite suite_run_id tokens tool_calls.name unpriced workflow \
    author_kind class decision evaluator_kind event hooks.id subject caused_by_id caused_by_kind cause change_id changes commit_sha defect_id deployment_id \
    deployment_service due environment evidence failure field found_in from_id hash id incident_id \
    introduced_by_id introduced_by_kind kind labels level merge_commit metric not_an_incident \
    not_recovered password_hash paths place policy position raw_id record_id records_hash sha256 remedied_id \
    remedy_id resolution result reverts revision role run_ids scope segment service severity sha standing state \
    stream subject_id token_hash tool_call value was week what workflows contributions \
    figures.reason deployment_links.reason incident_links.reason frozen_figures.body \
    jobs.holder limits_left.name secrets.name secrets.sealed restatements.new_body restatements.old_body";

fn listed(columns: &'static str, column: &str) -> bool {
    columns.split_whitespace().any(|one| one == column)
}

#[tokio::test]
async fn of_every_column_of_text_it_is_known_whether_it_can_name_a_person() {
    on_each_engine(async |db| {
        let tables = schema::tables(&db).await;
        let all = tables.iter().flat_map(|(table, own)| {
            let texts = own.columns.iter();
            let texts = texts
                .filter(|(_, own)| matches!(own.kind, schema::Kind::Text | schema::Kind::Bytes));
            texts.map(move |(column, _)| (format!("{table}.{column}"), column.clone()))
        });
        let all: Vec<(String, String)> = all.collect();
        for (place, column) in &all {
            let named = listed(REACHED, place) || listed(PACKED, place);
            let nameless = listed(NAMELESS, place) || listed(NAMELESS, column);
            assert!(
                named || nameless,
                "can {place} name a person? Then erase must reach it"
            );
        }
        for place in reached() {
            assert!(all.iter().any(|(one, _)| one == place), "{place} is gone");
        }
    })
    .await;
}

/// What stands in a column.
async fn values(db: &Db, place: &str) -> Vec<String> {
    let (table, column) = place.split_once('.').unwrap();
    let query = AssertSqlSafe(format!(
        "SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
    ));
    if !listed(PACKED, place) {
        return match db {
            Db::Sqlite { read, .. } => sqlx::query_scalar(query).fetch_all(read).await,
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await,
        }
        .unwrap();
    }
    let packed: Vec<Packed> = match db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(query).fetch_all(read).await,
        Db::Postgres(pool) => sqlx::query_scalar(query).fetch_all(pool).await,
    }
    .unwrap();
    packed.iter().map(|own| own.text().unwrap()).collect()
}

/// Columns in which a person can be named.
fn reached() -> impl Iterator<Item = &'static str> {
    REACHED.split_whitespace().chain(PACKED.split_whitespace())
}

/// Whether it is Ana who is named.
fn names_her(text: &str) -> bool {
    let text = text.to_lowercase();
    let whole = text == "ana" || text.ends_with(":ana");
    whole
        || ["ana@", "@ana", "\"ana\"", "ana lo", "ana/"]
            .iter()
            .any(|name| text.contains(name))
}

#[tokio::test]
async fn each_of_those_columns_names_her_before_and_none_after() {
    on_each_engine(async |db| {
        company(&db).await;
        for place in reached() {
            let before = values(&db, place).await;
            assert!(
                before.iter().any(|text| names_her(text)),
                "{place}: {before:?}"
            );
        }
        erase::erase(&db, &names(&ANA), NOW_MS).await.unwrap();
        for place in reached() {
            let after = values(&db, place).await;
            let left = after.iter().find(|text| names_her(text));
            assert_eq!(left, None, "{place}");
        }
    })
    .await;
}

#[tokio::test]
async fn one_pseudonym_stands_for_her_in_whatever_she_said_and_did() {
    on_each_engine(async |db| {
        company(&db).await;
        erase::erase(&db, &names(&ANA), NOW_MS).await.unwrap();
        let owner = values(&db, "actions.owner").await.remove(0);
        assert!(owner.starts_with("erased-"), "{owner}");
        for place in [
            "actions.added_by",
            "actions.done_by",
            "explanations.written_by",
            "corrections.made_by",
        ] {
            assert_eq!(values(&db, place).await, [owner.as_str()], "{place}");
        }
        let registry = registry::load(&mut db.read().await.unwrap()).await.unwrap();
        assert_eq!(registry.dividers[0].set_by, owner);
        assert_eq!(registry.workflows[0].dri.as_ref(), Some(&owner));
        let by = values(&db, "acts.by_whom").await;
        assert!(by.contains(&owner), "{by:?}");
        assert!(
            values(&db, "acts.subject")
                .await
                .contains(&format!("person:{owner}"))
        );
    })
    .await;
}

#[tokio::test]
async fn the_record_of_acts_is_whole_after_and_says_where_it_ended_before() {
    on_each_engine(async |db| {
        company(&db).await;
        let read = async |db: &Db| {
            acts::latest(&mut db.read().await.unwrap(), 99)
                .await
                .unwrap()
        };
        let before = read(&db).await;
        erase::erase(&db, &names(&ANA), NOW_MS).await.unwrap();
        let after = read(&db).await;
        assert_eq!(
            acts::broken(&mut db.read().await.unwrap()).await.unwrap(),
            None
        );
        assert_eq!(after.len(), before.len() + 1);
        let (act, old) = (&after[0], &before[0]);
        assert_eq!(
            (act.kind.as_str(), act.by_whom.as_str()),
            ("erase", "onehop erase")
        );
        let kept: serde_json::Value = serde_json::from_str(&act.before).unwrap();
        assert_eq!(kept, json!({"number": old.number, "hash": old.hash}));
        assert_eq!(act.after, "{\"hashed_anew_from\":1}");
        // Nothing is left to erase, and so no further act is written.
        erase::erase(&db, &names(&ANA), NOW_MS).await.unwrap();
        assert_eq!(read(&db).await, after);
    })
    .await;
}

#[tokio::test]
async fn who_did_nothing_here_leaves_the_hashes_as_they_are() {
    on_each_engine(async |db| {
        company(&db).await;
        let hashes = values(&db, "acts.hash").await;
        erase::erase(&db, &names(&["cleo"]), NOW_MS).await.unwrap();
        let after = values(&db, "acts.hash").await;
        assert_eq!(after[..hashes.len()], hashes);
        let last = values(&db, "acts.after").await.pop();
        assert_eq!(last.as_deref(), Some("{\"hashed_anew_from\":null}"));
    })
    .await;
}

/// Whatever figures are made of, and they themselves.
fn figures(dump: &Dump) -> Vec<Vec<String>> {
    let tables = ["figures", "week_values", "change_links", "frozen_figures"];
    tables
        .iter()
        .map(|table| dump.rows(table).to_vec())
        .collect()
}

/// All that the database holds, what is packed in plain text.
async fn everything(db: &Db) -> String {
    let mut all = format!("{:?}", dump::whole(db).await);
    for place in PACKED.split_whitespace() {
        all.extend(values(db, place).await);
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
            "acts",
            "actions",
            "explanations",
            "snapshots",
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
