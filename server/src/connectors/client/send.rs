//! Sends one request and reads its answer whole, within bounds of size and time; leads nowhere else.

use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures_util::future::BoxFuture;
use http::StatusCode;
use tower::Service;

use super::{Failure, MAX_ANSWER_BYTES, Request, Response};
use crate::connectors::failure;

const CONNECT: Duration = Duration::from_secs(10);
/// How long a body may stand still.
const STANDSTILL: Duration = Duration::from_secs(20);
const WHOLE: Duration = Duration::from_secs(120);
/// As much of an answer that is no success as is looked at.
const LOOKED_AT_BYTES: usize = 64 << 10;

#[derive(Clone)]
pub(super) struct Send {
    http: reqwest::Client,
}

impl Send {
    pub(super) fn new() -> Result<Send, Failure> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("onehop/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(STANDSTILL)
            .timeout(WHOLE)
            .build();
        Ok(Send {
            http: http
                .map_err(|_| Failure::unknown("no way out of this machine could be set up"))?,
        })
    }
}

impl Service<Request> for Send {
    type Response = Response;
    type Error = Failure;
    type Future = BoxFuture<'static, Result<Response, Failure>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let http = self.http.clone();
        Box::pin(async move {
            let request = reqwest::Request::try_from(request)
                .map_err(|_| Failure::theirs("it names an address that cannot be read"))?;
            let host = request.url().authority().to_owned();
            let answer = http.execute(request).await;
            read(answer.map_err(|error| broken(&error, &host))?, &host).await
        })
    }
}

/// A success, *not modified* and what leads elsewhere come back; all else is a failure.
async fn read(mut answer: reqwest::Response, host: &str) -> Result<Response, Failure> {
    let status = answer.status();
    let is_good = status.is_success() || is_redirection(status);
    let most = if is_good {
        MAX_ANSWER_BYTES
    } else {
        LOOKED_AT_BYTES
    };
    let mut body = BytesMut::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() > most => {
                if is_good {
                    return Err(Failure::theirs(format!(
                        "it answers with more than {} MB at once, which is not read",
                        MAX_ANSWER_BYTES >> 20
                    )));
                }
                break;
            }
            Ok(Some(chunk)) => body.extend_from_slice(&chunk),
            Ok(None) => break,
            Err(error) if is_good => return Err(broken(&error, host)),
            Err(_) => break,
        }
    }
    if !is_good {
        return Err(failure::of_answer(status, answer.headers(), &body));
    }
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    *response.headers_mut() = std::mem::take(answer.headers_mut());
    Ok(response)
}

fn is_redirection(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 304 | 307 | 308)
}

/// The cause without its address, which may hold a secret.
/// A name or password in an address is refused before it comes to this.
fn broken(error: &reqwest::Error, host: &str) -> Failure {
    let what = if error.is_timeout() {
        "it did not answer in time"
    } else if error.is_connect() {
        return Failure::broken_off(format!(
            "{host} cannot be reached: it is down, or base_url, name resolution or a firewall leads elsewhere"
        ));
    } else if error.is_body() || error.is_decode() {
        "its answer broke off"
    } else {
        "the connection broke off"
    };
    Failure::broken_off(what)
}
