//! Requests to GitHub: signed in by octocrab, sent through our own client, read as our own structs.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ACCEPT, ETAG, IF_NONE_MATCH, LINK};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::{BodyExt, Full};
use octocrab::{OctoBody, Octocrab, OctocrabBuilder};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{BASE_URL, Failure, Settings, sign_in};
use crate::connectors::client::rates::{self, Left};
use crate::connectors::client::{Allowance, Client, Pacer, Request, Response};

/// GitHub's limits on how fast one may ask, beside those by the hour, which its answers tell.
const ALLOWANCES: [Allowance; 2] = [
    Allowance {
        name: "REST",
        points_a_minute: 900,
    },
    Allowance {
        name: "GraphQL",
        points_a_minute: 2_000,
    },
];
/// In GitHub's own form, else as any JSON.
const ACCEPTED: &str = "application/vnd.github+json, application/json;q=0.9";
const VERSION: &str = "2022-11-28";
/// Things on a page of a list, the most there may be.
pub(super) const PAGE: usize = 100;

/// A way to GitHub. Cheap to clone.
#[derive(Clone)]
pub(super) struct Api {
    octocrab: Octocrab,
    /// The same, signed in as the app itself; none where the sign-in is no app's.
    app: Option<Octocrab>,
    client: Client,
    pacer: Arc<Pacer>,
}

/// What a list answers.
pub(super) enum Answer<T> {
    /// As it was when its mark was given.
    Unchanged,
    Changed(Changed<T>),
}

pub(super) struct Changed<T> {
    pub body: T,
    /// The mark to ask with the next time.
    pub etag: Option<String>,
    /// The path of the next page.
    pub next: Option<String>,
}

impl Api {
    pub(super) fn new(settings: &Settings) -> Result<Api, Failure> {
        let patience = settings.patience;
        let base_url = settings.base_url.as_deref().unwrap_or(BASE_URL);
        let pacer = Arc::new(Pacer::new(&ALLOWANCES, allowance, patience));
        let client = Client::new(base_url, pacer.clone(), patience)?;
        let sending = client.clone();
        let service = tower::service_fn(move |request| pass(sending.clone(), request));
        let signed_in = |auth| {
            let built = OctocrabBuilder::new_empty()
                .with_service(service.clone())
                .with_auth(auth)
                .build();
            match built {
                Ok(octocrab) => octocrab,
                Err(never) => match never {},
            }
        };
        Ok(Api {
            octocrab: signed_in(sign_in::state(&settings.sign_in)?),
            app: sign_in::as_app(&settings.sign_in)?.map(signed_in),
            client,
            pacer,
        })
    }

    /// A way to what belongs to the app itself.
    pub(super) fn as_app(&self) -> Option<Api> {
        let app = self.app.clone()?;
        Some(Api {
            octocrab: app,
            ..self.clone()
        })
    }

    /// What is left of the limits by the hour, as far as GitHub told.
    pub(super) fn left(&self) -> Vec<(&'static str, Left)> {
        self.pacer.left()
    }

    /// The path of something under the base address, for the methods below.
    pub(super) fn under_base(&self, path: &str) -> String {
        self.client.under_base(path)
    }

    /// Reads a path; with a mark only if it changed since.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        etag: Option<&str>,
    ) -> Result<Answer<T>, Failure> {
        let mut request = http::Request::get(path).header(ACCEPT, ACCEPTED);
        if let Some(etag) = etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        let (headers, body, status) = self.execute(request, String::new()).await?;
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let next = next_link(&headers).map(|link| self.client.path_of(&link));
        Ok(Answer::Changed(Changed {
            body: read(&body)?,
            etag: text(&headers, ETAG.as_str()),
            next: next.transpose()?,
        }))
    }

    /// Asks for something to be done.
    pub(super) async fn post(&self, path: &str) -> Result<(), Failure> {
        let request = http::Request::post(path).header(ACCEPT, ACCEPTED);
        self.execute(request, String::new()).await.map(|_| ())
    }

    /// Reads all pages from a path on.
    pub(super) async fn get_all<T: DeserializeOwned>(&self, path: &str) -> Result<Vec<T>, Failure> {
        let mut all = Vec::new();
        let mut next = Some(path.to_owned());
        while let Some(path) = next {
            match self.get::<Vec<T>>(&path, None).await? {
                Answer::Unchanged => break,
                Answer::Changed(page) => {
                    all.extend(page.body);
                    next = page.next;
                }
            }
        }
        Ok(all)
    }

    /// Asks by GraphQL; none where there is no GraphQL at this address.
    pub(super) async fn graphql<T: DeserializeOwned>(
        &self,
        query: &str,
        variables: Value,
    ) -> Result<Option<T>, Failure> {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = http::Request::builder()
            .method(Method::POST)
            .uri(self.graphql_path())
            .header(ACCEPT, ACCEPTED);
        let answered = match self.execute(request, body).await {
            Err(failure) if failure.is_nothing_there() => return Ok(None),
            answered => answered?,
        };
        let (headers, body, _) = answered;
        let answer: GraphQl<T> = read(&body)?;
        match answer.data {
            Some(data) if answer.errors.is_empty() => Ok(Some(data)),
            _ => Err(refused(&answer.errors, &headers)),
        }
    }

    /// Beside the REST API: at an enterprise server `/api/graphql`, else `/graphql`.
    fn graphql_path(&self) -> String {
        let rest = self.client.under_base("");
        format!("{}/graphql", rest.strip_suffix("/v3").unwrap_or(&rest))
    }

    async fn execute(
        &self,
        request: http::request::Builder,
        body: String,
    ) -> Result<(HeaderMap, Bytes, StatusCode), Failure> {
        let request = request
            .header("x-github-api-version", VERSION)
            .body(body)
            .map_err(|_| Failure::theirs("it names an address that cannot be read"))?;
        let answer = self.octocrab.execute(request).await.map_err(failure)?;
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.map_err(failure)?.to_bytes();
        Ok((parts.headers, body, parts.status))
    }
}

