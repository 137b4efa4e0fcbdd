//! What must not be kept is taken out before a record is kept at all.
//!
//! Secrets have shapes: what looks like a credential is replaced by a mark. This knows nothing of
//! streams; what a stream must hash or drop, it does itself.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use super::json::Json;
use super::record::Refusal;

/// Tokens by their vendors' own prefixes, private keys, and passwords inside addresses.
static SECRET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(concat!(
        r"gh[pousr]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,}|glpat-[A-Za-z0-9_-]{16,}",
        r"|xox[abprs]-[A-Za-z0-9-]{10,}|sk-[A-Za-z0-9_-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}",
        r"|npm_[A-Za-z0-9]{30,}|AKIA[0-9A-Z]{16}|ASIA[0-9A-Z]{16}|AIza[0-9A-Za-z_-]{30,}",
        r"|eyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}",
        r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
        r"|://[^/\s:@]+:[^/\s:@]+@",
        r"|[?&](?:access_token|api_?key|token|sig|signature|X-Amz-Signature|secret|password)=[^&#\s\x22]+",
    ))
    .ok()
});

/// What is told to be a secret by what stands before it: a name in text, in JSON, also in JSON within a text, in
/// headers and in commands.
static NAMED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    const NAME: &str = concat!(
        r"(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credentials?)",
        r#"(?:[_.-][a-z0-9_.-]*)?\\*["']?\s*[:=]\s*"#,
    );
    Regex::new(&format!(
        r#"(?i)((?:authorization|cookie)\\*["']?\s*[:=]\s*\\*["']?)[^\r\n"'\\]+|({NAME}\\*["'])[^\r\n"'\\]+|({NAME})[^\s,;&"'\\\[\])}}]+|(\s-u\s+[^\s:]+:)\S+|(\bbearer\s+)[a-z0-9._~+/-]{{8,}}=*|(\s--(?:password|passphrase|token|secret|api-key|access-key)\s+)[^\s"'\\]+"#,
    ))
    .ok()
});

/// What stands where a secret stood.
const MARK: &str = "[redacted]";

/// A record without secrets, and its canonical text. Its id stays: without it the record could not
/// be known again.
pub(crate) fn record(mut record: Json<'_>) -> Result<(Json<'_>, String), Refusal> {
    let canonical = text_of(&record)?;
    // A secret shows through JSON's escapes, so that one search of the whole finds whether there
    // is any.
    if SECRET
        .as_ref()
        .is_some_and(|secret| !secret.is_match(&canonical))
    {
        return Ok((record, canonical));
    }
    if let Json::Object(members) = &mut record {
        for (name, member) in members {
            if name != "id" {
                value(member);
            }
        }
    }
    let canonical = text_of(&record)?;
    Ok((record, canonical))
}

fn text_of(record: &Json<'_>) -> Result<String, Refusal> {
    serde_json::to_string(record)
        .map_err(|error| Refusal::whole(format!("cannot be written as JSON again: {error}")))
}

