//! Passwords: what is long enough, and argon2id over it, away from the threads that serve pages.
//!
//! An address that nobody has takes as long to refuse as a wrong password.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::auth::secret::random_bytes;
use crate::auth::{Error, Result};

/// The fewest characters a password may have.
pub const SHORTEST: usize = 12;
/// The most bytes a password may have, so that hashing costs the same for all.
pub const LONGEST_BYTES: usize = 1024;

/// Hashes at work at a time; each takes 19 MiB.
static AT_WORK: Semaphore = Semaphore::const_new(2);

/// What speaks against a new password, if anything does.
pub fn objection(password: &str) -> Option<String> {
    let (fault, better) = if password.chars().count() < SHORTEST {
        (format!("shorter than {SHORTEST} characters"), "longer")
    } else if password.len() > LONGEST_BYTES {
        (format!("longer than {LONGEST_BYTES} bytes"), "shorter")
    } else {
        return None;
    };
    Some(format!(
        "the new password, which is {fault}; go back and choose a {better} one, your link still works"
    ))
}

/// The hash to keep, with its parameters and a salt of its own.
pub async fn hash(password: String) -> Result<String> {
    let _at_work = AT_WORK.acquire().await;
    spawn_blocking(move || hash_now(&password)).await?
}

/// Whether the password is the one behind `kept`; false when nothing is kept.
pub async fn verify(password: String, kept: Option<String>) -> Result<bool> {
    let _at_work = AT_WORK.acquire().await;
    spawn_blocking(move || verify_now(&password, kept.as_deref())).await?
}

fn hash_now(password: &str) -> Result<String> {
    let salt = SaltString::encode_b64(&random_bytes::<16>()).map_err(Error::Hash)?;
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(Error::Hash)?.to_string())
}

fn verify_now(password: &str, kept: Option<&str>) -> Result<bool> {
    static NOBODYS: OnceLock<String> = OnceLock::new();
    let nobodys = match NOBODYS.get() {
        Some(hash) => hash,
        None => {
            let hash = hash_now("nobody's password")?;
            NOBODYS.get_or_init(|| hash)
        }
    };
    let hash = PasswordHash::new(kept.unwrap_or(nobodys)).map_err(Error::Hash)?;
    let right = Argon2::default()
        .verify_password(password.as_bytes(), &hash)
        .is_ok();
    Ok(right && kept.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_needs_twelve_characters_not_bytes() {
        assert!(objection("elevenchars").is_some());
        assert!(objection("éééééé").is_some());
        assert!(objection("twelve chars").is_none());
        assert!(objection(&"x".repeat(LONGEST_BYTES + 1)).is_some());
    }

    #[test]
    fn only_the_right_password_is_right_and_nobody_has_one() -> Result<()> {
        let kept = hash_now("correct horse battery")?;
        assert!(kept.starts_with("$argon2id$"));
        assert!(verify_now("correct horse battery", Some(&kept))?);
        assert!(!verify_now("correct horse", Some(&kept))?);
        assert!(!verify_now("nobody's password", None)?);
        Ok(())
    }
}
