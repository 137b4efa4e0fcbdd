//! How often something broke.

use super::Contribution;
use super::incident::Kind;

/// Every incident counts once; alerts, drills and the like are none.
///
/// ```
/// use server::metrics::{incident::Kind, incident_frequency};
/// assert_eq!(incident_frequency::of_incident(&Kind::Incident), Ok(1));
/// assert!(incident_frequency::of_incident(&Kind::Drill).is_err());
/// ```
pub fn of_incident(kind: &Kind) -> Contribution {
    match kind {
        Kind::Incident => Ok(1),
        Kind::Alert => Err("an alert is not an incident"),
        Kind::Drill => Err("a drill is not an incident"),
        Kind::Declined => Err("a declined incident is not one"),
        Kind::Merged => Err("an incident merged into another is not one of its own"),
        Kind::Maintenance => Err("maintenance is not an incident"),
    }
}
