//! What a metric means, in the words that its definition page shows.
//!
//! The text and the code are the same thing under one version: who changes a formula changes its
//! text here and adds a dated version. From the text alone two people get the same numbers.

pub mod above_tier_actions;
pub mod adversarial_pass_rate;
pub mod agent_share;
pub mod approval_wait;
pub mod auditability;
pub mod cache_share;
pub mod change_fail_rate;
pub mod change_lead_time;
pub mod change_size;
pub mod changes_delivered;
pub mod changes_merged;
pub mod cost_per_run;
pub mod defect_escape_rate;
pub mod deployment_frequency;
pub mod deployment_rework_rate;
pub mod escaped_defects_per_100;
pub mod evaluation_coverage;
pub mod failed_deployment_recovery_time;
pub mod handover_rate;
pub mod incident_frequency;
pub mod landed_after_failed_evaluation;
pub mod merged_without_review;
pub mod policy_denials;
pub mod pr_cycle_time;
pub mod review_wait;
pub mod run_success;
pub mod stage_coding;
pub mod stage_deploy;
pub mod stage_pickup;
pub mod stage_review;
pub mod suite_pass_rate;
pub mod tool_error_rate;

/// A metric's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Definition {
    /// One sentence: what question it answers.
    pub answers: &'static str,
    /// One step a paragraph.
    pub formula: &'static [&'static str],
    /// What is left out, and why.
    pub leaves_out: &'static [&'static str],
    /// Which records it is made of.
    pub records: &'static str,
    /// Which instant decides a record's week.
    pub week_of: &'static str,
    pub settles: &'static str,
    /// How interval, normal range and signal come about.
    pub statistics: &'static [&'static str],
    /// Where the formula comes from.
    pub source: &'static str,
    /// Newest first.
    pub versions: &'static [Version],
}

/// One wording of a formula, and since when it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    pub version: u32,
    /// Day it came into force, such as `2026-11-22`.
    pub since: &'static str,
    pub change: &'static str,
}

// Sentences that several metrics share, so that they can't come to differ.

/// Which instant decides, and then what a week is.
macro_rules! week_of {
    ($instant:literal) => {
        concat!(
            $instant,
            " A week is an ISO week: from Monday 00:00 in the company's time zone, which is UTC until set, to the next week's Monday 00:00, the first instant included and the last not. A new zone applies from a dated week on; the week before ends where the new one begins. Where clocks skip Monday 00:00 the week begins at the first instant after the gap; where they repeat it, at the first of the two."
        )
    };
}

const WEEK_OF_MERGE: &str = week_of!("The instant of the merge.");

const WEEK_OF_DELIVERY: &str = week_of!(
    "The instant of the delivery: the finish of the deployment that delivered the change."
);

const WEEK_OF_FINISH: &str = week_of!("The instant at which the deployment finished.");

const WEEK_OF_RECOVERY: &str = week_of!(
    "The instant at which all was well again; for a failed deployment that is open, which is listed as left out, the one at which it finished."
);

const WEEK_OF_START: &str = week_of!("The instant at which the incident started.");

const WEEK_OF_FIND: &str = week_of!("The instant at which the defect was found.");

const SCOPE: &str = "The company's figure is made of every change, also of services that are not registered; a service's of its own changes; a workflow's of all the changes it covers, whoever made them, so that a change may count in several workflows and still counts once in the company. No figure is made of other figures.";

const SEGMENT: &str = "A segment's figure is made of the scope's changes of that segment. Agent: the author is an agent, or every commit was authored by agents. Assisted: not so, but some commit was authored by an agent, a mark in its body or in a commit's message names one, it names a run or a run lists it, or its branch begins as an agent's branches do. Unmarked: none of these, which is not the same as made by a person alone. Each record lists its evidence, each piece once, strongest first: recorded (an account), declared (a mark or a run), inferred (a branch's name).";

const AGENTS: &str = "An account is an agent's if it is registered as one; else the kind that its source gives decides, agent or person. An author without a kind is a person unless the id is a known agent: a login or address of the list of well-known agents (server/src/links/agent_marks.toml), in any case. Of NUMBER+LOGIN@users.noreply.github.com the login decides; the number does only where the list does not know the login, and never a number of automation. Automation that is no agent by itself, such as github-actions[bot], is one only by registry or kind.";

