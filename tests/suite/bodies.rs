//! Texts of what went into runs and came out: kept only where that is switched on, redacted, read by those who
//! answer for the work, and gone after their days.

use anyhow::{Context, Result};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::auth::role::{Role, Scope};
use server::store::registry::Kind;
use server::store::trace_pieces;
use server::traces;
use tests::app::App;
use tests::database::Database;
use tests::deliver;
use tests::script::{Script, at_each_engine};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// 2026-11-17 12:00 UTC, in nanoseconds.
const START: u64 = 1_794_916_800_000_000_000;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn text(key: &str, value: &str) -> Value {
    json!({"key": key, "value": {"stringValue": value}})
}

fn span(id: &str, parent: &str, attributes: &[Value]) -> Value {
    json!({"traceId": TRACE, "spanId": id, "parentSpanId": parent, "name": "work",
        "startTimeUnixNano": START.to_string(), "endTimeUnixNano": (START + 1_000).to_string(),
        "attributes": attributes})
}

fn agent() -> Value {
    let attributes = [
        text("gen_ai.operation.name", "invoke_agent"),
        text("gen_ai.agent.name", "refund-agent"),
        text("onehop.workflow", "refunds"),
        text("input.value", "Where is <b>my</b> refund?"),
        text("output.value", "On its way."),
    ];
    span("00000000000000a1", "", &attributes)
}

fn call() -> Value {
    let secret = format!("the token is ghp_{}", "a".repeat(36));
    let attributes = [
        text("gen_ai.operation.name", "execute_tool"),
        text("gen_ai.tool.name", "pay"),
        text("gen_ai.tool.call.arguments", &secret),
    ];
    span("00000000000000a2", "00000000000000a1", &attributes)
}

async fn send(script: &Script, spans: &[Value]) -> Result<Value> {
    let export = json!({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]});
    let request = script.request(Method::POST, "/v1/traces");
    let request = request.header("content-type", "application/json");
    let answer = request.body(export.to_string()).send().await?;
    assert_eq!(answer.status(), StatusCode::OK);
    let told = answer.json().await?;
    // What asks for a figure waits until all that came is put together.
    let figure = "/api/v1/metrics/run_success?from=2026-W47&to=2026-W47";
    script.json(figure).await?;
    Ok(told)
}

async fn page(app: &App, role: Role, path: &str) -> Result<(StatusCode, String)> {
    let browser = app.browser()?;
    let person = app.signed_in(role).await?;
    let asked = browser.client.get(browser.at(path));
    let answer = asked.header("cookie", person.cookie()).send().await?;
    Ok((answer.status(), answer.text().await?))
}

#[tokio::test]
async fn without_the_switch_no_text_is_kept_and_the_receipt_leads_to_none() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        send(&script, &[agent(), call()]).await?;
        let all = tests::dump::whole(&app.db).await;
        assert!(all.rows("trace_bodies").is_empty());
        assert!(!format!("{:?}", all.rows("trace_pieces")).contains("On its way"));
        let receipt = script
            .json(&format!("/api/v1/receipts/run/{TRACE}"))
            .await?;
        assert_eq!(receipt["bodies_url"], Value::Null);
        let (status, told) = page(app, Role::Operator, &format!("/bodies/{TRACE}")).await?;
        assert_eq!(status, StatusCode::OK);
        assert!(told.contains("Its text is not kept, or is gone."), "{told}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn with_the_switch_operators_and_the_dri_of_the_work_read_them_and_nobody_else() -> Result<()>
{
    for database in Database::on_each_engine().await {
        let app = App::start_with_bodies(&database.url).await?;
        let refunds = json!({"name": "Refunds", "slug": "refunds", "dri": "dri@example.org"});
        deliver::declare(&app.db, Kind::Workflow, "refunds", refunds).await;
        let script = Script::with(&app, Scope::Operator).await?;
        send(&script, &[agent(), call()]).await?;
        let receipt = script
            .json(&format!("/api/v1/receipts/run/{TRACE}"))
            .await?;
        let path = receipt["bodies_url"].as_str().context("a way to them")?;
        for role in [Role::Operator, Role::Dri] {
            let (status, told) = page(&app, role, path).await?;
            assert_eq!(status, StatusCode::OK);
            assert!(
                told.contains("Where is &lt;b&gt;my&lt;/b&gt; refund?"),
                "{told}"
            );
            assert!(told.contains("On its way."), "{told}");
            assert!(told.contains("the token is [redacted]"), "{told}");
            assert!(!told.contains("ghp_"));
        }
        for role in [Role::Executive, Role::Finance] {
            let (status, told) = page(&app, role, path).await?;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert!(!told.contains("On its way."));
        }
        let others = json!({"name": "Refunds", "slug": "refunds", "dri": "ben@example.org"});
        deliver::declare(&app.db, Kind::Workflow, "refunds", others).await;
        let (status, _) = page(&app, Role::Dri, path).await?;
        assert_eq!(status, StatusCode::FORBIDDEN, "of other work");
    }
    Ok(())
}

#[tokio::test]
async fn texts_go_after_their_days_and_all_of_them_once_it_is_switched_off() -> Result<()> {
    for database in Database::on_each_engine().await {
        let app = App::start_with_bodies(&database.url).await?;
        let script = Script::with(&app, Scope::Operator).await?;
        send(&script, &[agent()]).await?;
        let left = async || tests::dump::whole(&app.db).await.rows("trace_bodies").len();
        traces::let_go(&app.db, Some(7), app.now() + 6 * DAY_MS).await?;
        assert_eq!(left().await, 2);
        traces::let_go(&app.db, Some(7), app.now() + 8 * DAY_MS).await?;
        assert_eq!(left().await, 0);
        send(&script, &[call()]).await?;
        assert_eq!(left().await, 1);
        traces::let_go(&app.db, None, app.now()).await?;
        assert_eq!(left().await, 0);
    }
    Ok(())
}

#[tokio::test]
async fn what_comes_long_after_a_run_is_told_as_left_out_and_the_run_stays_as_it_was() -> Result<()>
{
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        send(&script, &[agent(), call()]).await?;
        let receipt = format!("/api/v1/receipts/run/{TRACE}");
        let before = script.json(&receipt).await?;
        let days = |days| app.now() + days * DAY_MS;
        traces::let_go(&app.db, None, days(traces::KEPT_DAYS - 1)).await?;
        let parts =
            async || -> Result<i64> { Ok(trace_pieces::count(&mut app.db.read().await?).await?) };
        assert_eq!(parts().await?, 2);
        traces::let_go(&app.db, None, days(traces::KEPT_DAYS + 1)).await?;
        assert_eq!(parts().await?, 0);
        let told = send(&script, &[agent()]).await?;
        assert_eq!(told["partialSuccess"]["rejectedSpans"], "1");
        assert_eq!(script.json(&receipt).await?["answers"], before["answers"]);
        Ok(())
    })
    .await
}
