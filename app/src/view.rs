//! Plain data for pages: serialisable, comparable, with no method that fetches.
//!
//! The same value feeds the page, its CSV, its JSON and its print, so that they cannot disagree.

pub mod actions;
pub mod answer;
pub mod bodies;
pub mod chart;
pub mod connect;
pub mod correction;
pub mod definition;
pub mod demo;
pub mod exceptions;
pub mod explanation;
pub mod figure;
pub mod first_hour;
pub mod frame;
pub mod freshness;
pub mod hop;
pub mod limits;
pub mod money;
pub mod months;
pub mod receipt;
pub mod records;
pub mod restated;
pub mod review;
pub mod search;
pub mod settings;
pub mod sign_in;
pub mod signal;
pub mod sources;
pub mod workflow;
pub mod workflow_form;
