//! Every test from outside, in one binary, so that there is one link step.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a test that cannot go on has failed, and says so on standard output"
)]

mod access;
mod actions;
mod acts;
mod answer;
mod apply;
mod architecture;
mod auditability;
mod backup;
mod bad_input;
mod bodies;
mod commands;
mod connect;
mod connectors;
mod corrections;
mod cycle_time;
mod delivery;
mod demo;
mod doctor;
mod documents;
mod erase;
mod evals;
mod exceptions;
mod explanations;
mod figures;
mod first_hour;
mod freeze;
mod github;
mod help;
mod hooks;
mod hop;
mod import_git;
mod ingest;
mod kill;
mod marks;
mod measured;
mod migrations;
mod months;
mod one_figure;
mod openapi;
mod otlp;
mod otlp_grpc;
mod otlp_kill;
mod picture;
mod properties;
mod public_repositories;
mod push;
mod receipt;
mod recompute;
mod recorded;
mod records;
mod replayed;
mod review;
mod search;
mod secrets;
mod settings;
mod shown;
mod sign_in;
mod sources;
mod store;
mod story;
mod streams;
mod two_services;
mod versions;
mod workflows;
