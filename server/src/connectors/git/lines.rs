//! How many lines differ between two texts, counted as `git log --numstat` counts them where no
//! attribute of the repository says otherwise.

use gix_imara_diff::sources::byte_lines;
use gix_imara_diff::{Algorithm, Diff, InternedInput};

/// Lines that came and lines that went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    pub additions: u64,
    pub deletions: u64,
}

/// Contents with a NUL this early are no text.
const PEEKED_BYTES: usize = 8_000;
/// Larger contents are not compared.
const MAX_BYTES: usize = 32 << 20;

/// The lines of a text, with its last one even if it does not end.
fn lines(text: &[u8]) -> u64 {
    let ends = text.iter().filter(|byte| **byte == b'\n').count() as u64;
    let open = text.last().is_some_and(|byte| *byte != b'\n');
    ends + u64::from(open)
}

pub(super) fn is_binary(contents: &[u8]) -> bool {
    contents.len() > MAX_BYTES || contents[..contents.len().min(PEEKED_BYTES)].contains(&0)
}

/// What differs; nothing when either is no text.
pub(super) fn size(old: &[u8], new: &[u8], diff: &mut Diff) -> Size {
    if is_binary(old) || is_binary(new) {
        return Size::default();
    }
    if old.is_empty() || new.is_empty() {
        return Size {
            additions: lines(new),
            deletions: lines(old),
        };
    }
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    diff.compute_with(
        Algorithm::Myers,
        &input.before,
        &input.after,
        input.interner.num_tokens(),
    );
    Size {
        additions: u64::from(diff.count_additions()),
        deletions: u64::from(diff.count_removals()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(old: &str, new: &str) -> (u64, u64) {
        let size = size(old.as_bytes(), new.as_bytes(), &mut Diff::default());
        (size.additions, size.deletions)
    }

    #[test]
    fn a_changed_line_comes_and_goes() {
        assert_eq!(of("a\nb\nc\n", "a\nx\nc\n"), (1, 1));
        assert_eq!(of("", "a\nb"), (2, 0));
        assert_eq!(of("a\nb\n", ""), (0, 2));
    }

    #[test]
    fn a_last_line_that_now_ends_is_another_line() {
        assert_eq!(of("a\nb", "a\nb\n"), (1, 1));
    }

    #[test]
    fn what_is_no_text_has_no_lines() {
        assert_eq!(of("a\0b\n", "c\n"), (0, 0));
    }
}
