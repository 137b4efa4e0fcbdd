//! A record of an incident system as metrics see it.

/// What such a record is; only the first is an incident.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Incident,
    Alert,
    Drill,
    Declined,
    Merged,
    Maintenance,
}

impl Kind {
    /// The kind of this name; without one it is an incident.
    pub fn parse(text: Option<&str>) -> Kind {
        match text {
            Some("alert") => Kind::Alert,
            Some("drill") => Kind::Drill,
            Some("declined") => Kind::Declined,
            Some("merged") => Kind::Merged,
            Some("maintenance") => Kind::Maintenance,
            _ => Kind::Incident,
        }
    }
}
