//! Which added file is a deleted one under another name.
//!
//! Follows what `git log` does by default: the same contents first, then contents of which at least
//! half is found again, the likest pair first; of a file whose name is unique on both sides three
//! quarters settle it at once.

use std::collections::HashMap;

/// A file on one side of a comparison.
pub(super) struct Side<'a> {
    pub path: &'a [u8],
    pub contents: &'a [u8],
}

/// More pairs are not compared.
pub(super) const MAX_PAIRS: usize = 1_000_000;
/// Lines are compared in pieces of at most so many bytes.
const PIECE_BYTES: usize = 64;
/// How many of the likest deleted files each added one is matched with.
const CANDIDATES: usize = 4;

/// The pairs (deleted, added), by their places.
pub(super) fn pairs(deleted: &[Side<'_>], added: &[Side<'_>]) -> Vec<(usize, usize)> {
    let old: Vec<Pieces<'_>> = deleted.iter().map(|side| pieces(side.contents)).collect();
    let new: Vec<Pieces<'_>> = added.iter().map(|side| pieces(side.contents)).collect();
    let likeness = |from: usize, to: usize| {
        likeness(
            (&old[from], deleted[from].contents.len()),
            (&new[to], added[to].contents.len()),
        )
    };
    let mut found = same_names(deleted, added)
        .into_iter()
        .filter(|(from, to)| likeness(*from, *to) >= 0.75)
        .collect::<Vec<_>>();
    let (mut taken_old, mut taken_new) = (vec![false; old.len()], vec![false; new.len()]);
    for (from, to) in &found {
        (taken_old[*from], taken_new[*to]) = (true, true);
    }
    let mut candidates = Vec::new();
    for to in (0..new.len()).filter(|to| !taken_new[*to]) {
        let mut likest: Vec<(f64, bool, usize, usize)> = (0..old.len())
            .filter(|from| !taken_old[*from])
            .map(|from| {
                (
                    likeness(from, to),
                    name(deleted[from].path) == name(added[to].path),
                    from,
                    to,
                )
            })
            .filter(|(likeness, ..)| *likeness >= 0.5)
            .collect();
        likest.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
        candidates.extend(likest.into_iter().take(CANDIDATES));
    }
    candidates.sort_by(|a, b| b.0.total_cmp(&a.0).then(b.1.cmp(&a.1)));
    for (_, _, from, to) in candidates {
        if !taken_old[from] && !taken_new[to] {
            (taken_old[from], taken_new[to]) = (true, true);
            found.push((from, to));
        }
    }
    found
}

/// Pairs whose file name stands once on either side.
fn same_names(deleted: &[Side<'_>], added: &[Side<'_>]) -> Vec<(usize, usize)> {
    let (old, new) = (unique_names(deleted), unique_names(added));
    let mut pairs: Vec<(usize, usize)> = new
        .into_iter()
        .filter_map(|(name, to)| Some(((*old.get(name)?)?, to?)))
        .collect();
    pairs.sort_unstable();
    pairs
}

/// Where each file name stands; none when at several places.
fn unique_names<'a>(sides: &[Side<'a>]) -> HashMap<&'a [u8], Option<usize>> {
    let mut names = HashMap::new();
    for (at, side) in sides.iter().enumerate() {
        names
            .entry(name(side.path))
            .and_modify(|place| *place = None)
            .or_insert(Some(at));
    }
    names
}

/// The last part of a path.
pub(super) fn name(path: &[u8]) -> &[u8] {
    path.rsplit(|byte| *byte == b'/').next().unwrap_or_default()
}

/// How many bytes of each piece a file holds.
type Pieces<'a> = HashMap<&'a [u8], usize>;

fn pieces(contents: &[u8]) -> Pieces<'_> {
    let mut pieces = HashMap::new();
    for line in contents.split_inclusive(|byte| *byte == b'\n') {
        for piece in line.chunks(PIECE_BYTES) {
            *pieces.entry(piece).or_insert(0) += piece.len();
        }
    }
    pieces
}

/// The share of the larger file that both hold; 0 when their lengths alone rule half of it out.
fn likeness((old, old_bytes): (&Pieces<'_>, usize), (new, new_bytes): (&Pieces<'_>, usize)) -> f64 {
    let (shorter, longer) = (old_bytes.min(new_bytes), old_bytes.max(new_bytes));
    if shorter == 0 || shorter * 2 < longer {
        return 0.0;
    }
    let both: usize = old
        .iter()
        .map(|(piece, bytes)| new.get(piece).map_or(0, |others| *bytes.min(others)))
        .sum();
    both as f64 / longer as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side<'a>(path: &'a str, contents: &'a str) -> Side<'a> {
        Side {
            path: path.as_bytes(),
            contents: contents.as_bytes(),
        }
    }

    #[test]
    fn a_file_that_keeps_half_of_its_bytes_was_renamed() {
        let old = [side("a/x.rs", "one\ntwo\nthr\nfou\n")];
        assert_eq!(
            pairs(&old, &[side("b/y.rs", "one\ntwo\nnew\nall\n")]),
            [(0, 0)]
        );
        assert_eq!(pairs(&old, &[side("b/y.rs", "one\nnew\nall\nnow\n")]), []);
    }

    #[test]
    fn the_likest_pair_goes_first_and_a_file_goes_once() {
        let old = [side("x", "one\ntwo\nthr\nfou\n")];
        let new = [
            side("y", "one\ntwo\nthr\nnew\n"),
            side("z", "one\ntwo\nthr\nfou\nfiv\n"),
        ];
        assert_eq!(pairs(&old, &new), [(0, 1)]);
    }

    #[test]
    fn a_unique_name_settles_it_before_a_likelier_stranger() {
        let old = [
            side("a/x", "one\ntwo\nthr\nfou\n"),
            side("a/other", "zero\n"),
        ];
        let new = [
            side("b/x", "one\ntwo\nthr\nnew\n"),
            side("b/y", "one\ntwo\nthr\nfou\nfi\n"),
        ];
        assert_eq!(pairs(&old, &new), [(0, 0)]);
    }
}
