//! Every test from outside, in one binary.

mod access;
mod sign_in;
