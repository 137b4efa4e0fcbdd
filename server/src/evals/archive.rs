//! What stands in the entries of a ZIP archive, deflated or compressed with Zstandard.
//!
//! Never more is unpacked than is allowed in all, whatever the archive says of its sizes.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

use super::{MAX_BYTES, Unreadable};

pub struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// How many bytes may still be unpacked.
    left: u64,
}

impl<'a> Archive<'a> {
    /// How each archive that isn't empty begins.
    pub const BEGINNING: &'static [u8] = b"PK\x03\x04";

    pub fn open(bytes: &'a [u8]) -> Result<Archive<'a>, Unreadable> {
        Archive::with_limit(bytes, MAX_BYTES as u64)
    }

    fn with_limit(bytes: &'a [u8], left: u64) -> Result<Archive<'a>, Unreadable> {
        match ZipArchive::new(Cursor::new(bytes)) {
            Ok(zip) => Ok(Archive { zip, left }),
            Err(_) => Err(Unreadable::new("this cannot be read as a ZIP archive")),
        }
    }

    /// What stands in an entry; nothing when there is no such entry.
    pub fn entry(&mut self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let refused = |said: &str| Err(Unreadable::new(said).at(name));
        let entry = match self.zip.by_name(name) {
            Ok(entry) => entry,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(_) => return refused("this entry cannot be unpacked"),
        };
        let mut bytes = Vec::new();
        let unpacked = entry.take(self.left + 1).read_to_end(&mut bytes);
        match (unpacked, self.left.checked_sub(bytes.len() as u64)) {
            (_, None) => refused("more than 64 MiB would be unpacked"),
            (Err(_), _) => refused("this entry cannot be unpacked"),
            (Ok(_), Some(left)) => {
                self.left = left;
                Ok(Some(bytes))
            }
        }
    }
}

#[cfg(test)]
pub mod tests {
    use std::io::Write;

    use zip::CompressionMethod;
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    pub fn archive(entries: &[(&str, &[u8])], method: CompressionMethod) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default().compression_method(method);
        for (name, bytes) in entries {
            writer.start_file(*name, options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn an_entry_is_unpacked_whichever_way_it_was_packed() {
        for method in [
            CompressionMethod::Stored,
            CompressionMethod::Deflated,
            CompressionMethod::Zstd,
        ] {
            let bytes = archive(&[("a", b"aaaa"), ("b", b"")], method);
            assert!(bytes.starts_with(Archive::BEGINNING));
            let mut archive = Archive::open(&bytes).unwrap();
            assert_eq!(archive.entry("a").unwrap().unwrap(), b"aaaa");
            assert_eq!(archive.entry("b").unwrap().unwrap(), b"");
            assert_eq!(archive.entry("c").unwrap(), None);
        }
    }

    #[test]
    fn no_more_is_unpacked_than_is_allowed_in_all() {
        for method in [CompressionMethod::Deflated, CompressionMethod::Zstd] {
            let bytes = archive(&[("a", &[b'a'; 60_000]), ("b", &[b'b'; 60_000])], method);
            let mut archive = Archive::with_limit(&bytes, 100_000).unwrap();
            assert!(archive.entry("a").unwrap().is_some());
            let error = archive.entry("b").unwrap_err();
            assert_eq!(error.to_string(), "b: more than 64 MiB would be unpacked");
        }
    }

    #[test]
    fn a_damaged_archive_is_refused() {
        let whole = archive(&[("a", &[b'a'; 1_000])], CompressionMethod::Deflated);
        assert!(Archive::open(&whole[..whole.len() - 1]).is_err());
        let mut damaged = whole;
        damaged[33] ^= 0xff;
        let error = Archive::open(&damaged).unwrap().entry("a").unwrap_err();
        assert_eq!(error.to_string(), "a: this entry cannot be unpacked");
    }
}
