//! The table of metrics: what each is called, counted in, made of, and when it settles.
//!
//! Its order is the fixed order of every page and never changes with the data. A metric's numbers
//! come from the file of its name beside this one.

mod agents;
mod words;

use super::artifact::Artifact;
use super::defect::{PLACE_UNKNOWN, Place};
use super::definition::{self, Definition};
use super::delivered::Delivered;
use super::deployed::Deployed;
use super::merged::Merged;
use super::run::Run;
use super::suite_run::SuiteRun;
use super::{
    Contribution, HOLLOW_BELOW, Sums, agent_share, approval_wait, change_fail_rate,
    change_lead_time, change_size, changes_delivered, changes_merged, defect_escape_rate,
    deployment_frequency, deployment_rework_rate, escaped_defects_per_100,
    failed_deployment_recovery_time, incident, incident_frequency, merged_without_review,
    pr_cycle_time, review_wait, stages,
};

/// Every metric there is, in the order of the review's table.
pub const CATALOGUE: &[Metric] = &[
    Metric {
        id: "changes_merged",
        name: "Changes merged",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Count,
        of: Of::Merged(changes_merged::of_change),
        needs: &["changes"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no merged change",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::changes_merged::DEFINITION,
    },
    Metric {
        id: "changes_delivered",
        name: "Changes delivered",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Count,
        of: Of::Delivered(changes_delivered::of_change),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::changes_delivered::DEFINITION,
    },
    Metric {
        id: "deployment_frequency",
        name: "Deployments",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Count,
        of: Of::Deployed(deployment_frequency::of_deployment),
        needs: &["deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "deployments",
        nothing: "no deployment to production",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::deployment_frequency::DEFINITION,
    },
    Metric {
        id: "agent_share",
        name: "Agents’ share",
        group: Group::Work,
        is_of_agents: true,
        better: Better::Neutral,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of: Of::Delivered(agent_share::of_change),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::agent_share::DEFINITION,
    },
    Metric {
        id: "change_size",
        name: "Change size, lines",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Neutral,
        unit: Unit::Count,
        kind: Kind::Median,
        of: Of::Merged(change_size::of_change),
        needs: &["changes"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no merged change whose size is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::change_size::DEFINITION,
    },
    Metric {
        id: "review_wait",
        name: "Review wait",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Merged(review_wait::of_change),
        needs: &["changes", "reviews"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no merged change that was reviewed",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::review_wait::DEFINITION,
    },
    Metric {
        id: "merged_without_review",
        name: "Merged without review",
        group: Group::Work,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of: Of::Merged(merged_without_review::of_change),
        needs: &["changes", "reviews"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no merged change of a service with known reviews",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::merged_without_review::DEFINITION,
    },
    agents::EVALUATION_COVERAGE,
    agents::AUDITABILITY,
    agents::LANDED_AFTER_FAILED_EVALUATION,
    agents::SUITE_PASS_RATE,
    agents::ADVERSARIAL_PASS_RATE,
    agents::APPROVAL_WAIT,
    agents::ABOVE_TIER_ACTIONS,
    agents::POLICY_DENIALS,
    agents::RUN_SUCCESS,
    agents::HANDOVER_RATE,
    agents::TOOL_ERROR_RATE,
    agents::COST_PER_RUN,
    agents::CACHE_SHARE,
    Metric {
        id: "change_lead_time",
        name: "Change lead time",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Delivered(change_lead_time::of_change),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change whose start is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::change_lead_time::DEFINITION,
    },
    Metric {
        id: "stage_coding",
        name: "Coding",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Delivered(stages::coding),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change of which this stage is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::stage_coding::DEFINITION,
    },
    Metric {
        id: "stage_pickup",
        name: "Waiting for review",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Delivered(stages::pickup),
        needs: &["changes", "deployments", "reviews"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change of which this stage is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::stage_pickup::DEFINITION,
    },
    Metric {
        id: "stage_review",
        name: "In review",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Delivered(stages::review),
        needs: &["changes", "deployments", "reviews"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change of which this stage is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::stage_review::DEFINITION,
    },
    Metric {
        id: "stage_deploy",
        name: "Merge to production",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Delivered(stages::deploy),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no delivered change of which this stage is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::stage_deploy::DEFINITION,
    },
    Metric {
        id: "pr_cycle_time",
        name: "PR cycle time",
        group: Group::Speed,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Merged(pr_cycle_time::of_change),
        needs: &["changes"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "changes",
        nothing: "no merged change whose start is known",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::pr_cycle_time::DEFINITION,
    },
    Metric {
        id: "change_fail_rate",
        name: "Change fail rate",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of: Of::Deployed(change_fail_rate::of_deployment),
        needs: &["changes", "deployments", "incidents"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "deployments",
        nothing: "no deployment to production",
        settles: Settles::AfterIncidentWindow,
        version: 1,
        definition: definition::change_fail_rate::DEFINITION,
    },
    Metric {
        id: "failed_deployment_recovery_time",
        name: "Failed deployment recovery",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Seconds,
        kind: Kind::Median,
        of: Of::Recovered(failed_deployment_recovery_time::of_deployment),
        needs: &["changes", "deployments", "incidents"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "deployments",
        nothing: "no failed deployment that recovered",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::failed_deployment_recovery_time::DEFINITION,
    },
    Metric {
        id: "deployment_rework_rate",
        name: "Deployment rework",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of: Of::Deployed(deployment_rework_rate::of_deployment),
        needs: &["changes", "deployments"],
        widened_by: None,
        per_hundred_of: None,
        records_noun: "deployments",
        nothing: "no deployment to production",
        settles: Settles::AfterIncidentWindow,
        version: 1,
        definition: definition::deployment_rework_rate::DEFINITION,
    },
    Metric {
        id: "incident_frequency",
        name: "Incidents",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Count,
        kind: Kind::Events,
        of: Of::Incident(incident_frequency::of_incident),
        needs: &["incidents"],
        widened_by: None,
        per_hundred_of: Some("deployment_frequency"),
        records_noun: "incidents",
        nothing: "no incident",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::incident_frequency::DEFINITION,
    },
    Metric {
        id: "defect_escape_rate",
        name: "Defects escaped",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Ratio,
        kind: Kind::Ratio,
        of: Of::Defect(defect_escape_rate::of_defect),
        needs: &["defects"],
        widened_by: Some(PLACE_UNKNOWN),
        per_hundred_of: None,
        records_noun: "defects",
        nothing: "no defect of which it is known where it was found",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::defect_escape_rate::DEFINITION,
    },
    Metric {
        id: "escaped_defects_per_100",
        name: "Escaped defects per 100 changes",
        group: Group::Quality,
        is_of_agents: false,
        better: Better::Down,
        unit: Unit::Count,
        kind: Kind::PerHundred,
        of: Of::Defect(escaped_defects_per_100::of_defect),
        needs: &["changes", "defects", "deployments"],
        widened_by: None,
        per_hundred_of: Some("changes_delivered"),
        records_noun: "defects",
        nothing: "no delivered change",
        settles: Settles::WithItsWeek,
        version: 1,
        definition: definition::escaped_defects_per_100::DEFINITION,
    },
];

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// As in addresses and exports.
    pub id: &'static str,
    /// In words.
    pub name: &'static str,
    pub group: Group,
    /// Whether it tells what agents do, and so stands at the near end of a hop; all others tell what
    /// the company gets.
    pub is_of_agents: bool,
    pub better: Better,
    pub unit: Unit,
    pub kind: Kind,
    /// What kind of record it is made of, and what one contributes.
    pub of: Of,
    /// The streams that it is made of, by name: where a source with a rhythm that brings one of them is
    /// stale, so is the figure. A failure is told by incidents, as soon as such a source brings or is
    /// declared to bring them, and by what was rolled back, fixed or reverted: by deployments and the
    /// changes that they deliver.
    pub needs: &'static [&'static str],
    /// The reason of those records that, were more known of them, would count one way or the other.
    pub widened_by: Option<&'static str>,
    /// The count that it is measured against: one for each hundred of these.
    pub per_hundred_of: Option<&'static str>,
    /// What the sample counts, in the plural.
    pub records_noun: &'static str,
    /// Why a week has no value, when no record has one.
    pub nothing: &'static str,
    pub settles: Settles,
    /// Of the definition in force; the newest of its versions.
    pub version: u32,
    pub definition: Definition,
}

impl Metric {
    /// Whether it is the median of durations, which may decide on speed.
    pub fn is_duration(&self) -> bool {
        self.kind == Kind::Median && self.unit == Unit::Seconds
    }

    /// The streams of which at least one must ever have brought something: without any, nothing is known,
    /// which is not the same as nothing being there.
    pub fn waits_for(&self) -> &'static [&'static str] {
        match self.id {
            "evaluation_coverage" | "landed_after_failed_evaluation" => {
                &["evaluations", "suite_runs"]
            }
            "auditability" => &["runs"],
            "policy_denials" => &["policy_decisions"],
            _ => &[],
        }
    }

    /// Whether every single one of what it counts is told, however usual it is.
    pub fn is_always_told(&self) -> bool {
        matches!(
            self.id,
            "landed_after_failed_evaluation" | "above_tier_actions"
        )
    }

    /// Whether it is a pooled share of records, of those that went wrong, which may decide on quality.
    pub fn is_bad_share(&self) -> bool {
        self.kind == Kind::Ratio && self.better == Better::Down
    }
}

/// The records of a metric, by the instant that decides their week, and what one contributes.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    /// Merged changes, by merge.
    Merged(fn(&Merged) -> Contribution),
    /// Delivered changes, by first delivery.
    Delivered(fn(&Delivered) -> Contribution),
    /// Deployments to production, by finish.
    Deployed(fn(&Deployed) -> Contribution),
    /// Failed deployments, by the instant at which all was well again.
    Recovered(fn(&Deployed) -> Contribution),
    /// Incidents, by start.
    Incident(fn(&incident::Kind) -> Contribution),
    /// Defects, by the instant at which they were found.
    Defect(fn(&Place) -> Contribution),
    /// Artifacts, by landing.
    Artifact(fn(&Artifact) -> Contribution),
    /// Those of them that count.
    ArtifactThat(fn(&Artifact) -> bool),
    /// Runs, by start.
    Run(fn(&Run) -> Contribution),
    /// Those of them that count.
    RunThat(fn(&Run) -> bool),
    /// Runs, each with a part and a whole of its own.
    RunSums(fn(&Run) -> Sums),
    /// Runs of suites, by finish; none of suites of another kind.
    SuiteRun(fn(&SuiteRun) -> Option<Sums>),
    /// Approvals, by decision.
    Approval(fn(&approval_wait::Decided) -> Contribution),
}

impl Of {
    /// Whether its records have a segment.
    pub fn is_split(self) -> bool {
        matches!(
            self,
            Of::Merged(_) | Of::Delivered(_) | Of::Artifact(_) | Of::ArtifactThat(_)
        )
    }
}

/// When a week's figure stops moving by design.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settles {
    /// At the end of its week.
    WithItsWeek,
    /// Once no incident can be laid to its deployments any more.
    AfterIncidentWindow,
    /// So many days after the end of its week: what is asked for may come late.
    AfterDays(u32),
}

/// The groups of the review's table, in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Work,
    /// Not in the review's table: agents' own metrics stand there in hops, or when they stand out.
    Agents,
    Speed,
    Quality,
    Customers,
    Money,
}

/// Which way a metric wants to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Up,
    Down,
    Neutral,
}

/// What a value is counted in. Ratios run from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Count,
    Seconds,
    Ratio,
    /// Of the company's currency.
    Money,
}

/// How records become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Count,
    /// A count of independent events: with an interval, and judged by the days between them where a
    /// week has fewer than one.
    Events,
    Median,
    Ratio,
    /// The sum of parts, of the sum of what they are parts of.
    Sums,
    /// A sum of money, for each record.
    MeanMoney,
    /// So many for each hundred of something else.
    PerHundred,
}

/// The metric of this id.
///
/// ```
/// use server::metrics::catalogue::metric;
/// assert_eq!(metric("pr_cycle_time").unwrap().name, "PR cycle time");
/// assert!(metric("lines_of_code").is_none());
/// ```
pub fn metric(id: &str) -> Option<&'static Metric> {
    CATALOGUE.iter().find(|metric| metric.id == id)
}

impl Kind {
    /// Whether its value is how many there are.
    pub fn counts(self) -> bool {
        matches!(self, Self::Count | Self::Events)
    }

    /// Whether so few records stand behind a value that it takes part in no rule. A count never does:
    /// few is what it says.
    pub fn is_hollow(self, sample: u64) -> bool {
        !self.counts() && sample < HOLLOW_BELOW
    }
}

#[cfg(test)]
mod tests;
