//! Text that takes less room than it has letters, for what is written once and seldom read.

use std::io::{BufRead, BufReader, Read};

use zstd::bulk::{self, Compressor};
use zstd::zstd_safe;

use super::{Error, Result};

/// A compressed text.
///
/// ```
/// use server::store::packed::Packed;
///
/// let spans = r#"{"name":"work"},"#.repeat(100);
/// let packed = Packed::of(&spans)?;
/// assert_eq!(packed.text()?, spans);
/// # Ok::<(), server::store::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(transparent)]
pub struct Packed(Vec<u8>);

/// zstd's fastest level.
const LEVEL: i32 = 1;
/// The largest text that is read back; nothing larger is taken in.
const MAX_BYTES: usize = 256 << 20;
/// How every frame of zstd begins, and no text does.
const MAGIC: [u8; 4] = 0xfd2f_b528_u32.to_le_bytes();

/// Packs one text after the other, which is faster than each by itself where they are short.
pub struct Packer(Compressor<'static>);

impl Packer {
    pub fn new() -> Result<Packer> {
        Ok(Packer(Compressor::new(LEVEL).map_err(unreadable)?))
    }

    pub fn pack(&mut self, text: &str) -> Result<Packed> {
        let packed = self.0.compress(text.as_bytes());
        Ok(Packed(packed.map_err(unreadable)?))
    }
}

impl Packed {
    pub fn of(text: &str) -> Result<Packed> {
        Packer::new()?.pack(text)
    }

    /// The text; also one that was kept before texts were packed.
    pub fn text(&self) -> Result<String> {
        let bytes = match self.0.starts_with(&MAGIC) {
            true => bulk::decompress(&self.0, self.size()?).map_err(unreadable)?,
            false => self.0.clone(),
        };
        String::from_utf8(bytes).map_err(unreadable)
    }

    /// How long the text is, so that no more room is taken for it.
    fn size(&self) -> Result<usize> {
        let told = zstd_safe::get_frame_content_size(&self.0);
        let told = told.map_err(|_| unreadable("its head is broken"))?;
        let told = told.and_then(|size| usize::try_from(size).ok());
        Ok(told.unwrap_or(MAX_BYTES).min(MAX_BYTES))
    }

    /// The text piece by piece, of which no more is unpacked than is read.
    pub(super) fn reader(&self) -> Result<impl BufRead> {
        let text = zstd::stream::read::Decoder::new(&self.0[..]).map_err(unreadable)?;
        Ok(BufReader::new(text.take(MAX_BYTES as u64)))
    }
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Unreadable {
        what: "a packed text",
        reason: error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_before_is_read_as_it_is() {
        let kept = Packed(b"[{}]".to_vec());
        assert_eq!(kept.text().unwrap(), "[{}]");
    }

    #[test]
    fn what_is_damaged_is_told_and_not_read() {
        let mut packed = Packed::of(&"work ".repeat(100)).unwrap();
        packed.0.truncate(12);
        let error = packed.text().unwrap_err().to_string();
        assert!(
            error.contains("a packed text that cannot be read"),
            "{error}"
        );
    }
}
