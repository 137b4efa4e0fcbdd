//! Keys of 32 bytes: from the environment, or in a file that is made when it is first needed.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

const KEY_LEN: usize = 32;

/// Where a key is.
#[derive(Clone, Debug)]
pub enum Place {
    /// In the environment, as 64 hexadecimal digits or in base64.
    Given(SecretString),
    /// In a file, which is made when it is first needed, readable by its owner alone.
    File(PathBuf),
}

/// Why there is no key to be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// What was given is none.
    Given,
    File {
        path: String,
        reason: String,
    },
}

impl Place {
    /// Where the key file is, for whoever keeps copies.
    pub fn file(&self) -> Option<&Path> {
        match self {
            Place::File(path) => Some(path),
            Place::Given(_) => None,
        }
    }

    /// The key itself.
    pub fn key(&self) -> Result<[u8; KEY_LEN], Unusable> {
        match self {
            Place::Given(text) => parsed(text.expose_secret()).ok_or(Unusable::Given),
            Place::File(path) => of_file(path).map_err(|reason| Unusable::File {
                path: path.display().to_string(),
                reason,
            }),
        }
    }
}

fn parsed(text: &str) -> Option<[u8; KEY_LEN]> {
    let text = text.trim();
    let bytes = hex::decode(text).or_else(|_| STANDARD.decode(text)).ok()?;
    bytes.try_into().ok()
}

fn of_file(path: &Path) -> Result<[u8; KEY_LEN], String> {
    let read = || fs::read_to_string(path);
    let text = match read() {
        Err(error) if error.kind() == ErrorKind::NotFound => match make(path) {
            Ok(key) => return Ok(key),
            // Another made it meanwhile.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => read(),
            Err(error) => Err(error),
        },
        read => read,
    };
    let text = text.map_err(|error| error.to_string())?;
    parsed(&text).ok_or_else(|| "it holds no key".to_owned())
}

/// Makes a key, in a file that was not there before.
fn make(path: &Path) -> io::Result<[u8; KEY_LEN]> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
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
    fn a_key_is_given_in_digits_or_in_base64_and_all_else_is_refused() {
        let key = |text: &str| Place::Given(text.into()).key();
        assert_eq!(key(&"07".repeat(32)), Ok([7; KEY_LEN]));
        assert_eq!(key(&STANDARD.encode([7; KEY_LEN])), Ok([7; KEY_LEN]));
        for wrong in ["", "07", &STANDARD.encode([7; 31])] {
            assert_eq!(key(wrong), Err(Unusable::Given), "{wrong}");
        }
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/onehop.key");
        let place = Place::File(path.clone());
        assert_eq!(place.key().unwrap(), place.key().unwrap());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&path, "nonsense").unwrap();
        assert!(matches!(place.key(), Err(Unusable::File { .. })));
    }
}
