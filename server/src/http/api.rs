//! `GET /api/v1`: the same reviews, figures and records as the pages, as JSON or CSV.

use app::backend::RecordsQuery;
use app::view::receipt::Receipt;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use crate::http::form::{Path, Query};
use crate::http::{AppState, Problem};
use crate::metrics::catalogue::CATALOGUE;
use crate::store::registry;
use crate::views::records::{self, Part};
use crate::views::{self, receipt, review, table};

/// `GET /api/v1/metrics`: what can be asked for.
pub async fn metrics(State(state): State<AppState>) -> Result<Response, Problem> {
    let mut tx = state.db.read().await?;
    let company = registry::company(&mut tx).await?;
    let metrics: Vec<_> = CATALOGUE
        .iter()
        .map(|metric| {
            json!({
                "metric": metric.id,
                "name": metric.name,
                "unit": views::figure::unit(metric.unit, &company),
                "definition_version": metric.version,
                "figures_url": format!("/api/v1/metrics/{}", metric.id),
                "definition_url": format!("/definitions/{}", metric.id),
            })
        })
        .collect();
    Ok(Json(json!({ "metrics": metrics })).into_response())
}

/// How an answer is written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Csv,
}

/// Which review.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Reviewed {
    scope: Option<String>,
    format: Format,
}

/// `GET /api/v1/review/{week}`: what the page of that week shows; as CSV its fixed table.
pub async fn review(
    State(state): State<AppState>,
    Path(week): Path<String>,
    Query(asked): Query<Reviewed>,
) -> Result<Response, Problem> {
    state.refresher.current().await;
    let scope = asked.scope.as_deref();
    let review = review::review(&state.db, Some(&week), scope, state.now()).await?;
    match asked.format {
        Format::Json => written("application/json", table::review_json(&review)),
        Format::Csv => csv(table::review_csv(&review)),
    }
}

/// Which of a metric's figures.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Weeks {
    from: Option<String>,
    to: Option<String>,
    scope: Option<String>,
    segment: Option<String>,
    format: Format,
}

/// `GET /api/v1/metrics/{metric}`: its figures, week by week.
pub async fn metric(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Query(asked): Query<Weeks>,
) -> Result<Response, Problem> {
    state.refresher.current().await;
    let weeks = table::Weeks {
        metric: &metric,
        scope: asked.scope.as_deref(),
        segment: asked.segment.as_deref(),
        from: asked.from.as_deref(),
        to: asked.to.as_deref(),
    };
    let figures = table::figures(&state.db, weeks, state.now()).await?;
    match asked.format {
        Format::Json => Ok(Json(json!({ "figures": figures })).into_response()),
        Format::Csv => csv(table::figures_csv(&figures)),
    }
}

/// Which of a metric's records.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    week: Option<String>,
    scope: Option<String>,
    segment: Option<String>,
    sort: Option<String>,
    offset: u64,
    format: Format,
}

/// `GET /api/v1/records/{metric}`: the records behind one figure; JSON comes in pages.
pub async fn records(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    state.refresher.current().await;
    let (offset, format) = (asked.offset, asked.format);
    let query = RecordsQuery {
        week: asked.week,
        scope: asked.scope,
        segment: asked.segment,
        sort: asked.sort,
        offset,
    };
    let mut tx = state.db.read().await?;
    let registry = registry::load(&mut tx).await?;
    let asked = records::Asked::read(&metric, &query, &registry, state.now())?;
    match format {
        Format::Json => {
            let lists = records::lists(&mut tx, &asked, Part::page(offset)).await?;
            let next = records::next_url(&asked, offset, &lists)?;
            Ok(
                Json(json!({ "records": lists.counted, "next": next, "left_out": lists.left_out }))
                    .into_response(),
            )
        }
        Format::Csv => {
            let lists = records::lists(&mut tx, &asked, Part::WHOLE).await?;
            csv(table::records_csv(&lists.counted))
        }
    }
}

/// How a receipt is written.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum ReceiptFormat {
    #[default]
    Json,
    Signed,
}

/// How a receipt is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AsReceipt {
    format: ReceiptFormat,
}

/// `GET /api/v1/receipts/{kind}/{id}`: what the page of it shows; signed, as a file to keep.
pub async fn receipt(
    State(state): State<AppState>,
    Path((kind, id)): Path<(String, String)>,
    Query(asked): Query<AsReceipt>,
) -> Result<Response, Problem> {
    state.refresher.current().await;
    let receipt = receipt::receipt(&state.db, &kind, &id).await?;
    match asked.format {
        ReceiptFormat::Json => Ok(Json(receipt).into_response()),
        ReceiptFormat::Signed => signed(&state, &receipt),
    }
}

fn signed(state: &AppState, receipt: &Receipt) -> Result<Response, Problem> {
    let signer = state.signer.as_ref();
    let signer = signer.ok_or_else(|| Problem::bad_request("this server signs nothing"))?;
    let text = receipt::exported(receipt, state.now()).map_err(anyhow::Error::from);
    let text = text.and_then(|receipt| Ok(signer.sign(&receipt)? + "\n"));
    let mut answer = written("application/json", text)?;
    let file = HeaderValue::from_static("attachment; filename=\"receipt.json\"");
    answer
        .headers_mut()
        .insert(header::CONTENT_DISPOSITION, file);
    Ok(answer)
}

fn csv(text: anyhow::Result<String>) -> Result<Response, Problem> {
    written("text/csv; charset=utf-8", text)
}

fn written(kind: &'static str, text: anyhow::Result<String>) -> Result<Response, Problem> {
    let text = text.map_err(|error| {
        tracing::error!(%error, "an answer could not be written as {kind}");
        Problem::broken()
    })?;
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
