//! Receipts that leave us, signed, so that whoever holds one can prove that not a byte was changed.
//!
//! Ed25519 over the canonical JSON of the receipt: members in the order of their names, no spaces. What
//! is written is what is signed, byte for byte, and is read again in that one form alone.

use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use serde_json::Value;

pub use crate::key::Place;
use crate::key::Unusable;

const PUBLIC_KEY_DIGITS: usize = 64;
const SIGNATURE_DIGITS: usize = 128;

const HEAD: &str = "{\"receipt\":";
const ALGORITHM: &str = ",\"signature\":{\"algorithm\":\"Ed25519\",\"public_key\":\"";
const VALUE: &str = "\",\"value\":\"";
const END: &str = "\"}}";

/// Why a receipt cannot be signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error(
        "ONEHOP_SIGNING_KEY is no seed of a key; it is 32 bytes, as 64 hexadecimal digits (openssl rand -hex 32) or in base64"
    )]
    NoKey,
    #[error("the file with the signing key, {path}, cannot be used ({reason})")]
    File { path: String, reason: String },
}

impl From<Unusable> for Error {
    fn from(error: Unusable) -> Error {
        match error {
            Unusable::Given => Error::NoKey,
            Unusable::File { path, reason } => Error::File { path, reason },
        }
    }
}

/// Why a file is no receipt that proves itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unproven {
    #[error(
        "it is not in the form in which Onehop writes signed receipts: something was changed, added or written anew"
    )]
    Form,
    #[error("its signature does not fit: something was changed after it was signed")]
    Changed,
}

/// Signs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Signer {
    place: Arc<Place>,
}

impl Signer {
    pub fn new(place: Place) -> Signer {
        Signer {
            place: Arc::new(place),
        }
    }

    /// Where the key file is, for whoever keeps copies.
    pub fn file(&self) -> Option<&Path> {
        self.place.file()
    }

    /// The public key in hexadecimal digits; none before one is needed. Makes nothing.
    pub fn public_key(&self) -> Result<Option<String>, Error> {
        match self.file().filter(|file| !file.exists()) {
            Some(_) => Ok(None),
            None => Ok(Some(hex::encode(self.key()?.public_key()))),
        }
    }

    /// A receipt with its signature, as one line.
    ///
    /// ```
    /// use server::signing::{Place, Signer, verify};
    /// let signer = Signer::new(Place::Given("07".repeat(32).into()));
    /// let text = signer.sign(&serde_json::json!({"kind": "change", "id": "c1"})).unwrap();
    /// assert!(text.starts_with(r#"{"receipt":{"id":"c1","kind":"change"},"signature":"#));
    /// assert_eq!(verify(&text).unwrap().receipt["id"], "c1");
    /// assert!(verify(&text.replace("c1", "c2")).is_err());
    /// ```
    pub fn sign(&self, receipt: &Value) -> Result<String, Error> {
        let key = self.key()?;
        // Its members are kept in the order of their names, and written without spaces.
        let signed = receipt.to_string();
        let signature = hex::encode(key.sign(signed.as_bytes()));
        let public_key = hex::encode(key.public_key());
        Ok(format!(
            "{HEAD}{signed}{ALGORITHM}{public_key}{VALUE}{signature}{END}"
        ))
    }

    fn key(&self) -> Result<Ed25519KeyPair, Error> {
        Ed25519KeyPair::from_seed_unchecked(&self.place.key()?).map_err(|_| Error::NoKey)
    }
}

/// A receipt that proved itself, and the key that signed it.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    pub receipt: Value,
    pub public_key: String,
}

/// Reads a signed receipt in the one form in which it is written. It needs nothing but the text: whose
/// the key is must be known from elsewhere.
pub fn verify(text: &str) -> Result<Verified, Unproven> {
    let line = text.strip_suffix('\n').unwrap_or(text);
    let (signed, public_key, signature) = parted(line).ok_or(Unproven::Form)?;
    let key = bytes(public_key).ok_or(Unproven::Form)?;
    let proof = bytes(signature).ok_or(Unproven::Form)?;
    UnparsedPublicKey::new(&ED25519, key)
        .verify(signed.as_bytes(), &proof)
        .map_err(|_| Unproven::Changed)?;
    Ok(Verified {
        receipt: serde_json::from_str(signed).map_err(|_| Unproven::Form)?,
        public_key: public_key.to_owned(),
    })
}

/// What was signed, the public key and the signature.
fn parted(line: &str) -> Option<(&str, &str, &str)> {
    let inside = line.strip_prefix(HEAD)?.strip_suffix(END)?;
    let (rest, signature) = split_end(inside, SIGNATURE_DIGITS)?;
    let (rest, public_key) = split_end(rest.strip_suffix(VALUE)?, PUBLIC_KEY_DIGITS)?;
    Some((rest.strip_suffix(ALGORITHM)?, public_key, signature))
}

fn split_end(text: &str, digits: usize) -> Option<(&str, &str)> {
    text.split_at_checked(text.len().checked_sub(digits)?)
}

/// Of digits in the one way in which they are written.
fn bytes(digits: &str) -> Option<Vec<u8>> {
    let written = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
    let all = digits.bytes().all(written);
    all.then(|| hex::decode(digits).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn signer(byte: &str) -> Signer {
        Signer::new(Place::Given(byte.repeat(32).into()))
    }

    #[test]
    fn the_signature_is_that_of_the_canonical_text() {
        // RFC 8032, test 1: the key of this seed.
        let seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
        let signer = Signer::new(Place::Given(seed.into()));
        let public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
        assert_eq!(signer.public_key().unwrap().as_deref(), Some(public));
        let text = signer
            .sign(&json!({"b": [1, "ü\n"], "a": {"d": null, "c": true}}))
            .unwrap();
        let written = r#"{"receipt":{"a":{"c":true,"d":null},"b":[1,"ü\n"]},"signature":"#;
        assert!(text.starts_with(written), "{text}");
        assert_eq!(verify(&text).unwrap().public_key, public);
        assert_eq!(verify(&format!("{text}\n")).unwrap().receipt["b"][0], 1);
    }

    #[test]
    fn any_byte_that_is_changed_is_found() {
        let text = signer("07")
            .sign(&json!({"id": "c1", "n": [1.5, "x"]}))
            .unwrap();
        for at in 0..text.len() {
            for bit in [0x01, 0x20] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= bit;
                let changed = String::from_utf8(bytes);
                assert!(
                    changed.is_err() || verify(&changed.unwrap()).is_err(),
                    "{at}"
                );
            }
        }
        for other in [
            "",
            "{}",
            &format!(" {text}"),
            &format!("{text}\n\n"),
            &text[1..],
        ] {
            assert_eq!(verify(other), Err(Unproven::Form), "{other}");
        }
    }

    #[test]
    fn a_key_is_made_when_it_is_first_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/onehop-signing.key");
        let signer = Signer::new(Place::File(path.clone()));
        assert_eq!(signer.public_key(), Ok(None));
        assert!(!path.exists());
        let first = verify(&signer.sign(&json!({})).unwrap())
            .unwrap()
            .public_key;
        assert_eq!(signer.public_key(), Ok(Some(first)));
        std::fs::write(&path, "nonsense").unwrap();
        assert!(matches!(signer.sign(&json!({})), Err(Error::File { .. })));
    }
}
