//! Secrets that are entered in a page, sealed with a key that is not in the database: a copy of the
//! database opens none of them.
//!
//! AES-256-GCM; what a secret is for is sealed with it, so that one cannot be put in another's place.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretString};

pub use crate::key::Place;
use crate::key::Unusable;

/// Why a secret cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "ONEHOP_KEY is no key; it is 32 bytes, as 64 hexadecimal digits (openssl rand -hex 32) or in base64"
    )]
    NoKey,
    #[error(
        "the key file {path} cannot be used ({reason}); without it secrets that were entered in a page cannot be read"
    )]
    File { path: String, reason: String },
    #[error("a secret that was entered in a page was sealed with another key; enter it again")]
    OtherKey,
    #[error("a secret could not be sealed")]
    Unsealed,
}

impl From<Unusable> for Error {
    fn from(error: Unusable) -> Error {
        match error {
            Unusable::Given => Error::NoKey,
            Unusable::File { path, reason } => Error::File { path, reason },
        }
    }
}

/// Seals and opens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Vault {
    place: Arc<Place>,
}

impl Vault {
    pub fn new(place: Place) -> Vault {
        Vault {
            place: Arc::new(place),
        }
    }

    /// Where the key file is, for whoever keeps copies.
    pub fn file(&self) -> Option<&Path> {
        self.place.file()
    }

    /// Seals a secret for one use.
    pub fn seal(&self, used_for: &str, secret: &SecretString) -> Result<Vec<u8>, Error> {
        let key = self.key()?;
        let nonce: [u8; NONCE_LEN] = rand::random();
        let mut sealed = secret.expose_secret().as_bytes().to_vec();
        let aad = Aad::from(used_for.as_bytes());
        key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), aad, &mut sealed)
            .map_err(|_| Error::Unsealed)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// Opens what was sealed for this use.
    pub fn open(&self, used_for: &str, sealed: &[u8]) -> Result<SecretString, Error> {
        let key = self.key()?;
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or(Error::OtherKey)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Error::OtherKey)?;
        let mut body = body.to_vec();
        let aad = Aad::from(used_for.as_bytes());
        let opened = key.open_in_place(nonce, aad, &mut body);
        let opened = opened.map_err(|_| Error::OtherKey)?;
        let text = std::str::from_utf8(opened).map_err(|_| Error::OtherKey)?;
        Ok(SecretString::from(text))
    }

    fn key(&self) -> Result<LessSafeKey, Error> {
        let key = UnboundKey::new(&AES_256_GCM, &self.place.key()?).map_err(|_| Error::NoKey)?;
        Ok(LessSafeKey::new(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_is_opened_for_its_own_use_with_its_own_key_alone() {
        let folder = tempfile::tempdir().unwrap();
        let vault = |name: &str| Vault::new(Place::File(folder.path().join(name)));
        let secret = SecretString::from("token-7");
        let sealed = vault("a").seal("forge token", &secret).unwrap();
        assert!(!sealed.windows(7).any(|part| part == b"token-7"));
        let opened = vault("a").open("forge token", &sealed).unwrap();
        assert_eq!(opened.expose_secret(), "token-7");
        for (vault, used_for) in [(vault("a"), "other token"), (vault("b"), "forge token")] {
            let refused = vault.open(used_for, &sealed).unwrap_err();
            assert_eq!(refused, Error::OtherKey);
        }
    }

    #[test]
    fn a_key_that_is_none_is_told() {
        let vault = Vault::new(Place::Given(SecretString::from("short")));
        let refused = vault.seal("x", &SecretString::from("y")).unwrap_err();
        assert_eq!(refused, Error::NoKey);
    }
}
