//! A change as its source sends it.

use serde_json::{Value, json};

use super::super::company::Service;
use super::super::hours::rfc3339;
use super::Change;

impl Change {
    pub(in super::super) fn record(&self, service: &Service) -> Value {
        self.version(service, self.title.clone(), self.end)
    }

    /// The same change after somebody has edited its title.
    pub(in super::super) fn edited(&self, service: &Service, at: i64) -> Value {
        let title = format!("{}: {}", service.name, self.title);
        self.version(service, title, at)
    }

    fn version(&self, service: &Service, title: String, updated_at: i64) -> Value {
        let mut record = json!({
            "id": self.id,
            "service": service.slug,
            "number": self.number,
            "url": format!("https://example.com/{}/pull/{}", service.repository(), self.number),
            "title": title,
            "body": self.body(),
            "branch": format!("{}/{}", self.kind.label(), self.number),
            "author": self.marks.author,
            "commits": self.commits(),
            "labels": self.labels(),
            "paths": self.paths,
            "additions": self.additions,
            "deletions": self.deletions,
            "updated_at": rfc3339(updated_at),
        });
        let instants = [
            ("created_at", self.created_at),
            ("ready_at", self.ready_at),
            ("merged_at", self.is_merged.then_some(self.end)),
            (
                "closed_at",
                (self.is_merged || self.is_closed).then_some(self.end),
            ),
        ];
        for (name, at) in instants {
            if let Some(at) = at {
                record[name] = rfc3339(at).into();
            }
        }
        if self.is_merged {
            record["merge_commit"] = self.merge_commit.as_str().into();
        }
        record
    }

    fn body(&self) -> String {
        let mut body = format!("{}.", self.title);
        if let Some(trailer) = &self.marks.body_trailer {
            body.push_str("\n\n");
            body.push_str(trailer);
        }
        body
    }

    fn commits(&self) -> Vec<Value> {
        let last = self.commits.len().saturating_sub(1);
        let commits = self.commits.iter().enumerate();
        commits
            .map(|(place, (sha, at))| {
                let mut message = match place {
                    0 => self.title.clone(),
                    _ => format!("Step {} of {}", place + 1, last + 1),
                };
                if let Some(trailer) = self.marks.commit_trailer.as_ref().filter(|_| place == last)
                {
                    message.push_str("\n\n");
                    message.push_str(trailer);
                }
                json!({
                    "sha": sha,
                    "authored_at": rfc3339(*at),
                    "author": self.marks.committers[usize::from(place > 0)],
                    "message": message,
                })
            })
            .collect()
    }
}
