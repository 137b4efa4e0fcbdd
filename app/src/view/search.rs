//! What can be gone to by its name, or by a link to where a record came from.

use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Search {
    /// As it was typed.
    pub query: String,
    /// The best first.
    pub places: Vec<Place>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub kind: PlaceKind,
    pub name: String,
    /// Its address here.
    pub url: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    Page,
    Workflow,
    Service,
    Metric,
    Week,
    Record,
}

impl PlaceKind {
    /// As a reader sees it beside the name.
    ///
    /// ```
    /// assert_eq!(app::view::search::PlaceKind::Week.in_words(), "week");
    /// ```
    pub fn in_words(self) -> &'static str {
        match self {
            PlaceKind::Page => "page",
            PlaceKind::Workflow => "workflow",
            PlaceKind::Service => "service",
            PlaceKind::Metric => "metric",
            PlaceKind::Week => "week",
            PlaceKind::Record => "record",
        }
    }
}
