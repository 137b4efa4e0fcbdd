//! Pieces that several pages share, drawn on the server.

pub mod evidence;
pub mod exceptions;
pub mod figure;
pub mod freshness_strip;
pub mod hop;
pub mod notice;
pub mod restated;
pub mod signal_mark;
pub mod week_picker;
