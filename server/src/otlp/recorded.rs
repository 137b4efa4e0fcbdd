//! What went in or came out: its size and hash, and its text only where that is asked for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Reading;
use super::limits::MAX_ERROR_BYTES;
use super::names::NAMES;
use super::raw::digits;
use super::value::{Value, quoted, write};

/// What went in or came out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// In bytes.
    pub size: u64,
    /// In hexadecimal; none where the sender told the size alone, so that it is not recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The text, where bodies are kept; it is kept beside the row.
    #[serde(skip)]
    pub text: Option<String>,
}

impl Recorded {
    /// What a value holds; none if it is empty or was taken out by the sender.
    pub(super) fn of(value: &Value<'_>, reading: Reading) -> Option<Recorded> {
        Recorded::bytes(&value.written(), reading)
    }

    pub(super) fn bytes(bytes: &[u8], reading: Reading) -> Option<Recorded> {
        let is_mark = |own: &String| own.as_bytes() == bytes.trim_ascii();
        let is_taken_out = || NAMES.taken_out.iter().any(is_mark);
        if bytes.is_empty() || is_taken_out() {
            return None;
        }
        let text = || String::from_utf8_lossy(bytes).into_owned();
        Some(Recorded {
            size: bytes.len() as u64,
            sha256: Some(digits(&Sha256::digest(bytes))),
            text: reading.keeps_bodies.then(text),
        })
    }

    /// What went wrong, which is kept cut.
    pub(super) fn error(message: &str, reading: Reading) -> Option<Recorded> {
        let recorded = Recorded::bytes(cut(message, MAX_ERROR_BYTES).as_bytes(), reading)?;
        // Whole: a credential that is cut is not known as one.
        let text = recorded.text.map(|_| message.to_owned());
        Some(Recorded { text, ..recorded })
    }

    /// What is spread over several attributes, in the order of their names.
    pub(super) fn parts(parts: &[(&str, &Value<'_>)], reading: Reading) -> Option<Recorded> {
        if parts.is_empty() {
            return None;
        }
        let sorted: BTreeMap<&str, &Value<'_>> = parts.iter().copied().collect();
        let mut out = String::from("{");
        for (at, (name, value)) in sorted.into_iter().enumerate() {
            out.push_str(if at == 0 { "" } else { "," });
            out.push_str(&quoted(name));
            out.push(':');
            write(Some(value), &mut out, 0);
        }
        out.push('}');
        Recorded::bytes(out.as_bytes(), reading)
    }

    /// What only its size is told of.
    pub(super) fn size_of(value: &Value<'_>) -> Option<Recorded> {
        let size = value.count().filter(|size| *size > 0)?;
        Some(Recorded {
            size,
            ..Recorded::default()
        })
    }

    /// About how many bytes it takes beside the row.
    pub(super) fn weight(&self) -> usize {
        let texts = [&self.sha256, &self.text].into_iter().flatten();
        texts.map(String::len).sum()
    }

    /// Whether the sender had it, and not only its size.
    pub fn is_recorded(&self) -> bool {
        self.sha256.is_some()
    }
}

/// The beginning of a text, cut between characters.
pub(super) fn cut(text: &str, most: usize) -> String {
    text[..text.floor_char_boundary(most)].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(text: &str, keeps_bodies: bool) -> Option<Recorded> {
        let reading = Reading {
            received_at: 0,
            keeps_bodies,
        };
        Recorded::of(&Value::Text(text.into()), reading)
    }

    #[test]
    fn size_and_hash_stay_and_the_text_only_if_asked_for() {
        let plain = recorded("abc", false).unwrap();
        let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            (plain.size, plain.sha256.as_deref(), plain.text),
            (3, Some(hash), None)
        );
        assert_eq!(recorded("abc", true).unwrap().text.as_deref(), Some("abc"));
    }

    #[test]
    fn an_error_is_cut_and_its_text_is_handed_on_whole() {
        let long = "x".repeat(MAX_ERROR_BYTES + 1);
        let reading = Reading {
            received_at: 0,
            keeps_bodies: true,
        };
        let error = Recorded::error(&long, reading).unwrap();
        assert_eq!(error.size, MAX_ERROR_BYTES as u64);
        assert_eq!(error.text, Some(long));
    }

    #[test]
    fn what_the_sender_took_out_is_not_recorded() {
        for text in ["", "[REDACTED]", "<REDACTED>", " __REDACTED__ "] {
            assert_eq!(recorded(text, false), None, "{text}");
        }
        let size = Recorded::size_of(&Value::Int(12)).unwrap();
        assert_eq!((size.size, size.is_recorded()), (12, false));
    }
}
