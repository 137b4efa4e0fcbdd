//! One request as a page sees it: its id, its nonce, its theme, where it came from, who makes it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use app::backend::{self, Reader};
use app::view::frame::{Frame, Person, Theme};
use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use axum_extra::extract::CookieJar;

use crate::auth::role::Role;
use crate::auth::secret::random_hex;
use crate::auth::{Caller, csrf};
use crate::http::{AppState, Problem, keys, site, theme};

/// What is known of a request before it is known who makes it.
#[derive(Clone, Debug)]
pub struct Visit {
    /// Always our own, never one that was sent.
    pub id: String,
    pub nonce: String,
    /// Path and query; the path alone where the query may hold a secret.
    pub path: String,
    pub theme: Theme,
    pub single_keys: bool,
    pub address: IpAddr,
}

impl Visit {
    fn of(request: &Request, behind_proxy: bool) -> Visit {
        let uri = request.uri();
        let path = match uri.path() {
            path if path.starts_with("/sign-in") => path,
            path => uri.path_and_query().map_or(path, |both| both.as_str()),
        };
        let peer = request
            .extensions()
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0.ip());
        let cookies = CookieJar::from_headers(request.headers());
        let forwarded = behind_proxy.then(|| forwarded_for(request.headers()));
        Visit {
            id: random_hex::<16>(),
            nonce: random_hex::<16>(),
            path: path.to_owned(),
            theme: theme::of_cookies(&cookies),
            single_keys: keys::of_cookies(&cookies),
            address: forwarded.flatten().unwrap_or(peer),
        }
    }

    /// Whether whoever asks is a script, which reads JSON and no pages.
    pub fn is_api(&self) -> bool {
        let of_scripts = ["/api/", "/v1/", "/hooks/", "/metrics"];
        of_scripts.iter().any(|start| self.path.starts_with(start))
    }

    /// What surrounds a page for this caller.
    pub fn frame(&self, caller: &Caller) -> Frame {
        let (person, csrf) = match caller {
            Caller::Person(person) => (
                Some(Person {
                    email: person.email.clone(),
                    role: person.role.in_words().to_owned(),
                    corrects: matches!(person.role, Role::Dri | Role::Operator),
                    operates: person.role == Role::Operator,
                    decides: person.role == Role::Executive,
                }),
                csrf::for_session(&person.session),
            ),
            _ => (None, String::new()),
        };
        Frame {
            person,
            theme: self.theme,
            single_keys: self.single_keys,
            nonce: self.nonce.clone(),
            islands: site::has_islands(),
            csrf,
            path: self.path.clone(),
            generated: None,
        }
    }
}

/// The client's address as the nearest proxy saw it: the last one it wrote down.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all("x-forwarded-for").iter().next_back()?;
    last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// Gives each request its [`Visit`].
pub async fn begin(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let visit = Visit::of(&request, state.behind_proxy);
    request.extensions_mut().insert(visit);
    next.run(request).await
}

/// For handlers: the request and who makes it.
#[derive(Clone, Debug)]
pub struct Visitor {
    pub visit: Visit,
    pub caller: Caller,
}

impl Visitor {
    /// Who reads; only people come to what asks for it, and the table sees to it.
    pub fn reader(&self) -> Reader {
        match &self.caller {
            Caller::Person(person) => Reader {
                email: person.email.clone(),
                role: match person.role {
                    Role::Executive => backend::Role::Executive,
                    Role::Dri => backend::Role::Dri,
                    Role::Finance => backend::Role::Finance,
                    Role::Operator => backend::Role::Operator,
                },
            },
            _ => Reader {
                email: String::new(),
                role: backend::Role::Finance,
            },
        }
    }

    /// What surrounds a page for this visitor.
    pub fn frame(&self) -> Frame {
        self.visit.frame(&self.caller)
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Visitor, Problem> {
        let visit = parts.extensions.get::<Visit>().cloned();
        let caller = parts.extensions.get::<Caller>().cloned();
        match (visit, caller) {
            (Some(visit), Some(caller)) => Ok(Visitor { visit, caller }),
            _ => Err(Problem::broken()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    fn request(path: &str, forwarded: &str) -> Request {
        Request::builder()
            .uri(path)
            .header("x-forwarded-for", forwarded)
            .body(Body::empty())
            .unwrap()
    }

    #[test]
    fn the_token_of_a_sign_in_link_does_not_become_part_of_a_page() {
        let visit = Visit::of(&request("/sign-in?token=abc", ""), false);
        assert_eq!(visit.path, "/sign-in");
        let visit = Visit::of(&request("/review?scope=company", ""), false);
        assert_eq!(visit.path, "/review?scope=company");
    }

    #[test]
    fn a_forwarded_address_counts_only_behind_a_proxy_and_only_the_last_one() {
        let asked = request("/", "198.51.100.9, 203.0.113.7");
        assert_eq!(Visit::of(&asked, false).address.to_string(), "0.0.0.0");
        assert_eq!(Visit::of(&asked, true).address.to_string(), "203.0.113.7");
    }
}
