//! What a metric means, in the words that its definition page shows.
//!
//! The text and the code are the same thing under one version: who changes a formula changes its
//! text here and adds a dated version. From the text alone two people get the same numbers.

pub mod change_size;
pub mod changes_merged;
pub mod merged_without_review;
pub mod pr_cycle_time;
pub mod review_wait;

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

const WEEK_OF_MERGE: &str = "The instant of the merge. A week is an ISO week: from Monday 00:00 in the company's time zone, which is UTC until set, to the next week's Monday 00:00, the first instant included and the last not. A new zone applies from a dated week on; the week before ends where the new one begins. Where clocks skip Monday 00:00 the week begins at the first instant after the gap; where they repeat it, at the first of the two.";

const SCOPE: &str = "The company's figure is made of every change, also of services that are not registered; a service's of its own changes; a workflow's of all the changes it covers, whoever made them, so that a change may count in several workflows and still counts once in the company. No figure is made of other figures.";

const SEGMENT: &str = "A segment's figure is made of the scope's changes of that segment. Agent: the author is an agent, or every commit was authored by agents. Assisted: not so, but some commit was authored by an agent, a mark in its body or in a commit's message names one, it names a run, or its branch begins as an agent's branches do. Unmarked: none of these, which is not the same as made by a person alone. Each record lists its evidence, each piece once, strongest first: recorded (an account), declared (a mark or a run), inferred (a branch's name).";

const AGENTS: &str = "An account is an agent's if it is registered as one; else the kind that its source gives decides, agent or person. An author without a kind is a person unless the id is a known agent: a login or address of the list of well-known agents (server/src/links/agent_marks.toml), in any case. Of NUMBER+LOGIN@users.noreply.github.com the login decides; the number does only where the list does not know the login, and never a number of automation. Automation that is no agent by itself, such as github-actions[bot], is one only by registry or kind.";

const MARKS: &str = "Marks, which the same list holds, stand on any line. Co-authored-by: its address decides, or its account where it has no address, by registry or list; the name beside it does not. Other trailers: the key in any case, a key without a hyphen never on the first line; an address in it must be an agent's; where the list asks for it the value is one of a few, or begins with the name of an agent or model. Footers: a line that begins, signs and emoji aside, with Generated with, by or using, and then the name of an agent. Texts that only agents leave, such as the address of a session. Of one text up to 64 different lines are kept, the first in byte order and none of over 512 bytes, among them trailers of any other key with a hyphen.";

const LATEST_COPY: &str = "Older copies of the same change (same id): the newest updated_at counts; of equal ones the larger canonical JSON (sorted keys, no spaces, null left out); a dated copy before an undated one; of undated copies the last received.";

const NOT_MERGED: &str = "Changes that are open or were closed without a merge.";

const RANGE: &str = "Normal range (XmR): centre = mean of the usable weeks before the shown one; moving range = absolute difference between a usable week and the usable week before it, also across a gap; limits = centre ± 2.66 × the mean moving range. It looks at no more than 60 weeks, the shown one among them, so at 59 before it. It is given from 6 usable weeks on; drawn and exported it is cut at 0, judged it is not.";

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
