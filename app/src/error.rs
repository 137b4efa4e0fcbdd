//! Why a page could not be shown, and how each reason is said.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageError {
    /// This role does not see it; whether it exists is not said.
    Forbidden { needs: String },
    /// There is no such page; `what` says what was looked for.
    NotFound { what: String },
    /// The address makes no sense; `what` says which part.
    BadRequest { what: String },
    /// It is of a week that is not over; `what` says which, and which is the latest.
    NotYet { what: String },
    /// Something broke on our side; the details are in the log under this request id.
    Unavailable { request_id: String },
}
