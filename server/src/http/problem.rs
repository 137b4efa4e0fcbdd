//! What went wrong, once for scripts (RFC 9457) and once for people.
//!
//! A handler returns a [`Problem`]; the envelope, which knows who asks and under which id, makes
//! it readable. What broke inside stands in the log, never in the answer.

use std::any::Any;

use app::error::PageError;
use axum::extract::rejection::{FormRejection, PathRejection, QueryRejection};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::auth::role::Who;
use crate::{auth, store, views};

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    /// The last part of its type's address.
    pub kind: &'static str,
    pub title: &'static str,
    /// What failed and what to do, in a sentence.
    pub detail: String,
    /// The same for a page.
    page: PageError,
}

impl Problem {
    /// Nobody is signed in, and no token was sent that we know.
    pub fn not_signed_in() -> Problem {
        Problem {
            status: StatusCode::UNAUTHORIZED,
            kind: "not-signed-in",
            title: "Not signed in",
            detail:
                "Send a token as `Authorization: Bearer TOKEN`; `onehop token create` makes one."
                    .to_owned(),
            page: PageError::Forbidden {
                needs: "everyone who is signed in".to_owned(),
            },
        }
    }

    /// Known, but not among those who may.
    pub fn not_allowed(who: &Who) -> Problem {
        Problem::open_to(who.in_words())
    }

    /// Open to others; `needs` says to whom.
    pub fn open_to(needs: String) -> Problem {
        Problem {
            status: StatusCode::FORBIDDEN,
            kind: "not-allowed",
            title: "Not allowed",
            detail: format!("This is open to {needs}. Nothing was changed."),
            page: PageError::Forbidden { needs },
        }
    }

    /// A form that one of our own pages did not send.
    pub fn foreign_form() -> Problem {
        Problem {
            status: StatusCode::FORBIDDEN,
            kind: "foreign-form",
            title: "The form came from elsewhere",
            detail: "The form was not sent from a page of this session. Nothing was changed; open the page again and send it from there."
                .to_owned(),
            page: PageError::BadRequest {
                what: "where this form came from; open its page again and send it from there"
                    .to_owned(),
            },
        }
    }

    /// A delivery that its sender did not sign, or not with our secret.
    pub fn forged() -> Problem {
        Problem {
            status: StatusCode::UNAUTHORIZED,
            kind: "forged",
            title: "The signature does not hold",
            detail: "Nothing of the delivery was read. Set the same secret here and where it is sent from."
                .to_owned(),
            page: PageError::Forbidden {
                needs: "whoever knows the secret".to_owned(),
            },
        }
    }

    /// There is nothing here; `what` says what was looked for.
    pub fn not_found(what: &str) -> Problem {
        Problem {
            status: StatusCode::NOT_FOUND,
            kind: "not-found",
            title: "Not found",
            detail: format!("We looked for {what} and found nothing."),
            page: PageError::NotFound {
                what: what.to_owned(),
            },
        }
    }

    /// Something in the request cannot be read; `what` says which part and why.
    pub fn bad_request(what: impl Into<String>) -> Problem {
        let what = what.into();
        Problem {
            status: StatusCode::BAD_REQUEST,
            kind: "bad-request",
            title: "Not readable",
            detail: format!("Not readable: {what}. Nothing was changed."),
            page: PageError::BadRequest { what },
        }
    }

    /// What is of a week that is not over; `what` says which, and which is the latest.
    fn not_yet(what: String) -> Problem {
        Problem {
            page: PageError::NotYet { what: what.clone() },
            ..Problem::bad_request(what)
        }
    }

    /// Something broke on our side; say why in the log.
    pub fn broken() -> Problem {
        Problem {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            kind: "broken",
            title: "Something broke on our side",
            detail: "What was acknowledged before is safe. Try again; if it stays, give the request id to whoever runs Onehop."
                .to_owned(),
            page: PageError::Unavailable {
                request_id: String::new(),
            },
        }
    }

    /// The answer took too long.
    pub fn too_slow() -> Problem {
        Problem {
            status: StatusCode::SERVICE_UNAVAILABLE,
            kind: "too-slow",
            title: "The answer took too long",
            ..Problem::broken()
        }
    }

    /// A body over its limit.
    pub fn too_large(limit_bytes: usize) -> Problem {
        Problem::bad_request(format!("the body: it is larger than {limit_bytes} bytes"))
            .with_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    /// A body packed in a way that is not read.
    pub fn unknown_encoding(encoding: &HeaderValue) -> Problem {
        Problem::bad_request(format!(
            "the body: it is packed as {encoding:?}; send it as it is, or with Content-Encoding: gzip"
        ))
        .with_status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
    }

    fn with_status(self, status: StatusCode) -> Problem {
        Problem { status, ..self }
    }

    /// `application/problem+json`.
    pub fn as_json(&self, request_id: &str) -> Response {
        let body = json!({
            "type": format!("/problems/{}", self.kind),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "instance": format!("/requests/{request_id}"),
        });
        let mut response = (
            self.status,
            [(header::CONTENT_TYPE, "application/problem+json")],
            body.to_string(),
        )
            .into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let bearer = header::HeaderValue::from_static("Bearer");
            response
                .headers_mut()
                .insert(header::WWW_AUTHENTICATE, bearer);
        }
        response
    }

    /// As a page says it.
    pub fn as_page(&self, request_id: &str) -> PageError {
        match &self.page {
            PageError::Unavailable { .. } => PageError::Unavailable {
                request_id: request_id.to_owned(),
            },
            page => page.clone(),
        }
    }
}

/// Carries the problem to the envelope.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<PageError> for Problem {
    fn from(error: PageError) -> Problem {
        match error {
            PageError::NotFound { what } => Problem::not_found(&what),
            PageError::BadRequest { what } => Problem::bad_request(what),
            PageError::NotYet { what } => Problem::not_yet(what),
            PageError::Unavailable { .. } => Problem::broken(),
            PageError::Forbidden { needs } => Problem::open_to(needs),
        }
    }
}

impl From<auth::Error> for Problem {
    fn from(error: auth::Error) -> Problem {
        tracing::error!(%error, "a request broke");
        Problem::broken()
    }
}

impl From<views::Error> for Problem {
    fn from(error: views::Error) -> Problem {
        match error {
            views::Error::NotFound(what) => Problem::not_found(&what),
            views::Error::BadRequest(what) => Problem::bad_request(what),
            views::Error::NotYet(what) => Problem::not_yet(what),
            views::Error::Store(error) => error.into(),
        }
    }
}

impl From<store::Error> for Problem {
    fn from(error: store::Error) -> Problem {
        tracing::error!(%error, "a request broke");
        Problem::broken()
    }
}

macro_rules! from_rejection {
    ($($rejection:ty),*) => {$(
        impl From<$rejection> for Problem {
            fn from(rejection: $rejection) -> Problem {
                Problem::bad_request(rejection.body_text()).with_status(rejection.status())
            }
        }
    )*};
}
from_rejection!(FormRejection, PathRejection, QueryRejection);

/// The path is known, the method is not.
pub async fn wrong_method() -> Problem {
    Problem::bad_request("the method: this path does not take it")
        .with_status(StatusCode::METHOD_NOT_ALLOWED)
}

/// A handler panicked; the message goes to the log alone.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(
        panic = said.unwrap_or("without a message"),
        "a request broke"
    );
    Problem::broken().into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_without_a_token_is_told_which_kind_to_send() {
        let response = Problem::not_signed_in().as_json("7");
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(response.headers()[header::WWW_AUTHENTICATE], "Bearer");
    }
}
