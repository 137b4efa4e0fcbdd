//! The built site, which is inside the binary: style, public files and, once built, the islands.
//!
//! A debug build reads the files where they lie each time, so that islands appear when built.

use app::shell::file::Sheets;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use rust_embed::{EmbeddedFile, RustEmbed};

use crate::http::Problem;
use crate::http::form::Path;

#[derive(RustEmbed)]
#[folder = "../target/site/pkg"]
#[allow_missing = true]
struct Pkg;

#[derive(RustEmbed)]
#[folder = "../style"]
#[allow_missing = true]
struct Style;

#[derive(RustEmbed)]
#[folder = "../public"]
#[allow_missing = true]
struct Public;

/// Whether the islands were built.
pub fn has_islands() -> bool {
    Pkg::iter().any(|name| name == "onehop_bg.wasm")
}

/// What `/style.css` is made of, in this order.
const SHEETS: [&str; 7] = [
    "main.css",
    "review.css",
    "hop.css",
    "workflow.css",
    "find.css",
    "records.css",
    "receipt.css",
];

/// The style sheets as text, for a page that leaves us.
pub fn sheets() -> Sheets {
    let text = |name: &str| {
        let sheet = Style::get(name).map(|file| file.data.into_owned());
        String::from_utf8_lossy(&sheet.unwrap_or_default()).into_owned()
    };
    Sheets {
        screen: SHEETS.into_iter().map(text).collect(),
        print: text("print.css"),
    }
}

/// `/style.css`
pub async fn style(headers: HeaderMap) -> Result<Response, Problem> {
    answer(SHEETS.into_iter().map(Style::get).collect(), &headers)
}

/// `/print.css`
pub async fn print_style(headers: HeaderMap) -> Result<Response, Problem> {
    answer(one(Style::get("print.css")), &headers)
}

/// `/pkg/…`: the islands.
pub async fn pkg(Path(file): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    answer(one(Pkg::get(&file)), &headers)
}

/// Whatever lies in the public folder; else there is no such page.
pub async fn public(method: Method, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let file = match method {
        Method::GET | Method::HEAD => Public::get(uri.path().trim_start_matches('/')),
        _ => None,
    };
    answer(one(file), &headers)
}

fn one(file: Option<EmbeddedFile>) -> Option<Vec<EmbeddedFile>> {
    file.map(|file| vec![file])
}

/// The files of one kind as one, or only that they have not changed since the browser last had them.
fn answer(files: Option<Vec<EmbeddedFile>>, asked: &HeaderMap) -> Result<Response, Problem> {
    let files = files.ok_or_else(|| Problem::not_found("this address"))?;
    let first = files.first();
    let mime = first.map_or("text/plain", |file| file.metadata.mimetype());
    let hashes = files.iter().map(|file| file.metadata.sha256_hash());
    let hashes: Vec<String> = hashes.map(hex::encode).collect();
    // Weak, because the compressed answer differs byte for byte.
    let tag = format!("W/\"{}\"", hashes.join("-"));
    let known = asked
        .get(header::IF_NONE_MATCH)
        .and_then(|tags| tags.to_str().ok())
        .is_some_and(|tags| tags.split(',').any(|one| one.trim() == tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data: Vec<_> = files.iter().map(|file| &*file.data).collect();
        ([(header::CONTENT_TYPE, content_type(mime))], data.concat()).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    Ok(response)
}

fn content_type(mime: &str) -> String {
    if mime.starts_with("text/") {
        format!("{mime}; charset=utf-8")
    } else {
        mime.to_owned()
    }
}
