//! The only module that speaks SQL.
//!
//! One SQL text serves SQLite and PostgreSQL; a file here is a noun, and knows its tables. Nothing
//! here knows what a figure means, what time it is, or who is asking.

pub mod accounts;
pub mod actions;
pub mod acts;
pub mod addresses;
pub mod approvals;
pub mod arrivals;
pub mod artifacts;
pub mod backup;
pub mod blame;
pub mod changes;
pub mod commits;
pub mod corrections;
pub mod cursors;
mod db;
pub mod defects;
pub mod deployments;
pub mod engine;
pub mod erase;
pub mod evaluations;
pub mod explanations;
pub mod figures;
pub mod hooks;
pub mod incidents;
pub mod jobs;
pub mod limits_left;
pub mod links;
pub mod named_runs;
pub mod packed;
pub mod policy_decisions;
pub mod pulls;
mod put;
pub mod raw;
pub mod receipts;
pub mod registry;
pub mod reviews;
pub mod runs;
pub mod schema;
pub mod secrets;
pub mod story;
pub mod suite_runs;
pub mod told;
pub mod touched;
pub mod trace_bodies;
pub mod trace_pieces;
pub mod trace_runs;
pub mod values;
pub mod versions;
pub mod walks;
pub mod weeks;

use serde::de::value::{self, StringDeserializer};

pub use db::{Db, Durable, Tx};

/// What of the database's own words goes to the log: not that its tables are there already.
pub const LOG: &str = "sqlx=warn";

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address of the database makes no sense.
    #[error("{url:?} is not a database address; use sqlite:PATH or postgres://USER@HOST/NAME")]
    Address { url: String },
    /// The folder of the database file cannot be made or written.
    #[error(
        "the database {path} cannot be opened for writing ({reason}); choose another with --database, or mend the folder's permissions"
    )]
    Folder { path: String, reason: String },
    /// Nothing answers at the address, or not to us.
    #[error(
        "the database {url} cannot be reached ({reason}); start it, or mend the address given with --database"
    )]
    Unreachable { url: String, reason: String },
    /// The file is there and is something else.
    #[error(
        "{path} is no SQLite database; nothing was changed. Choose another file with --database"
    )]
    NoDatabase { path: String },
    /// The schema could not be brought up to date.
    #[error(
        "the database schema could not be brought up to date ({0}); no data was lost. Was this database last used by a newer Onehop?"
    )]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The database refused or broke off.
    #[error("the database did not do what was asked: {0}")]
    Database(#[from] sqlx::Error),
    /// A file that is to be read or copied is missing, or is no database of ours.
    #[error("{path} is no database of Onehop ({reason})")]
    NotOurs { path: String, reason: String },
    /// What the database itself says of its file.
    #[error("{path} is damaged: {reason}")]
    Damaged { path: String, reason: String },
    /// A stored value does not read as what it should be.
    #[error("the database holds {what} that cannot be read: {reason}")]
    Unreadable { what: &'static str, reason: String },
}

pub type Result<T> = std::result::Result<T, Error>;

/// Reads a JSON column.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T> {
    serde_json::from_str(text).map_err(|error| Error::Unreadable {
        what,
        reason: error.to_string(),
    })
}

/// Reads a column that holds one of a few words, or nothing.
pub(crate) fn from_word<T: serde::de::DeserializeOwned>(
    what: &'static str,
    word: Option<String>,
) -> Result<Option<T>> {
    let read = |word| T::deserialize(StringDeserializer::<value::Error>::new(word));
    word.map(read)
        .transpose()
        .map_err(|error| Error::Unreadable {
            what,
            reason: error.to_string(),
        })
}

/// Writes a JSON column.
pub(crate) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Unreadable {
        what,
        reason: error.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use incidents::Kind;

    #[test]
    fn a_word_that_is_not_one_of_the_few_is_an_error_that_names_the_column() {
        let read = |word: &str| from_word("a kind", Some(word.to_owned()));
        assert_eq!(read("drill").unwrap(), Some(Kind::Drill));
        assert_eq!(from_word::<Kind>("a kind", None).unwrap(), None);
        let error = read("outage").unwrap_err().to_string();
        assert!(
            error.contains("a kind") && error.contains("outage"),
            "{error}"
        );
    }
}
