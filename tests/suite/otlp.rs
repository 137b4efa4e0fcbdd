//! Traces and logs as SDKs and coding agents send them: what becomes of them, whatever their order.

use anyhow::{Context, Result};
use app::routes;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use server::auth::role::Scope;
use server::http::INGEST_BODY_LIMIT_BYTES;
use server::ingest::StreamName;
use server::store::registry::Kind;
use server::store::{Db, runs, touched, trace_pieces};
use tests::app::App;
use tests::database::Database;
use tests::deliver;
use tests::script::{Script, at_each_engine};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
/// 2026-11-17 12:00 UTC.
const START_MS: i64 = 1_794_916_800_000;

fn nanos(after_ms: i64) -> String {
    format!("{}000000", START_MS + after_ms)
}

fn attribute(key: &str, value: Value) -> Value {
    let value = match value {
        Value::String(text) => json!({"stringValue": text}),
        Value::Number(number) if number.is_i64() => json!({"intValue": number.to_string()}),
        other => json!({"doubleValue": other}),
    };
    json!({"key": key, "value": value})
}

fn span(
    id: &str,
    parent: Option<&str>,
    (from, to): (i64, i64),
    attributes: &[(&str, Value)],
) -> Value {
    let attributes: Vec<Value> = attributes
        .iter()
        .map(|(key, value)| attribute(key, value.clone()))
        .collect();
    json!({"traceId": TRACE, "spanId": id, "parentSpanId": parent.unwrap_or(""), "name": "work",
        "startTimeUnixNano": nanos(from), "endTimeUnixNano": nanos(to), "attributes": attributes})
}

fn export(spans: &[Value]) -> Value {
    let resource = [attribute("service.name", json!("refunds"))];
    json!({"resourceSpans": [{"resource": {"attributes": resource}, "scopeSpans": [{"spans": spans}]}]})
}

/// An agent that calls a model and a tool, and is evaluated.
fn spans() -> Vec<Value> {
    let mut agent = span(
        "00000000000000a1",
        None,
        (0, 9_000),
        &[
            ("gen_ai.operation.name", json!("invoke_agent")),
            ("gen_ai.agent.name", json!("refund-agent")),
            ("gen_ai.input.messages", json!("[]")),
            ("gen_ai.output.messages", json!("[1]")),
            ("vcs.ref.head.revision", json!("abc")),
        ],
    );
    agent["events"] = json!([{"timeUnixNano": nanos(8_000), "name": "gen_ai.evaluation.result", "attributes": [
        attribute("gen_ai.evaluation.name", json!("tone")), attribute("gen_ai.evaluation.score.value", json!(0.9)),
    ]}]);
    let model = span(
        "00000000000000a2",
        Some("00000000000000a1"),
        (1_000, 2_000),
        &[
            ("gen_ai.operation.name", json!("chat")),
            ("gen_ai.request.model", json!("m-1")),
            ("gen_ai.usage.input_tokens", json!(1_000)),
            ("gen_ai.usage.cache_read.input_tokens", json!(400)),
            ("gen_ai.usage.output_tokens", json!(100)),
        ],
    );
    let tool = span(
        "00000000000000a3",
        Some("00000000000000a1"),
        (3_000, 4_000),
        &[
            ("gen_ai.operation.name", json!("execute_tool")),
            ("gen_ai.tool.name", json!("pay")),
            ("gen_ai.tool.call.id", json!("call-1")),
            ("gen_ai.tool.call.arguments", json!("{\"sum\": 3}")),
            ("gen_ai.tool.call.result", json!("paid")),
        ],
    );
    vec![agent, model, tool]
}

async fn send(script: &Script, path: &str, body: &Value) -> Result<(StatusCode, Value)> {
    let request = script.request(Method::POST, path);
    let request = request.header("content-type", "application/json");
    let answer = request.body(body.to_string()).send().await?;
    let status = answer.status();
    Ok((status, answer.json().await.unwrap_or_default()))
}

