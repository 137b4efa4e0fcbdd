//! Who is asking, and what they may see.
//!
//! Knows people, secrets and the route table; knows nothing of pages or of HTTP beyond a method's
//! and a path's name. A secret leaves this module only to the one it is for, and is kept hashed.

pub mod csrf;
pub mod limit;
pub mod password;
pub mod role;
pub mod secret;
pub mod session;
pub mod sign_in;
pub mod token;

use crate::auth::role::{Role, Scope};
use crate::auth::secret::Secret;

/// Who makes a request.
#[derive(Clone, Debug)]
pub enum Caller {
    /// Nobody we know.
    Nobody,
    /// A person in a browser.
    Person(SignedIn),
    /// A script with a token.
    Token { name: String, scope: Scope },
}

/// A person who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    pub email: String,
    pub role: Role,
    /// What the cookie holds; the forms' secret is derived from it.
    pub session: Secret,
}

/// Why nobody could be asked for, or let in.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// The password could not be hashed; says nothing about the password.
    #[error("the password could not be hashed ({0})")]
    Hash(argon2::password_hash::Error),
    /// The hashing was broken off.
    #[error("the password check was broken off ({0})")]
    BrokenOff(#[from] tokio::task::JoinError),
    #[error("{0}")]
    Role(#[from] role::UnknownWord),
}

pub type Result<T> = std::result::Result<T, Error>;

/// An e-mail address as we keep it: lower case, one `@` with something on both sides, no spaces.
///
/// ```
/// use server::auth::email;
/// assert_eq!(email(" Ada@Example.ORG "), Some("ada@example.org".to_owned()));
/// assert_eq!(email("ada"), None);
/// ```
pub fn email(typed: &str) -> Option<String> {
    let address = typed.trim().to_lowercase();
    let (name, host) = address.split_once('@')?;
    let plain = |part: &str| {
        !part.is_empty()
            && !part
                .contains(|c: char| c.is_whitespace() || c.is_control() || "@<>,;\"".contains(c))
    };
    (plain(name) && plain(host) && address.len() <= 254).then_some(address)
}
