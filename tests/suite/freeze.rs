//! A frozen week stays as it was shown; what moves of it afterwards is restated, with its reason.

mod by_hand;
mod edit;
mod processes;
mod stop;
mod twice;

use app::backend::Backend;
use app::view::figure::State;
use app::view::review::{Freeze, Review};
use serde_json::{Value, json};
use server::auth::role::Role;
use server::cli::apply::{Document, apply};
use server::corrections::{self, Kind, Word};
use server::freeze::{Error, Frozen, freeze};
use server::ingest::StreamName::{Changes, Deployments, Incidents};
use server::metrics::week::Week;
use server::store::weeks::{self, Restatement};
use server::store::{Db, registry};
use server::views::Pages;
use tests::app::App;
use tests::database::{Database, on_each_engine};
use tests::read::{self, company};
use tests::{deliver, dump};

const WEEK: &str = "2026-W47";

fn at_ms(rfc3339: &str) -> i64 {
    let at: chrono::DateTime<chrono::Utc> = rfc3339.parse().unwrap();
    at.timestamp_millis()
}

async fn frozen(db: &Db, week: &str, now: &str) -> Frozen {
    let week: Week = week.parse().unwrap();
    freeze(db, Some(week), at_ms(now)).await.unwrap()
}

fn merged(id: &str, at: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "merged_at": at, "merge_commit": format!("{id}{id}{id}{id}"),
        "created_at": at, "commits": [{"sha": format!("{id}{id}{id}{id}"), "authored_at": at}]})
}

fn deployed(id: &str, commit: &str, at: &str) -> Value {
    json!({"id": id, "service": "shop", "environment": "production", "commit": format!("{commit}{commit}{commit}{commit}"),
        "finished_at": at, "result": "success"})
}

/// A shop of two changes and two deployments in the week, and one of each in the week before.
async fn shop(db: &Db) {
    let workflow = json!({"slug": "buying", "dri": "dri@example.org", "services": ["shop"]});
    deliver::declare(db, registry::Kind::Workflow, "buying", workflow).await;
    deliver::declare(db, registry::Kind::Service, "shop", json!({"slug": "shop"})).await;
    let changes = [
        merged("c1", "2026-11-10T10:00:00Z"),
        merged("c2", "2026-11-17T10:00:00Z"),
        merged("c3", "2026-11-18T10:00:00Z"),
    ];
    deliver::good(db, Changes, &changes).await;
    let deployments = [
        deployed("d1", "c1", "2026-11-10T12:00:00Z"),
        deployed("d2", "c2", "2026-11-17T12:00:00Z"),
        deployed("d3", "c3", "2026-11-18T12:00:00Z"),
    ];
    deliver::good(db, Deployments, &deployments).await;
}

async fn shown(db: &Db, scope: &str, now: &str) -> Review {
    let now_ms = at_ms(now);
    let pages = Pages::new(db.clone(), std::sync::Arc::new(move || now_ms));
    pages.review(Some(WEEK), Some(scope)).await.unwrap()
}

/// What is shown, in bytes, without the weeks beside it and what was restated.
fn bytes(review: Review) -> String {
    let kept = Review {
        previous_week: None,
        next_week: None,
        restatements: Vec::new(),
        ..review
    };
    serde_json::to_string(&kept).unwrap()
}

async fn restated(db: &Db) -> Vec<Restatement> {
    let mut tx = db.read().await.unwrap();
    weeks::restatements(&mut tx, WEEK).await.unwrap()
}

/// The restatements of one of the company's figures: from, to, why.
async fn of(db: &Db, metric: &str) -> Vec<(Value, Value, String)> {
    let all = restated(db).await;
    let own = all
        .into_iter()
        .filter(|one| one.metric == metric && one.scope == "company" && one.segment == "all");
    let value = |body: &str| serde_json::from_str::<Value>(body).unwrap()["value"].clone();
    own.map(|one| (value(&one.old_body), value(&one.new_body), one.reason))
        .collect()
}

