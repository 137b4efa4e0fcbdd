//! What time it is: one value, made in `main` and handed down, so that a test can set it.

use std::sync::Arc;

/// Milliseconds since 1970 (UTC), whenever it is asked.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The machine's clock.
pub fn system() -> Clock {
    Arc::new(|| chrono::Utc::now().timestamp_millis())
}
