//! The text of `auditability`.

use super::{
    AGENTS, ARTIFACT, COVERED, Definition, EFFECT, EVALUATED, LATEST_RECORD, MARKS, NULL_WEEK,
    RANGE, RULES, SCOPE_OF_ARTIFACTS, SEGMENT, SEGMENT_OF_ARTIFACTS, TIES, USABLE_MEDIAN, Version,
    WEEK_OF_LANDING, WILSON,
};

pub const DEFINITION: Definition = Definition {
    answers: "What share of what agents landed can be reconstructed in full?",
    formula: &[
        "Value of the week = artifacts of which all is there that their tier asks for ÷ artifacts that landed in it. Numerator = those; denominator and sample = all. A record's value is 1 when all is there, else 0. The parts give each item's own share: met, of those of which it is asked.",
        "Tier, DRI and playbook are those of the workflow of the run under which it is audited, else of the first workflow in byte order whose work it is. An unknown tier counts as 1.",
        "Asked of every tier: run_linked, a run that is known claims it; agent_registered, the run's agent is registered (without a run: the agent that the stream artifacts gives); dri_at_the_time, the workflow has a DRI whose dri_since is no later than the day of the landing in the company's time zone; input_and_output, both of the run are recorded; tool_calls, each has input, start, end, and output or error, and a run without calls has this; with counts alone with_input = with_output = calls.",
        "Asked of tiers 1 and up, and wherever a decision on the run said require_approval: approval. For a change an approving review by a person other than its author, submitted at or before the merge, which names no commit or the merge commit or the last of the change's commits. Or, for any artifact, an approval record of the run or the reference with the decision approved, decided at or before the landing, of the level recorded (which is the level where none is given), whose approver is not the change's author, not the run's agent, and no agent's account.",
        "Asked of tiers 1 and up: way_back. Of a change its merge commit; else the reversal that the stream artifacts or the run tells, or the workflow's playbook.",
        "Asked of tiers 2 and up: evaluated, in time.",
        "Asked of tier 3, and wherever a decision on the run said require_approval: policy. For each call with an effect a policy decision of the run that names the call, or one that the call names. With counts alone it is missing when any call had an effect.",
        "One run must hold all. Of several that claim an artifact the one counts under which all is there, else the one under which most is, else the first in byte order. What no run claims has no run_linked, input_and_output, tool_calls and policy; an assisted change without a run cannot be reconstructed, and that is the point.",
        EVALUATED,
        EFFECT,
        ARTIFACT,
        SCOPE_OF_ARTIFACTS,
        COVERED,
        SEGMENT_OF_ARTIFACTS,
        SEGMENT,
        AGENTS,
        MARKS,
    ],
    leaves_out: &[LATEST_RECORD],
    records: "Artifacts.",
    week_of: WEEK_OF_LANDING,
    settles: "Seven days after the end of its week, since evidence may come late. A record that arrives later still changes the figure.",
    statistics: &[
        WILSON,
        NULL_WEEK,
        USABLE_MEDIAN,
        RANGE,
        RULES,
        TIES,
        "Higher is better: a signal above the centre reads better, one below it worse.",
    ],
    source: "Share of agents' work whose inputs, tool calls, outputs, approvals and way back are on record; interval after E. B. Wilson (1927); normal range and rules after D. Wheeler's process behaviour charts.",
    versions: &[Version {
        version: 1,
        since: "2026-11-27",
        change: "First version.",
    }],
};