const MARKS: &str = "Marks, which the same list holds, stand on any line. Co-authored-by: its address decides, or its account where it has no address, by registry or list; the name beside it does not. Other trailers: the key in any case, a key without a hyphen never on the first line; an address in it must be an agent's; where the list asks for it the value is one of a few, or begins with the name of an agent or model. Footers: a line that begins, signs and emoji aside, with Generated with, by or using, and then the name of an agent. Texts that only agents leave, such as the address of a session. Of one text up to 64 different lines are kept, the first in byte order and none of over 512 bytes, among them trailers of any other key with a hyphen.";

const LATEST_COPY: &str = "Older copies of the same change (same id): the newest updated_at counts; of equal ones the larger canonical JSON (sorted keys, no spaces, null left out); a dated copy before an undated one; of undated copies the last received.";

const NOT_MERGED: &str = "Changes that are open or were closed without a merge.";

const PRODUCTION: &str = "A production attempt is a deployment to an environment that its service calls production: one named production, prod or live, or by one of the names that the registry gives the service instead of these, in any case. A production deployment is an attempt whose result is a success; one whose result is a failure is a failed rollout. A service's attempts stand in the order of their finish, those of the same instant in the byte order of their ids; earlier, later, before, after, first, latest and next mean this order. Deployments to other environments play no part.";

const MERGE_IS_DELIVERY: &str = "Where a service delivers by merging (delivery = \"merge\" in the registry), each of its merged changes is a production deployment: its id is the change's, it finished at the merge, its commit is the merge commit, it holds that change alone, and its kind is not given. Deployments that are pushed for such a service are ignored.";

const CONTENTS: &str = "What a deployment holds: where its sender lists changes, be the list empty, those of them that are changes of its service merged no later than its finish; the others are ignored and named in its evidence. Without a list its commit decides. The anchor is the service's change, merged no later than the finish, whose merge commit is the deployed commit; with none, the one among whose commits it is; of several, the one merged first, then the first id in byte order. The deployment holds the anchor and every change of the service merged no later than the anchor. Without an anchor its content is not known, and it delivers nothing. Two commits are the same when their whole names are.";

const DELIVERED: &str = "A change is delivered by the first production deployment of its service that holds it, at the instant at which that finished; deployments after it do not deliver it again. A failed rollout delivers nothing. The first production deployment known of a service delivers nothing either, for what it holds may have run for long; later deployments do not deliver that any more. It counts as a deployment all the same. Example: A, B, C and D are merged in this order; the first known deployment has the commit of B and the second that of D. The first holds A and B and delivers neither; the second holds all four and delivers C and D.";

const REMEDY: &str = "A remedy is a production deployment that puts an earlier attempt of its service right, as a rollback, a fix or by delivering a revert; one may remedy several. An attempt's kind is what its sender gives (planned, rollback or fix), or what a person corrected that to. Where none is given the kind is found: rollback if the rule for rollbacks finds one, else fix if that for fixes does, else planned. The registry can turn each of the three rules off for a service; then nothing is found by it, and what senders say (kind, reverts) still counts. A failed rollout may be of any kind and remedies nothing.";

const ROLLBACK: &str = "Rollback: let C be the attempt's commit, and R that of the latest production deployment before it. A rollback is found when C and R differ, both are commits of earlier production deployments, and C's first one came before R's first one. It remedies the first production deployment after the latest earlier one of C; where none lies between, the last failed rollout between; where nothing lies between, nothing. One that is a rollback by its sender's word remedies the same; when no earlier production deployment had its commit, it remedies the latest attempt before it. Example: of the commits V1 V2 V3 V1 the fourth is a rollback and remedies the second, so that one of four failed. Of V1 V2 V1 V2 the third is a rollback and remedies the second; the fourth goes forward again and is planned. The same commit twice in a row is no rollback.";

const FIX: &str = "Fix: found when a production deployment that is no rollback delivers a change with a fix label, or with a branch whose name begins with hotfix/. The fix label is hotfix, or any of the labels that the registry gives the service instead. A fix, found or by its sender's word, remedies the latest attempt before it, be it a failed rollout.";

const REVERT: &str = "Revert: what a change reverts is said by its field reverts, a change's id or else a commit; without the field, by every commit that a line of its body or of its commits' messages names after the words \"This reverts commit\", in 7 to 64 hexadecimal digits; without such a line, by a title Revert \"T\", where T runs to the last quotation mark and means the service's latest change of exactly that title merged before it (by the instant of the merge, then by id). A commit means the service's merged change whose merge commit it is, else the one among whose commits it is; of several the one merged first, then the first id in byte order. Changes of other services are none of it. When a production deployment delivers a change r that reverts c, it remedies the earlier deployment that delivered c, whatever its own kind is. It remedies nothing where c itself says that it reverts something, or where no earlier deployment delivered c, because it was in the first known one, came with r or was not delivered.";

