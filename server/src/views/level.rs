//! How sure something is, as pages and the API know it.

use app::view::records::Level;

use crate::links;

impl From<links::Level> for Level {
    fn from(level: links::Level) -> Level {
        match level {
            links::Level::Recorded => Level::Recorded,
            links::Level::Declared => Level::Declared,
            links::Level::Inferred => Level::Inferred,
        }
    }
}
