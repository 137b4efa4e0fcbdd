//! Secrets that are entered in a page, sealed with a key that is not in the database: a copy of the
//! database opens none of them.
//!
//! AES-256-GCM; what a secret is for is sealed with it, so that one cannot be put in another's place.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use secrecy::{ExposeSecret, SecretString};

const KEY_LEN: usize = 32;

/// Where the key is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the environment, as 64 hexadecimal digits.
    Given(SecretString),
    /// In a file, which is made when it is first needed, readable by its owner alone.
    File(PathBuf),
}

/// Why a secret cannot be sealed or opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("ONEHOP_KEY is no key; it has 64 hexadecimal digits (openssl rand -hex 32)")]
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
        match self.place.as_ref() {
            Place::File(path) => Some(path),
            Place::Given(_) => None,
        }
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
        let bytes = match self.place.as_ref() {
            Place::Given(text) => parsed(text.expose_secret()).ok_or(Error::NoKey)?,
            Place::File(path) => of_file(path)?,
        };
        let key = UnboundKey::new(&AES_256_GCM, &bytes).map_err(|_| Error::NoKey)?;
        Ok(LessSafeKey::new(key))
    }
}

fn parsed(text: &str) -> Option<[u8; KEY_LEN]> {
    hex::decode(text.trim()).ok()?.try_into().ok()
}

fn of_file(path: &Path) -> Result<[u8; KEY_LEN], Error> {
    let unusable = |reason: String| Error::File {
        path: path.display().to_string(),
        reason,
    };
    match std::fs::read_to_string(path) {
        Ok(text) => parsed(&text).ok_or_else(|| unusable("it holds no key".to_owned())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            make(path).map_err(|error| unusable(error.to_string()))
        }
        Err(error) => Err(unusable(error.to_string())),
    }
}

/// Makes a key, in a file that was not there before.
pub(crate) fn make(path: &Path) -> std::io::Result<[u8; KEY_LEN]> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let key: [u8; KEY_LEN] = rand::random();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    writeln!(file, "{}", hex::encode(key))?;
    file.sync_all()?;
    Ok(key)
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
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(folder.path().join("a"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }

    #[test]
    fn a_key_that_is_none_is_told() {
        let vault = Vault::new(Place::Given(SecretString::from("short")));
        let refused = vault.seal("x", &SecretString::from("y")).unwrap_err();
        assert_eq!(refused, Error::NoKey);
    }
}
