//! How much of an export is read. What goes beyond is counted or refused by name, never kept.

/// The most spans or log records taken of one request.
pub const MAX_ROWS: usize = 100_000;
/// The most that the rows of one request may take; what a resource says is repeated in each of them.
pub const MAX_KEPT_BYTES: usize = 64 << 20;
/// The most refusals that are told one by one; the rest are counted.
pub const MAX_REASONS: usize = 100;
/// The most attributes read of one span, event, record or resource.
pub const MAX_ATTRIBUTES: usize = 128;
/// The most events read of one span.
pub const MAX_EVENTS: usize = 128;
/// How deep lists and maps may lie in each other.
pub const MAX_DEPTH: usize = 16;
/// The most values read of one list or map.
pub const MAX_VALUES: usize = 10_000;
/// The longest name of a span, a tool or a model; what is longer is cut.
pub const MAX_NAME_BYTES: usize = 200;
/// The longest error message; what is longer is cut.
pub const MAX_ERROR_BYTES: usize = 500;
/// The longest value that names something else; a longer one is left out, since a cut one names another.
pub const MAX_KEY_BYTES: usize = 300;
/// The most sessions, join keys, resources or evaluations kept of one span.
pub const MAX_KEYS: usize = 32;
/// The longest `metadata` that is searched for join keys.
pub const MAX_METADATA_BYTES: usize = 64 << 10;
/// The most tool calls told of one run.
pub const MAX_CALLS: usize = 10_000;
/// The earliest instant that is believed: 1 January 2015.
pub const EARLIEST_MS: i64 = 1_420_070_400_000;
/// How far ahead of the receiver's clock a sender's may be.
pub const MAX_AHEAD_MS: i64 = 24 * 60 * 60 * 1_000;
