//! Secrets of 256 random bits, and the only place where this program asks for randomness.

use std::fmt;

use rand::Rng as _;
use sha2::{Digest, Sha256};

/// What a cookie, a link or a token holds. It shows itself only through [`Secret::reveal`].
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    pub fn random() -> Secret {
        Secret(random_hex::<32>())
    }

    /// A new one that scanners for leaked secrets can recognise by its prefix.
    pub fn random_with_prefix(prefix: &str) -> Secret {
        Secret(format!("{prefix}{}", random_hex::<32>()))
    }

    /// One that was sent to us.
    pub fn received(text: &str) -> Secret {
        Secret(text.to_owned())
    }

    /// The secret itself, for the one it is for.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What the database keeps: SHA-256, in hexadecimal. No salt is needed over 256 random bits.
    pub fn hash(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// `N` random bytes, from a generator fit for secrets.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// `N` random bytes in hexadecimal.
pub fn random_hex<const N: usize>() -> String {
    hex::encode(random_bytes::<N>())
}

/// Whether two texts are the same, in a time that does not tell where they differ.
pub fn same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .fold(0, |different, (l, r)| different | (l ^ r))
            == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_show_itself_in_debug() {
        let secret = Secret::random();
        assert!(!format!("{secret:?}").contains(secret.reveal()));
        assert_eq!(secret.reveal().len(), 64);
    }

    #[test]
    fn sameness_is_by_content() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abd"));
        assert!(!same("abc", "ab"));
    }
}
