//! Store and metrics in, view models out. On this branch there are no figures yet, and every
//! page says that it found nothing; the branch that builds them replaces this file.

use app::backend::{Backend, RecordsQuery};
use app::error::PageError;
use app::view::{definition::Definition, records::Records, review::Review};

use crate::clock::Clock;
use crate::store::Db;

/// What pages show.
#[derive(Clone, Debug)]
pub struct Pages;

impl Pages {
    /// Pages from this database as of this clock.
    pub fn new(_: Db, _: Clock) -> Pages {
        Pages
    }
}

fn nothing<T>(what: &str) -> Result<T, PageError> {
    Err(PageError::NotFound {
        what: what.to_owned(),
    })
}

impl Backend for Pages {
    async fn review(&self, _: Option<&str>, _: Option<&str>) -> Result<Review, PageError> {
        nothing("a review")
    }

    async fn records(&self, metric: &str, _: &RecordsQuery) -> Result<Records, PageError> {
        nothing(metric)
    }

    async fn definition(&self, metric: &str) -> Result<Definition, PageError> {
        nothing(metric)
    }
}
