//! What a commit changed, told apart from where: two commits of the same patch id are the same work.
//!
//! As in `git patch-id --stable`, line numbers, white space and the order of files play no part, and
//! up to three lines around each change do.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Range;

use gix_imara_diff::sources::byte_lines;
use gix_imara_diff::{Algorithm, Diff, InternedInput};

use super::lines;

/// A file that differs; on the side where it is not, there is nothing.
pub(super) struct Patched<'a> {
    pub path: &'a [u8],
    pub old: Option<&'a [u8]>,
    pub new: Option<&'a [u8]>,
}

/// Lines around a change that are part of it.
const AROUND: u32 = 3;

/// The patch id of a commit's files; none when nothing differs.
pub(super) fn id(files: &[Patched<'_>], diff: &mut Diff) -> Option<u64> {
    let ids = files.iter().map(|file| of_file(file, diff));
    // Files come in any order.
    ids.reduce(u64::wrapping_add)
}

fn of_file(file: &Patched<'_>, diff: &mut Diff) -> u64 {
    let mut hasher = DefaultHasher::new();
    (file.path, file.old.is_some(), file.new.is_some()).hash(&mut hasher);
    let (old, new) = (file.old.unwrap_or_default(), file.new.unwrap_or_default());
    if lines::is_binary(old) || lines::is_binary(new) {
        (old, new).hash(&mut hasher);
        return hasher.finish();
    }
    let input = InternedInput::new(byte_lines(old), byte_lines(new));
    diff.compute_with(
        Algorithm::Myers,
        &input.before,
        &input.after,
        input.interner.num_tokens(),
    );
    // Of lines that repeat, always the same ones differ.
    diff.postprocess_no_heuristic(&input);
    for hunk in diff.hunks() {
        let begin = hunk.before.start.saturating_sub(AROUND);
        let end = (hunk.before.end + AROUND).min(input.before.len() as u32);
        let old = |lines: Range<u32>| input.before[range(lines)].iter();
        let new = input.after[range(hunk.after)].iter();
        let parts = [
            (' ', old(begin..hunk.before.start)),
            ('-', old(hunk.before.clone())),
            ('+', new),
            (' ', old(hunk.before.end..end)),
        ];
        for (sign, tokens) in parts {
            for token in tokens {
                (sign, without_space(input.interner[*token])).hash(&mut hasher);
            }
        }
    }
    hasher.finish()
}

fn range(lines: Range<u32>) -> Range<usize> {
    lines.start as usize..lines.end as usize
}

fn without_space(line: &[u8]) -> Vec<u8> {
    let kept = line.iter().filter(|byte| !byte.is_ascii_whitespace());
    kept.copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str, &str)]) -> Option<u64> {
        let files: Vec<Patched<'_>> = files
            .iter()
            .map(|(path, old, new)| Patched {
                path: path.as_bytes(),
                old: Some(old.as_bytes()),
                new: Some(new.as_bytes()),
            })
            .collect();
        id(&files, &mut Diff::default())
    }

    const OLD: &str = "a\nb\nc\nd\ne\n";
    const NEW: &str = "a\nb\nx\nd\ne\n";

    #[test]
    fn line_numbers_and_white_space_play_no_part() {
        let below = |text: &str| format!("1\n2\n3\n4\n{text}");
        let here = of(&[("f", OLD, NEW)]);
        let old = OLD.replace("b\n", "  b\r\n");
        let new = NEW.replace("b\n", "  b\r\n").replace('x', "\tx ");
        assert_eq!(of(&[("f", &old, &new)]), here);
        let deep = |text: &str| format!("0\n0\n{}", below(text));
        assert_eq!(
            of(&[("f", &deep(OLD), &deep(NEW))]),
            of(&[("f", &below(OLD), &below(NEW))])
        );
    }

    #[test]
    fn another_line_another_path_and_other_lines_around_are_another_patch() {
        let here = of(&[("f", OLD, NEW)]);
        assert_ne!(of(&[("f", OLD, &NEW.replace('x', "y"))]), here);
        assert_ne!(of(&[("g", OLD, NEW)]), here);
        let around = |text: &str| text.replace('d', "z");
        assert_ne!(of(&[("f", &around(OLD), &around(NEW))]), here);
        assert_ne!(of(&[("f", NEW, OLD)]), here);
    }

    #[test]
    fn the_order_of_files_plays_no_part_and_no_files_are_no_patch() {
        let (one, two) = (("f", OLD, NEW), ("g", NEW, OLD));
        assert_eq!(of(&[one, two]), of(&[two, one]));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_is_no_text_is_compared_whole() {
        assert_ne!(of(&[("f", "\0a", "\0b")]), of(&[("f", "\0a", "\0c")]));
    }
}
