//! What joins records of different kinds, derived by pure functions and kept with its evidence.
//!
//! Links are computed again for the keys that an arrival, a registry edit or a correction touches,
//! and always come out the same from the same facts. Changes are linked as they arrive; deployments,
//! then incidents and defects, then how deployments ended, then what agents did and left behind, follow
//! behind, a step at a time. Nothing
//! here computes a figure or knows a week.

mod account;
pub mod agent_work;
mod agents;
mod approvals;
mod artifacts;
mod audit;
mod blame;
pub mod changes;
mod contents;
mod defects;
pub mod deployments;
mod evaluated;
mod holders;
mod incidents;
mod joined;
mod known;
pub(crate) mod marks;
mod outcome;
mod outcomes;
mod price;
mod production;
mod remedy;
pub(crate) mod revert;
mod review;
mod runs;
mod segment;
mod suite_runs;
mod work;

use crate::store::registry::Registry;
use crate::store::{self, Tx};

pub use audit::{Asked, Item};
pub use evaluated::{has_suite_failed, suite_threshold_ratio};
pub use incidents::NO_DEPLOYMENT;
pub use joined::Joined;
pub use production::incident_window_hours;
pub use segment::{Evidence, Level, Segment};

/// Whether an account or address is known as an agent's, by the registry or by itself.
pub fn is_agent(registry: &Registry, account: &str) -> bool {
    agents::Agents::of(registry).owner(account).is_some()
}

/// Of the rules in this module; a new number is a new derivation.
pub const VERSION: i64 = 7;

/// Derives a part of what is marked as behind, in the order in which one rests on the other. Answers
/// the instants whose weeks moved, and nothing once all is linked.
pub async fn link_next(tx: &mut Tx, registry: &Registry) -> store::Result<Option<Vec<i64>>> {
    if let Some(moved) = deployments::link_next(tx, registry).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = incidents::link_next(tx, registry).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = defects::link_next(tx, registry).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = outcomes::link_next(tx).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = suite_runs::link_next(tx).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = runs::link_next(tx, registry).await? {
        return Ok(Some(moved));
    }
    if let Some(moved) = artifacts::link_next(tx, registry).await? {
        return Ok(Some(moved));
    }
    approvals::link_next(tx, registry).await
}
