//! The only code that reaches the browser. Every page is complete without it.

pub mod copy_link;
pub mod palette;
pub mod shortcuts;
pub mod theme;