async fn frozen_weeks(db: &Db) -> Vec<String> {
    weeks::all(&mut db.read().await.unwrap()).await.unwrap()
}

/// What a freeze leaves behind, without who did it.
async fn left_behind(db: &Db) -> Vec<String> {
    let dump = dump::facts(db).await;
    ["snapshots", "frozen_figures", "restatements"]
        .map(|table| dump.rows(table).to_vec())
        .concat()
}

const LATE: &str = "records that came or changed later";

/// A change and a deployment in each of the next weeks, and a change that came late to the frozen one.
async fn a_year_of_data(db: &Db) {
    for week in 0..52 {
        let at = at_ms("2026-11-24T10:00:00Z") + week * 7 * 86_400_000;
        let at = chrono::DateTime::from_timestamp_millis(at)
            .unwrap()
            .to_rfc3339();
        let id = format!("later{week}");
        deliver::records(db, Changes, &[merged(&id, &at)]).await;
        deliver::records(db, Deployments, &[deployed(&id, &id, &at)]).await;
    }
    deliver::good(db, Changes, &[merged("c9", "2026-11-19T10:00:00Z")]).await;
}

/// The page of the week, from its answer to the end of its table, and what follows.
async fn page(app: &App) -> (String, String) {
    let person = app.signed_in(Role::Executive).await.unwrap();
    let url = format!("{}/review/{WEEK}", app.url);
    let request = reqwest::Client::new()
        .get(url)
        .header("cookie", person.cookie());
    let page = request.send().await.unwrap().text().await.unwrap();
    let (_, page) = page.split_once("<div class=\"answer\">").unwrap();
    let (page, after) = page.rsplit_once("</details>").unwrap();
    (page.to_owned(), after.to_owned())
}

#[tokio::test]
async fn the_page_of_a_frozen_week_is_the_same_a_year_later_and_names_what_was_restated() {
    for database in Database::on_each_engine().await {
        let app = App::start(&database.url).await.unwrap();
        shop(&app.db).await;
        frozen(&app.db, WEEK, "2026-11-23T07:00:00Z").await;
        let (then, after) = page(&app).await;
        assert!(then.contains("Everything, in the same order every week"));
        assert!(!after.contains("Restated since"));
        a_year_of_data(&app.db).await;
        app.pass_ms(371 * 86_400_000);
        let (now, after) = page(&app).await;
        let mark = " <small><a href=\"#restated\">restated since</a></small>";
        assert!(now.contains(mark) && !then.contains(mark));
        assert_eq!(now.replace(mark, "<!>"), then, "but for the marks");
        let (_, restated) = after.split_once("Restated since").unwrap();
        assert!(restated.contains("Changes merged") && restated.contains(LATE));
    }
}

#[tokio::test]
async fn a_frozen_week_opened_after_a_year_of_further_data_shows_what_was_shown() {
    on_each_engine(async |db| {
        shop(&db).await;
        let before = shown(&db, "company", "2026-11-23T06:00:00Z").await;
        let Freeze::Freezes(at) = before.freeze else {
            panic!("{:?}", before.freeze);
        };
        assert_eq!(at.to_rfc3339(), "2026-11-23T07:00:00+00:00");
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let mut then = Vec::new();
        for scope in ["company", "workflow:buying"] {
            let shown = shown(&db, scope, "2026-11-23T08:00:00Z").await;
            let Freeze::Frozen(at) = shown.freeze else {
                panic!("{:?}", shown.freeze);
            };
            assert_eq!(at.to_rfc3339(), "2026-11-23T07:00:00+00:00");
            assert!(shown.restatements.is_empty());
            then.push((scope, bytes(shown)));
        }
        a_year_of_data(&db).await;
        for (scope, then) in then {
            let now = shown(&db, scope, "2027-11-29T08:00:00Z").await;
            assert_eq!(now.next_week.as_deref(), Some("2026-W48"));
            let restated: Vec<_> = now
                .restatements
                .iter()
                .map(|one| {
                    (
                        one.name.as_str(),
                        one.before.unwrap().value,
                        one.after.unwrap().value,
                    )
                })
                .collect();
            assert_eq!(
                restated[0],
                ("Changes merged", Some(2.0), Some(3.0)),
                "{scope}"
            );
            assert_eq!(bytes(now), then, "{scope}");
        }
        let service = shown(&db, "service:shop", "2027-11-29T08:00:00Z").await;
        assert_eq!(service.freeze, Freeze::Never);
    })
    .await;
}

