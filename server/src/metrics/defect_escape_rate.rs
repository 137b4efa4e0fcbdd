//! What share of defects was found in production and not before.

use super::Contribution;
use super::defect::Place;

/// One for a defect found in production, zero for one found before release.
///
/// ```
/// use server::metrics::{defect::Place, defect_escape_rate};
/// assert_eq!(defect_escape_rate::of_defect(&Place::Production), Ok(1));
/// assert_eq!(defect_escape_rate::of_defect(&Place::PreRelease), Ok(0));
/// assert!(defect_escape_rate::of_defect(&Place::Unknown).is_err());
/// ```
pub fn of_defect(place: &Place) -> Contribution {
    place.has_escaped().map(i64::from)
}
