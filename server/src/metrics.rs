//! The vocabulary of metrics, and the pure functions that compute them: no store, no clock.
