//! What an import of a clone ends in: what is known now, on what evidence, and what is not.

use serde::Serialize;
use serde_json::{Value, json};

use super::gaps::{Gap, Gaps};
use super::marks::Marks;
use super::position::Start;
use super::words::{hold, many, sentence, some, were};
use super::{Deployed, record};
use crate::cli::say;
use crate::connectors::git::{History, Misdated, SameBy, day};
use crate::figures;
use crate::ingest::{Outcome, RefusedRecord};
use crate::metrics::week::{Calendar, Week};
use crate::store::Db;
use crate::store::links::changes as links;
use crate::store::registry;

/// All that an import has to say.
pub(super) struct Closing<'a> {
    pub service: &'a str,
    pub tags: &'a str,
    pub history: &'a History,
    pub start: Start,
    pub changes: Outcome,
    pub deployments: Deployed,
    pub gaps: Gaps,
    pub weeks_computed: u64,
}

/// What a script is told.
#[derive(Serialize)]
struct Facts {
    #[serde(flatten)]
    facts: Value,
    sentences: Vec<String>,
    gaps: Vec<Gap>,
}

/// Weeks from the first to the last merge whose instant is known.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Weeks {
    count: usize,
    first: String,
    last: String,
}

impl Closing<'_> {
    pub(super) async fn say(self, db: &Db, as_json: bool) -> anyhow::Result<()> {
        let mut tx = db.read().await?;
        let registry = registry::load(&mut tx).await?;
        let marks = Marks::of(links::marks(&mut tx, self.service).await?);
        drop(tx);
        let is_registered = registry
            .services
            .iter()
            .any(|service| service.slug == self.service);
        let weeks = weeks(self.history, &figures::calendar(&registry.company));
        let mut sentences = self.known(&marks, weeks.as_ref());
        sentences.extend(self.refusals());
        sentences.extend(self.limits());
        sentences.extend(self.unknown(&marks));
        if !is_registered {
            sentences.push(format!(
                "{} is not registered, so that it counts in the company only; declare it with [[service]] slug = \"{}\" and `onehop apply`.",
                self.service, self.service
            ));
        }
        if as_json {
            let facts = self.facts(&marks, weeks.as_ref());
            let facts = Facts {
                facts,
                sentences,
                gaps: self.gaps.list(),
            };
            return say::json(&facts);
        }
        sentences.extend(self.gaps.list().iter().map(gap_sentence));
        sentences
            .iter()
            .try_for_each(|sentence| say::line(sentence))
    }

    fn facts(&self, marks: &Marks, weeks: Option<&Weeks>) -> Value {
        let refused: Vec<&RefusedRecord> = (self.changes.refused.iter())
            .chain(&self.deployments.outcome.refused)
            .collect();
        json!({
            "service": self.service,
            "branch": self.history.branch,
            "tip": self.history.tip(),
            "changes": {
                "on_line": self.history.changes(),
                "accepted": self.changes.accepted,
                "repeated": self.changes.repeated,
                "imported_before": self.imported_before(),
                "weeks": weeks,
                "misdated": self.history.misdated().iter().map(misdated).collect::<Vec<_>>(),
            },
            "marks": marks,
            "deployments": {
                "pattern": self.tags,
                "tags": self.deployments.tags,
                "accepted": self.deployments.outcome.accepted,
                "repeated": self.deployments.outcome.repeated,
                "too_large_to_name": self.deployments.unnamed,
                "cut_off": self.deployments.cut_off,
                "picked": self.deployments.picked,
                "unmatched_commits": self.deployments.unmatched,
                "passed_over": self.history.passed_over,
            },
            "refused": refused,
            "weeks_computed": self.weeks_computed,
        })
    }

    /// How many changes need not be sent again.
    fn imported_before(&self) -> usize {
        self.history.changes() - self.start.places.len()
    }

    /// Changes, marks and deployments.
    fn known(&self, marks: &Marks, weeks: Option<&Weeks>) -> Vec<String> {
        let line = match &self.history.branch {
            Some(branch) => format!("the first-parent line of {branch}"),
            None => "the first-parent line of HEAD".to_owned(),
        };
        let span = match weeks {
            Some(weeks) => format!(
                "in {} from {} to {}",
                many(weeks.count as i64, "week", "weeks"),
                weeks.first,
                weeks.last
            ),
            None => "none with a date that a clock can have shown".to_owned(),
        };
        let mut sentences = vec![format!(
            "{}: {} on {line}, {span}; {} new, {} repeated, {} imported before.",
            self.service,
            many(self.history.changes() as i64, "change", "changes"),
            self.changes.accepted,
            self.changes.repeated,
            self.imported_before()
        )];
        sentences.extend(self.start.again.as_ref().map(|why| sentence(why)));
        sentences.push(marks.sentence());
        sentences.push(self.deployed());
        sentences.extend(self.picked());
        if self.deployments.is_outdated {
            sentences.push(
                "An import of a newer clone went before, so that deployments were left as they are.".to_owned(),
            );
        }
        sentences
    }

    fn deployed(&self) -> String {
        let tags = self.tags;
        match self.deployments.tags {
            0 => format!(
                "No tag matches {tags}, so that no deployment is known; name the tags that are deployments with --tags GLOB."
            ),
            count => format!(
                "{}, one for each tag that matches {tags} ({} new or changed); what the first one held before is unknown, so that it times nothing.",
                many(
                    count as i64,
                    "deployment to production",
                    "deployments to production"
                ),
                self.deployments.outcome.accepted
            ),
        }
    }

    /// Changes that deployments hold as other commits.
    fn picked(&self) -> Option<String> {
        let each = self.deployments.picked.iter();
        let each = each.map(|(by, count)| format!("{count} {}", same_by(*by)));
        let each = each.collect::<Vec<_>>().join(", ");
        let all = self.deployments.picked.values().sum::<usize>();
        (all > 0).then(|| {
            format!(
                "{} delivered as another commit than the line's, on a release branch or in a rewritten history: {each}.",
                were(all, "change", "changes")
            )
        })
    }

    /// Records that were not taken in.
    fn refusals(&self) -> Vec<String> {
        let all = [
            ("change", "changes", &self.changes.refused),
            (
                "deployment",
                "deployments",
                &self.deployments.outcome.refused,
            ),
        ];
        all.into_iter()
            .filter(|(.., refused)| !refused.is_empty())
            .map(|(one, more, refused)| {
                let each = refused.iter().map(|refused| {
                    let id = refused.id.as_deref().unwrap_or("without id");
                    format!("{id} ({})", refused.reason)
                });
                format!(
                    "{} refused: {}.",
                    were(refused.len(), one, more),
                    some(each.collect())
                )
            })
            .collect()
    }

    /// What of the clone was not read, or not as it is.
    fn limits(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self
            .history
            .limits
            .iter()
            .map(|limit| sentence(limit))
            .collect();
        sentences.extend(self.misdated());
        let passed_over = &self.history.passed_over;
        if !passed_over.is_empty() {
            let each = passed_over
                .iter()
                .map(|tag| format!("{} ({})", tag.name, tag.reason));
            sentences.push(format!(
                "{} passed over: {}.",
                were(passed_over.len(), "tag", "tags"),
                some(each.collect())
            ));
        }
        let unmatched = &self.deployments.unmatched;
        if !unmatched.is_empty() {
            let each = unmatched
                .iter()
                .map(|(tag, commits)| format!("{tag} ({commits})"));
            sentences.push(format!(
                "{} commits that are no change of the line and were not counted: {}.",
                hold(unmatched.len(), "deployment", "deployments"),
                some(each.collect())
            ));
        }
        let cut_off = &self.deployments.cut_off;
        if !cut_off.is_empty() {
            sentences.push(format!(
                "{} commits whose parents are not in the clone, themselves or through the tag before, so that what they brought is unknown: {}.",
                hold(cut_off.len(), "deployment", "deployments"),
                some(cut_off.clone())
            ));
        }
        let unnamed = &self.deployments.unnamed;
        if !unnamed.is_empty() {
            sentences.push(format!(
                "{} more changes than a record names, so that what they hold follows from the order of merges: {}.",
                hold(unnamed.len(), "deployment", "deployments"),
                some(unnamed.clone())
            ));
        }
        sentences
    }

    /// Changes whose instant of merge is not known, as no clock can have shown their date.
    fn misdated(&self) -> Option<String> {
        let misdated = self.history.misdated();
        let each = misdated.iter().map(|one| {
            let sha = &one.sha[..one.sha.len().min(SHORT)];
            format!("{sha} ({})", day(one.committed_at_s))
        });
        (!misdated.is_empty()).then(|| {
            format!(
                "{} a date that no clock can have shown, before 1990 or ahead of today, and so no known instant of merge and no part in any week or deployment: {}.",
                many(misdated.len() as i64, "change has", "changes have"),
                some(each.collect())
            )
        })
    }

    /// What the history cannot tell, and what to connect for it.
    fn unknown(&self, marks: &Marks) -> Vec<String> {
        let mut sentences = Vec::new();
        if marks.not_begun > 0 {
            sentences.push(format!(
                "When {} begun is not in the history, as their commits were squashed or are not in the clone; push or import the changes with their commits from where they were reviewed.",
                were(marks.not_begun as usize, "change", "changes")
            ));
        }
        sentences.push(
            "Git knows no reviews and no incidents: review wait and what was merged without review can be said once reviews are pushed or imported, failures and recovery once incidents are."
                .to_owned(),
        );
        sentences
    }
}