/// Waits until all that came is put together and counted.
async fn settled(script: &Script) -> Result<()> {
    script
        .json("/api/v1/metrics/run_success?from=2026-W47&to=2026-W47")
        .await?;
    Ok(())
}

async fn run(db: &Db, id: &str) -> Option<runs::Run> {
    let mut tx = db.read().await.unwrap();
    runs::find(&mut tx, &[id]).await.unwrap().pop()
}

#[tokio::test]
async fn a_trace_becomes_a_run_with_its_calls_its_tokens_its_price_and_its_evaluation() -> Result<()>
{
    at_each_engine(async |app| {
        deliver::declare(&app.db, Kind::Company, "company", json!({"currency": "EUR"})).await;
        let price = json!({"model": "m-1", "currency": "EUR", "input": "3", "cached_input": "0.3", "output": "15", "from": "2026-01-01"});
        deliver::declare(&app.db, Kind::Price, "m-1 2026-01-01", price).await;
        let script = Script::with(app, Scope::Operator).await?;
        let told = send(&script, "/v1/traces", &export(&spans())).await?;
        assert_eq!(told, (StatusCode::OK, json!({})));
        settled(&script).await?;
        let own = run(&app.db, TRACE).await.context("the run")?;
        assert_eq!(own.agent, "refund-agent");
        assert_eq!((own.started_at, own.ended_at), (START_MS, Some(START_MS + 9_000)));
        assert_eq!(own.outcome.as_deref(), Some("ok"));
        assert!(own.input.is_some_and(|input| input.is_recorded));
        let [call] = &own.calls[..] else {
            panic!("{:?}", own.calls);
        };
        assert_eq!((call.id.as_str(), call.name.as_str()), ("call-1", "pay"));
        let cost = script.json("/api/v1/metrics/cost_per_run?from=2026-W47&to=2026-W47").await?;
        let figure = &cost["figures"][0];
        // (600 × 3 + 400 × 0.3 + 100 × 15) ÷ 1,000,000
        assert_eq!((&figure["value"], &figure["unit"]), (&json!("0.00342"), &json!("EUR")));
        let mut tx = app.db.read().await?;
        let subject = format!("run:{TRACE}");
        let given = server::store::evaluations::of_subjects(&mut tx, &[&subject]).await?;
        assert_eq!(given[0].evaluator, "tone");
        assert_eq!(given[0].score, Some(0.9));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn in_pieces_in_any_order_and_more_than_once_it_is_the_same_run() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        send(&script, "/v1/traces", &export(&spans())).await?;
        settled(&script).await?;
        let whole = run(&app.db, TRACE).await.context("the run")?;
        let elsewhere = Database::sqlite();
        let other = App::start(&elsewhere.url).await?;
        let pieces = Script::with(&other, Scope::Operator).await?;
        for at in [2, 0, 2, 1, 0] {
            send(&pieces, "/v1/traces", &export(&spans()[at..=at])).await?;
            settled(&pieces).await?;
        }
        let own = run(&other.db, TRACE).await.context("the run")?;
        let same = |run: runs::Run| runs::Run {
            version: Default::default(),
            ..run
        };
        assert_eq!(same(own), same(whole));
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_span_told_open_again_after_it_ended_has_ended() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let mut open = spans().remove(0);
        open["endTimeUnixNano"] = json!("0");
        for told in [&open, &spans()[0], &open] {
            send(&script, "/v1/traces", &export(std::slice::from_ref(told))).await?;
            settled(&script).await?;
        }
        let own = run(&app.db, TRACE).await.context("the run")?;
        assert_eq!(own.ended_at, Some(START_MS + 9_000));
        let trace: Value = serde_json::from_str(&own.trace.context("its trace")?)?;
        assert_eq!(trace["spans"], 1);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_run_whose_root_is_missing_has_not_ended_and_says_so() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        send(&script, "/v1/traces", &export(&spans()[1..])).await?;
        settled(&script).await?;
        let own = run(&app.db, TRACE).await.context("the run")?;
        assert_eq!((own.ended_at, own.outcome), (None, None));
        let trace: Value = serde_json::from_str(&own.trace.context("its trace")?)?;
        assert_eq!(
            trace,
            json!({"spans": 2, "has_root": false, "missing_parents": 1})
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn good_spans_are_kept_and_the_others_told_and_set_aside() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let mut odd = spans().remove(1);
        odd["startTimeUnixNano"] = json!(START_MS.to_string());
        let (status, told) =
            send(&script, "/v1/traces", &export(&[spans().remove(0), odd])).await?;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(told["partialSuccess"]["rejectedSpans"], "1");
        let why = told["partialSuccess"]["errorMessage"]
            .as_str()
            .context("why")?;
        assert!(why.contains("milliseconds"), "{why}");
        let mut tx = app.db.read().await?;
        assert_eq!(trace_pieces::count(&mut tx).await?, 1);
        drop(tx);
        let aside = tests::dump::whole(&app.db).await;
        let [aside] = aside.rows("raw_refused") else {
            panic!("{:?}", aside.rows("raw_refused"));
        };
        let named = format!("{TRACE}/00000000000000a2");
        assert!(aside.contains(&named), "{aside}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_trace_of_services_alone_is_no_run_until_an_agents_span_comes() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let query = span(
            "00000000000000b1",
            None,
            (0, 1),
            &[("db.system", json!("postgresql"))],
        );
        send(&script, "/v1/traces", &export(&[query])).await?;
        settled(&script).await?;
        assert!(run(&app.db, TRACE).await.is_none());
        send(&script, "/v1/traces", &export(&spans())).await?;
        settled(&script).await?;
        assert!(run(&app.db, TRACE).await.is_some());
        Ok(())
    })
    .await
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_nothing_of_it_is_kept() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Ingest).await?;
        for path in ["/v1/traces", "/v1/logs"] {
            let sent = async |kind: &str, body: &[u8]| -> Result<StatusCode> {
                let request = script
                    .request(Method::POST, path)
                    .header("content-type", kind);
                Ok(request.body(body.to_vec()).send().await?.status())
            };
            assert_eq!(
                sent("application/json", b"{").await?,
                StatusCode::BAD_REQUEST
            );
            assert_eq!(
                sent("application/x-protobuf", &[255; 40]).await?,
                StatusCode::BAD_REQUEST
            );
            assert_eq!(
                sent("text/plain", b"x").await?,
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            );
            let packed = script
                .request(Method::POST, path)
                .header("content-type", "application/json");
            let packed = packed
                .header("content-encoding", "gzip")
                .body("no gzip")
                .send()
                .await?;
            assert_eq!(packed.status(), StatusCode::BAD_REQUEST);
            let large = vec![b' '; INGEST_BODY_LIMIT_BYTES + 1];
            assert_eq!(
                sent("application/json", &large).await?,
                StatusCode::PAYLOAD_TOO_LARGE
            );
            let stranger = Script::without_token(app).request(Method::POST, path);
            assert_eq!(stranger.send().await?.status(), StatusCode::UNAUTHORIZED);
        }
        let mut tx = app.db.read().await?;
        assert_eq!(trace_pieces::count(&mut tx).await?, 0);
        assert!(!touched::any(&mut tx).await?);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn metrics_are_answered_and_dropped() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Ingest).await?;
        let told = send(&script, "/v1/metrics", &json!({"resourceMetrics": []})).await?;
        assert_eq!(told, (StatusCode::OK, json!({})));
        Ok(())
    })
    .await
}

