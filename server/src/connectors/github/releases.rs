//! Published releases as deployments to production, where that is how a company delivers.

use chrono::{DateTime, Utc};
use futures_util::future::{BoxFuture, try_join_all};
use serde_json::json;

use super::api::{Answer, PAGE, escaped};
use super::objects::{CommitName, Release};
use super::pull_requests::instant;
use super::walk::{List, Looked};
use super::{Failure, GitHub};
use crate::connectors::Read;

/// The releases of a repository, by when they were published. GitHub lists them by when their commits were
/// made: a page is looked through whole, for what was published since.
pub(super) struct Releases<'a> {
    pub github: &'a GitHub,
    /// `owner/name`.
    pub repository: &'a str,
    pub service: String,
}

impl List for Releases<'_> {
    type Row = Release;
    const UNREAD: Option<&'static str> = Some("deployments");

    fn first(&self) -> String {
        let path = format!("/repos/{}/releases?per_page={PAGE}", self.repository);
        self.github.api.under_base(&path)
    }

    fn dated(row: &Release) -> DateTime<Utc> {
        row.published_at.unwrap_or(row.created_at)
    }

    fn look(&self, rows: Vec<Release>) -> BoxFuture<'_, Result<Looked, Failure>> {
        Box::pin(async move {
            let mut looked = Looked::default();
            // A draft is dated by its commit, and published later.
            looked.open.extend(
                rows.iter()
                    .filter(|row| row.draft)
                    .map(|row| row.created_at),
            );
            let published = rows.iter().filter(|row| !row.draft && !row.prerelease);
            let records = published.map(|row| self.record(row));
            looked
                .read
                .extend(try_join_all(records).await?.into_iter().flatten());
            Ok(looked)
        })
    }
}

impl Releases<'_> {
    /// None where its tag is gone: then nobody can tell what it held.
    async fn record(&self, row: &Release) -> Result<Option<Read>, Failure> {
        let (Some(published_at), Some(commit)) = (row.published_at, self.commit(row).await?) else {
            return Ok(None);
        };
        let body = json!({
            "id": format!("release-{}", row.id),
            "service": self.service,
            "environment": "production",
            "commit": commit,
            "finished_at": instant(published_at),
            "result": "success",
            "url": row.html_url,
        });
        Ok(Some(Read::Record {
            stream: "deployments",
            body: body.to_string(),
        }))
    }

    /// The commit that its tag names.
    async fn commit(&self, row: &Release) -> Result<Option<String>, Failure> {
        let path = format!(
            "/repos/{}/commits/{}",
            self.repository,
            escaped(&row.tag_name)
        );
        let path = self.github.api.under_base(&path);
        match self.github.api.get::<CommitName>(&path, None).await {
            Ok(Answer::Changed(own)) => Ok(Some(own.body.sha)),
            Ok(Answer::Unchanged) => Ok(None),
            Err(failure) if failure.is_nothing_there() => Ok(None),
            Err(failure) => Err(failure),
        }
    }
}
