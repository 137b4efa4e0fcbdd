//! An artifact as metrics see it.

/// What is settled about agent or assisted work that landed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Artifact {
    pub evaluated: Evaluated,
    /// Whether the last word of some evaluation before the landing was that it failed.
    pub has_failed_evaluation: bool,
    /// Whether all that is asked for at its tier is there.
    pub is_reconstructable: bool,
}

/// When it was evaluated automatically.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Evaluated {
    /// At the landing or before.
    InTime,
    TooLate,
    #[default]
    Never,
}

impl Evaluated {
    /// The word of this name; never for a name that is none.
    pub fn parse(text: &str) -> Evaluated {
        match text {
            "in_time" => Evaluated::InTime,
            "too_late" => Evaluated::TooLate,
            _ => Evaluated::Never,
        }
    }
}