fn change(id: &str, more: Value) -> Value {
    let mut change = json!({"id": id, "service": "shop", "author": {"id": "ana"},
        "created_at": "2026-11-17T11:00:00Z", "merged_at": "2026-11-17T13:00:00Z",
        "commits": [{"sha": format!("{id}-head"), "authored_at": "2026-11-17T11:00:00Z"}]});
    change
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    change
}

/// The segment of a change, and what it rests on.
async fn segment(script: &Script, id: &str) -> Result<(String, String)> {
    let listed = script
        .json("/api/v1/records/changes_merged?week=2026-W47")
        .await?;
    let all = listed["records"].as_array().context("records")?;
    let own = all
        .iter()
        .find(|own| own["id"] == id)
        .context("the change")?;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Ok((text(&own["segment"]), text(&own["evidence"][0]["what"])))
}

#[tokio::test]
async fn a_run_joins_a_change_by_commit_number_session_or_branch_whichever_came_first() -> Result<()>
{
    type Join<'a> = (&'a str, Value, &'a [(&'a str, &'a str)]);
    let joins: [Join<'_>; 4] = [
        (
            "by-commit",
            json!({"merge_commit": "abc"}),
            &[("vcs.ref.head.revision", "abc")],
        ),
        (
            "by-number",
            json!({"url": "https://forge.example/acme/shop/pull/7"}),
            &[
                ("vcs.change.id", "7"),
                ("vcs.repository.url.full", "https://forge.example/acme/shop"),
            ],
        ),
        (
            "by-session",
            json!({"body": "Claude-Session: s-77"}),
            &[("session.id", "s-77")],
        ),
        (
            "by-branch",
            json!({"branch": "work/fix"}),
            &[("vcs.ref.head.name", "work/fix")],
        ),
    ];
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        for (number, (id, more, attributes)) in joins.iter().enumerate() {
            for change_first in [true, false] {
                let id = format!("{id}-{change_first}");
                let tell = |text: &str| {
                    text.replace("abc", &id)
                        .replace("s-77", &id)
                        .replace("work/fix", &id)
                        .replace("/7", &format!("/{number}{}", u8::from(change_first)))
                };
                let more: Value = serde_json::from_str(&tell(&more.to_string()))?;
                let attributes: Vec<(&str, Value)> = attributes
                    .iter()
                    .map(|(key, value)| match *value {
                        "7" => (*key, json!(format!("{number}{}", u8::from(change_first)))),
                        value => (*key, json!(tell(value))),
                    })
                    .collect();
                let mut own = span("00000000000000b1", None, (0, 1_000), &attributes);
                let run = format!("{:032x}", 1 + number * 2 + usize::from(change_first));
                own["traceId"] = json!(run);
                let push = async || {
                    let (status, told) = script
                        .push("changes", change(&id, more.clone()).to_string())
                        .await?;
                    anyhow::ensure!(status == StatusCode::OK, "{told}");
                    Ok(())
                };
                // A branch alone is looked for when the change itself is told.
                let is_branch = id.starts_with("by-branch");
                if change_first && !is_branch {
                    push().await?;
                    send(&script, "/v1/traces", &export(&[own])).await?;
                } else {
                    send(&script, "/v1/traces", &export(&[own])).await?;
                    settled(&script).await?;
                    push().await?;
                }
                settled(&script).await?;
                let (segment, what) = segment(&script, &id).await?;
                assert_eq!(segment, "assisted", "{id}");
                assert!(what.contains("run 0000"), "{id}: {what}");
                let of_change = format!("/api/v1/receipts/change/{id}");
                let receipt = script.json(&of_change).await?.to_string();
                assert!(receipt.contains(&routes::receipt("run", &run)), "{receipt}");
                let of_run = format!("/api/v1/receipts/run/{run}");
                let receipt = script.json(&of_run).await?.to_string();
                assert!(
                    receipt.contains(&routes::receipt("change", &id)),
                    "{receipt}"
                );
            }
        }
        Ok(())
    })
    .await
}

