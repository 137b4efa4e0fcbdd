//! From data to accessible SVG: the drawing is hidden from assistive technology, and a table with
//! the same numbers stands beside it.
//!
//! Positions are percentages, so that a drawing fits any width with its strokes and letters at
//! their size, and needs no style attribute, which the content security policy forbids.

pub mod drawn;
pub mod marks;
pub mod numbers;
pub mod process;
pub mod scale;
pub mod six_twelve;
pub mod sparkline;
pub mod stages;
