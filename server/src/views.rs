//! What pages, exports and the API show, made of stored figures and links.
//!
//! One view model feeds all of them. Figures are judged here, at reading, from weekly points; nothing
//! here writes.

mod actions;
mod answer;
mod answering;
mod bodies;
mod chart;
pub mod connect;
mod correction;
mod corrections;
mod definition;
mod demo;
pub mod exceptions;
mod explanation;
pub mod figure;
pub mod freshness;
pub mod hop;
mod level;
mod limits;
mod months;
mod people;
pub mod receipt;
pub mod records;
mod restated;
pub mod review;
pub mod scope;
mod search;
pub mod settings;
mod sources;
pub mod table;
pub mod workflow;

use app::backend::{Backend, ExplanationQuery, Reader, RecordsQuery, WorkflowQuery};
use app::error::PageError;
use app::view::actions::Actions;
use app::view::answer::AnswerDefinition;
use app::view::bodies::Bodies;
use app::view::correction::{Asked, Correction, Corrections};
use app::view::definition::Definition;
use app::view::demo::Demo;
use app::view::explanation::Explanation;
use app::view::frame::Generated;
use app::view::limits::Limits;
use app::view::receipt::Receipt;
use app::view::records::Records;
use app::view::review::Review;
use app::view::search::Search;
use app::view::settings::Settings;
use app::view::sources::Sources;
use app::view::workflow::{Workflow, Workflows};
use app::view::workflow_form::WorkflowForm;
use chrono::{DateTime, SecondsFormat, Utc};

use crate::clock::Clock;
use crate::figures::Difference;
use crate::metrics::catalogue::{self, Metric};
use crate::metrics::week::Week;
use crate::store::{self, Db, registry};

/// Why something could not be shown.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("we looked for {0} and found nothing")]
    NotFound(String),
    #[error("{0}")]
    BadRequest(String),
    #[error("{0}")]
    NotYet(String),
    #[error(transparent)]
    Store(#[from] store::Error),
}

pub type Result<T> = std::result::Result<T, Error>;

/// The server's side of the port that pages ask through.
#[derive(Clone)]
pub struct Pages {
    db: Db,
    clock: Clock,
}

impl Pages {
    pub fn new(db: Db, clock: Clock) -> Pages {
        Pages { db, clock }
    }

    /// The mark of a generated company.
    pub async fn generated(&self) -> Result<Option<Generated>> {
        let company = registry::company(&mut self.db.read().await?).await?;
        Ok(company.generated_seed.map(|seed| Generated { seed }))
    }

    /// Who may mark an action, in words, when this reader may not.
    pub async fn closed_action(&self, number: i64, reader: &Reader) -> Result<Option<String>> {
        actions::closed(&self.db, number, reader).await
    }

    /// What becomes of a correction that was tried.
    pub async fn tried(
        &self,
        tried: std::result::Result<Vec<Difference>, crate::corrections::Error>,
        (value, reason): (&str, &str),
    ) -> Result<Asked> {
        correction::tried(&self.db, tried, (value, reason)).await
    }
}

impl Backend for Pages {
    async fn review(
        &self,
        week: Option<&str>,
        scope: Option<&str>,
    ) -> std::result::Result<Review, PageError> {
        let now_ms = (self.clock)();
        review::review(&self.db, week, scope, now_ms)
            .await
            .map_err(page_error)
    }

    async fn records(
        &self,
        metric: &str,
        query: &RecordsQuery,
    ) -> std::result::Result<Records, PageError> {
        let now_ms = (self.clock)();
        records::page(&self.db, metric, query, now_ms)
            .await
            .map_err(page_error)
    }

    async fn receipt(&self, kind: &str, id: &str) -> std::result::Result<Receipt, PageError> {
        receipt::receipt(&self.db, kind, id)
            .await
            .map_err(page_error)
    }

    async fn bodies(&self, run: &str, reader: &Reader) -> std::result::Result<Bodies, PageError> {
        bodies::page(&self.db, run, reader)
            .await
            .map_err(page_error)
    }

    async fn definition(&self, metric: &str) -> std::result::Result<Definition, PageError> {
        definition::definition(metric).map_err(page_error)
    }

