//! Path → page, and page → path: the whole table, so that nobody writes an address by hand.
//!
//! Query strings carry scope, segment, week, sort and page only; what is in a path is permanent.

use std::fmt::Write;

use crate::backend::{RecordsQuery, WorkflowQuery};
use crate::view::settings::Part;
use crate::view::workflow::Reach;

pub const STYLE: &str = "/style.css";
pub const PRINT_STYLE: &str = "/print.css";
pub const FAVICON: &str = "/favicon.svg";
pub const FONT: &str = "/inter.woff2";
pub const SIGN_IN: &str = "/sign-in";
pub const SIGN_IN_LINK: &str = "/sign-in/link";
pub const SIGN_OUT: &str = "/sign-out";
pub const THEME: &str = "/theme";
/// The keys there are, and their switch.
pub const KEYS: &str = "/keys";
/// Where things are found by name.
pub const SEARCH: &str = "/search";

/// A page a person can open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Route {
    Review { week: Option<String> },
    Records { metric: String },
    Definition { metric: String },
    Demo,
    Sources,
    Settings,
    Corrections,
    Correction { kind: String, id: String },
    Receipt { kind: String, id: String },
    Explanation { metric: String },
    Actions,
    Search,
    Keys,
    SignIn,
}

impl Route {
    /// The page at a decoded path, without its query.
    ///
    /// ```
    /// use app::routes::Route;
    /// let week = Some("2026-W47".to_owned());
    /// assert_eq!(Route::parse("/review/2026-W47"), Some(Route::Review { week }));
    /// assert_eq!(Route::parse("/review/yesterday"), None);
    /// ```
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.trim_matches('/').split('/');
        let route = match (parts.next()?, parts.next()) {
            ("review", None) => Self::Review { week: None },
            ("review", Some(week)) if is_week(week) => Self::Review {
                week: Some(week.to_owned()),
            },
            ("records", Some(metric)) if is_metric(metric) => Self::Records {
                metric: metric.to_owned(),
            },
            ("definitions", Some(metric)) if is_metric(metric) => Self::Definition {
                metric: metric.to_owned(),
            },
            ("demo", None) => Self::Demo,
            ("sources", None) => Self::Sources,
            ("settings", None) => Self::Settings,
            ("corrections", None) => Self::Corrections,
            (page @ ("corrections" | "receipts"), Some(kind)) => {
                // An id may hold slashes of its own.
                let id = parts.by_ref().collect::<Vec<_>>().join("/");
                if id.is_empty() {
                    return None;
                }
                let kind = kind.to_owned();
                match page {
                    "receipts" => Self::Receipt { kind, id },
                    _ => Self::Correction { kind, id },
                }
            }
            ("explanations", Some(metric)) if is_metric(metric) => Self::Explanation {
                metric: metric.to_owned(),
            },
            ("actions", None) => Self::Actions,
            ("search", None) => Self::Search,
            ("keys", None) => Self::Keys,
            ("sign-in", None) => Self::SignIn,
            _ => return None,
        };
        parts.next().is_none().then_some(route)
    }
}

/// The review of a week and scope; the latest complete week and the company when absent.
pub fn review(week: Option<&str>, scope: Option<&str>) -> String {
    let mut address = "/review".to_owned();
    if let Some(week) = week {
        address.push('/');
        address.push_str(&encode(week));
    }
    address + &query(&[("scope", scope.filter(|scope| *scope != "company"))])
}

/// The review of a week and scope as data, `json` or `csv`.
///
/// ```
/// let address = app::routes::review_as("csv", "2026-W47", "workflow:checkout");
/// assert_eq!(address, "/api/v1/review/2026-W47?scope=workflow:checkout&format=csv");
/// ```
pub fn review_as(format: &str, week: &str, scope: &str) -> String {
    let scope = Some(scope).filter(|scope| *scope != "company");
    let pairs = [("scope", scope), ("format", Some(format))];
    format!("/api/v1/review/{}{}", encode(week), query(&pairs))
}

/// The records behind a figure.
///
/// ```
/// use app::{backend::RecordsQuery, routes};
/// let query = RecordsQuery { week: Some("2026-W47".into()), offset: 50, ..Default::default() };
/// assert_eq!(routes::records("changes_merged", &query), "/records/changes_merged?week=2026-W47&offset=50");
/// ```
pub fn records(metric: &str, of: &RecordsQuery) -> String {
    format!("/records/{}{}", encode(metric), records_query(of, None))
}

/// The same list as data, `json` or `csv`.
///
/// ```
/// use app::{backend::RecordsQuery, routes};
/// let query = RecordsQuery { sort: Some("-value".into()), ..Default::default() };
/// let address = routes::records_as("csv", "changes_merged", &query);
/// assert_eq!(address, "/api/v1/records/changes_merged?sort=-value&format=csv");
/// ```
pub fn records_as(format: &str, metric: &str, of: &RecordsQuery) -> String {
    let query = records_query(of, Some(format));
    format!("/api/v1/records/{}{query}", encode(metric))
}

