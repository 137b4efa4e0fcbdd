//! Records pushed over HTTP: what is answered, what is kept, and that the next reader sees it.

use std::io::Write;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::http::INGEST_BODY_LIMIT_BYTES;
use server::store::registry::Kind;
use tests::app::App;
use tests::database::Database;
use tests::script::{Script, at_each_engine};
use tests::{deliver, read};

fn change(id: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "title": format!("Change {id}"),
        "merged_at": "2026-11-17T12:00:00Z", "updated_at": "2026-11-17T12:00:00Z",
        "commits": [{"sha": id, "authored_at": "2026-11-17T10:00:00Z"}]})
}

fn changes(ids: std::ops::Range<usize>) -> Vec<Value> {
    ids.map(|id| change(&format!("c{id:04}"))).collect()
}

fn with(id: &str, field: &str, value: Value) -> Value {
    let mut change = change(id);
    change[field] = value;
    change
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
    packing.write_all(bytes)?;
    Ok(packing.finish()?)
}

/// The figure of the company's week in which all these changes are merged.
const FIGURE: &str = "/api/v1/metrics/changes_merged?from=2026-W47&to=2026-W47";
const RECORDS: &str = "/api/v1/records/changes_merged?week=2026-W47";

async fn merged(script: &Script) -> Result<Value> {
    let told = script.json(FIGURE).await?;
    Ok(told["figures"][0]["value"].clone())
}

async fn page(app: &App, path: &str) -> Result<String> {
    let person = app.signed_in(Role::Executive).await?;
    let browser = app.browser()?;
    let request = browser.client.get(browser.at(path));
    let response = request.header("cookie", person.cookie()).send().await?;
    assert_eq!(response.status(), StatusCode::OK, "{path}");
    Ok(response.text().await?)
}

