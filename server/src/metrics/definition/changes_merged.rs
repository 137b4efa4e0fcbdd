//! The text of `changes_merged`.

use super::{Definition, Version};

pub const DEFINITION: Definition = Definition {
    answers: "?",
    formula: &["."],
    leaves_out: &["."],
    records: ".",
    week_of: ".",
    settles: ".",
    statistics: &["."],
    source: ".",
    versions: &[Version {
        version: 1,
        since: "2026-11-22",
        change: "First version.",
    }],
};
