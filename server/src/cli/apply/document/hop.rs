//! What a workflow's hops may join: an agent metric with one business metric.

use std::collections::BTreeMap;

use anyhow::bail;

use crate::metrics::hop::{End, end};
use crate::store::registry::{Hop, Workflow};

/// Refuses a hop that begins or ends where none may, and a second one of the same agent metric.
pub fn check(workflow: &Workflow) -> anyhow::Result<()> {
    let mut ends = BTreeMap::new();
    for hop in &workflow.hop {
        check_ends(&workflow.slug, hop)?;
        let (from, to) = (&hop.agent_metric, &hop.business_metric);
        if let Some(other) = ends.insert(from, to) {
            bail!(
                "workflow {}: {from} has two hops, to {other} and to {to}; leave it one",
                workflow.slug
            );
        }
    }
    Ok(())
}

fn check_ends(workflow: &str, hop: &Hop) -> anyhow::Result<()> {
    let (from, to) = (&hop.agent_metric, &hop.business_metric);
    let name = format!("workflow {workflow}: the hop {from} → {to}");
    for metric in [from, to] {
        if end(metric).is_none() {
            bail!("{name} names {metric:?}, and there is no such metric; mend the name");
        }
    }
    if end(from) == Some(End::Business) {
        bail!("{name} begins at {from}, a business metric; a hop begins at an agent metric");
    }
    if end(to) == Some(End::Agent) {
        bail!("{name} ends at {to}, an agent metric; a hop ends at a business metric");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use crate::store::registry::Registry;

    fn refusal(hops: &[(&str, &str)]) -> Option<String> {
        let tables = hops.iter().map(|(from, to)| {
            format!("[[workflow.hop]]\nagent_metric = {from:?}\nbusiness_metric = {to:?}\n")
        });
        let text: String = tables.collect();
        let document = Document::parse(&format!("[[workflow]]\nslug = \"buying\"\n{text}"));
        let checked = document.unwrap().check(&Registry::default());
        checked.err().map(|error| error.to_string())
    }

    #[test]
    fn a_hop_from_an_agent_metric_to_a_business_metric_is_taken() {
        let hops = [
            ("agent_share", "change_fail_rate"),
            // Neither end is measured yet, and both will be.
            ("cost_per_run", "cost_per_delivered_change"),
        ];
        assert_eq!(refusal(&hops), None);
    }

    #[test]
    fn a_hop_that_may_not_be_is_refused_with_its_workflow_and_metrics() {
        for (hops, said) in [
            (
                &[("agent_share", "evaluation_coverage")][..],
                "the hop agent_share → evaluation_coverage ends at evaluation_coverage, an agent metric; a hop ends at a business metric",
            ),
            (
                &[("change_size", "change_lead_time")],
                "the hop change_size → change_lead_time begins at change_size, a business metric; a hop begins at an agent metric",
            ),
            (
                &[("agent_share", "lines_of_code")],
                "the hop agent_share → lines_of_code names \"lines_of_code\", and there is no such metric; mend the name",
            ),
            (
                &[("tokens", "change_lead_time")],
                "the hop tokens → change_lead_time names \"tokens\", and there is no such metric; mend the name",
            ),
            (
                &[
                    ("agent_share", "change_lead_time"),
                    ("agent_share", "change_fail_rate"),
                ],
                "agent_share has two hops, to change_lead_time and to change_fail_rate; leave it one",
            ),
        ] {
            assert_eq!(refusal(hops), Some(format!("workflow buying: {said}")));
        }
    }
}
