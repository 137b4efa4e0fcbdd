//! Groups, sides and units in words.

use super::{Better, Group, Unit};

impl Group {
    pub fn name(self) -> &'static str {
        match self {
            Self::Work => "Work",
            Self::Agents => "Agents",
            Self::Speed => "Speed",
            Self::Quality => "Quality",
            Self::Customers => "Customers",
            Self::Money => "Money",
        }
    }
}

impl Better {
    /// In words, as the definition page says it.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Up => "higher is better",
            Self::Down => "lower is better",
            Self::Neutral => "neither side is better",
        }
    }
}

impl Unit {
    /// In words, as the definition page says it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Seconds => "seconds",
            Self::Ratio => "ratio from 0 to 1",
            Self::Money => "money, in the company’s currency",
        }
    }

    /// The largest value there can be, to which a normal range is drawn.
    pub fn ceiling(self) -> Option<f64> {
        match self {
            Self::Ratio => Some(1.0),
            Self::Count | Self::Seconds | Self::Money => None,
        }
    }
}