#[tokio::test]
async fn an_array_lines_and_a_packed_body_are_taken_alike_and_the_next_reader_sees_them()
-> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let good = |accepted: u64, repeated: u64| {
            let told = json!({"accepted": accepted, "repeated": repeated, "refused": []});
            (StatusCode::OK, told)
        };
        let array = json!(changes(0..2)).to_string();
        assert_eq!(script.push("changes", array.clone()).await?, good(2, 0));
        assert_eq!(merged(&script).await?, 2.0);
        let lines = format!("{}\n\n{}\r\n", change("c0001"), change("c0002"));
        assert_eq!(script.push("changes", lines).await?, good(1, 1));
        assert_eq!(merged(&script).await?, 3.0);
        let packed = gzip(change("c0003").to_string().as_bytes())?;
        assert_eq!(script.push_packed("gzip", packed).await?, good(1, 0));
        assert_eq!(merged(&script).await?, 4.0);
        assert_eq!(script.push("changes", array).await?, good(0, 2));
        assert_eq!(merged(&script).await?, 4.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn good_records_stay_and_each_refusal_says_which_where_and_why() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
        let body = format!(
            r#"[{}, {{"id": "deep", "x": {deep}}}, {}, {}, {}]"#,
            change("good"),
            with("bad", "merged_at", json!("yesterday")),
            with("nul", "title", json!("a\u{0}b")),
            json!("no record"),
        );
        let (status, told) = script.push("changes", body).await?;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(
            (&told["accepted"], &told["repeated"]),
            (&json!(1), &json!(0))
        );
        let refused = told["refused"].as_array().context("a list")?;
        let named: Vec<_> = refused
            .iter()
            .map(|one| json!([one["index"], one["id"], one["field"]]))
            .collect();
        assert_eq!(
            json!(named),
            json!([
                [1, null, null],
                [2, "bad", "merged_at"],
                [3, "nul", "title"],
                [4, null, null]
            ])
        );
        for (refused, why) in refused.iter().zip(["nested", "RFC 3339", "NUL", "object"]) {
            assert!(
                refused["reason"]
                    .as_str()
                    .context("a reason")?
                    .contains(why),
                "{refused}"
            );
        }
        assert_eq!(merged(&script).await?, 1.0);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_batch_of_nothing_good_is_answered_422_and_changes_no_figure() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let (status, told) = script.push("changes", r#"[{"id": "c1"}, 7]"#).await?;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(told["accepted"], 0);
        assert_eq!(told["refused"].as_array().context("a list")?.len(), 2);
        assert_eq!(merged(&script).await?, Value::Null);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn only_a_token_that_may_send_sends_and_only_one_that_may_read_reads() -> Result<()> {
    let app = App::fresh().await?;
    let record = change("c1").to_string();
    let nobody = Script::without_token(&app);
    let reader = Script::with(&app, Scope::Read).await?;
    let sender = Script::with(&app, Scope::Ingest).await?;
    for (script, status) in [
        (&nobody, StatusCode::UNAUTHORIZED),
        (&reader, StatusCode::FORBIDDEN),
        (&sender, StatusCode::OK),
    ] {
        assert_eq!(script.push("changes", record.clone()).await?.0, status);
    }
    assert_eq!(sender.get(FIGURE).await?.0, StatusCode::FORBIDDEN);
    assert_eq!(merged(&reader).await?, 1.0);
    Ok(())
}

/// Sends what must not be taken; the answer is a problem that says why.
async fn problem(told: (StatusCode, Value), status: StatusCode, why: &str) {
    let (answered, problem) = told;
    assert_eq!(answered, status, "{problem}");
    assert_eq!(problem["status"], status.as_u16());
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(why), "{detail}");
    assert!(
        problem["instance"]
            .as_str()
            .unwrap()
            .starts_with("/requests/")
    );
}

#[tokio::test]
async fn a_body_that_is_no_batch_is_a_problem_and_nothing_of_it_is_kept() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Operator).await?;
    let one = change("c1").to_string();
    for (body, why) in [
        (format!("[{one}"), "neither a JSON array nor"),
        (format!("[{one},{one}"), "neither a JSON array nor"),
        (format!("[{one}] x"), "neither a JSON array nor"),
        (String::new(), "no record"),
        ("  \n\n".to_owned(), "no record"),
        ("[]".to_owned(), "no record"),
    ] {
        let told = script.push("changes", body).await?;
        problem(told, StatusCode::BAD_REQUEST, why).await;
    }
    let latin = script.push("changes", vec![b'[', 0xe9, b']']).await?;
    problem(latin, StatusCode::BAD_REQUEST, "UTF-8").await;
    let broken = script.push_packed("gzip", "no gzip").await?;
    problem(broken, StatusCode::BAD_REQUEST, "gzip").await;
    let unknown = script.push_packed("br", one.clone()).await?;
    problem(unknown, StatusCode::UNSUPPORTED_MEDIA_TYPE, "gzip").await;
    let stream = script.push("chnages", one).await?;
    problem(
        stream,
        StatusCode::NOT_FOUND,
        "changes, reviews and deployments",
    )
    .await;
    assert_eq!(merged(&script).await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_body_over_16_megabytes_is_refused_also_when_it_is_packed_small() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Operator).await?;
    let mut body = change("c1").to_string().into_bytes();
    body.resize(INGEST_BODY_LIMIT_BYTES + 1, b' ');
    let bomb = gzip(&vec![b' '; 20 * INGEST_BODY_LIMIT_BYTES])?;
    assert!(bomb.len() < INGEST_BODY_LIMIT_BYTES / 8);
    let fits = script
        .push("changes", body[..INGEST_BODY_LIMIT_BYTES].to_vec())
        .await?;
    assert_eq!(fits.0, StatusCode::OK);
    for told in [
        script.push("changes", body).await?,
        script.push_packed("gzip", bomb).await?,
    ] {
        problem(told, StatusCode::PAYLOAD_TOO_LARGE, "larger than").await;
    }
    Ok(())
}