#[tokio::test]
async fn a_figure_that_settles_later_goes_on_until_it_is_stored_and_is_restated_from_then_on() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let incident = |id: &str, at: &str| json!({"id": id, "service": "shop", "title": "Down", "started_at": at});
        let soon = incident("i1", "2026-11-18T13:00:00Z");
        deliver::good(&db, Incidents, &[soon]).await;
        assert_eq!(of(&db, "change_fail_rate").await, [], "still maturing");
        assert_eq!(of(&db, "incident_frequency").await.len(), 1, "settled with its week");
        let next = frozen(&db, "2026-W48", "2026-11-30T07:00:00Z").await;
        assert!(next.settled_since > 0);
        let again = frozen(&db, "2026-W49", "2026-12-07T07:00:00Z").await;
        assert_eq!(again.settled_since, 0);
        let late = incident("i2", "2026-11-17T13:00:00Z");
        deliver::good(&db, Incidents, &[late]).await;
        let moved = of(&db, "change_fail_rate").await;
        assert_eq!(moved, [(json!(0.5), json!(1.0), LATE.to_owned())]);
        let figure = read::figure(&db, company("change_fail_rate", WEEK)).await;
        assert_eq!((figure.state, figure.reason.as_deref()), (State::Restated, Some(LATE)));
    })
    .await;
}

#[tokio::test]
async fn late_data_a_correction_and_a_registry_edit_each_restate_with_their_reason() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        deliver::good(&db, Changes, &[merged("c9", "2026-11-19T10:00:00Z")]).await;
        assert_eq!(
            of(&db, "changes_merged").await,
            [(json!(2.0), json!(3.0), LATE.to_owned())]
        );
        let word = Word {
            kind: Kind::Change,
            id: "c2",
            value: "agent",
            reason: "its mark was off",
            made_by: "dri@example.org",
        };
        let before = dump::whole(&db).await;
        corrections::preview(&db, word, read::NOW_MS).await.unwrap();
        dump::whole(&db).await.assert_same(&before, "only tried");
        corrections::keep(&db, word, read::NOW_MS).await.unwrap();
        let put_right = "put right by dri@example.org: its mark was off".to_owned();
        assert_eq!(
            of(&db, "agent_share").await,
            [(json!(0.0), json!(0.5), put_right)]
        );
        let registry = "[[agent]]\nid = \"bot\"\nidentities = [\"ana\"]";
        let document = Document::parse(registry).unwrap();
        apply(&db, document, read::NOW_MS, &|_, _, _| {})
            .await
            .unwrap();
        let edited = of(&db, "agent_share").await;
        let edit = (json!(0.5), json!(1.0), "the registry was edited".to_owned());
        assert_eq!(edited[1..], [edit]);
    })
    .await;
}

#[tokio::test]
async fn the_same_data_twice_and_everything_computed_again_restate_nothing() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        shop(&db).await;
        deliver::recompute(&db).await;
        assert_eq!(restated(&db).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_newer_definition_that_moves_a_figure_is_the_reason() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let mut tx = db.write().await.unwrap();
        let mut older = weeks::figures(&mut tx, WEEK).await.unwrap();
        older.retain(|own| own.metric == "changes_merged");
        for own in &mut older {
            let mut body: Value = serde_json::from_str(&own.body).unwrap();
            body["definition_version"] = json!(0);
            body["value"] = json!(7.0);
            own.body = body.to_string();
        }
        weeks::put_figures(&mut tx, &older).await.unwrap();
        tx.commit().await.unwrap();
        deliver::recompute(&db).await;
        let moved = of(&db, "changes_merged").await;
        assert_eq!(
            moved,
            [(json!(7.0), json!(2.0), "definition version 1".to_owned())]
        );
    })
    .await;
}

