//! A script at a running Onehop: holds a token, sends records, reads figures as JSON.

use anyhow::{Context, Result};
use reqwest::{Body, Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;
use server::auth::role::Scope;
use server::auth::token;

use crate::app::App;
use crate::database::Database;

/// Who asks with a token, or without one.
pub struct Script {
    url: String,
    client: Client,
    token: Option<String>,
}

impl Script {
    /// With a new token.
    pub async fn with(app: &App, scope: Scope) -> Result<Script> {
        let name = format!("script that may {scope}");
        let made = token::create(&app.db, &name, scope, app.now()).await?;
        let secret = made.context("the name is in use")?;
        Ok(Script {
            token: Some(secret.reveal().to_owned()),
            ..Script::without_token(app)
        })
    }

    pub fn without_token(app: &App) -> Script {
        Script {
            url: app.url.clone(),
            client: Client::new(),
            token: None,
        }
    }

    /// What it shows to be let in.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let request = self.client.request(method, format!("{}{path}", self.url));
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a body of records.
    pub async fn push(&self, stream: &str, body: impl Into<Body>) -> Result<(StatusCode, Value)> {
        let path = format!("/api/v1/records/{stream}");
        told(self.request(Method::POST, &path).body(body).send().await?).await
    }

    /// Sends one that is packed, or says so.
    pub async fn push_packed(
        &self,
        encoding: &str,
        body: impl Into<Body>,
    ) -> Result<(StatusCode, Value)> {
        let request = self.request(Method::POST, "/api/v1/records/changes");
        let request = request.header("content-encoding", encoding).body(body);
        told(request.send().await?).await
    }

    pub async fn get(&self, path: &str) -> Result<(StatusCode, Value)> {
        told(self.request(Method::GET, path).send().await?).await
    }

    /// What must be there, as JSON.
    pub async fn json(&self, path: &str) -> Result<Value> {
        let (status, value) = self.get(path).await?;
        assert_eq!(status, StatusCode::OK, "{path}: {value}");
        Ok(value)
    }

    /// What must be there, as text.
    pub async fn text(&self, path: &str) -> Result<String> {
        let response = self.request(Method::GET, path).send().await?;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        Ok(response.text().await?)
    }
}

async fn told(response: Response) -> Result<(StatusCode, Value)> {
    let status = response.status();
    let text = response.text().await?;
    let value = serde_json::from_str(&text).with_context(|| format!("{status}: {text}"))?;
    Ok((status, value))
}

/// Fails unless the answer is a problem of this status that says why.
pub fn problem(told: (StatusCode, Value), status: StatusCode, why: &str) {
    let (answered, problem) = told;
    assert_eq!(answered, status, "{problem}");
    assert_eq!(problem["status"], status.as_u16());
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.contains(why), "{detail}");
    assert!(
        problem["instance"]
            .as_str()
            .unwrap()
            .starts_with("/requests/")
    );
}

/// Runs a test at an Onehop over an empty database of each engine.
pub async fn at_each_engine(test: impl AsyncFn(&App) -> Result<()>) -> Result<()> {
    for database in Database::on_each_engine().await {
        println!("on {}", database.engine());
        let app = App::start(&database.url).await?;
        test(&app).await?;
    }
    Ok(())
}
