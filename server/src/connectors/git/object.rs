//! Commits and tags as they stand in the object store, read with patience.
//!
//! Old and foreign tools have written headers that strict readers refuse and `git log` shows all the
//! same; here a commit counts as long as it names its tree.

use gix::ObjectId;

/// A commit's headers and message, still as bytes.
pub(super) struct Commit<'a> {
    pub tree: ObjectId,
    pub parents: Vec<ObjectId>,
    pub author: Ident<'a>,
    pub committer: Ident<'a>,
    encoding: &'a [u8],
    message: &'a [u8],
}

/// An annotated tag: what it points at, and who made it when.
pub(super) struct Tag<'a> {
    pub target: ObjectId,
    pub tagger: Ident<'a>,
}

/// Who, and when as far as that can be read.
#[derive(Clone, Copy, Default)]
pub(super) struct Ident<'a> {
    name: &'a [u8],
    email: &'a [u8],
    /// Seconds since 1970.
    pub at_s: Option<i64>,
}

impl<'a> Commit<'a> {
    /// None when it names no tree.
    pub(super) fn parse(data: &'a [u8]) -> Option<Commit<'a>> {
        let (headers, message) = split(data);
        let mut lines = headers.split(|byte| *byte == b'\n').peekable();
        let tree = id(lines.next()?.strip_prefix(b"tree ")?)?;
        let mut parents = Vec::with_capacity(2);
        while let Some(parent) = lines.peek().and_then(|line| line.strip_prefix(b"parent ")) {
            parents.push(id(parent)?);
            lines.next();
        }
        let mut commit = Commit {
            tree,
            parents,
            author: Ident::default(),
            committer: Ident::default(),
            encoding: b"",
            message,
        };
        let (mut has_author, mut has_committer) = (false, false);
        for line in lines {
            if let Some(author) = line.strip_prefix(b"author ").filter(|_| !has_author) {
                commit.author = Ident::parse(author);
                has_author = true;
            } else if let Some(text) = line.strip_prefix(b"committer ").filter(|_| !has_committer) {
                commit.committer = Ident::parse(text);
                has_committer = true;
            } else if let Some(encoding) = line.strip_prefix(b"encoding ") {
                commit.encoding = encoding;
            }
        }
        Some(commit)
    }

    pub(super) fn message(&self) -> String {
        text(self.message, self.encoding)
    }

    /// The author's address in lower case, or the name where there is no address.
    pub(super) fn author_account(&self) -> String {
        let account = match self.author.email {
            b"" => text(self.author.name, self.encoding),
            email => text(email, self.encoding).to_lowercase(),
        };
        let short: String = account.chars().take(MAX_ACCOUNT_CHARS).collect();
        if short.is_empty() {
            "unknown".to_owned()
        } else {
            short
        }
    }
}

/// An account is never longer than this.
const MAX_ACCOUNT_CHARS: usize = 120;

impl<'a> Tag<'a> {
    /// None when it points at nothing.
    pub(super) fn parse(data: &'a [u8]) -> Option<Tag<'a>> {
        let (headers, _) = split(data);
        let mut lines = headers.split(|byte| *byte == b'\n');
        let target = id(lines.next()?.strip_prefix(b"object ")?)?;
        let tagger = lines
            .find_map(|line| line.strip_prefix(b"tagger "))
            .map(Ident::parse)
            .unwrap_or_default();
        Some(Tag { target, tagger })
    }
}

/// The last second of the year 9999; later ones cannot be written as an instant.
const LAST_S: i64 = 253_402_300_799;

impl<'a> Ident<'a> {
    /// `Name <address> seconds zone`: the name ends at the first `<`, the instant follows the last `>`.
    fn parse(line: &'a [u8]) -> Ident<'a> {
        let opening = line.iter().position(|byte| *byte == b'<');
        let name = line[..opening.unwrap_or(line.len())].trim_ascii();
        let rest = opening.map_or(&b""[..], |at| &line[at + 1..]);
        let email = rest.split(|byte| *byte == b'>').next().unwrap_or_default();
        let last = line.iter().rposition(|byte| *byte == b'>');
        let instant = last.map_or(&b""[..], |at| line[at + 1..].trim_ascii_start());
        let digits = instant.iter().take_while(|byte| byte.is_ascii_digit());
        let digits = &instant[..digits.count()];
        Ident {
            name,
            email: email.trim_ascii(),
            at_s: std::str::from_utf8(digits)
                .ok()
                .and_then(|text| text.parse().ok())
                .filter(|at_s| *at_s <= LAST_S),
        }
    }
}

/// Headers and message; they are parted by the first empty line.
fn split(data: &[u8]) -> (&[u8], &[u8]) {
    match data.windows(2).position(|pair| pair == b"\n\n") {
        Some(at) => (&data[..at], &data[at + 2..]),
        None => (data.strip_suffix(b"\n").unwrap_or(data), b""),
    }
}

fn id(hex: &[u8]) -> Option<ObjectId> {
    ObjectId::from_hex(hex.trim_ascii_end()).ok()
}

/// Bytes as text: UTF-8, or Latin-1 where the commit says so, with a mark for what is neither. NUL is
/// marked too, as no store keeps it.
pub(super) fn text(bytes: &[u8], encoding: &[u8]) -> String {
    let latin = [&b"iso-8859-1"[..], b"iso8859-1", b"latin1", b"latin-1"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(encoding));
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) if latin => bytes.iter().map(|byte| char::from(*byte)).collect(),
        Err(_) => String::from_utf8_lossy(bytes).into_owned(),
    };
    if text.contains('\0') {
        return text.replace('\0', "\u{fffd}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREE: &str = "tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n";

    fn at_s(ident: &str) -> Option<i64> {
        Ident::parse(ident.as_bytes()).at_s
    }

    #[test]
    fn an_instant_is_read_behind_the_last_bracket_or_not_at_all() {
        assert_eq!(at_s("Ana <ana@host> 1700000000 +0100"), Some(1_700_000_000));
        assert_eq!(at_s("Ana <ana@host>> 5 +0000"), Some(5));
        assert_eq!(at_s("Ana <ana@host> -5 +0000"), None);
        assert_eq!(at_s("Ana <ana@host> 99999999999999999999 +0000"), None);
        assert_eq!(at_s("Ana <> 999999999999 +0000"), None);
        assert_eq!(at_s("Ana"), None);
    }

    #[test]
    fn a_commit_with_two_authors_and_no_message_is_read() {
        let text = format!("{TREE}author A <A@Host> 1 +0000\nauthor B <b@host> 2 +0000\n");
        let commit = Commit::parse(text.as_bytes()).unwrap();
        assert_eq!(commit.author_account(), "a@host");
        assert_eq!((commit.author.at_s, commit.committer.at_s), (Some(1), None));
        assert_eq!(commit.message(), "");
    }

    #[test]
    fn a_signature_is_no_part_of_the_message() {
        let text =
            format!("{TREE}author A <> 1 +0000\ngpgsig -----BEGIN\n \n -----END\n\nTitle\n\nBody");
        let commit = Commit::parse(text.as_bytes()).unwrap();
        assert_eq!(commit.author_account(), "A");
        assert_eq!(commit.message(), "Title\n\nBody");
    }

    #[test]
    fn latin_text_is_read_where_the_commit_says_so() {
        assert_eq!(text(b"caf\xe9", b"ISO-8859-1"), "caf\u{e9}");
        assert_eq!(text(b"caf\xe9\0", b""), "caf\u{fffd}\u{fffd}");
    }

    #[test]
    fn a_commit_without_a_tree_is_none() {
        assert!(Commit::parse(b"author A <a> 1 +0000\n\nx").is_none());
    }
}