fn records_query(of: &RecordsQuery, format: Option<&str>) -> String {
    let offset = (of.offset > 0).then(|| of.offset.to_string());
    query(&[
        ("week", of.week.as_deref()),
        ("scope", of.scope.as_deref()),
        ("segment", of.segment.as_deref()),
        ("sort", of.sort.as_deref()),
        ("offset", offset.as_deref()),
        ("format", format),
    ])
}

/// The weeks of a figure as a picture, `svg` or `png`.
///
/// ```
/// use app::{backend::RecordsQuery, routes};
/// let query = RecordsQuery { week: Some("2026-W47".into()), ..Default::default() };
/// assert_eq!(routes::picture("agent_share", &query, "png"), "/records/agent_share/chart.png?week=2026-W47");
/// ```
pub fn picture(metric: &str, of: &RecordsQuery, format: &str) -> String {
    let pairs = [
        ("week", of.week.as_deref()),
        ("scope", of.scope.as_deref()),
        ("segment", of.segment.as_deref()),
    ];
    format!(
        "/records/{}/chart.{}{}",
        encode(metric),
        encode(format),
        query(&pairs)
    )
}

/// What a metric means.
pub fn definition(metric: &str) -> String {
    format!("/definitions/{}", encode(metric))
}

/// How a week's answer is reached.
///
/// ```
/// assert_eq!(app::routes::answer("2026-W47", "company"), "/definitions/answer?week=2026-W47");
/// ```
pub fn answer(week: &str, scope: &str) -> String {
    let scope = Some(scope).filter(|scope| *scope != "company");
    format!(
        "{}{}",
        definition("answer"),
        query(&[("week", Some(week)), ("scope", scope)])
    )
}

/// All workflows.
pub const WORKFLOWS: &str = "/workflows";
/// The form that adds one.
pub const NEW_WORKFLOW: &str = "/workflows/new";

/// A workflow in a week, with charts that reach so far back.
///
/// ```
/// use app::{backend::WorkflowQuery, routes::workflow, view::workflow::Reach};
/// let year = WorkflowQuery { week: Some("2026-W47".into()), reach: Reach::Year, sort: None };
/// assert_eq!(workflow("checkout", &year), "/workflows/checkout?week=2026-W47&weeks=52");
/// let beside = WorkflowQuery { reach: Reach::SixTwelve, ..WorkflowQuery::default() };
/// assert_eq!(workflow("checkout", &beside), "/workflows/checkout?view=6-12");
/// ```
pub fn workflow(slug: &str, of: &WorkflowQuery) -> String {
    let (weeks, view) = match of.reach {
        Reach::HalfAYear => (None, None),
        Reach::Year => (Some("52"), None),
        Reach::SixTwelve => (None, Some("6-12")),
    };
    let pairs = [
        ("week", of.week.as_deref()),
        ("weeks", weeks),
        ("view", view),
        ("sort", of.sort.as_deref()),
    ];
    format!("{WORKFLOWS}/{}{}", encode(slug), query(&pairs))
}

/// The form that edits a workflow.
pub fn edit_workflow(slug: &str) -> String {
    format!("{WORKFLOWS}/{}/edit", encode(slug))
}

/// The form that proposes new limits for a series.
pub fn limits(metric: &str, scope: &str) -> String {
    format!(
        "/limits/{}{}",
        encode(metric),
        query(&[("scope", Some(scope))])
    )
}

/// What is really true of a generated company.
pub const DEMO: &str = "/demo";
/// Where records come from.
pub const SOURCES: &str = "/sources";
/// Where a system is connected.
pub const CONNECT: &str = "/sources/connect";
/// Where the form is sent that reads a source now.
pub const READ_SOURCE: &str = "/sources/read";
/// The page of sources, saying that one is read soon.
///
/// ```
/// assert_eq!(app::routes::awaited("forge"), "/sources?awaited=forge");
/// ```
pub fn awaited(source: &str) -> String {
    format!("{SOURCES}{}", query(&[("awaited", Some(source))]))
}

/// Where the form is sent that tries a source's sign-in.
pub const CHECK_SOURCE: &str = "/sources/check";
/// Where the form is sent after which a source is read no more.
pub const DISCONNECT: &str = "/sources/disconnect";
/// What can be set.
pub const SETTINGS: &str = "/settings";

/// Where the forms of a part of the settings are sent.
pub fn settings(part: Part) -> String {
    format!("{SETTINGS}/{}", part.name())
}

/// What waits to be put right.
pub const CORRECTIONS: &str = "/corrections";

/// The page that puts one thing right.
///
/// ```
/// assert_eq!(app::routes::correction("incident", "INC/7"), "/corrections/incident/INC%2F7");
/// ```
pub fn correction(kind: &str, id: &str) -> String {
    format!("{CORRECTIONS}/{}/{}", encode(kind), encode(id))
}