#[tokio::test]
async fn a_figure_that_appears_or_disappears_is_restated_and_so_is_the_way_back() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let incident = |at: &str, updated: &str| {
            json!({"id": "i1", "service": "shop", "title": "Down", "started_at": at, "updated_at": updated})
        };
        for (started_at, updated_at) in [
            ("2026-11-20T10:00:00Z", "2026-11-24T10:00:00Z"),
            ("2026-11-24T10:00:00Z", "2026-11-25T10:00:00Z"),
            ("2026-11-20T10:00:00Z", "2026-11-26T10:00:00Z"),
        ] {
            deliver::good(&db, Incidents, &[incident(started_at, updated_at)]).await;
        }
        let moved = of(&db, "incident_frequency").await;
        let (none, one) = (Value::Null, json!(1.0));
        let steps: Vec<_> = moved.iter().map(|(from, to, _)| (from, to)).collect();
        assert_eq!(steps, [(&none, &one), (&one, &none), (&none, &one)]);
    })
    .await;
}

#[tokio::test]
async fn a_week_that_is_not_over_is_refused_and_a_frozen_one_stays() {
    on_each_engine(async |db| {
        shop(&db).await;
        let early = freeze(
            &db,
            Some(WEEK.parse().unwrap()),
            at_ms("2026-11-22T23:59:59Z"),
        )
        .await;
        assert!(matches!(early, Err(Error::NotOver { .. })), "{early:?}");
        let first = freeze(&db, None, at_ms("2026-11-23T07:00:00Z"))
            .await
            .unwrap();
        assert_eq!((first.week.as_str(), first.was_frozen), (WEEK, false));
        let before = dump::whole(&db).await;
        let second = frozen(&db, WEEK, "2026-11-24T07:00:00Z").await;
        assert_eq!(
            (second.frozen_at, second.was_frozen),
            (first.frozen_at, true)
        );
        dump::whole(&db).await.assert_same(&before, "frozen again");
    })
    .await;
}

#[tokio::test]
async fn a_new_time_zone_restates_the_weeks_whose_records_it_moves() {
    on_each_engine(async |db| {
        shop(&db).await;
        deliver::good(&db, Changes, &[merged("c8", "2026-11-22T23:30:00Z")]).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let zone = "[company]\ntime_zone = \"Europe/Berlin\"\ntime_zone_from = \"2026-W48\"";
        let document = Document::parse(zone).unwrap();
        apply(&db, document, read::NOW_MS, &|_, _, _| {})
            .await
            .unwrap();
        let edit = (json!(3.0), json!(2.0), "the registry was edited".to_owned());
        assert_eq!(of(&db, "changes_merged").await, [edit]);
    })
    .await;
}

#[tokio::test]
async fn a_week_53_freezes_like_any_other() {
    on_each_engine(async |db| {
        shop(&db).await;
        deliver::good(&db, Changes, &[merged("c8", "2027-01-03T23:30:00Z")]).await;
        let done = freeze(&db, None, at_ms("2027-01-04T07:00:00Z"))
            .await
            .unwrap();
        assert_eq!(done.week, "2026-W53");
        assert!(done.figures > 0);
    })
    .await;
}

#[tokio::test]
async fn a_frozen_figure_keeps_a_hash_of_the_records_behind_it() {
    on_each_engine(async |db| {
        shop(&db).await;
        frozen(&db, WEEK, "2026-11-23T07:00:00Z").await;
        let mut tx = db.read().await.unwrap();
        let kept = weeks::figures(&mut tx, WEEK).await.unwrap();
        let own = kept.iter().find(|own| {
            own.metric == "changes_merged" && own.scope == "company" && own.segment == "all"
        });
        // SHA-256 of ["c2","c3"].
        assert_eq!(
            own.unwrap().records_hash,
            "f2533bb72333e8f292557bff5cc7beb2a0acc708810cef344218eb4a6f4183fd"
        );
    })
    .await;
}
