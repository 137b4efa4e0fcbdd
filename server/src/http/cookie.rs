//! The cookies there are, as they are set.

use axum::http::HeaderValue;
use axum::http::header::InvalidHeaderValue;

/// Who is signed in.
pub const SESSION: &str = "onehop_session";
/// Which theme was chosen; a script of ours may set it too.
pub const THEME: &str = "onehop_theme";
/// Whether keys pressed alone do something.
pub const SINGLE_KEYS: &str = "onehop_single_keys";

const YEAR_S: i64 = 365 * 24 * 60 * 60;

/// The session's cookie: no script reads it, no other site's form carries it.
pub fn session(
    secret: &str,
    lasts_s: i64,
    is_https: bool,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let secure = if is_https { "; Secure" } else { "" };
    HeaderValue::try_from(format!(
        "{SESSION}={secret}; Path=/; Max-Age={lasts_s}; HttpOnly; SameSite=Lax{secure}"
    ))
}

/// A browser's own choice, for a year.
pub fn choice(name: &str, value: &str) -> Result<HeaderValue, InvalidHeaderValue> {
    HeaderValue::try_from(format!(
        "{name}={value}; Path=/; Max-Age={YEAR_S}; SameSite=Lax"
    ))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_session_travels_only_over_tls_once_there_is_tls() {
        let set = |https| super::session("s", 60, https).unwrap();
        assert_eq!(
            set(true),
            "onehop_session=s; Path=/; Max-Age=60; HttpOnly; SameSite=Lax; Secure"
        );
        assert!(!set(false).to_str().unwrap().contains("Secure"));
    }
}
