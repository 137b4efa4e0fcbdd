//! A week's changes at one service, and the record of each.
//!
//! A change is drawn backwards from its merge: review, wait and coding in working time. What the
//! sources leave out (commits, a creation) is left out of the record, and the truth says what can
//! still be known.

mod merges;
mod record;

use super::chance::Chance;
use super::company::{Service, Site, Week};
use super::deployments::Waiting;
use super::hours::{HOUR, MINUTE, before, part_way};
use super::marks::{Marks, Segment, Unsigned};
use super::titles::{self, Kind};
use super::truth::facts::Merged;
use super::workflows::Workflow;

/// One change, all of it known.
pub(super) struct Change {
    pub number: u64,
    pub id: String,
    pub title: String,
    kind: Kind,
    pub segment: Segment,
    pub marks: Marks,
    /// Ids of the runs that it names.
    pub run_ids: Vec<String>,
    area: Option<&'static str>,
    /// Where the work began: the first commit or, for some drafts, the creation.
    pub start: i64,
    /// None when the source doesn't tell.
    created_at: Option<i64>,
    /// When it left the draft state, for a draft.
    ready_at: Option<i64>,
    pub opened: i64,
    pub first_review: i64,
    /// The merge; for what was never merged, the last that was seen of it.
    pub end: i64,
    pub is_merged: bool,
    is_closed: bool,
    pub merge_commit: String,
    commits: Vec<(String, i64)>,
    pub agents_review: bool,
    paths: Vec<String>,
    additions: u64,
    deletions: u64,
    /// Whether somebody edits its title later.
    pub is_edited: bool,
    reverting: Option<Reverting>,
}

/// How a change says that it takes another back.
pub(super) enum Reverting {
    /// By a field, with an id or a commit.
    Field(String),
    /// By a sentence in its body that names a commit.
    Body(String),
    /// By nothing but its title.
    Title,
}

/// All changes of a week, in the order of their numbers: the merged ones by merge, then the others.
pub(super) fn of_week(site: &Site, chance: &mut Chance) -> Vec<Change> {
    let week = site.week;
    let merges = merges::of_week(week, chance);
    let others = chance.poisson(0.04 * merges.len() as f64 + 0.05);
    let ends: Vec<(i64, bool)> = merges
        .iter()
        .map(|at| (*at, true))
        .chain((0..others).map(|_| (merges::at(week, chance), false)))
        .take(week.room as usize)
        .collect();
    (week.first_number..)
        .zip(ends)
        .map(|(number, end)| site.change(number, end, chance))
        .collect()
}

/// Some instant of a week at which people are about.
pub(super) fn some_time(week: &Week, chance: &mut Chance) -> i64 {
    merges::at(week, chance)
}

/// The instants of a change.
struct Course {
    start: i64,
    created: i64,
    opened: i64,
    first_review: i64,
    first_commit: i64,
}

impl Site<'_> {
    fn change(&self, number: u64, (end, is_merged): (i64, bool), chance: &mut Chance) -> Change {
        let segment = Segment::of_week(self.week, chance);
        let kind = kind(segment, chance);
        let course = self.course(end, chance);
        let has_commits = !chance.happens(0.015);
        // The start must still be told by something: by the first commit, when it is the start.
        let lacks_creation =
            has_commits && course.first_commit == course.start && chance.happens(0.01);
        let unsigned = Unsigned {
            segment,
            kind,
            has_commits,
        };
        let marks = Marks::of((self.company, self.service), &unsigned, chance);
        let needed = usize::from(marks.committers[0] != marks.committers[1]);
        let area = (kind != Kind::Dependencies).then(|| *chance.one(&self.service.domain.areas));
        Change {
            number,
            id: format!("{}#{number}", self.service.slug),
            title: titles::title(self.service, kind, number),
            kind,
            segment,
            marks,
            run_ids: Vec::new(),
            start: course.start,
            created_at: (!lacks_creation).then_some(course.created),
            ready_at: (course.created < course.opened && !lacks_creation).then_some(course.opened),
            opened: course.opened,
            first_review: course.first_review,
            end,
            is_merged,
            is_closed: !is_merged && chance.happens(0.7),
            merge_commit: chance.sha(),
            commits: match has_commits {
                true => commits(course.first_commit, end, needed, chance),
                false => Vec::new(),
            },
            agents_review: self.week.assisted_share > 0.0 && chance.happens(0.25),
            paths: self.paths(area, chance),
            area,
            additions: chance.log_normal(38.0, 1.4).min(20_000.0) as u64 + 1,
            deletions: chance.log_normal(12.0, 1.6).min(20_000.0) as u64,
            is_edited: is_merged && chance.happens(0.02),
            reverting: None,
        }
    }

    /// Who did the work makes no difference to how long it takes.
    fn course(&self, end: i64, chance: &mut Chance) -> Course {
        let mut working = |median_hours: f64, sigma: f64| {
            let hours = chance.log_normal(median_hours, sigma).min(150.0);
            (hours * HOUR as f64) as i64 + MINUTE
        };
        let first_review = before(end, working(2.4 * self.week.pace, 1.1));
        let opened = before(first_review, working(2.2 * self.service.pace, 1.1));
        let start = before(opened, working(6.0 * self.week.pace, 1.0));
        // Most are opened when they are ready; some as a draft on the way, some before any commit.
        let (created, first_commit) = match chance.weighted(&[0.82, 0.13, 0.05]) {
            0 => (opened, start),
            1 => (part_way(start, opened, chance.unit()), start),
            _ => (start, part_way(start, opened, 0.1 + 0.8 * chance.unit())),
        };
        Course {
            start,
            created,
            opened,
            first_review,
            first_commit,
        }
    }

    /// Files in one folder; for libraries the two lists of them.
    fn paths(&self, area: Option<&str>, chance: &mut Chance) -> Vec<String> {
        let Some(area) = area else {
            return vec!["package.json".to_owned(), "package-lock.json".to_owned()];
        };
        const FILES: [&str; 7] = [
            "index.ts",
            "rules.ts",
            "view.tsx",
            "store.ts",
            "queue.ts",
            "format.ts",
            "index.test.ts",
        ];
        let first = chance.below(FILES.len());
        let count = 1 + chance.weighted(&[0.4, 0.3, 0.2, 0.1]);
        (first..first + count)
            .map(|file| format!("src/{area}/{}", FILES[file % FILES.len()]))
            .collect()
    }
}

