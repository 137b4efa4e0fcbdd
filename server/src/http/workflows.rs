//! Workflows: all of them, one, and the form that adds or edits one.

use std::collections::BTreeMap;

use app::backend::{Backend, WorkflowQuery};
use app::pages::Page;
use app::routes;
use app::view::workflow::Reach;
use app::view::workflow_form::{Sent, WorkflowForm};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use crate::http::form::{Form, Path, Query};
use crate::http::pages::page;
use crate::http::{AppState, Problem, Visitor};
use crate::workflows::{self, By, Error};

type Answer = Result<Response, Problem>;

/// `GET /workflows`
pub async fn list(State(state): State<AppState>, visitor: Visitor) -> Answer {
    state.refresher.current().await;
    let workflows = state.pages.workflows(&visitor.reader()).await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Workflows(workflows)),
    )
    .await
}

/// Which week, how far its charts reach back, and its records in which order.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Which {
    week: Option<String>,
    /// A year from 52 on, else half of one.
    weeks: Option<u32>,
    sort: Option<String>,
    view: Option<View>,
}

/// Another view than weeks alone.
#[derive(Clone, Copy, Debug, Deserialize)]
enum View {
    #[serde(rename = "6-12")]
    SixTwelve,
}

impl Which {
    fn reach(&self) -> Reach {
        match (self.view, self.weeks) {
            (Some(View::SixTwelve), _) => Reach::SixTwelve,
            (None, Some(52..)) => Reach::Year,
            (None, _) => Reach::HalfAYear,
        }
    }
}

/// `GET /workflows/{slug}`
pub async fn open(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Query(asked): Query<Which>,
) -> Answer {
    state.refresher.current().await;
    let query = WorkflowQuery {
        reach: asked.reach(),
        week: asked.week,
        sort: asked.sort,
    };
    let workflow = state
        .pages
        .workflow(&slug, &query, &visitor.reader())
        .await?;
    page(
        &state,
        &visitor,
        (StatusCode::OK, Page::Workflow(Box::new(workflow))),
    )
    .await
}

/// `GET /workflows/new`
pub async fn begin(State(state): State<AppState>, visitor: Visitor) -> Answer {
    let form = form(&state, &visitor, None).await?;
    page(&state, &visitor, (StatusCode::OK, Page::WorkflowForm(form))).await
}

/// `GET /workflows/{slug}/edit`
pub async fn edit(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
) -> Answer {
    let form = form(&state, &visitor, Some(&slug)).await?;
    page(&state, &visitor, (StatusCode::OK, Page::WorkflowForm(form))).await
}

/// The form's fields; a chosen service stands as `service:SLUG`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    #[serde(flatten)]
    sent: Sent,
    #[serde(flatten)]
    others: BTreeMap<String, String>,
}

/// `POST /workflows/new`
pub async fn add(
    State(state): State<AppState>,
    visitor: Visitor,
    Form(fields): Form<Fields>,
) -> Answer {
    save(&state, &visitor, None, fields).await
}

/// `POST /workflows/{slug}/edit`
pub async fn change(
    State(state): State<AppState>,
    visitor: Visitor,
    Path(slug): Path<String>,
    Form(fields): Form<Fields>,
) -> Answer {
    save(&state, &visitor, Some(&slug), fields).await
}

async fn save(state: &AppState, visitor: &Visitor, slug: Option<&str>, fields: Fields) -> Answer {
    let shown = form(state, visitor, slug).await?;
    let services = fields.others.keys();
    let services = services.filter_map(|name| name.strip_prefix("service:"));
    let sent = Sent {
        services: services.map(str::to_owned).collect(),
        ..fields.sent
    };
    let reader = visitor.reader();
    let by = By {
        email: &reader.email,
        may_own: shown.may_own,
    };
    match workflows::save(&state.db, slug, &sent, (by, state.now())).await {
        Ok(slug) => {
            state.refresher.poke();
            Ok(Redirect::to(&routes::workflow(&slug, &WorkflowQuery::default())).into_response())
        }
        Err(Error::Store(error)) => Err(error.into()),
        Err(Error::Refused(why)) => {
            let again = WorkflowForm {
                refused: Some(why),
                sent,
                ..shown
            };
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            page(state, visitor, (status, Page::WorkflowForm(again))).await
        }
    }
}

async fn form(
    state: &AppState,
    visitor: &Visitor,
    slug: Option<&str>,
) -> Result<WorkflowForm, Problem> {
    let form = state.pages.workflow_form(slug, &visitor.reader()).await?;
    form.ok_or_else(|| {
        Problem::open_to("the DRI of this workflow, or the role operator".to_owned())
    })
}
