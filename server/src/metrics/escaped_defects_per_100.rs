//! How many defects reached production for each hundred changes delivered.

use super::Contribution;
use super::defect::Place;

/// Every defect found in production counts once.
///
/// ```
/// use server::metrics::{defect::Place, escaped_defects_per_100};
/// assert_eq!(escaped_defects_per_100::of_defect(&Place::Production), Ok(1));
/// assert!(escaped_defects_per_100::of_defect(&Place::PreRelease).is_err());
/// ```
pub fn of_defect(place: &Place) -> Contribution {
    match place.has_escaped()? {
        true => Ok(1),
        false => Err("found before release"),
    }
}
