//! The log: on standard error, for people unless `ONEHOP_LOG_FORMAT=json`.

use std::io;

use tracing_subscriber::EnvFilter;

use crate::store;

/// Starts it, filtered by `ONEHOP_LOG`, else `RUST_LOG`, else what is worth knowing.
pub fn start() {
    let filter = EnvFilter::try_from_env("ONEHOP_LOG")
        .or_else(|_| EnvFilter::try_from_default_env())
        .unwrap_or_else(|_| EnvFilter::new(format!("info,{}", store::LOG)));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr);
    // Fails only when a log was started before, which then goes on.
    let _ = if std::env::var("ONEHOP_LOG_FORMAT").is_ok_and(|format| format == "json") {
        log.json().try_init()
    } else {
        log.with_target(false).try_init()
    };
}