fn same_by(by: SameBy) -> &'static str {
    match by {
        SameBy::CherryPick => "named by the commit's own message",
        SameBy::PullRequest => "known by pull request",
        SameBy::Authorship => "known by author, instant and subject",
        SameBy::Patch => "known by the same patch",
    }
}

/// How much of a commit's name a sentence has.
const SHORT: usize = 10;

fn misdated(one: &Misdated) -> Value {
    json!({"sha": one.sha, "date": record::instant_s(one.committed_at_s)})
}

fn gap_sentence(gap: &Gap) -> String {
    let short = gap
        .commits
        .iter()
        .map(|sha| sha[..sha.len().min(SHORT)].to_owned());
    let subject = many(gap.changes as i64, "change has", "changes have");
    format!("{subject} {}: {}.", gap.what, some(short.collect()))
}

fn weeks(history: &History, calendar: &Calendar) -> Option<Weeks> {
    let (first, last) = history
        .merges_s()
        .fold(None, |span: Option<(i64, i64)>, at_s| {
            let (first, last) = span.unwrap_or((at_s, at_s));
            Some((first.min(at_s), last.max(at_s)))
        })?;
    let week = |at_s: i64| calendar.week_of(at_s * 1_000);
    let (first, last) = (week(first), week(last));
    let all = std::iter::successors(Some(first), |week: &Week| Some(week.next()));
    Some(Weeks {
        count: all.take_while(|week| *week <= last).count(),
        first: first.to_string(),
        last: last.to_string(),
    })
}
