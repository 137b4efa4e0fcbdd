//! What may go wrong with an answer.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Held, said};

/// An answer that is not what was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This status, with these headers.
    Status(u16, Vec<(&'static str, String)>),
    /// A body that ends before its length.
    Cut,
    /// This text instead.
    Text(String),
    /// A list whose next page is at this address.
    NextAt(String),
    /// From now on the first name leads to the second.
    MovedTo(String, String),
}

impl Held {
    /// The first fault that is planned for this path; it is spent, but for a renaming.
    pub(super) fn fault(&mut self, path: &str) -> Option<Fault> {
        let found = self
            .faults
            .iter()
            .position(|(holds, _)| path.contains(holds.as_str()))?;
        match &self.faults[found].1 {
            moved @ Fault::MovedTo(..) => Some(moved.clone()),
            _ => self.faults.remove(found).map(|(_, fault)| fault),
        }
    }
}

impl Fault {
    pub(super) fn answer(self, url: &str, path: &str) -> Response {
        match self {
            Fault::Status(code, headers) => {
                let mut response = said(StatusCode::from_u16(code).unwrap(), "as planned");
                for (name, value) in headers {
                    response
                        .headers_mut()
                        .insert(name, HeaderValue::from_str(&value).unwrap());
                }
                response
            }
            Fault::Cut => {
                let length = [(header::CONTENT_LENGTH, "1000")];
                let cut = futures(b"[{\"id\": 1, ");
                (length, Body::from_stream(cut)).into_response()
            }
            Fault::Text(text) => text.into_response(),
            Fault::NextAt(link) => {
                let next = [(header::LINK, format!("<{link}>; rel=\"next\""))];
                (next, "[]").into_response()
            }
            Fault::MovedTo(from, to) => {
                let place = path.replacen(&from, &to, 1);
                let location = [(header::LOCATION, format!("{url}{place}"))];
                (StatusCode::MOVED_PERMANENTLY, location).into_response()
            }
        }
    }
}

/// Some bytes, and then an end that nobody announced.
fn futures(
    bytes: &'static [u8],
) -> impl futures_util::Stream<Item = Result<&'static [u8], std::io::Error>> + Send {
    futures_util::stream::iter([Ok(bytes), Err(std::io::Error::other("cut"))])
}
