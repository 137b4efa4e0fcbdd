//! Records pushed over HTTP: what is answered, what is kept, and that the next reader sees it.

use std::io::Write;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use reqwest::StatusCode;
use serde_json::{Value, json};
use server::auth::role::Scope;
use server::http::INGEST_BODY_LIMIT_BYTES;
use tests::app::App;
use tests::database::Database;
use tests::script::{Script, at_each_engine, problem};

pub fn change(id: &str) -> Value {
    json!({"id": id, "service": "shop", "author": {"id": "ana"}, "title": format!("Change {id}"),
        "merged_at": "2026-11-17T12:00:00Z", "updated_at": "2026-11-17T12:00:00Z",
        "commits": [{"sha": id, "authored_at": "2026-11-17T10:00:00Z"}]})
}

pub fn changes(ids: std::ops::Range<usize>) -> Vec<Value> {
    ids.map(|id| change(&format!("c{id:04}"))).collect()
}

pub fn with(id: &str, field: &str, value: Value) -> Value {
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
pub const FIGURE: &str = "/api/v1/metrics/changes_merged?from=2026-W47&to=2026-W47";
pub const RECORDS: &str = "/api/v1/records/changes_merged?week=2026-W47";

async fn merged(script: &Script) -> Result<Value> {
    let told = script.json(FIGURE).await?;
    Ok(told["figures"][0]["value"].clone())
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
        problem(told, StatusCode::BAD_REQUEST, why);
    }
    let latin = script.push("changes", vec![b'[', 0xe9, b']']).await?;
    problem(latin, StatusCode::BAD_REQUEST, "UTF-8");
    let broken = script.push_packed("gzip", "no gzip").await?;
    problem(broken, StatusCode::BAD_REQUEST, "gzip");
    let unknown = script.push_packed("br", one.clone()).await?;
    problem(unknown, StatusCode::UNSUPPORTED_MEDIA_TYPE, "gzip");
    let stream = script.push("chnages", one).await?;
    problem(
        stream,
        StatusCode::NOT_FOUND,
        "changes, reviews, deployments, incidents, defects, runs, artifacts, evaluations, suite_runs, approvals and policy_decisions",
    );
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
    assert!(bomb.len() < INGEST_BODY_LIMIT_BYTES / 4);
    let fits = script
        .push("changes", body[..INGEST_BODY_LIMIT_BYTES].to_vec())
        .await?;
    assert_eq!(fits.0, StatusCode::OK);
    for told in [
        script.push("changes", body).await?,
        script.push_packed("gzip", bomb).await?,
    ] {
        problem(told, StatusCode::PAYLOAD_TOO_LARGE, "larger than");
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
