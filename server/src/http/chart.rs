//! `GET /records/{metric}/chart.svg` and `chart.png`: the weeks of a figure as a picture that can be
//! put where Onehop is not. It is made from what the figure's page shows.

use app::backend::Backend;
use app::view::figure::Figure;
use app::view::records::Records;
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
    let (records, origin) = shown(&state, &metric, asked).await?;
    let svg = picture::svg(&records, &origin).map_err(broken)?;
    Ok(answer(&records.figure, ("svg", "image/svg+xml"), svg))
}

/// `GET /records/{metric}/chart.png`
pub async fn as_png(
    State(state): State<AppState>,
    Path(metric): Path<String>,
    Query(asked): Query<Which>,
) -> Result<Response, Problem> {
    let (records, origin) = shown(&state, &metric, asked).await?;
    let svg = picture::svg(&records, &origin).map_err(broken)?;
    // Other answers are not to wait for it.
    let painted = tokio::task::spawn_blocking(move || picture::png(&svg)).await;
    let png = painted
        .map_err(anyhow::Error::from)
        .flatten()
        .map_err(broken)?;
    Ok(answer(&records.figure, ("png", "image/png"), png))
}

/// What the page at the same query shows, and where that is.
async fn shown(state: &AppState, metric: &str, asked: Which) -> Result<(Records, Origin), Problem> {
    state.refresher.current().await;
    let records = state.pages.records(metric, &asked.into()).await?;
    let origin = Origin {
        address: format!("{}{}", state.public_url, records.figure.records_url),
        generated: state.pages.generated().await?,
    };
    Ok((records, origin))
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
