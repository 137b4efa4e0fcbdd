//! The harness of the suite: databases of a test's own, deliveries, dumps, and Onehop as a user runs it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says so on standard output"
)]

pub mod app;
pub mod command;
pub mod company;
pub mod database;
pub mod deliver;
pub mod dump;
pub mod fixture;
pub mod forge;
pub mod git;
pub mod import;
pub mod random_company;
pub mod read;
pub mod recorded;
pub mod repository;
pub mod schema;
pub mod script;
