//! What people set in the page, by whom and when: margin, baseline and deciding metrics, who may sign
//! in, and tokens for scripts. Each is one act, kept in the transaction that changes it.

pub mod accounts;
mod decision;

use serde_json::Value;

use crate::auth;
use crate::store::acts::{self, Act};
use crate::store::{self, Tx};

pub use decision::{Decision, decide};

/// Why something is not set. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// In words for the person who sent it.
    #[error("{0}")]
    Refused(String),
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error(transparent)]
    Auth(#[from] auth::Error),
}

/// Who sets something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub email: &'a str,
    pub now_ms: i64,
}

fn refused<T>(why: impl Into<String>) -> Result<T, Error> {
    Err(Error::Refused(why.into()))
}

/// Keeps an act of somebody.
async fn keep(
    tx: &mut Tx,
    by: By<'_>,
    (kind, subject): (&str, &str),
    [before, after]: [Value; 2],
) -> store::Result<()> {
    let act = Act {
        at_ms: by.now_ms,
        by: by.email,
        kind,
        subject,
        before,
        after,
    };
    acts::record(tx, &act).await
}
