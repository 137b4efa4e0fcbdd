//! `GET /api/v1/openapi.json`: what scripts may ask and what they are answered, as OpenAPI 3.1.
//!
//! Made from the table of routes, the catalogue and the words of the code itself. Tests hold it
//! against every route and against real answers, field for field.

mod schemas;

use app::view::records::Sort;
use axum::Json;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::auth::role::{ROUTES, Route};
use crate::evals::Format;
use crate::http::INGEST_BODY_LIMIT_BYTES;
use crate::ingest::StreamName;
use crate::metrics::catalogue::CATALOGUE;
use crate::views::scope::SEGMENTS;
use schemas::named;

/// `GET /api/v1/openapi.json`
pub async fn show() -> Response {
    Json(document()).into_response()
}

fn document() -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Onehop",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Figures, the records behind them and the weekly review; records in. A week is ISO, such as 2026-W47; instants are RFC 3339; durations are seconds, ratios run from 0 to 1. What is absent is null, never zero.",
        },
        "paths": paths(),
        "components": {
            "schemas": schemas::all(),
            "responses": {
                "Problem": {
                    "description": "Why it was not done (RFC 9457).",
                    "content": {"application/problem+json": {"schema": named("Problem")}},
                },
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

fn paths() -> Value {
    let mut paths = Map::new();
    for route in ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/"))
    {
        let method = route.method.to_ascii_lowercase();
        if let Some(operation) = operation(route) {
            let path = paths.entry(route.path).or_insert_with(|| json!({}));
            path[method] = operation.described(route);
        }
    }
    Value::Object(paths)
}

/// What a route does.
struct Operation {
    summary: &'static str,
    parameters: Vec<Value>,
    body: Option<Value>,
    /// By status.
    answers: Value,
}

impl Operation {
    fn read(summary: &'static str, parameters: Vec<Value>, content: &Value) -> Operation {
        Operation {
            summary,
            parameters,
            body: None,
            answers: json!({"200": {"description": summary, "content": content}}),
        }
    }

    /// With what all routes have: who may, and how they refuse.
    fn described(mut self, route: &Route) -> Value {
        self.answers["default"] = json!({"$ref": "#/components/responses/Problem"});
        let mut operation = json!({
            "summary": self.summary,
            "parameters": self.parameters,
            "responses": self.answers,
            "security": if route.who.anyone { json!([]) } else { json!([{"token": []}]) },
        });
        if !route.who.anyone {
            operation["description"] = json!(format!("Open to {}.", route.who.in_words()));
        }
        if let Some(body) = self.body {
            operation["requestBody"] = body;
        }
        operation
    }
}

/// What the route of this row does; a route that is not told of here fails a test.
fn operation(route: &Route) -> Option<Operation> {
    Some(match (route.method, route.path) {
        ("GET", "/api/v1/openapi.json") => Operation::read(
            "This description.",
            Vec::new(),
            &as_json(&json!({"type": "object"})),
        ),
        ("GET", "/api/v1/review/{week}") => Operation::read(
            "The review of a week, as its page shows it. As CSV: its fixed table, one figure a row.",
            vec![reviewed_week(), scope(), format()],
            &as_json_or_csv("Review"),
        ),
        ("GET", "/api/v1/search") => Operation::read(
            "Places by their name, and records by their id or by a link to where they came from.",
            vec![typed()],
            &as_json(&named("Search")),
        ),
        ("GET", "/api/v1/metrics") => Operation::read(
            "The metrics that can be asked for.",
            Vec::new(),
            &as_json(&named("Metrics")),
        ),
        ("GET", "/api/v1/metrics/{metric}") => Operation::read(
            "The figures of a metric, week by week, the oldest first.",
            vec![
                metric("metric"),
                week(
                    "from",
                    "The first week; the first with a record when absent.",
                ),
                week("to", "The last week; the latest complete one when absent."),
                scope(),
                segment(),
                format(),
            ],
            &as_json_or_csv("Figures"),
        ),
        ("GET", "/api/v1/records/{name}") => Operation::read(
            "The records behind one figure, as many as its sample: as JSON in pages, as CSV whole.",
            vec![
                metric("name"),
                week("week", "The latest complete week when absent."),
                scope(),
                segment(),
                sort(),
                offset(),
                format(),
            ],
            &as_json_or_csv("Records"),
        ),
        ("GET", "/api/v1/receipts/{kind}/{id}") => Operation::read(
            "One thing: what is known of it and how well, and every figure it stands behind. Signed: with exported_at, as `onehop export receipt` writes it.",
            vec![kind(), id(), receipt_format()],
            &as_json(&json!({"anyOf": [named("Receipt"), named("SignedReceipt")]})),
        ),
        ("POST", "/api/v1/records/{name}") => push(),
        ("POST", "/api/v1/evals") => evals(),
        ("POST", "/api/v1/opa/logs") => opa_logs(),
        _ => return None,
    })
}

fn push() -> Operation {
    let streams = StreamName::ALL.map(StreamName::as_str);
    let outcome = |said| json!({"description": said, "content": as_json(&named("Outcome"))});
    let record = json!({"type": "object"});
    Operation {
        summary: "Takes records of a stream in; the same again changes nothing.",
        parameters: vec![in_path(
            "name",
            "The stream.",
            &json!({"type": "string", "enum": streams}),
        )],
        body: Some(json!({
            "description": format!(
                "A JSON array of records, or one record a line; plain or gzip, at most {INGEST_BODY_LIMIT_BYTES} bytes unpacked."
            ),
            "required": true,
            "content": {
                "application/json": {"schema": {"type": "array", "items": record}},
                "application/x-ndjson": {"schema": {"type": "string"}},
            },
        })),
        answers: json!({
            "200": outcome("The good records are kept, durably; the others are answered one by one."),
            "422": outcome("None of the records was good."),
        }),
    }
}

fn evals() -> Operation {
    let text = json!({"type": "string"});
    let said = |said| json!({"description": said, "content": as_json(&named("Evals"))});
    let required = |parameter: Value| {
        let mut parameter = parameter;
        parameter["required"] = true.into();
        parameter
    };
    Operation {
        summary: "Takes the results of an evaluation tool in; the same file again changes nothing.",
        parameters: vec![
            required(in_query(
                "format",
                "What wrote the file.",
                &json!({"type": "string", "enum": Format::ALL.map(Format::as_str)}),
            )),
            required(in_query("workflow", "The workflow whose suite ran.", &text)),
            in_query(
                "suite",
                "The suite's name, in the place of the file's own.",
                &text,
            ),
            in_query(
                "kind",
                "The registry's where absent, else the file's, else regression.",
                &json!({"type": "string", "enum": ["regression", "adversarial", "unit"]}),
            ),
            in_query("commit", "The commit that was evaluated.", &text),
            in_query(
                "gate",
                "Whether results that do not meet their threshold are answered with 422; they are kept all the same.",
                &json!({"type": "boolean"}),
            ),
        ],
        body: Some(json!({
            "description": "The file as the tool wrote it; plain or gzip.",
            "required": true,
            "content": {"application/octet-stream": {"schema": {"type": "string"}}},
        })),
        answers: json!({
            "200": said("The results are kept, durably."),
            "422": said("The results are kept, and a suite does not meet its threshold."),
        }),
    }
}

fn opa_logs() -> Operation {
    Operation {
        summary: "Takes decision logs of Open Policy Agent in; the same again changes nothing.",
        parameters: Vec::new(),
        body: Some(json!({
            "description": "A JSON array of decisions as the plugin sends them; plain or gzip.",
            "required": true,
            "content": {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
        })),
        answers: json!({
            "200": {
                "description": "The good decisions are kept, durably; the others are answered one by one.",
                "content": as_json(&named("Outcome")),
            },
        }),
    }
}

fn as_json(schema: &Value) -> Value {
    json!({"application/json": {"schema": schema}})
}

fn as_json_or_csv(schema: &str) -> Value {
    json!({
        "application/json": {"schema": named(schema)},
        "text/csv": {"schema": {"type": "string"}},
    })
}

fn in_path(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "path", "required": true, "description": description, "schema": schema})
}

fn in_query(name: &str, description: &str, schema: &Value) -> Value {
    json!({"name": name, "in": "query", "description": description, "schema": schema})
}

fn metric(name: &str) -> Value {
    let ids: Vec<&str> = CATALOGUE.iter().map(|metric| metric.id).collect();
    in_path(name, "The metric.", &json!({"type": "string", "enum": ids}))
}

const WEEK: &str = "^[0-9]{4}-W[0-9]{2}$";

fn reviewed_week() -> Value {
    let said = "A complete week, or latest: the latest complete one.";
    in_path(
        "week",
        said,
        &json!({"anyOf": [{"type": "string", "pattern": WEEK}, {"const": "latest"}]}),
    )
}

fn week(name: &str, description: &str) -> Value {
    in_query(
        name,
        description,
        &json!({"type": "string", "pattern": WEEK}),
    )
}

fn scope() -> Value {
    let pattern = "^(company|service:.+|workflow:.+)$";
    in_query(
        "scope",
        "company, service:SLUG or workflow:SLUG.",
        &json!({"type": "string", "pattern": pattern, "default": "company"}),
    )
}

fn segment() -> Value {
    let said = "Whose work: an agent's, assisted by one, without a mark of one, or all.";
    in_query(
        "segment",
        said,
        &json!({"type": "string", "enum": SEGMENTS, "default": "all"}),
    )
}

fn kind() -> Value {
    in_path(
        "kind",
        "change, run, artifact, deployment, incident or defect; an artifact also by its own kind.",
        &json!({"type": "string"}),
    )
}

fn id() -> Value {
    in_path(
        "id",
        "As its source names it, percent-encoded.",
        &json!({"type": "string"}),
    )
}

fn receipt_format() -> Value {
    in_query(
        "format",
        "Signed, it is one line to keep, which `onehop receipt verify` proves.",
        &json!({"type": "string", "enum": ["json", "signed"], "default": "json"}),
    )
}

fn typed() -> Value {
    in_query(
        "q",
        "A name, a week, an id or a link; the pages and workflows when absent.",
        &json!({"type": "string", "maxLength": 2000}),
    )
}

fn sort() -> Value {
    let orders: Vec<String> = Sort::all().map(|sort| sort.to_string()).collect();
    in_query(
        "sort",
        "What the list is in the order of, with - the other way round; what lacks it comes last either way, and what is left out keeps its own place.",
        &json!({"type": "string", "enum": orders, "default": Sort::default().to_string()}),
    )
}

fn offset() -> Value {
    in_query(
        "offset",
        "How many records to skip; `next` leads on.",
        &json!({"type": "integer", "minimum": 0, "default": 0}),
    )
}

fn format() -> Value {
    in_query(
        "format",
        "How the answer is written.",
        &json!({"type": "string", "enum": ["json", "csv"], "default": "json"}),
    )
}
