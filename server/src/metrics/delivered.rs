//! A delivered change as metrics see it.

use super::pr_cycle_time::CycleTime;

/// Why a change that production held from the first known deployment on counts nowhere.
pub const IN_THE_FIRST: &str = "in the first known deployment of its service";

/// What is settled about a change that reached production.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Delivered {
    pub time: CycleTime,
    /// First production delivery − merge; none for what was in the first known deployment.
    pub deploy_ms: Option<i64>,
    /// Whether an agent made it or took part in it.
    pub is_marked: bool,
}