const FAILED_ROLLOUT: &str = "A failed rollout counts only when at least one incident is laid to it, or when the service's next attempt is a rollback or a fix, by its sender's word or found, whether or not that attempt is itself a success (a fix is found only in one that is). Any other failed rollout counts nowhere; it keeps its place among the attempts.";

const BLAME: &str = "Records whose kind is alert, drill, declined, merged or maintenance are no incidents. An incident is laid to at most one attempt. Where its sender names the cause (caused_by), that alone decides, of whatever service it is. A deployment: that one, if it is a production attempt and not ignored. A change: the deployment that delivered it. A commit: the deployment that delivered the merged change that holds the commit; a change of the incident's own service comes before others, then one whose merge commit it is before one among whose commits it is, then the one merged first, then the first id in byte order. A commit that no merged change holds: the first production attempt with that commit, of its own service before others. A cause that is not known, is no production attempt, was not delivered or was in a first known deployment leaves the incident laid to none, with that reason, and no other is guessed. Where no cause is named, it is laid to the latest production deployment of its own service that finished at or before the incident's start, if start − finish is at most the incident window of the service: 72 hours unless the registry sets another, the edge included. Else it is laid to none.";

const FAILED: &str = "An attempt failed when it is a production deployment that a later one remedied or that at least one incident is laid to, or when it is a failed rollout that counts.";

const COVERED: &str = "A workflow without paths and labels covers the changes, deployments, incidents and defects of the services that it lists. One with paths or labels covers those changes of its services that touch a file under one of the paths or bear one of the labels; a deployment that delivers such a change; an incident laid to such a deployment; and a defect that names such a deployment, or such a change once merged, as what introduced it. So a deployment that delivers nothing, as the first known one of its service, most rollbacks and all failed rollouts, is covered by no workflow with paths or labels. A file lies under a path when it is that file or lies in that folder; a * at the end of the path stands for any rest.";

const SCOPE_OF_DEPLOYMENTS: &str = "The company's figure is made of all deployments, also of services that are not registered; a service's of its own; a workflow's of all that it covers, so that a deployment may count in several workflows and still counts once in the company. No figure is made of other figures.";

const SCOPE_OF_INCIDENTS: &str = "The company's figure is made of all incidents, also of services that are not registered; a service's of those that name it, whichever service's deployment they are laid to; a workflow's of all that it covers. An incident that names no service counts in the company, and beside it only in workflows with paths or labels that cover it. It counts once in each of its scopes, and no figure is made of other figures.";

const SCOPE_OF_DEFECTS: &str = "The company's figure is made of all defects, also of services that are not registered; a service's of those that name it; a workflow's of all that it covers. A defect that names no service counts in the company, and beside it only in workflows with paths or labels that cover it. It counts once in each of its scopes, and no figure is made of other figures.";

const NOT_SPLIT: &str = "Segments are of changes. This metric has the segment all only; with any other it is null, \"not split by segment\".";

const START: &str = "Start = the earlier of the first authored commit (the earliest authoring instant among the change's commits) and the creation of the change. Creation not known: start = the first authored commit. No commits known: there is no start.";

const STAGES: &str = "Stages: coding = opened − start; pickup = first review − opened; review = merge − first review; deploy = delivery − merge. Without a first review pickup and review are null, \"merged without review\", and open = merge − opened stands for them. Where all of a change's stages are known they add up to its lead time exactly. Reviews by agents end no stage; agent_review = the first of them, from opening to merge, − opened, kept beside the stages.";

const STAGES_NOT_KNOWN: &str = "Where no commits are known coding is null, \"first commit not known\"; where the creation is not known coding, pickup, review and open are null. What clocks that disagree make negative: one negative stage makes coding, pickup, review and open of the change null; a negative agent_review is null by itself. Each says why. Deploy is known of every delivered change.";

const NOT_DELIVERED: &str = "Changes that were not delivered: open, closed without a merge, merged and not deployed to production, or deployed only where what a deployment holds is not known.";

const FIRST_KNOWN: &str = "Changes that the first known deployment of their service holds: they are listed as left out in the week of its finish, \"in the first known deployment of its service\".";

const IGNORED: &str =
    "Deployments pushed for a service that delivers by merging: they are listed as left out.";

const NOT_INCIDENTS: &str = "Alerts, drills, declined, merged and maintenance: they are listed as left out, with their kind.";

