//! The only code that reaches the browser. Every page is complete without it.

pub mod theme;
