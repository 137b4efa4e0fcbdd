//! Whether a form was sent from one of our own pages.
//!
//! Two proofs, both needed: a field that only a page of this session can know, and, when the
//! browser says where the request comes from, that it comes from here.

use sha2::{Digest, Sha256};

use crate::auth::secret::{Secret, same};

/// What every form of a session carries; derived from the session, so that nothing is stored.
pub fn for_session(session: &Secret) -> String {
    let mut hash = Sha256::new();
    hash.update(b"onehop form v1\0");
    hash.update(session.reveal().as_bytes());
    hex::encode(hash.finalize())
}

/// Whether a form carries the right field.
pub fn matches(session: &Secret, sent: &str) -> bool {
    same(&for_session(session), sent)
}

/// What a browser says about where a request comes from.
#[derive(Clone, Copy, Debug, Default)]
pub struct Provenance<'a> {
    pub origin: Option<&'a str>,
    pub fetch_site: Option<&'a str>,
    pub host: Option<&'a str>,
}

impl Provenance<'_> {
    /// Whether nothing speaks against the request coming from our own pages, which are reached at
    /// `public_url` or at the host that the request names.
    pub fn is_ours(&self, public_url: &str) -> bool {
        let site = self.fetch_site.is_none_or(|site| site == "same-origin");
        let origin = self.origin.is_none_or(|origin| {
            origin.eq_ignore_ascii_case(public_url)
                || self.host.is_some_and(|host| {
                    origin
                        .split_once("://")
                        .is_some_and(|(_, from)| from.eq_ignore_ascii_case(host))
                })
        });
        site && origin
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from<'a>(origin: Option<&'a str>, fetch_site: Option<&'a str>) -> Provenance<'a> {
        Provenance {
            origin,
            fetch_site,
            host: Some("127.0.0.1:3000"),
        }
    }

    #[test]
    fn a_form_of_another_session_does_not_match() {
        let mine = Secret::received("mine");
        assert!(matches(&mine, &for_session(&mine)));
        assert!(!matches(&mine, &for_session(&Secret::received("theirs"))));
        assert!(!matches(&mine, ""));
    }

    #[test]
    fn our_own_pages_are_those_at_the_public_url_or_at_the_host() {
        let public = "https://onehop.example.org";
        assert!(from(None, None).is_ours(public));
        assert!(from(Some(public), Some("same-origin")).is_ours(public));
        assert!(from(Some("http://127.0.0.1:3000"), None).is_ours(public));
    }

    #[test]
    fn another_origin_or_site_is_not_ours() {
        let public = "https://onehop.example.org";
        assert!(!from(Some("https://evil.example"), None).is_ours(public));
        assert!(!from(Some("null"), None).is_ours(public));
        assert!(!from(Some(public), Some("cross-site")).is_ours(public));
        assert!(!from(Some("http://127.0.0.1:3001"), None).is_ours(public));
    }
}