const NOT_DEFECTS: &str = "Defects resolved as duplicate or not_a_defect: they are listed as left out with that reason. Those resolved as fixed or wont_fix, and those not resolved, count.";

const LATEST_RECORD: &str = "Older copies of the same record (same stream and id): the newest updated_at counts; of equal ones the larger canonical JSON (sorted keys, no spaces, null left out); a dated copy before an undated one; of undated copies the last received.";

const SETTLES_AFTER_WINDOW: &str = "When, after the end of its week, the longest incident window of the scope's services has passed: 72 hours, which is 3 days, unless the registry sets others. The scope's services are the service itself, those that the workflow lists, or for the company all that are registered; one that sets no window has 72 hours. A record that arrives later still changes the figure.";

const RANGE: &str = "Normal range (XmR): of the usable weeks before the shown one the first 20 stand behind it, or all where there are fewer; centre = their mean; moving range = absolute difference between one of them and the one before it, also across a gap; limits = centre ± 2.66 × the mean moving range. Once there are 20 they stay, however many weeks follow. It is given from 6 usable weeks on; drawn and exported it is cut at 0, judged it is not.";

const POISSON: &str = "Interval: 95 %, exact Poisson (Garwood 1936): from the 2.5 % quantile of a gamma distribution of shape n, which for n = 0 is 0, to the 97.5 % quantile of one of shape n + 1; n = the number of incidents. A week with none has 0 to 3.69.";

const RARE: &str = "Rare events: where the mean of the weeks behind the limits is under 1, the week has no normal range and is judged by gaps: the days between each incident of the scope and the next, in the order of their starts, each of the week in which it ended. The last gap that ended in the week is its point; behind it stand the first 20 of the gaps before, or all where there are fewer, by the same limits and rules with gaps in the place of weeks; a verdict needs 12 of them and is provisional under 20. A longer gap means fewer incidents. A week in which no gap ended is routine, since what has lasted from the last incident on is no gap yet. Beside the value stand days_between, the week's own gap or null, and usual_days_between, the limits cut at 0.";

const USABLE_COUNT: &str = "Usable weeks are those with a value: a count of 0 is one, a week before the first record is not. A count is never hollow. A week that still runs is never a point.";

const USABLE_MEDIAN: &str = "Usable weeks are those with a value from at least 5 records. With fewer the point is hollow: shown, but in no limit and no rule. A week that still runs is never a point.";

const RULES: &str = "Signal: asked only of a usable week with at least 12 usable weeks behind its limits (under 20 it is provisional), by the strongest rule that holds. First: the week lies outside a limit. Second: of the last four usable weeks, the shown one being the fourth, at least three lie on one side and nearer that limit than the centre, the shown one among them. Third: the shown week and the seven usable weeks before it all lie on one side of the centre.";

const TIES: &str = "A point on a limit is inside, one half way between centre and limit is not nearer the limit, one on the centre ends the row. Differences of up to 10⁻¹² of the largest of both limits and the point are rounding, and count as none.";

const REVIEWED: &str = "Opened for review = the ready_at for which creation ≤ ready_at ≤ merge (of several, the last before the first review), else the creation. First review = the earliest review by a person other than the author, at or after opening and at or before the merge, whatever its verdict. An author without a kind is a person unless the id is a known agent.";

const MEDIAN: &str = "Value of the week = the true median of its changes' values: the middle one, or the mean of the middle two. p90 = the value at rank ⌈0.9 n⌉ in ascending order (nearest rank). Sample = the number of changes with a value.";

const MEDIAN_INTERVAL: &str = "Interval: 95 %, by order statistics. With B ~ Binomial(n, ½) it runs from the l-th to the (n + 1 − l)-th value in ascending order, for the largest l with P(B ≤ l − 1) ≤ 2.5 %. From 6 changes on: of 6 the 1st to 6th, of 10 the 2nd to 9th, of 20 the 6th to 15th, of 50 the 18th to 33rd, of 100 the 40th to 61st, of 200 the 86th to 115th.";

const WILSON: &str = "Interval: 95 %, Wilson's. With p = numerator ÷ n, n = denominator and z = 1.959964: centre (p + z²/2n) ÷ (1 + z²/n), half-width z ÷ (1 + z²/n) × √(p(1 − p)/n + z²/4n²); none of n has the lower bound 0, all of n the upper bound 1. Under 20 records the page shows the fraction only.";

const NULL_WEEK: &str =
    "A week without a single known value is null; nothing is carried over from other weeks.";