    async fn answer(
        &self,
        week: Option<&str>,
        scope: Option<&str>,
    ) -> std::result::Result<AnswerDefinition, PageError> {
        let now_ms = (self.clock)();
        let review = review::review(&self.db, week, scope, now_ms)
            .await
            .map_err(page_error)?;
        answer::definition(&self.db, review)
            .await
            .map_err(page_error)
    }

    async fn workflows(&self, reader: &Reader) -> std::result::Result<Workflows, PageError> {
        let now_ms = (self.clock)();
        workflow::list(&self.db, (reader, now_ms))
            .await
            .map_err(page_error)
    }

    async fn workflow(
        &self,
        slug: &str,
        query: &WorkflowQuery,
        reader: &Reader,
    ) -> std::result::Result<Workflow, PageError> {
        let now_ms = (self.clock)();
        workflow::page(&self.db, (slug, query), (reader, now_ms))
            .await
            .map_err(page_error)
    }

    async fn workflow_form(
        &self,
        slug: Option<&str>,
        reader: &Reader,
    ) -> std::result::Result<Option<WorkflowForm>, PageError> {
        workflow::form(&self.db, slug, reader)
            .await
            .map_err(page_error)
    }

    async fn limits(
        &self,
        metric: &str,
        scope: Option<&str>,
        reader: &Reader,
    ) -> std::result::Result<Limits, PageError> {
        let now_ms = (self.clock)();
        limits::page(&self.db, (metric, scope), reader, now_ms)
            .await
            .map_err(page_error)
    }

    async fn demo(&self) -> std::result::Result<Demo, PageError> {
        let now_ms = (self.clock)();
        demo::page(&self.db, now_ms).await.map_err(page_error)
    }

    async fn sources(&self) -> std::result::Result<Sources, PageError> {
        let now_ms = (self.clock)();
        sources::page(&self.db, now_ms).await.map_err(page_error)
    }

    async fn settings(
        &self,
        reader: &Reader,
        session: &str,
    ) -> std::result::Result<Settings, PageError> {
        let asked = settings::Asked {
            reader,
            session,
            now_ms: (self.clock)(),
        };
        settings::page(&self.db, asked).await.map_err(page_error)
    }

    async fn corrections(&self) -> std::result::Result<Corrections, PageError> {
        corrections::page(&self.db).await.map_err(page_error)
    }

    async fn correction(
        &self,
        kind: &str,
        id: &str,
        reader: &Reader,
    ) -> std::result::Result<Correction, PageError> {
        correction::page(&self.db, kind, id, reader)
            .await
            .map_err(page_error)
    }

    async fn actions(&self, reader: &Reader) -> std::result::Result<Actions, PageError> {
        let now_ms = (self.clock)();
        actions::page(&self.db, reader, now_ms)
            .await
            .map_err(page_error)
    }

    async fn search(&self, typed: &str, reader: &Reader) -> std::result::Result<Search, PageError> {
        let now_ms = (self.clock)();
        search::search(&self.db, typed, (reader, now_ms))
            .await
            .map_err(page_error)
    }

    async fn explanation(
        &self,
        query: &ExplanationQuery,
        reader: &Reader,
    ) -> std::result::Result<Explanation, PageError> {
        let now_ms = (self.clock)();
        explanation::page(&self.db, query, reader, now_ms)
            .await
            .map_err(page_error)
    }
}

fn page_error(error: Error) -> PageError {
    match error {
        Error::NotFound(what) => PageError::NotFound { what },
        Error::BadRequest(what) => PageError::BadRequest { what },
        Error::NotYet(what) => PageError::NotYet { what },
        Error::Store(error) => {
            tracing::error!(error = %error, "a page could not be made");
            PageError::Unavailable {
                request_id: String::new(),
            }
        }
    }
}

/// The metric of this id.
pub fn metric(id: &str) -> Result<&'static Metric> {
    catalogue::metric(id).ok_or_else(|| Error::NotFound(format!("metric {id:?}")))
}

/// Reads a week such as `2026-W47`.
pub fn parse_week(text: &str) -> Result<Week> {
    text.parse()
        .map_err(|error| Error::BadRequest(format!("{error}")))
}

/// An instant as the contract writes it: RFC 3339, UTC, as many fractions as it has.
pub(crate) fn rfc3339(at_ms: i64) -> String {
    DateTime::<Utc>::from_timestamp_millis(at_ms)
        .map(|at| at.to_rfc3339_opts(SecondsFormat::AutoSi, true))
        .unwrap_or_default()
}
