//! Everything of Onehop that is not seen.
//!
//! Modules stand in reading order. An arrow may be skipped, never reversed (a test holds it):
//!
//! ```text
//! main → cli → anything below
//! http → views → { figures, links, metrics, store }      http → auth → store
//! http, cli, jobs → ingest → { figures, links, store }
//! views, jobs, cli → figures → { links, metrics, store }      links → store
//! jobs → { figures, store }      demo → nothing of ours, sent through ingest
//! metrics → nothing of ours      config → nothing of ours      clock → nothing of ours, for all
//! ```

pub mod cli;
pub mod config;
pub mod demo;

pub mod auth;
pub mod http;
pub mod views;

pub mod clock;
pub mod figures;
pub mod ingest;
pub mod links;
pub mod metrics;
pub mod store;
