//! Where a system is. A link to a next page is data from outside: it is followed within its own system or
//! not at all, so that no token is carried elsewhere.

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::Failure;

/// Scheme, host and port, and the path under which all of it lies.
#[derive(Clone, Debug)]
pub(super) struct Origin {
    scheme: Scheme,
    authority: Authority,
    /// Without a slash at its end.
    path: String,
}

impl Origin {
    /// Of an address over HTTP; none of anything else.
    pub(super) fn of(address: &str) -> Option<Origin> {
        let parts = address.parse::<Uri>().ok()?.into_parts();
        let scheme = parts.scheme?;
        let authority = parts.authority?;
        let is_web = scheme == Scheme::HTTP || scheme == Scheme::HTTPS;
        // What stands before an @ is a password, which belongs in no address.
        if !is_web || authority.as_str().contains('@') {
            return None;
        }
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path);
        Some(Origin {
            scheme,
            authority,
            path: path.trim_end_matches('/').to_owned(),
        })
    }

    /// The path under the base with what comes after it.
    pub(super) fn under(&self, path: &str) -> String {
        format!("{}{path}", self.path)
    }

    /// The whole address of a path.
    pub(super) fn whole(&self, path: PathAndQuery) -> Result<Uri, Failure> {
        let uri = Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path);
        uri.build()
            .map_err(|_| Failure::theirs("it names an address that cannot be read"))
    }

    /// Path and query of a link within this origin; a foreign one is refused.
    pub(super) fn path_of(&self, link: &str) -> Result<String, Failure> {
        let read = link.parse::<Uri>().ok();
        let unread = || Failure::theirs("it names a next page at an address that cannot be read");
        let uri = read.ok_or_else(unread)?;
        let is_own = match (uri.scheme(), uri.authority()) {
            (None, None) => link.starts_with('/') && !link.starts_with("//"),
            (Some(scheme), Some(authority)) => {
                *scheme == self.scheme && self.is_authority(authority)
            }
            _ => false,
        };
        if !is_own {
            return Err(Failure::theirs(
                "it names a next page at another address than its own, which is not followed",
            ));
        }
        let path = uri.path_and_query().ok_or_else(unread)?;
        Ok(path.as_str().to_owned())
    }

    fn is_authority(&self, other: &Authority) -> bool {
        let usual = if self.scheme == Scheme::HTTPS {
            443
        } else {
            80
        };
        let port = |authority: &Authority| authority.port_u16().unwrap_or(usual);
        let has_password = other.as_str().contains('@');
        !has_password
            && self.authority.host().eq_ignore_ascii_case(other.host())
            && port(&self.authority) == port(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_within_its_own_system_alone() {
        let own = Origin::of("https://api.example.org/v3/").unwrap();
        let path = |link: &str| own.path_of(link).ok();
        let next = Some("/v3/pulls?page=2".to_owned());
        assert_eq!(path("https://API.example.org:443/v3/pulls?page=2"), next);
        assert_eq!(path("/v3/pulls?page=2"), next);
        for foreign in [
            "http://api.example.org/v3/pulls?page=2",
            "https://api.example.org.evil.example/v3/pulls",
            "https://api.example.org:8443/v3/pulls",
            "https://token@api.example.org/v3/pulls",
            "//evil.example/v3/pulls",
            "pulls?page=2",
        ] {
            assert_eq!(path(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn an_address_with_a_password_or_of_another_kind_is_no_origin() {
        assert!(Origin::of("https://token@api.example.org").is_none());
        assert!(Origin::of("ftp://api.example.org").is_none());
        let own = Origin::of("http://127.0.0.1:4010").unwrap();
        assert_eq!(own.under("/repos/a/b"), "/repos/a/b");
    }
}
