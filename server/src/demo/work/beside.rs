//! Runs of no change: they leave tickets and configuration behind, or nothing that counts; and what
//! landed without any run that is known.

use super::super::approvals::{self, Asked};
use super::super::artifacts::{Artifact, Named, Told};
use super::super::changes;
use super::super::company::PAIR_AGENT;
use super::super::evaluations::{self, Output};
use super::super::hours::{DAY, HOUR, MINUTE};
use super::super::runs::Left;
use super::super::sent::Stream;
use super::super::truth::agents::Landed;
use super::super::truth::facts::Fact;
use super::super::workflows::Workflow;
use super::audit::Known;
use super::{Done, Work};

/// How many runs of no change there are for each change with an agent's hand in it.
const OF_NO_CHANGE: f64 = 0.3;

impl<'a> Work<'a> {
    /// What agents do beside so many changes.
    pub(super) fn beside(&mut self, marked: usize) {
        for number in 1..=self.chance.poisson(OF_NO_CHANGE * marked as f64) as usize {
            match self.chance.weighted(&[0.78, 0.1, 0.06, 0.06]) {
                0 => self.leaves(number),
                1 => {
                    let done = self.some_run();
                    self.tell(done);
                }
                2 => self.names_nothing(number),
                _ => self.without_run(number),
            }
        }
    }

    fn some_run(&mut self) -> Done<'a> {
        let site = self.site;
        let is_pair = self.chance.happens(0.1);
        let agent = if is_pair {
            PAIR_AGENT
        } else {
            &site.service.agent
        };
        let at = changes::some_time(site.week, self.chance);
        self.run(agent, (at, at + 2 * HOUR))
    }

    /// A run that names a change that nobody knows.
    fn names_nothing(&mut self, number: usize) {
        let mut done = self.some_run();
        let site = self.site;
        let reference = format!("{}#{}-{number}", site.service.slug, site.week.index);
        done.run.left.push(Left {
            kind: "change",
            reference,
            landed: Some(done.run.end() + MINUTE),
            reversal: None,
        });
        self.tell(done);
    }

    /// A run that leaves something behind.
    fn leaves(&mut self, number: usize) {
        let mut done = self.some_run();
        let told = [Told::ByRun, Told::ByItself, Told::ByBoth, Told::Later]
            [self.chance.weighted(&[0.5, 0.2, 0.15, 0.15])];
        let within = if told == Told::Later {
            6 * DAY
        } else {
            3 * HOUR
        };
        let landed = done.run.end() + self.chance.between(MINUTE, within);
        let mut artifact = self.artifact(number, landed);
        artifact.named.run = Some(done.run.id.clone());
        if self.chance.happens(0.5) {
            artifact.named.workflow = done.actor.workflow.map(|own| own.slug.clone());
        }
        done.run.left.extend(artifact.left(told));
        if let Some(landed) = artifact.landed {
            if told != Told::ByRun {
                let record = artifact.record(landed);
                self.sent.send(landed, Stream::Artifacts, record);
            }
            self.settles((&artifact, landed), Some(&done));
        }
        self.tell(done);
    }

    /// Something that landed, and no run is known of it.
    fn without_run(&mut self, number: usize) {
        let site = self.site;
        let landed = changes::some_time(site.week, self.chance);
        let mut artifact = self.artifact(number, landed);
        let is_pair = self.chance.happens(0.2);
        let agent = if is_pair {
            PAIR_AGENT
        } else {
            &site.service.agent
        };
        let own = site.company.workflow_of(agent);
        artifact.named = match own {
            Some(own) if self.chance.happens(0.5) => Named {
                workflow: Some(own.slug.clone()),
                ..Named::default()
            },
            _ => Named {
                agent: Some(agent.to_owned()),
                ..Named::default()
            },
        };
        let record = artifact.record(landed);
        self.sent.send(landed, Stream::Artifacts, record);
        self.settles((&artifact, landed), None);
    }

    fn artifact(&mut self, number: usize, landed: i64) -> Artifact {
        let site = self.site;
        let kinds = [
            ("ticket", "ticket"),
            ("configuration", "config"),
            ("other", "report"),
        ];
        let (kind, word) = kinds[self.chance.weighted(&[0.55, 0.37, 0.08])];
        let reference = format!("{word}/{}-{}-{number}", site.service.slug, site.week.index);
        let is_reversible = self.chance.happens(0.75);
        Artifact {
            kind,
            reversal: is_reversible.then(|| format!("undo/{reference}")),
            landed: Some(landed).filter(|at| *at < site.week.known_until),
            reference,
            named: Named::default(),
        }
    }

    /// What was checked and approved of something before it landed, and what is known of it then.
    fn settles(&mut self, (artifact, landed): (&Artifact, i64), done: Option<&Done<'a>>) {
        let (company, week) = (self.site.company, self.site.week);
        let workflow = match done {
            Some(done) => done.actor.workflow,
            None => {
                let named = artifact.named.workflow.as_deref();
                let mut workflows = company.workflows.iter();
                let own = artifact.named.agent.as_deref();
                let own = own.and_then(|agent| company.workflow_of(agent));
                workflows
                    .find(|workflow| named == Some(&workflow.slug))
                    .or(own)
            }
        };
        let own = workflow.map(Workflow::scope);
        let scopes: Vec<String> = std::iter::once("company".to_owned()).chain(own).collect();
        let from = done.map_or(evaluations::soon_before(landed), |done| done.run.end());
        let output = Output {
            run: done.map(|done| done.run.id.as_str()),
            has_run_failed: done.is_some_and(Done::has_failed),
            reference: &artifact.reference,
            commits: None,
            from,
            landed,
            workflow: None,
        };
        let likely = company.evaluated_share(&scopes, week);
        let checked = evaluations::of_output(self, &output, likely);
        let asked = Asked {
            reference: &artifact.reference,
            run: output.run.map(|run| (run, scopes.as_slice())),
            scopes: &scopes,
            author: match done {
                Some(done) => &done.actor.agent,
                None => &self.site.service.agent,
            },
            from,
            landed,
            is_missing: company.is_unapproved(&scopes, week),
        };
        let is_approved = approvals::of_artifact(self, &asked, 0.85);
        let known = Known {
            done,
            agent: artifact.named.agent.as_deref(),
            workflow,
            is_approved,
            has_way_back: artifact.reversal.is_some()
                || workflow.is_some_and(|workflow| workflow.has_playbook),
            is_evaluated: checked.is_evaluated,
        };
        self.facts.push(Fact::Landed(Landed {
            at: landed,
            segment: "agent",
            checked,
            items: known.items(company),
            scopes,
        }));
    }
}
