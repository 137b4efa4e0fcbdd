//! A change as its source sends it.

use serde_json::Value;

use super::super::company::Service;
use super::super::hours::rfc3339;
use super::super::object::object;
use super::{Change, Reverting};

/// What commits after the first say.
const STEPS: [&str; 7] = [
    "Add tests",
    "Take in the review",
    "Cover the empty case",
    "Rename for clarity",
    "Mend the build",
    "Move the check up",
    "Say more in the log",
];

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
        let page = format!("https://example.com/{}/pull", service.repository());
        let label = self.kind.label();
        let mut record = object([
            ("id", self.id.as_str().into()),
            ("service", service.slug.as_str().into()),
            ("number", self.number.into()),
            ("url", format!("{page}/{}", self.number).into()),
            ("title", title.into()),
            ("body", self.body().into()),
            ("branch", format!("{label}/{}", self.number).into()),
            ("author", self.marks.author.clone()),
            ("commits", self.commits().into()),
            ("labels", vec![Value::from(label)].into()),
            ("paths", self.paths.clone().into()),
            ("additions", self.additions.into()),
            ("deletions", self.deletions.into()),
            ("updated_at", rfc3339(updated_at).into()),
        ]);
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
        if !self.run_ids.is_empty() {
            record["run_ids"] = self.run_ids.clone().into();
        }
        if self.is_merged {
            record["merge_commit"] = self.merge_commit.as_str().into();
        }
        if let Some(Reverting::Field(name)) = &self.reverting {
            record["reverts"] = name.as_str().into();
        }
        record
    }

    fn body(&self) -> String {
        let mut body = format!("{}.", self.title);
        if let Some(Reverting::Body(commit)) = &self.reverting {
            body.push_str(&format!("\n\nThis reverts commit {commit}."));
        }
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
                    _ => STEPS[(self.number as usize + place) % STEPS.len()].to_owned(),
                };
                let trailer = self.marks.commit_trailer.as_ref();
                if let Some(trailer) = trailer.filter(|_| place == last) {
                    message.push_str("\n\n");
                    message.push_str(trailer);
                }
                let author = &self.marks.committers[usize::from(place > 0)];
                object([
                    ("sha", sha.as_str().into()),
                    ("authored_at", rfc3339(*at).into()),
                    ("author", author.clone()),
                    ("message", message.into()),
                ])
            })
            .collect()
    }
}