const WEEK_OF_LANDING: &str = week_of!("The instant at which the artifact landed.");

const WEEK_OF_RUN: &str = week_of!("The instant at which the run started.");

const WEEK_OF_SUITE_RUN: &str = week_of!("The instant at which the suite's run finished.");

const WEEK_OF_DECISION: &str = week_of!("The instant of the decision.");

const ARTIFACT: &str = "An artifact is agent or assisted work that landed, its run known or not. A merged change of the segment agent or assisted lands at its merge. Anything else, a reply, a ticket, a configuration or another thing that a run or the stream artifacts names by kind and reference, lands at the earliest landed_at that the stream artifacts tells of it; where that stream tells of none, at the earliest that any run tells. What no one tells the landing of is none, and neither is a change that is not known or not merged, or in which no agent had a hand. One kind and reference is one artifact, however many runs name it.";

const SCOPE_OF_ARTIFACTS: &str = "The company's figure is made of all artifacts; a service's of the changes of that service; a workflow's, of changes, of those that it covers; of anything else, of what belongs to it: to the workflows of all runs that name it, else those that the stream artifacts gives, else those of the agents that this stream gives, so that one may count in several workflows and still counts once in the company. A run's workflow is the one that it names, else its agent's. No figure is made of other figures.";

const SEGMENT_OF_ARTIFACTS: &str =
    "A change has its own segment; anything else is of the segment agent.";

const EVALUATED: &str = "Evaluated in time: at least one of these finished at or before the landing. An evaluation by code or a model, with a score or a verdict, of a run that claims the artifact, of its reference, or, for a change, of its merge commit or the last of its commits. A run of a suite of the kind regression or adversarial, with at least one case, on either of these commits. A check of a forge on either commit that a workflow of the artifact names among its evaluation_checks; other checks of forges are none. A run claims an artifact when it lists it, when the stream artifacts names it, or when the change does. It need not pass. Evaluations of a run whose outcome is error do not count. What people say is an approval and no evaluation.";

const FAILED_EVALUATION: &str = "An evaluation failed when its verdict is that it did not pass; a run of a suite when passed ÷ cases is under its threshold_ratio, or under the one that its workflow gives the suite where the run gives none. A score without verdict fails nothing. Of several in time by one evaluator (name and kind), or of one suite (workflow and name), the one that finished last counts, of the same instant the last id in byte order.";

const SCOPE_OF_RUNS: &str = "The company's figure is made of all runs; a workflow's of those that name it and of those without a workflow whose agent is registered with it. A service has none. No figure is made of other figures.";

const SCOPE_OF_SUITES: &str = "The company's figure is made of all suites; a workflow's of its own. A service has none. Two suites of the same name are one only within a workflow. No figure is made of other figures.";

const LATEST_OF_SUITE: &str = "Of each suite (workflow, name and kind) the run that finished last in the week counts, of the same instant the last id in byte order. Missing cases are failures: only passed counts as passed. A run without a case counts nowhere.";

const ZERO_FROM_FIRST_ARTIFACT: &str = "It is 0 in a week without one from the week of the scope's first artifact on, and null before. Segments do not move that week.";

const ZERO_FROM_FIRST_RUN: &str =
    "It is 0 in a week without one from the week of the scope's first run on, and null before.";

const EFFECT: &str = "A tool call's effect is none, propose, non_production or production: what the registry says of its tool, else what was sent, else none. The tier that allows it is 0, 1, 2 and 3. The agent's tier is the registered one, else that of the run's workflow, else 1. Where a run sends counts alone, its by_effect stands for them.";

const SETTLES_A_DAY: &str = "One day after the end of its week, so that runs which end late count. A record that arrives later still changes the figure.";

const SETTLES_AT_ONCE: &str =
    "At the end of its week. A record that arrives later still changes the figure.";

const WILSON_OF_SUMS: &str = "Interval: 95 %, Wilson's, as of denominator independent trials of which numerator came out. With p = numerator ÷ n, n = denominator and z = 1.959964: centre (p + z²/2n) ÷ (1 + z²/n), half-width z ÷ (1 + z²/n) × √(p(1 − p)/n + z²/4n²).";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::catalogue;

    #[test]
    fn who_tells_of_segments_tells_what_an_agent_and_a_mark_are() {
        for metric in catalogue::CATALOGUE {
            let formula = metric.definition.formula;
            if formula.contains(&SEGMENT) {
                assert!(formula.contains(&AGENTS) && formula.contains(&MARKS));
            }
        }
    }
}
