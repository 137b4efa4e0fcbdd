//! Where to go after signing in: a path on this site, and never anywhere else.

/// Where everyone lands who did not ask for anything.
pub const HOME: &str = "/review";

/// The path that was asked for, if it stays on this site.
///
/// Browsers read `//host`, `/\host` and, since they drop tabs and line breaks, `/<tab>/host` as
/// other sites.
pub fn local_path(asked: &str) -> &str {
    let other_site = asked.starts_with("//") || asked.contains('\\');
    let readable = asked.len() <= 2000 && !asked.contains(|c: char| c.is_control() || c == ' ');
    if asked.starts_with('/') && !other_site && readable && asked.is_ascii() {
        asked
    } else {
        HOME
    }
}

/// The sign-in page that leads back to a path.
pub fn sign_in_address(path: &str) -> String {
    if path == "/" || path == HOME {
        return "/sign-in".to_owned();
    }
    let mut address = "/sign-in?next=".to_owned();
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                address.push(char::from(byte));
            }
            _ => address.push_str(&format!("%{byte:02X}")),
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_on_this_site_is_kept() {
        for path in ["/", "/records/pr_cycle_time?week=2026-W47&scope=company"] {
            assert_eq!(local_path(path), path);
        }
    }

    #[test]
    fn nothing_leads_to_another_site() {
        for asked in [
            "",
            "review",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            " //evil.example",
        ] {
            assert_eq!(local_path(asked), HOME, "{asked:?}");
        }
    }

    #[test]
    fn the_way_back_is_encoded() {
        assert_eq!(
            sign_in_address("/records/x?week=2026-W47&scope=a"),
            "/sign-in?next=/records/x%3Fweek%3D2026-W47%26scope%3Da"
        );
        assert_eq!(sign_in_address("/"), "/sign-in");
    }
}
