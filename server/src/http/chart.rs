//! `GET /records/{metric}/chart.svg` and `chart.png`: the weeks of a figure as a picture that can be
//! put where Onehop is not. It is made from what the figure's page shows.

use app::backend::Backend;
use app::view::figure::Figure;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::form::{Path, Query};
use crate::http::pages::Which;
use crate::http::{AppState, Problem};
use crate::picture::{self, Origin};

/// `GET /records/{metric}/chart.svg`
pub async fn as_svg(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    let (figure, svg) = drawn(&state, &metric, asked).await?;
    Ok(answer(&figure, ("svg", "image/svg+xml"), svg))
}

/// `GET /records/{metric}/chart.png`
pub async fn as_png(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    let (figure, svg) = drawn(&state, &metric, asked).await?;
    // Other answers are not to wait for it.
    let painted = tokio::task::spawn_blocking(move || picture::png(&svg)).await;
    let png = painted
        .map_err(anyhow::Error::from)
        .flatten()
        .map_err(broken)?;
    Ok(answer(&figure, ("png", "image/png"), png))
}

/// The figure that the page at the same query shows, and its picture.
async fn drawn(state: &AppState, metric: &str, asked: Which) -> Result<(Figure, String), Problem> {
    state.refresher.current().await;
    let records = state.pages.records(metric, &asked.into()).await?;
    let origin = Origin {
        address: format!("{}{}", state.public_url, records.figure.records_url),
        generated: state.pages.generated().await?,
    };
    let svg = picture::svg(&records, &origin).map_err(broken)?;
    Ok((records.figure, svg))
}

fn answer(
    figure: &Figure,
    (extension, kind): (&str, &'static str),
    picture: impl IntoResponse,
) -> Response {
    let name = file_name(figure, extension);
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}\""),
        ),
    ];
    (headers, picture).into_response()
}

/// Metric, scope, segment and week, without anything that a file's name cannot hold.
fn file_name(figure: &Figure, extension: &str) -> String {
    let segment = match figure.segment.as_str() {
        "all" => String::new(),
        segment => format!("-{segment}"),
    };
    let name = format!(
        "{}-{}{segment}-{}",
        figure.metric, figure.scope, figure.week
    );
    let plain = |c: char| match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' | '-' | '_' => c,
        _ => '-',
    };
    let name: String = name.chars().map(plain).collect();
    format!("{name}.{extension}")
}

fn broken(error: anyhow::Error) -> Problem {
    tracing::error!(%error, "a picture could not be made");
    Problem::broken()
}
