//! Everything of Onehop that is not seen.
//!
//! Modules stand in reading order. An arrow may be skipped, never reversed (a test holds it):
//!
//! ```text
//! main → cli → anything below
//! jobs → freeze → { views, figures, metrics, store }
//! http → views → { corrections, figures, links, metrics, store }      http → auth → store
//! cli → erase → { figures, ingest, links, store }
//! http, cli → ingest → { figures, links, store }
//! http, views → actions → { figures, metrics, store }
//! http → corrections → { figures, links, store }      http → explanations → store
//! http → settings → { auth, figures, metrics, store }
//! http → limits → { figures, metrics, store }      http → workflows → { figures, store }
//! figures → { links, metrics, store }      links → store
//! http, cli → suites → { evals, ingest, store }      http, jobs → traces → { ingest, otlp, store }      http → opa
//! http → picture      cli, http → signing → key      connections → vault → key
//! connectors, demo, evals, metrics, opa, otlp, picture, config, clock → nothing of ours      (the clock is for all who ask for the time)
//! ```

pub mod cli;
pub mod config;
pub mod demo;

pub mod auth;
pub mod http;
pub mod key;
pub mod signing;
pub mod vault;
pub mod views;

pub mod actions;
pub mod clock;
pub mod connections;
pub mod connectors;
pub mod corrections;
pub mod erase;
pub mod evals;
pub mod explanations;
pub mod figures;
pub mod freeze;
pub mod ingest;
pub mod jobs;
pub mod limits;
pub mod links;
pub mod metrics;
pub mod opa;
pub mod otlp;
pub mod picture;
pub mod settings;
pub mod store;
pub mod suites;
pub mod traces;
pub mod workflows;