fn log(name: &str, after_ms: i64, attributes: &[(&str, Value)]) -> Value {
    let attributes: Vec<Value> = attributes
        .iter()
        .map(|(key, value)| attribute(key, value.clone()))
        .chain([attribute("session.id", json!("s-1"))])
        .collect();
    json!({"timeUnixNano": nanos(after_ms), "eventName": name, "attributes": attributes})
}

#[tokio::test]
async fn a_coding_agents_session_is_a_run_with_its_calls_its_cost_and_who_let_them_pass()
-> Result<()> {
    at_each_engine(async |app| {
        deliver::declare(&app.db, Kind::Company, "company", json!({"currency": "USD"})).await;
        let script = Script::with(app, Scope::Operator).await?;
        let logs = [
            log("claude_code.user_prompt", 0, &[("prompt_length", json!(12))]),
            log("claude_code.api_request", 1_000, &[("model", json!("m-1")), ("input_tokens", json!(10)),
                ("output_tokens", json!(2)), ("cost_usd", json!(0.25))]),
            log("claude_code.tool_decision", 2_000, &[("tool_name", json!("Edit")), ("tool_use_id", json!("t-1")),
                ("decision", json!("accept")), ("source", json!("user_temporary"))]),
            log("claude_code.tool_result", 3_000, &[("tool_name", json!("Edit")), ("tool_use_id", json!("t-1")),
                ("success", json!("true")), ("duration_ms", json!(500))]),
        ];
        let resource = [attribute("service.name", json!("claude-code"))];
        let body = json!({"resourceLogs": [{"resource": {"attributes": resource}, "scopeLogs": [{"logRecords": logs}]}]});
        for _ in 0..2 {
            assert_eq!(send(&script, "/v1/logs", &body).await?.0, StatusCode::OK);
        }
        settled(&script).await?;
        let own = run(&app.db, "s-1").await.context("the run")?;
        assert_eq!(own.agent, "claude-code");
        assert_eq!(own.cost.map(|cost| cost.to_string()).as_deref(), Some("0.25"));
        let [call] = &own.calls[..] else {
            panic!("{:?}", own.calls);
        };
        assert_eq!(call.name, "Edit");
        assert!(call.approval.is_some(), "a person let it pass");
        let receipt = script.json("/api/v1/receipts/run/s-1").await?.to_string();
        let passed = "A person who is not named let calls pass as the run tells: Edit";
        assert!(receipt.contains(passed), "{receipt}");
        Ok(())
    })
    .await
}

