//! `GET /metrics`: this server and its database in Prometheus' text format (version 0.0.4).
//!
//! Counters are this server's own since it started; gauges are read from the database, and the same
//! on each server over it.

use std::fmt::Write;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::http::meter::{BUCKETS, Counts};
use crate::http::{AppState, Problem};
use crate::store::receipts::{self, Receipt};
use crate::store::{self, Db, engine, figures, touched, walks, weeks};

const TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Everything that is measured.
pub async fn show(State(state): State<AppState>) -> Result<Response, Problem> {
    let stored = Stored::read(&state.db).await?;
    let mut page = Page::default();
    page.family(
        "onehop_build_info",
        "gauge",
        "The program that runs; always 1.",
    );
    let build = label("version", env!("CARGO_PKG_VERSION"));
    page.sample("onehop_build_info", &build, 1);
    counted(&mut page, &state.meter.counts());
    stored.onto(&mut page);
    Ok(([(header::CONTENT_TYPE, TYPE)], page.0).into_response())
}

/// What the database says.
struct Stored {
    behind_weeks: usize,
    is_relinking: bool,
    last_freeze_ms: Option<i64>,
    last_records: Vec<Receipt>,
    size_bytes: i64,
}

impl Stored {
    async fn read(db: &Db) -> store::Result<Stored> {
        let mut tx = db.read().await?;
        let is_walking = walks::next(&mut tx).await?.is_some();
        Ok(Stored {
            behind_weeks: figures::touched(&mut tx).await?.len(),
            is_relinking: is_walking || touched::any(&mut tx).await?,
            last_freeze_ms: weeks::last_at(&mut tx).await?,
            last_records: receipts::newest_by_stream(&mut tx).await?,
            size_bytes: engine::size_bytes(&mut tx).await?,
        })
    }

    fn onto(&self, page: &mut Page) {
        let behind = "Weeks whose figures are still to be computed.";
        page.family("onehop_figures_behind_weeks", "gauge", behind);
        page.sample("onehop_figures_behind_weeks", "", self.behind_weeks);
        let links = "Whether links are still to be derived, which may touch more weeks.";
        page.family("onehop_links_behind", "gauge", links);
        page.sample("onehop_links_behind", "", u8::from(self.is_relinking));
        let freeze = "When a week froze last, in seconds since 1970.";
        page.family("onehop_last_freeze_timestamp_seconds", "gauge", freeze);
        if let Some(at_ms) = self.last_freeze_ms {
            page.sample("onehop_last_freeze_timestamp_seconds", "", seconds(at_ms));
        }
        let last = "When something new came in a stream last, in seconds since 1970.";
        page.family("onehop_last_record_timestamp_seconds", "gauge", last);
        for receipt in &self.last_records {
            let stream = label("stream", &receipt.stream);
            let name = "onehop_last_record_timestamp_seconds";
            page.sample(name, &stream, seconds(receipt.received_at));
        }
        page.family(
            "onehop_database_size_bytes",
            "gauge",
            "How much the database takes.",
        );
        page.sample("onehop_database_size_bytes", "", self.size_bytes);
    }
}

fn counted(page: &mut Page, counts: &Counts) {
    let requests = "How long requests took, by route, method and class of answer.";
    let name = "onehop_http_request_duration_seconds";
    page.family(name, "histogram", requests);
    for (answered, took) in &counts.requests {
        let labels = [
            label("method", answered.method),
            label("route", &answered.route),
            label("status", answered.class),
        ]
        .join(",");
        for (end, count) in BUCKETS.iter().zip(took.up_to) {
            page.sample(
                &format!("{name}_bucket"),
                &format!("{labels},le=\"{end}\""),
                count,
            );
        }
        page.sample(
            &format!("{name}_bucket"),
            &format!("{labels},le=\"+Inf\""),
            took.count,
        );
        page.sample(&format!("{name}_sum"), &labels, took.sum_seconds);
        page.sample(&format!("{name}_count"), &labels, took.count);
    }
    let records = "Records pushed to this server, by stream and outcome.";
    page.family("onehop_records_pushed_total", "counter", records);
    for (stream, pushed) in &counts.records {
        for (outcome, count) in [
            ("accepted", pushed.accepted),
            ("repeated", pushed.repeated),
            ("refused", pushed.refused),
        ] {
            let labels = [label("stream", stream), label("outcome", outcome)].join(",");
            page.sample("onehop_records_pushed_total", &labels, count);
        }
    }
}

fn seconds(at_ms: i64) -> f64 {
    at_ms as f64 / 1_000.0
}

fn label(name: &str, value: &str) -> String {
    let value = value.replace('\\', "\\\\").replace('"', "\\\"");
    format!("{name}=\"{}\"", value.replace('\n', "\\n"))
}

/// The text, family by family.
#[derive(Default)]
struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        // Writing to a string does not fail.
        let _ = writeln!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn sample(&mut self, name: &str, labels: &str, value: impl std::fmt::Display) {
        let _ = match labels {
            "" => writeln!(self.0, "{name} {value}"),
            _ => writeln!(self.0, "{name}{{{labels}}} {value}"),
        };
    }
}
