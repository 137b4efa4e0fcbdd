//! The hash that ties an act to the one before it. Anybody can compute it again from the rows alone.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// What is hashed of an act: its columns by name in the order of the alphabet, JSON as the text it is
/// kept as.
#[derive(Debug, Serialize)]
pub struct Row<'a> {
    pub after: &'a str,
    pub at: i64,
    pub before: &'a str,
    pub by_whom: &'a str,
    pub kind: &'a str,
    pub number: i64,
    pub subject: &'a str,
}

/// SHA-256, in hexadecimal, of the hash before (nothing before the first act), a line feed, and the
/// row as JSON without spaces.
///
/// ```
/// use server::store::acts::chain::{Row, hash};
///
/// let row = Row { after: "{\"value\":\"agent\"}", at: 20, before: "null",
///     by_whom: "ana@example.org", kind: "correction", number: 1, subject: "change:c1" };
/// // printf '\n{"after":"{\\"value\\":\\"agent\\"}","at":20,"before":"null","by_whom":"ana@example.org","kind":"correction","number":1,"subject":"change:c1"}' | sha256sum
/// let first = hash("", &row);
/// assert_eq!(first, "ce336db21f85da3eabcc95e74ccb52f333cac608cae70a0f5c1775c874ab49e8");
/// assert_ne!(hash(&first, &row), first);
/// ```
pub fn hash(previous: &str, row: &Row<'_>) -> String {
    let mut hash = Sha256::new();
    hash.update(previous.as_bytes());
    hash.update(b"\n");
    // Texts and numbers alone cannot fail to be written.
    hash.update(serde_json::to_vec(row).unwrap_or_default());
    hex::encode(hash.finalize())
}
