//! Pieces that several pages share, drawn on the server.

pub mod action;
pub mod evidence;
pub mod exceptions;
pub mod explained;
pub mod field;
pub mod figure;
pub mod freshness_strip;
pub mod hop;
pub mod notice;
pub mod picture;
pub mod records;
pub mod restated;
pub mod signal_mark;
pub mod summary;
pub mod week_picker;