/// The receipt of one thing.
///
/// ```
/// assert_eq!(app::routes::receipt("change", "shop#48/21 é%"), "/receipts/change/shop%2348%2F21%20%C3%A9%25");
/// ```
pub fn receipt(kind: &str, id: &str) -> String {
    format!("/receipts/{}/{}", encode(kind), encode(id))
}

/// What went into a run and came out.
pub fn bodies(run: &str) -> String {
    format!("/bodies/{}", encode(run))
}

/// The same receipt as data.
pub fn receipt_as_json(kind: &str, id: &str) -> String {
    format!("/api/v1{}", receipt(kind, id))
}

/// The same receipt, signed.
pub fn signed_receipt(kind: &str, id: &str) -> String {
    format!("{}?format=signed", receipt_as_json(kind, id))
}

/// What was decided to be done.
pub const ACTIONS: &str = "/actions";

/// Where one action is marked done.
///
/// ```
/// assert_eq!(app::routes::action(3), "/actions/3");
/// ```
pub fn action(number: i64) -> String {
    format!("{ACTIONS}/{number}")
}

/// What is said about a week of a series.
///
/// ```
/// let address = app::routes::explanation("change_fail_rate", "2026-W47", "workflow:checkout");
/// assert_eq!(address, "/explanations/change_fail_rate?scope=workflow:checkout&week=2026-W47");
/// ```
pub fn explanation(metric: &str, week: &str, scope: &str) -> String {
    let of = [("scope", Some(scope)), ("week", Some(week))];
    format!("/explanations/{}{}", encode(metric), query(&of))
}

/// What is found for what is typed, as data.
///
/// ```
/// assert_eq!(app::routes::search_as_json("lead time"), "/api/v1/search?q=lead%20time");
/// ```
pub fn search_as_json(typed: &str) -> String {
    format!("/api/v1{SEARCH}{}", query(&[("q", Some(typed))]))
}

/// The sign-in page that leads on to `next`.
pub fn sign_in(next: &str) -> String {
    format!("{SIGN_IN}{}", query(&[("next", Some(next))]))
}

/// The page a one-time link opens.
pub fn sign_in_link(token: &str) -> String {
    format!("{SIGN_IN_LINK}{}", query(&[("token", Some(token))]))
}

/// An address outside Onehop, if it may be linked: http and https only.
pub fn external(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    let known = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
    (known && !rest.is_empty()).then_some(url)
}

fn is_week(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 8
        && &bytes[4..6] == b"-W"
        && bytes[..4].iter().chain(&bytes[6..]).all(u8::is_ascii_digit)
}

fn is_metric(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

fn query(pairs: &[(&str, Option<&str>)]) -> String {
    let mut text = String::new();
    for (key, value) in pairs {
        if let Some(value) = value {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(key);
            text.push('=');
            text.push_str(&encode(value));
        }
    }
    text
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b':' => {
                encoded.push(byte as char);
            }
            _ => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_leads_back_to_its_page() {
        let week = Some("2026-W47".to_owned());
        assert_eq!(
            Route::parse(&review(week.as_deref(), None)),
            Some(Route::Review { week })
        );
        let metric = "pr_cycle_time".to_owned();
        assert_eq!(
            Route::parse(&records(&metric, &RecordsQuery::default())),
            Some(Route::Records {
                metric: metric.clone()
            })
        );
        assert_eq!(
            Route::parse(&definition(&metric)),
            Some(Route::Definition { metric })
        );
        assert_eq!(Route::parse(SIGN_IN), Some(Route::SignIn));
        assert_eq!(Route::parse(ACTIONS), Some(Route::Actions));
        let metric = "pr_cycle_time".to_owned();
        assert_eq!(
            Route::parse("/explanations/pr_cycle_time"),
            Some(Route::Explanation { metric })
        );
    }

    #[test]
    fn a_longer_path_or_a_strange_name_is_no_page() {
        for path in [
            "/",
            "/review/2026-W47/x",
            "/review/2026-47",
            "/records",
            "/records/A b",
        ] {
            assert_eq!(Route::parse(path), None, "{path}");
        }
    }

    #[test]
    fn what_goes_into_a_query_is_encoded() {
        assert_eq!(
            review(Some("2026-W47"), Some("workflow:a&b")),
            "/review/2026-W47?scope=workflow:a%26b"
        );
        assert_eq!(sign_in("/review?x=1"), "/sign-in?next=%2Freview%3Fx%3D1");
    }

    #[test]
    fn only_web_addresses_are_linked() {
        assert_eq!(
            external("HTTPS://example.org/1"),
            Some("HTTPS://example.org/1")
        );
        for url in ["javascript:alert(1)", "data:text/html,x", "//x", "http://"] {
            assert_eq!(external(url), None, "{url}");
        }
    }
}