fn value(value: &mut Json<'_>) {
    match value {
        Json::Text(text) => {
            if let Cow::Owned(clean) = self::text(text) {
                *text = Cow::Owned(clean);
            }
        }
        Json::List(items) => items.iter_mut().for_each(self::value),
        Json::Object(members) => members
            .iter_mut()
            .for_each(|(_, member)| self::value(member)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// A text that nobody gave a form, without what looks like a secret or is called one.
pub(crate) fn prose(text: &str) -> String {
    let text = self::text(text);
    match NAMED.as_ref() {
        Some(named) => named
            .replace_all(&text, "$1$2$3$4$5$6[redacted]")
            .into_owned(),
        // It is never kept unless it is redacted.
        None => MARK.to_owned(),
    }
}

/// JSON of ours without what looks like a secret, wherever it stands.
pub(crate) fn json(text: String) -> String {
    if SECRET
        .as_ref()
        .is_some_and(|secret| !secret.is_match(&text))
    {
        return text;
    }
    let clean = serde_json::from_str::<Json<'_>>(&text).and_then(|mut own| {
        value(&mut own);
        serde_json::to_string(&own)
    });
    clean.unwrap_or_else(|_| MARK.to_owned())
}

/// A text without secrets; borrowed when there was none.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    // No secret is shorter than this, and most texts of a record are ids and instants.
    if text.len() < 14 {
        return Cow::Borrowed(text);
    }
    match SECRET.as_ref() {
        Some(secret) => secret.replace_all(text, MARK),
        None => Cow::Owned(MARK.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::record::parse;
    use serde_json::{Value, json};

    /// What is left of a record.
    fn redacted(record: Value) -> String {
        let text = record.to_string();
        let (clean, canonical) = self::record(parse(&text).unwrap()).unwrap();
        assert_eq!(serde_json::to_string(&clean).unwrap(), canonical);
        canonical
    }

    #[test]
    fn in_prose_what_is_called_a_secret_is_taken_out_too() {
        for (text, left) in [
            (
                r#"{"password":"hunter2 secret","n":1}"#,
                r#"{"password":"[redacted]","n":1}"#,
            ),
            (
                r#"{"api_key": "abc123", "to": "x"}"#,
                r#"{"api_key": "[redacted]", "to": "x"}"#,
            ),
            (
                r#"{\"client_secret\":\"abc\"}"#,
                r#"{\"client_secret\":\"[redacted]\"}"#,
            ),
            (
                "export DB_PASSWORD=hunter2; ls",
                "export DB_PASSWORD=[redacted]; ls",
            ),
            (
                "Authorization: Basic YWRh OnB3\nHost: x",
                "Authorization: [redacted]\nHost: x",
            ),
            ("Cookie: session=abc; theme=dark", "Cookie: [redacted]"),
            (
                "curl -u ada:hunter2 https://x",
                "curl -u ada:[redacted] https://x",
            ),
            ("with bearer abcdefgh12345678", "with bearer [redacted]"),
            (
                "login --user ada --password hunter2 --now",
                "login --user ada --password [redacted] --now",
            ),
            (
                "input_tokens: 1200, the secretary",
                "input_tokens: 1200, the secretary",
            ),
        ] {
            assert_eq!(prose(text), left);
        }
    }

    #[test]
    fn secrets_are_taken_out_of_json_and_the_rest_of_it_stays() {
        let token = format!("npm_{}", "a1".repeat(18));
        let text =
            json!([{"name": format!("use {token}"), "at": 1, "url": "https://x/y?a=b&sig=abc"}])
                .to_string();
        let left = r#"[{"name":"use [redacted]","at":1,"url":"https://x/y?a=b[redacted]"}]"#;
        let clean: Value = serde_json::from_str(&self::json(text)).unwrap();
        assert_eq!(clean, serde_json::from_str::<Value>(left).unwrap());
        let without = r#"[{"name":"work"}]"#;
        assert_eq!(self::json(without.to_owned()), without);
    }

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        let token = format!("ghp_{}", "a1".repeat(18));
        let text = redacted(json!({
            "id": "c1", "body": format!("use {token} please"), "commits": [{"message": format!("{token}")}],
            "url": "https://user:secret@host/x",
        }));
        assert!(
            !text.contains(&token) && !text.contains("secret@"),
            "{text}"
        );
        assert!(text.contains("use [redacted] please"));
    }

    #[test]
    fn a_secret_that_json_escapes_is_found() {
        let password = "se\"cr\\et\u{1}";
        let text = redacted(json!({"id": "c1", "url": format!("https://user:{password}@host/x")}));
        assert_eq!(text, r#"{"id":"c1","url":"https[redacted]host/x"}"#);
    }

    #[test]
    fn the_pattern_compiles() {
        assert!(SECRET.is_some());
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        let plain = "Split payment intents by currency, see https://host/acme/shop/pull/4821";
        assert!(matches!(text(plain), Cow::Borrowed(_)));
    }
}
