//! The protobuf wire format, read in place: one field after the other, nothing copied.
//!
//! A message of two bytes must not become a hundred in memory, so nothing is built before it is
//! asked for. A field that isn't asked for costs its length alone.

use super::Unreadable;

const CUT_OFF: &str = "the protobuf ends in the middle of a field";
const NO_WIRE_TYPE: &str = "the protobuf holds a field of no known type";
const LONG_NUMBER: &str = "the protobuf holds a number of more than ten bytes";
const NO_FIELD: &str = "the protobuf holds a field without a number";

/// What a field holds, before its message says what it means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Content<'a> {
    Number(u64),
    Fixed(u64),
    Bytes(&'a [u8]),
}

impl<'a> Content<'a> {
    pub(super) fn bytes(self) -> &'a [u8] {
        match self {
            Content::Bytes(bytes) => bytes,
            Content::Number(_) | Content::Fixed(_) => &[],
        }
    }

    pub(super) fn number(self) -> u64 {
        match self {
            Content::Number(number) | Content::Fixed(number) => number,
            Content::Bytes(_) => 0,
        }
    }

    /// As text, if it is UTF-8.
    pub(super) fn text(self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()).ok()
    }
}

/// The fields of one message, in their order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl<'a> Fields<'a> {
    /// The next field's number and content, or none at the end.
    pub(super) fn next(&mut self) -> Result<Option<(u64, Content<'a>)>, Unreadable> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let key = self.number()?;
        if key >> 3 == 0 {
            return Err(Unreadable(NO_FIELD.into()));
        }
        let content = match key & 7 {
            0 => Content::Number(self.number()?),
            1 => Content::Fixed(u64::from_le_bytes(*self.chunk()?)),
            2 => {
                let length = usize::try_from(self.number()?).unwrap_or(usize::MAX);
                let Some((bytes, rest)) = self.0.split_at_checked(length) else {
                    return Err(Unreadable(CUT_OFF.into()));
                };
                self.0 = rest;
                Content::Bytes(bytes)
            }
            5 => Content::Fixed(u32::from_le_bytes(*self.chunk()?).into()),
            _ => return Err(Unreadable(NO_WIRE_TYPE.into())),
        };
        Ok(Some((key >> 3, content)))
    }

    fn chunk<const N: usize>(&mut self) -> Result<&'a [u8; N], Unreadable> {
        let Some((chunk, rest)) = self.0.split_first_chunk() else {
            return Err(Unreadable(CUT_OFF.into()));
        };
        self.0 = rest;
        Ok(chunk)
    }

    fn number(&mut self) -> Result<u64, Unreadable> {
        let mut number = 0_u64;
        for (at, byte) in self.0.iter().take(10).enumerate() {
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.0 = &self.0[at + 1..];
                return Ok(number);
            }
        }
        let reason = if self.0.len() < 10 {
            CUT_OFF
        } else {
            LONG_NUMBER
        };
        Err(Unreadable(reason.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(bytes: &[u8]) -> Result<Option<(u64, Content<'_>)>, Unreadable> {
        Fields(bytes).next()
    }

    #[test]
    fn each_kind_of_field_is_read_and_stepped_over() {
        let bytes = [
            0x08, 0x96, 0x01, 0x12, 0x02, b'h', b'i', 0x1d, 1, 0, 0, 0, 0x21, 2, 0, 0, 0, 0, 0, 0,
            0,
        ];
        let mut fields = Fields(&bytes);
        let mut seen = Vec::new();
        while let Some((number, content)) = fields.next().unwrap() {
            seen.push((number, content.number(), content.text().unwrap_or_default()));
        }
        assert_eq!(seen, [(1, 150, ""), (2, 0, "hi"), (3, 1, ""), (4, 2, "")]);
    }

    #[test]
    fn what_ends_too_early_or_never_is_broken() {
        for broken in [
            &[0x12, 0x05, b'h'][..],
            &[0x08],
            &[0x21, 1, 2],
            &[0x0b, 0x0c],
            &[0x00, 0x01],
            &[0xff; 11],
            &[
                0x12, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01,
            ],
        ] {
            assert!(first(broken).is_err(), "{broken:?}");
        }
        assert!(first(&[]).unwrap().is_none());
    }
}