fn kind(segment: Segment, chance: &mut Chance) -> Kind {
    let odds = match segment {
        Segment::Agent => [0.12, 0.3, 0.26, 0.32],
        Segment::Assisted => [0.42, 0.3, 0.22, 0.06],
        Segment::Unmarked => [0.4, 0.3, 0.2, 0.1],
    };
    // A hotfix comes of what failed, and never by itself.
    Kind::ORDINARY[chance.weighted(&odds)]
}

/// Commits from the first on to the end, oldest first; at least `more` beside the first.
fn commits(first: i64, end: i64, more: usize, chance: &mut Chance) -> Vec<(String, i64)> {
    let count = chance.weighted(&[0.45, 0.25, 0.14, 0.08, 0.05, 0.03]);
    let mut instants: Vec<i64> = (0..count.max(more))
        .map(|_| part_way(first, end, 0.95 * chance.unit()))
        .collect();
    instants.push(first);
    instants.sort_unstable();
    instants.into_iter().map(|at| (chance.sha(), at)).collect()
}

impl Change {
    /// The scopes in which it counts: also those of workflows that cover only some changes.
    pub(super) fn scopes(&self, site: &Site) -> Vec<String> {
        let mut scopes = site.company.around(site.service);
        let label = self.kind.label();
        let narrow = site.company.workflows.iter().filter(|workflow| {
            let is_over = workflow.services.contains(&site.service.slug);
            workflow.is_narrow() && is_over && workflow.covers(self.area, label)
        });
        scopes.extend(narrow.map(Workflow::scope));
        scopes
    }

    /// What is true of it once merged, `first_review` being the first by another person in time.
    pub(super) fn waiting(&self, site: &Site, first_review: Option<i64>) -> Waiting {
        let opened = self.created_at.map(|_| self.opened);
        let start = (!self.commits.is_empty()).then_some(self.start);
        Waiting {
            id: self.id.clone(),
            merge_commit: self.merge_commit.clone(),
            first_commit: self.commits.first().map(|(sha, _)| sha.clone()),
            fact: Merged {
                at: self.end,
                scopes: self.scopes(site),
                segment: self.segment.as_str(),
                cycle: start.map(|start| self.end - start),
                coding: opened.zip(start).map(|(opened, start)| opened - start),
                pickup: opened
                    .zip(first_review)
                    .map(|(opened, first)| first - opened),
                review: opened.and(first_review).map(|first| self.end - first),
                is_reviewed: first_review.is_some(),
                lines: (self.additions + self.deletions) as i64,
            },
        }
    }

    /// Its last commit and when that was made; none when two of them share the instant.
    pub(super) fn head(&self) -> Option<(&str, i64)> {
        let (sha, at) = self.commits.last()?;
        let before = self.commits.len().checked_sub(2);
        let is_alone = before.is_none_or(|before| self.commits[before].1 < *at);
        is_alone.then_some((sha.as_str(), *at))
    }

    /// It mends what an earlier one broke, and says so by label and branch.
    pub(super) fn becomes_hotfix(&mut self, service: &Service) {
        self.kind = Kind::Hotfix;
        self.title = titles::title(service, self.kind, self.number);
    }

    /// It takes back the change of this title.
    pub(super) fn becomes_revert(&mut self, title: &str, says: Reverting) {
        self.title = format!("Revert \"{title}\"");
        self.is_edited = false;
        self.reverting = Some(says);
    }
}
