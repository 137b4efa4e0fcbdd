//! Issues as incidents or defects, by their labels or their type.

use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use serde_json::{Value, json};

use super::api::PAGE;
use super::objects::Issue;
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::{Interest, Read};

/// The issues of a repository, by when they were last touched.
pub(super) struct Issues<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
    pub service: String,
}

impl List for Issues<'_> {
    type Row = Issue;
    const UNREAD: Option<&'static str> = Some("defects");

    fn first(&self) -> String {
        let path = format!(
            "/repos/{}/issues?state=all&sort=updated&direction=desc&per_page={PAGE}",
            self.repository
        );
        self.github.api.under_base(&path)
    }

    fn dated(row: &Issue) -> DateTime<Utc> {
        row.updated_at
    }

    fn look(&self, rows: Vec<Issue>) -> BoxFuture<'_, Result<Looked, Failure>> {
        let interest = &self.github.settings.interest;
        let read = rows
            .iter()
            .flat_map(|row| read(row, &self.service, interest));
        let looked = Looked {
            read: read.collect(),
            open: Vec::new(),
        };
        Box::pin(std::future::ready(Ok(looked)))
    }
}

/// An issue that is an incident or a defect, and what it is not, or not any more.
pub(super) fn read(row: &Issue, service: &str, interest: &Interest) -> Vec<Read> {
    if row.pull_request.is_some() {
        return Vec::new();
    }
    let [no_incident, no_defect] = withdrawn(row.id, Some(row.updated_at));
    let record = |stream, body: Value| Read::Record {
        stream,
        body: body.to_string(),
    };
    if is_one_of(row, &interest.incident_labels) {
        vec![record("incidents", incident(row, service)), no_defect]
    } else if is_one_of(row, &interest.defect_labels) {
        vec![no_incident, record("defects", defect(row, service))]
    } else {
        vec![no_incident, no_defect]
    }
}

/// An issue that is neither an incident nor a defect since an instant, whatever it was before; that is
/// gone where none is told.
pub(super) fn withdrawn(id: u64, at: Option<DateTime<Utc>>) -> [Read; 2] {
    let id = id.to_string();
    let gone = |stream, says| Read::Withdrawn {
        stream,
        id: id.clone(),
        at,
        says,
    };
    [
        gone("incidents", ("kind", "declined")),
        gone("defects", ("resolution", "not_a_defect")),
    ]
}

fn incident(row: &Issue, service: &str) -> Value {
    json!({
        "id": row.id.to_string(),
        "service": service,
        "updated_at": instant(row.updated_at),
        "title": row.title,
        "started_at": instant(row.created_at),
        "resolved_at": row.closed_at.map(instant),
        "kind": (resolution(row) == Some("not_a_defect")).then_some("declined"),
        "url": row.html_url,
    })
}

fn defect(row: &Issue, service: &str) -> Value {
    json!({
        "id": row.id.to_string(),
        "service": service,
        "updated_at": instant(row.updated_at),
        "title": row.title,
        "found_at": instant(row.created_at),
        "found_in": found_in(row),
        "resolved_at": row.closed_at.map(instant),
        "resolution": resolution(row),
    })
}

/// Whether a label or the type is one of these, in whatever case.
fn is_one_of(row: &Issue, named: &[String]) -> bool {
    let mut own = row.labels.iter().chain(&row.kind).map(|label| &label.name);
    own.any(|own| named.iter().any(|named| named.eq_ignore_ascii_case(own)))
}

/// What came of it, where it is closed.
fn resolution(row: &Issue) -> Option<&'static str> {
    row.closed_at?;
    let invalid = ["invalid".to_owned(), "not a bug".to_owned()];
    if is_one_of(row, &invalid) {
        return Some("not_a_defect");
    }
    Some(match row.state_reason.as_deref() {
        Some("not_planned") => "wont_fix",
        Some("duplicate") => "duplicate",
        _ => "fixed",
    })
}

/// Where it was found, as far as a label says so.
fn found_in(row: &Issue) -> Option<&'static str> {
    let production = ["production".to_owned(), "escaped".to_owned()];
    let before = ["pre-release".to_owned(), "staging".to_owned()];
    if is_one_of(row, &production) {
        Some("production")
    } else if is_one_of(row, &before) {
        Some("pre_release")
    } else {
        None
    }
}