/// An OPA decision on a call of the run.
fn decision(id: &str, result: Value) -> Value {
    json!({"decision_id": id, "timestamp": "2026-11-17T12:00:03Z", "path": "agents/pay/allow", "trace_id": TRACE,
        "bundles": {"agents": {"revision": "7"}}, "input": {"tool_call": "call-1"}, "result": result})
}

#[tokio::test]
async fn what_a_policy_engine_logs_is_joined_to_the_run_by_its_trace() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        send(&script, "/v1/traces", &export(&spans())).await?;
        let batch = json!([decision("d1", json!(true)), decision("d2", json!(false)), {"decision_id": "d3"}]);
        for accepted in [2, 0] {
            let (status, told) = send(&script, "/api/v1/opa/logs", &batch).await?;
            assert_eq!(status, StatusCode::OK);
            assert_eq!(told["accepted"], accepted, "{told}");
            assert_eq!(told["refused"].as_array().map(Vec::len), Some(1));
            assert_eq!(told["refused"][0]["id"], "d3");
        }
        settled(&script).await?;
        let denied = script.json("/api/v1/records/policy_denials?week=2026-W47").await?;
        assert_eq!(denied["records"][0]["id"], TRACE);
        assert_eq!(send(&script, "/api/v1/opa/logs", &json!({})).await?.0, StatusCode::BAD_REQUEST);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_pushed_record_with_a_date_stands_over_the_trace_of_the_same_id() -> Result<()> {
    at_each_engine(async |app| {
        let script = Script::with(app, Scope::Operator).await?;
        let own = json!({"id": TRACE, "agent": "told", "started_at": "2026-11-17T12:00:00Z", "updated_at": "2026-11-17T12:00:00Z"});
        deliver::good(&app.db, StreamName::Runs, &[own]).await;
        send(&script, "/v1/traces", &export(&spans())).await?;
        settled(&script).await?;
        assert_eq!(run(&app.db, TRACE).await.context("the run")?.agent, "told");
        Ok(())
    })
    .await
}
