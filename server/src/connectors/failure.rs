//! Why a system could not be read: whose it is to mend, what comes next, and the sentence that says so.
//!
//! One table for all of them. A sentence names what failed and what to do; it never holds a header, a
//! query or a body, which may hold a secret.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use super::client::rates;

/// Why a system could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{said}")]
pub struct Failure {
    pub class: Class,
    pub next: Next,
    /// What failed and what to do, in a sentence.
    pub said: String,
    concerns: Concerns,
}

/// How much of a system a failure speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Concerns {
    /// One address, at which there is nothing.
    Nothing,
    /// One thing or one kind of things.
    Some,
    /// The system as a whole, or the way to it.
    All,
}

/// Whose it is to mend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// The operator's: a sign-in that expired, a permission that is missing.
    Ours,
    /// Nobody's: a limit that ends, a system that is down.
    WillPass,
    /// The other system's: it answers in another form than it declares.
    Theirs,
    Unknown,
}

impl Class {
    /// As it is kept and shown to scripts.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Ours => "ours",
            Class::WillPass => "will_pass",
            Class::Theirs => "theirs",
            Class::Unknown => "unknown",
        }
    }
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The same request again, soon.
    Retry,
    /// Nothing until this long has passed.
    Wait(Duration),
    /// Nothing until somebody has changed something, or the next time it is due.
    Stop,
}

impl Failure {
    pub fn ours(said: impl Into<String>) -> Failure {
        Failure::new((Class::Ours, Next::Stop), Concerns::All, said)
    }

    /// One thing or kind of things is not open to us.
    pub fn closed(said: impl Into<String>) -> Failure {
        Failure::new((Class::Ours, Next::Stop), Concerns::Some, said)
    }

    pub fn theirs(said: impl Into<String>) -> Failure {
        Failure::new((Class::Theirs, Next::Stop), Concerns::Some, said)
    }

    /// Something between here and there broke.
    pub fn broken_off(said: impl Into<String>) -> Failure {
        Failure::new((Class::WillPass, Next::Retry), Concerns::All, said)
    }

    /// It answers, and not this.
    pub fn falters(said: impl Into<String>) -> Failure {
        Failure::new((Class::WillPass, Next::Retry), Concerns::Some, said)
    }

    pub fn waits(wait: Duration, said: impl Into<String>) -> Failure {
        Failure::new((Class::WillPass, Next::Wait(wait)), Concerns::All, said)
    }

    pub fn unknown(said: impl Into<String>) -> Failure {
        Failure::new((Class::Unknown, Next::Stop), Concerns::Some, said)
    }

    fn nothing(said: impl Into<String>) -> Failure {
        Failure::new((Class::Ours, Next::Stop), Concerns::Nothing, said)
    }

    fn new((class, next): (Class, Next), concerns: Concerns, said: impl Into<String>) -> Failure {
        Failure {
            class,
            next,
            concerns,
            said: said.into(),
        }
    }

    /// Whether it answers, and has nothing at the address.
    pub fn is_nothing_there(&self) -> bool {
        self.concerns == Concerns::Nothing
    }

    /// Whether one thing or one kind of things is not open to us, or not there.
    pub fn is_closed(&self) -> bool {
        self.class == Class::Ours && !self.concerns_all()
    }

    /// Whether nothing else of the system is worth a try now.
    pub fn concerns_all(&self) -> bool {
        self.concerns == Concerns::All
    }

    /// The same, with what was being done before it.
    pub fn while_doing(self, what: &str) -> Failure {
        Failure {
            said: format!("{what}: {}", self.said),
            ..self
        }
    }
}

/// What an answer that is no success means: the table.
pub fn of_answer(status: StatusCode, headers: &HeaderMap, body: &[u8]) -> Failure {
    if let Some(wait) = rates::wait(status, headers, body) {
        return Failure::waits(
            wait,
            "its rate limit is reached; reading goes on when it ends",
        );
    }
    match status.as_u16() {
        401 => Failure::ours("it does not accept the sign-in (401): the token is wrong, expired or revoked; put in a new one"),
        403 => Failure::closed(match permission(headers) {
            Some(named) => format!("it refuses (403): the token lacks a permission, one of: {named}; grant it and try again"),
            None => "it refuses (403): the token lacks a permission, or its organisation does not let it in".to_owned(),
        }),
        404 | 410 => Failure::nothing(format!(
            "it finds nothing there ({}): it was renamed or deleted, or the token does not see it",
            status.as_u16()
        )),
        408 | 425 | 429 | 500 | 502 | 503 | 504 => {
            Failure::falters(format!("it is not answering as it should ({})", status.as_u16()))
        }
        451 => Failure::theirs("it may not show that for legal reasons (451)"),
        code if status.is_redirection() => Failure::theirs(format!(
            "it leads elsewhere ({code}), which is not followed"
        )),
        code => Failure::unknown(format!("it answers with status {code}, which is not expected")),
    }
}

/// The permissions of which one would do, as GitHub names them.
fn permission(headers: &HeaderMap) -> Option<String> {
    let named = headers
        .get("x-accepted-github-permissions")?
        .to_str()
        .ok()?;
    // Nothing else of a header is repeated: an answer may hold what it was sent.
    let is_named = |own: &str| {
        let level = own.split_once('=');
        level.is_some_and(|(name, level)| {
            let is_plain = |c: char| c.is_ascii_lowercase() || c == '_';
            name.chars().all(is_plain) && ["read", "write", "admin"].contains(&level)
        })
    };
    let mut each = named.split([',', ';', ' ']).filter(|own| !own.is_empty());
    (!named.is_empty() && named.len() < 200 && each.all(is_named)).then(|| named.to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn each_status_is_somebodys_to_mend_and_has_a_next_step() {
        let of = |code: u16| {
            let failure = of_answer(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), b"");
            (failure.class, failure.next)
        };
        assert_eq!(of(401), (Class::Ours, Next::Stop));
        assert_eq!(of(403), (Class::Ours, Next::Stop));
        assert_eq!(of(404), (Class::Ours, Next::Stop));
        assert_eq!(of(503), (Class::WillPass, Next::Retry));
        assert_eq!(of(301), (Class::Theirs, Next::Stop));
        assert_eq!(of(418), (Class::Unknown, Next::Stop));
    }

    #[test]
    fn a_missing_permission_is_named_and_nothing_else_of_a_header_is() {
        let said = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(
                "x-accepted-github-permissions",
                HeaderValue::from_static(value),
            );
            of_answer(StatusCode::FORBIDDEN, &headers, b"").said
        };
        assert!(said("deployments=read").contains("deployments=read"));
        assert!(said("issues=write, contents=read").contains("issues=write, contents=read"));
        assert!(!said("<script>").contains("script"));
        assert!(!said("ghp_1planted").contains("planted"));
    }
}
