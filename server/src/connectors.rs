//! What reads other systems, each in its own words; knows nothing of records or where they go.

pub mod git;
