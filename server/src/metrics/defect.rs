//! A defect as metrics see it.

/// Where a defect was found, or why it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Production,
    PreRelease,
    Unknown,
    Duplicate,
    NotADefect,
}

/// Why a defect is left out of which nobody said where it was found.
pub const PLACE_UNKNOWN: &str = "where it was found is not known";

impl Place {
    /// The place of this name.
    pub fn parse(text: &str) -> Place {
        match text {
            "production" => Place::Production,
            "pre_release" => Place::PreRelease,
            "duplicate" => Place::Duplicate,
            "not_a_defect" => Place::NotADefect,
            _ => Place::Unknown,
        }
    }

    /// Whether it had escaped into production; why that cannot be said of it.
    pub fn has_escaped(self) -> Result<bool, &'static str> {
        match self {
            Place::Production => Ok(true),
            Place::PreRelease => Ok(false),
            Place::Unknown => Err(PLACE_UNKNOWN),
            Place::Duplicate => Err("a duplicate"),
            Place::NotADefect => Err("not a defect"),
        }
    }
}