/// A name as one part of an address: a branch, a tag, a label.
pub(super) fn escaped(name: &str) -> String {
    form_urlencoded::byte_serialize(name.as_bytes()).collect()
}

/// Which allowance a request counts towards.
fn allowance(request: &Request) -> usize {
    usize::from(request.uri().path().ends_with("/graphql"))
}

/// What octocrab sends goes through our client.
async fn pass(
    client: Client,
    request: http::Request<OctoBody>,
) -> Result<http::Response<Full<Bytes>>, Failure> {
    let (mut parts, body) = request.into_parts();
    let unread = |_| Failure::unknown("a request could not be made");
    let body = body.collect().await.map_err(unread)?.to_bytes();
    // Octocrab asks for tokens of an installation by itself, and knows of no base address.
    if parts.uri.path().starts_with("/app/installations/") {
        let path = client.under_base(parts.uri.path()).parse();
        parts.uri = path.map_err(|_| Failure::unknown("a request could not be made"))?;
    }
    let response: Response = client.send(Request::from_parts(parts, body)).await?;
    Ok(response.map(Full::new))
}

/// Our own failure out of octocrab's, else what octocrab could not do.
fn failure(error: octocrab::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    while let Some(own) = cause {
        if let Some(failure) = own.downcast_ref::<Failure>() {
            return failure.clone();
        }
        cause = own.source();
    }
    match error {
        octocrab::Error::JWT { .. } => Failure::ours("the app's private key cannot sign"),
        octocrab::Error::Serde { .. } | octocrab::Error::Json { .. } => {
            Failure::theirs("it answers in a form that is not known")
        }
        _ => Failure::unknown("the request could not be made"),
    }
}

#[derive(Deserialize)]
struct GraphQl<T> {
    data: Option<T>,
    #[serde(default = "Vec::new")]
    errors: Vec<GraphQlError>,
}

#[derive(Deserialize)]
struct GraphQlError {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

fn refused(errors: &[GraphQlError], headers: &HeaderMap) -> Failure {
    let is = |kind: &str| errors.iter().any(|error| error.kind == kind);
    let mut messages = errors.iter().map(|error| error.message.to_lowercase());
    if is("RATE_LIMITED") || is("RATE_LIMIT") || messages.any(|own| own.contains("rate limit")) {
        // It answers with 200, and tells in its headers what it tells with 429.
        let wait = rates::wait(StatusCode::TOO_MANY_REQUESTS, headers, b"");
        let wait = wait.unwrap_or(rates::UNTOLD);
        return Failure::waits(
            wait,
            "its rate limit is used up; reading goes on when it begins anew",
        );
    }
    if is("FORBIDDEN") || is("INSUFFICIENT_SCOPES") {
        return Failure::closed("it refuses a part of what is asked: the token lacks a permission");
    }
    if is("MAX_NODE_LIMIT_EXCEEDED")
        || errors.is_empty()
        || errors.iter().all(|error| error.kind.is_empty())
    {
        return Failure::falters("it did not manage what was asked at once");
    }
    Failure::theirs("it does not understand what is asked by GraphQL")
}

/// The address of the next page, as `Link` names it.
fn next_link(headers: &HeaderMap) -> Option<String> {
    let links = text(headers, LINK.as_str())?;
    links.split(',').find_map(|link| {
        let (address, relation) = link.split_once(';')?;
        let is_next = relation
            .split(';')
            .any(|part| part.trim() == r#"rel="next""#);
        let address = address.trim().strip_prefix('<')?.strip_suffix('>')?;
        is_next.then(|| address.to_owned())
    })
}

fn text(headers: &HeaderMap, name: &str) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(body).map_err(|error| {
        Failure::theirs(format!(
            "it answers in a form that is not known (line {}, column {})",
            error.line(),
            error.column()
        ))
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_name_leads_to_no_other_path() {
        assert_eq!(escaped("v1.2.0"), "v1.2.0");
        assert_eq!(escaped("v1?x=#ü"), "v1%3Fx%3D%23%C3%BC");
        assert_eq!(escaped("../main"), "..%2Fmain");
    }

    #[test]
    fn the_next_page_is_the_one_that_is_named_so() {
        let next = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(LINK, HeaderValue::from_static(value));
            next_link(&headers)
        };
        let link =
            r#"<https://a.example/x?page=1>; rel="prev", <https://a.example/x?page=3>; rel="next""#;
        assert_eq!(next(link).as_deref(), Some("https://a.example/x?page=3"));
        assert_eq!(next(r#"<https://a.example/x?page=1>; rel="first""#), None);
        assert_eq!(next("nonsense"), None);
    }
}
