//! What a link rests on, in words, with its level.

use crate::view::records::{Evidence, Level};

/// "author account checkout-agent is registered (recorded)".
pub fn said(evidence: &Evidence) -> String {
    let level = match evidence.level {
        Level::Recorded => "recorded",
        Level::Declared => "declared",
        Level::Inferred => "inferred",
    };
    format!("{} ({level})", evidence.what)
}
