//! What an export holds, in either encoding, borrowed from its bytes.

use std::borrow::Cow;

use super::value::Value;

/// An id as it was sent: bytes, or hexadecimal digits.
#[derive(Clone, Debug)]
pub(super) enum RawId<'a> {
    Bytes(&'a [u8]),
    Hex(Cow<'a, str>),
}

impl RawId<'_> {
    /// As hexadecimal text of `N` bytes; none if it was not given or is zero throughout.
    pub(super) fn hex<const N: usize>(&self) -> Result<Option<String>, &'static str> {
        match self {
            RawId::Bytes(bytes) if bytes.iter().all(|byte| *byte == 0) => Ok(None),
            RawId::Bytes(bytes) if bytes.len() == N => Ok(Some(digits(bytes))),
            RawId::Hex(text) if text.bytes().all(|digit| digit == b'0') => Ok(None),
            RawId::Hex(text) if !text.bytes().all(|digit| digit.is_ascii_hexdigit()) => {
                Err("is not hexadecimal, as OTLP's JSON asks")
            }
            RawId::Hex(text) if text.len() == 2 * N => Ok(Some(text.to_ascii_lowercase())),
            _ => Err("has the wrong length"),
        }
    }
}

/// Bytes in hexadecimal, four times as fast as `hex` does it: a span has five of them.
pub(super) fn digits(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut out = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        out.push(char::from(DIGITS[usize::from(byte >> 4)]));
        out.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    out
}

/// Names and values, as many as are read.
#[derive(Debug, Default)]
pub(super) struct Attributes<'a> {
    pub(super) read: Vec<(Cow<'a, str>, Value<'a>)>,
}

#[derive(Debug)]
pub(super) struct RawSpan<'a> {
    pub(super) trace_id: RawId<'a>,
    pub(super) span_id: RawId<'a>,
    pub(super) parent_id: RawId<'a>,
    pub(super) name: Cow<'a, str>,
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) attributes: Attributes<'a>,
    pub(super) events: Vec<RawEvent<'a>>,
    pub(super) has_failed: bool,
    pub(super) message: Cow<'a, str>,
}

#[derive(Debug, Default)]
pub(super) struct RawEvent<'a> {
    pub(super) at: u64,
    pub(super) name: Cow<'a, str>,
    pub(super) attributes: Attributes<'a>,
}

#[derive(Debug)]
pub(super) struct RawLog<'a> {
    pub(super) trace_id: RawId<'a>,
    pub(super) at: u64,
    pub(super) observed_at: u64,
    pub(super) name: Cow<'a, str>,
    pub(super) body: Option<Value<'a>>,
    pub(super) attributes: Attributes<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_hexadecimal_in_lower_case_however_it_was_sent() {
        let whole = Ok(Some("00ab10ff".to_owned()));
        assert_eq!(RawId::Bytes(&[0, 0xab, 0x10, 0xff]).hex::<4>(), whole);
        assert_eq!(RawId::Hex("00AB10ff".into()).hex::<4>(), whole);
        assert_eq!(RawId::Bytes(&[0; 9]).hex::<4>(), Ok(None));
        assert!(RawId::Bytes(&[1; 5]).hex::<4>().is_err());
        assert!(RawId::Hex("00AB10fg".into()).hex::<4>().is_err());
    }
}