#[tokio::test]
async fn the_review_the_list_and_the_api_show_the_same_figure() -> Result<()> {
    at_each_engine(async |app| {
        deliver::declare(&app.db, Kind::Service, "shop", json!({"slug": "shop"})).await;
        let script = Script::with(app, Scope::Operator).await?;
        let before = page(app, "/review/2026-W47").await?;
        assert!(!before.contains("from 123 changes"));
        script
            .push("changes", json!(changes(0..123)).to_string())
            .await?;
        let after = page(app, "/review/2026-W47").await?;
        assert!(after.contains("from 123 changes"));
        for scope in ["company", "service:shop"] {
            let of = format!("&scope={scope}");
            let told = script.json(&format!("{FIGURE}{of}")).await?;
            let figure = &told["figures"][0];
            assert_eq!(
                (&figure["value"], &figure["sample"]),
                (&json!(123.0), &json!(123))
            );
            let list = page(app, &format!("/records/changes_merged?week=2026-W47{of}")).await?;
            assert!(list.contains("<h2 id=\"counted\">123 changes"));
            let told = figure["records_url"].as_str().context("an address")?;
            assert_eq!(
                told,
                format!("/records/changes_merged?week=2026-W47{of}&segment=all")
            );
        }
        let name = read::company("changes_merged", "2026-W47");
        assert_eq!(read::figure(&app.db, name).await.value, Some(123.0));
        Ok(())
    })
    .await
}

/// Everything of a list, page by page.
async fn whole_list(script: &Script, first: &str) -> Result<(Vec<Value>, usize)> {
    let (mut records, mut pages, mut next) = (Vec::new(), 0, Some(first.to_owned()));
    while let Some(path) = next {
        let told = script.json(&path).await?;
        records.extend(
            told["records"]
                .as_array()
                .context("a list")?
                .iter()
                .cloned(),
        );
        next = told["next"].as_str().map(str::to_owned);
        pages += 1;
    }
    Ok((records, pages))
}

fn ids(records: &[Value]) -> Vec<&str> {
    records
        .iter()
        .filter_map(|record| record["id"].as_str())
        .collect()
}

#[tokio::test]
async fn the_pages_of_a_long_list_hold_every_record_once_and_its_csv_holds_the_same() -> Result<()>
{
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        script
            .push("changes", json!(changes(0..250)).to_string())
            .await?;
        let (records, pages) = whole_list(&script, RECORDS).await?;
        assert_eq!(pages, 3);
        let expected = changes(0..250);
        assert_eq!(ids(&records), ids(&expected));
        let csv = script.text(&format!("{RECORDS}&format=csv")).await?;
        let mut lines = csv.lines();
        let header: Vec<&str> = lines.next().context("a header")?.split(',').collect();
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert_eq!(rows.len(), records.len());
        for (row, record) in rows.iter().zip(&records) {
            for column in ["id", "kind", "title", "at", "segment"] {
                let at = header
                    .iter()
                    .position(|name| *name == column)
                    .context(column)?;
                assert_eq!(json!(row[at]), record[column], "{column}");
            }
        }
        let beyond = script.get(&format!("{RECORDS}&offset=250")).await?;
        problem(beyond, StatusCode::BAD_REQUEST, "250 records").await;
        let html = page(app, "/records/changes_merged?week=2026-W47&offset=200").await?;
        assert!(html.contains("Change c0249") && !html.contains("Change c0199"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn figures_as_csv_hold_what_json_holds() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Operator).await?;
    script
        .push("changes", json!(changes(0..20)).to_string())
        .await?;
    let path = "/api/v1/metrics/pr_cycle_time?from=2026-W46&to=2026-W48";
    let figures = script.json(path).await?;
    let csv = script.text(&format!("{path}&format=csv")).await?;
    let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let header = lines.next().context("a header")?;
    for figure in figures["figures"].as_array().context("a list")? {
        let row = lines.next().context("a row")?;
        for column in [
            "metric", "week", "scope", "segment", "value", "sample", "p90", "state",
        ] {
            let at = header
                .iter()
                .position(|name| *name == column)
                .context(column)?;
            let said = match &figure[column] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                number => number.to_string(),
            };
            assert_eq!(row[at], said, "{column}");
        }
    }
    assert!(lines.next().is_none());
    Ok(())
}

