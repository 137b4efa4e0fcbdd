//! A deployment to production as metrics see it.

/// What is settled about a deployment to production, tried or done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Deployed {
    pub standing: Standing,
    /// An incident is laid to it, something put it right, or, for a failed rollout, the next attempt
    /// is a rollback or a fix.
    pub is_failed: bool,
    /// It put another one right and was not planned.
    pub is_rework: bool,
    /// Well again − finish; may be negative where clocks disagree.
    pub recovery_ms: Option<i64>,
    /// Why a failed one has no recovery.
    pub not_recovered: Option<NotRecovered>,
}

/// How an attempt ended by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    #[default]
    Success,
    /// Its rollout failed.
    Failure,
    /// It was pushed for a service whose merges are its deployments.
    Ignored,
}

/// Why a failed deployment has no recovery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotRecovered {
    Unresolved,
    Unremedied,
    TooEarly,
}

impl NotRecovered {
    /// In words, as a record list shows it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Unresolved => "incident not resolved yet",
            Self::Unremedied => "nothing remedied it yet",
            Self::TooEarly => "clocks disagree: well again before it was deployed",
        }
    }
}

/// Why a rollout that failed by itself counts nowhere.
const FAILED_ALONE: &str =
    "its rollout failed, and neither an incident nor a rollback or fix followed";
const IGNORED: &str = "ignored: each merge of its service is a deployment";

impl Deployed {
    /// Whether it counts among the deployments that may fail: when it was done, or when its rollout
    /// failed and that was felt.
    pub fn may_fail(&self) -> Result<(), &'static str> {
        match self.standing {
            Standing::Success => Ok(()),
            Standing::Failure if self.is_failed => Ok(()),
            Standing::Failure => Err(FAILED_ALONE),
            Standing::Ignored => Err(IGNORED),
        }
    }
}
