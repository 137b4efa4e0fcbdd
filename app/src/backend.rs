//! What a page asks of the server, one method a page, in view models.

use std::future::Future;

use crate::error::PageError;
use crate::view::{
    actions::Actions,
    answer::AnswerDefinition,
    bodies::Bodies,
    correction::{Correction, Corrections},
    definition::Definition,
    demo::Demo,
    explanation::Explanation,
    limits::Limits,
    receipt::Receipt,
    records::Records,
    review::Review,
    search::Search,
    settings::Settings,
    sources::Sources,
    workflow::{Reach, Workflow, Workflows},
    workflow_form::WorkflowForm,
};

/// Which figure's records are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordsQuery {
    /// The latest complete week when absent.
    pub week: Option<String>,
    /// `company` when absent.
    pub scope: Option<String>,
    /// `all` when absent.
    pub segment: Option<String>,
    /// By instant when absent.
    pub sort: Option<String>,
    pub offset: u64,
}

/// Which week of a workflow, and how far its charts reach back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorkflowQuery {
    /// The latest complete week when absent.
    pub week: Option<String>,
    pub reach: Reach,
    /// Of its records; by instant when absent.
    pub sort: Option<String>,
}

/// Who reads a page that shows some people more than others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub email: String,
    pub role: Role,
}

impl Reader {
    /// Whether they keep the registry, its sources and its people.
    pub fn is_operator(&self) -> bool {
        self.role == Role::Operator
    }
}

/// What a reader is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Executive,
    Dri,
    Finance,
    Operator,
}

/// Which week of a series is to be explained.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ExplanationQuery {
    pub metric: String,
    /// `company` when absent.
    pub scope: Option<String>,
    /// The latest complete week when absent.
    pub week: Option<String>,
}

/// The port between pages and the rest.
pub trait Backend: Send + Sync {
    /// The review of a week, or of the latest complete one.
    fn review(
        &self,
        week: Option<&str>,
        scope: Option<&str>,
    ) -> impl Future<Output = Result<Review, PageError>> + Send;

    /// The records behind a figure.
    fn records(
        &self,
        metric: &str,
        query: &RecordsQuery,
    ) -> impl Future<Output = Result<Records, PageError>> + Send;

    /// One thing, what is known of it and how well, and every number it went into.
    fn receipt(
        &self,
        kind: &str,
        id: &str,
    ) -> impl Future<Output = Result<Receipt, PageError>> + Send;

    /// What went into a run and came out, for those who may read it.
    fn bodies(
        &self,
        run: &str,
        reader: &Reader,
    ) -> impl Future<Output = Result<Bodies, PageError>> + Send;

    /// What a metric means.
    fn definition(
        &self,
        metric: &str,
    ) -> impl Future<Output = Result<Definition, PageError>> + Send;

    /// How the answer of a week, or of the latest complete one, is reached.
    fn answer(
        &self,
        week: Option<&str>,
        scope: Option<&str>,
    ) -> impl Future<Output = Result<AnswerDefinition, PageError>> + Send;

    /// All workflows.
    fn workflows(
        &self,
        reader: &Reader,
    ) -> impl Future<Output = Result<Workflows, PageError>> + Send;

    /// One workflow.
    fn workflow(
        &self,
        slug: &str,
        query: &WorkflowQuery,
        reader: &Reader,
    ) -> impl Future<Output = Result<Workflow, PageError>> + Send;

    /// The form of a new workflow or of one that is there; none for a reader who may not.
    fn workflow_form(
        &self,
        slug: Option<&str>,
        reader: &Reader,
    ) -> impl Future<Output = Result<Option<WorkflowForm>, PageError>> + Send;

    /// The limits of one series.
    fn limits(
        &self,
        metric: &str,
        scope: Option<&str>,
        reader: &Reader,
    ) -> impl Future<Output = Result<Limits, PageError>> + Send;

    /// What is really true of a generated company.
    fn demo(&self) -> impl Future<Output = Result<Demo, PageError>> + Send;

    /// Where records come from, and how each source stands.
    fn sources(&self) -> impl Future<Output = Result<Sources, PageError>> + Send;

    /// What can be set, as this reader sees it in the session of this name.
    fn settings(
        &self,
        reader: &Reader,
        session: &str,
    ) -> impl Future<Output = Result<Settings, PageError>> + Send;

    /// What waits to be put right, and what has been.
    fn corrections(&self) -> impl Future<Output = Result<Corrections, PageError>> + Send;

    /// One thing with the words over it.
    fn correction(
        &self,
        kind: &str,
        id: &str,
        reader: &Reader,
    ) -> impl Future<Output = Result<Correction, PageError>> + Send;

    /// What was decided to be done.
    fn actions(&self, reader: &Reader) -> impl Future<Output = Result<Actions, PageError>> + Send;

    /// What is found for what was typed.
    fn search(
        &self,
        typed: &str,
        reader: &Reader,
    ) -> impl Future<Output = Result<Search, PageError>> + Send;

    /// A week of a series with what was said about it.
    fn explanation(
        &self,
        query: &ExplanationQuery,
        reader: &Reader,
    ) -> impl Future<Output = Result<Explanation, PageError>> + Send;
}