#[tokio::test]
async fn what_comes_from_outside_stays_text_and_leads_nowhere_but_to_the_web() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        let body = json!([
            with("<b>id</b>", "title", Value::Null),
            with("c1", "title", json!(hostile)),
            with("c2", "url", json!("javascript:alert(3)")),
            with("c3", "url", json!("JavaScript://host/%0aalert(4)")),
            with("c4", "url", json!("https://host/\"onmouseover=\"alert(5)")),
        ]);
        let (_, told) = script.push("changes", body.to_string()).await?;
        assert_eq!(told["accepted"], 5);
        let html = page(app, "/records/changes_merged?week=2026-W47").await?;
        assert!(html.contains("&lt;script&gt;alert(1)"));
        for never in [
            "<script>alert",
            "<img src=x",
            "<b>id",
            "href=\"javascript",
            "href=\"JavaScript",
            "\"onmouseover=",
        ] {
            assert!(!html.contains(never), "{never}");
        }
        assert!(html.contains("Change c2"));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_unknown_metric_or_scope_is_not_found_and_a_bad_week_is_not_readable() -> Result<()> {
    let app = App::fresh().await?;
    let script = Script::with(&app, Scope::Read).await?;
    for kind in ["metrics", "records"] {
        for (asked, status) in [
            ("changes_merged?scope=service:nope", StatusCode::NOT_FOUND),
            ("changes_merged?scope=workflow:nope", StatusCode::NOT_FOUND),
            ("nope", StatusCode::NOT_FOUND),
            ("changes_merged?scope=nope", StatusCode::BAD_REQUEST),
            ("changes_merged?segment=nope", StatusCode::BAD_REQUEST),
            ("changes_merged?format=nope", StatusCode::BAD_REQUEST),
            (
                "changes_merged?week=2026-W99&from=2026-W99",
                StatusCode::BAD_REQUEST,
            ),
            (
                "changes_merged?week=nope&to=nope&from=2026-W01",
                StatusCode::BAD_REQUEST,
            ),
        ] {
            let told = script.get(&format!("/api/v1/{kind}/{asked}")).await?;
            problem(told, status, "").await;
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_secret_in_a_record_is_nowhere_in_the_database_file() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("onehop.db");
    let app = App::start(&format!("sqlite:{}", file.display())).await?;
    let script = Script::with(&app, Scope::Operator).await?;
    let secret = format!("ghp_{}", "s3cr3t".repeat(6));
    let said = format!("Uses {secret} in plain");
    let mut good = with("c1", "body", json!(said));
    good["title"] = json!(said);
    good["labels"] = json!([secret]);
    let bad = with("c2", "merged_at", json!(secret));
    let (_, told) = script
        .push("changes", json!([good, bad]).to_string())
        .await?;
    assert_eq!(told["accepted"], 1);
    assert!(!told.to_string().contains(&secret), "{told}");
    assert!(script.text(RECORDS).await?.contains("[redacted]"));
    app.db.close().await;
    for entry in std::fs::read_dir(folder.path())? {
        let bytes = std::fs::read(entry?.path())?;
        let found = bytes
            .windows(secret.len())
            .any(|part| part == secret.as_bytes());
        assert!(!found, "the secret stands in a file of the database");
    }
    Ok(())
}

#[tokio::test]
async fn what_was_pushed_before_a_restart_is_there_after_it() -> Result<()> {
    for database in Database::on_each_engine().await {
        let app = App::start(&database.url).await?;
        let script = Script::with(&app, Scope::Operator).await?;
        script.push("changes", change("c1").to_string()).await?;
        let again = App::start(&database.url).await?;
        let script = Script::with(&again, Scope::Read).await?;
        assert_eq!(merged(&script).await?, 1.0, "{}", database.engine());
    }
    Ok(())
}
