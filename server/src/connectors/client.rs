//! The one way to other systems: within one origin, at their pace, bounded, and tried again where that
//! helps.
//!
//! Layers, from the outside in: what will pass is tried again; the vendor's limits are kept; an answer
//! is read whole within its size and time. What leaves here is an answer that the caller can use (a
//! success, or *not modified*) or a [`Failure`] in a sentence.

mod origin;
mod pace;
pub mod rates;
mod retry;
mod send;

use std::sync::Arc;

use bytes::Bytes;
use http::Uri;
use http::header::LOCATION;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceBuilder, ServiceExt};

use super::failure::Failure;
use origin::Origin;

pub use pace::{Allowance, Pacer};
pub use retry::Patience;

pub type Request = http::Request<Bytes>;
pub type Response = http::Response<Bytes>;

/// The most bytes an answer may have.
pub const MAX_ANSWER_BYTES: usize = 32 << 20;
/// What was entered is not repeated: a password may stand in it.
const NO_ADDRESS: &str = "its base_url is no web address of a system: https://HOST/PATH, without a name or password in it";
/// How often a request may be led on, within the origin.
const MAX_HOPS: usize = 3;

/// A way to one system. Cheap to clone; clones share its limits.
#[derive(Clone)]
pub struct Client {
    origin: Origin,
    service: BoxCloneSyncService<Request, Response, Failure>,
}

impl Client {
    /// A way to the system at this address, which keeps these limits.
    pub fn new(base: &str, pacer: Arc<Pacer>, patience: Patience) -> Result<Client, Failure> {
        let origin = Origin::of(base).ok_or_else(|| Failure::ours(NO_ADDRESS))?;
        let service = ServiceBuilder::new()
            .layer(retry::layer(patience))
            .layer(pace::PaceLayer::new(pacer))
            .service(send::Send::new()?);
        Ok(Client {
            origin,
            service: BoxCloneSyncService::new(service),
        })
    }

    /// The path of something under the base address.
    pub fn under_base(&self, path: &str) -> String {
        self.origin.under(path)
    }

    /// Path and query of a link that an answer names; one that leads elsewhere is refused.
    pub fn path_of(&self, link: &str) -> Result<String, Failure> {
        self.origin.path_of(link)
    }

    /// Sends a request for a path, and follows where its own system leads it.
    pub async fn send(&self, mut request: Request) -> Result<Response, Failure> {
        for _ in 0..=MAX_HOPS {
            let unread = || Failure::theirs("it names an address that cannot be read");
            let path = request.uri().path_and_query().cloned().ok_or_else(unread)?;
            *request.uri_mut() = self.origin.whole(path)?;
            let mut service = self.service.clone();
            let response = service.ready().await?.call(request.clone()).await?;
            if !response.status().is_redirection()
                || response.status() == http::StatusCode::NOT_MODIFIED
            {
                return Ok(response);
            }
            let location = response.headers().get(LOCATION);
            let location = location
                .and_then(|link| link.to_str().ok())
                .ok_or_else(unread)?;
            let path = self.path_of(location)?;
            *request.uri_mut() = path.parse::<Uri>().map_err(|_| unread())?;
        }
        Err(Failure::theirs(
            "it leads from one address to the next without an end",
        ))
    }
}
