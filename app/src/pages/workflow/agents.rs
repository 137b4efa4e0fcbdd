//! What agents do here: whether their suites hold, and what there is to reconstruct what they landed.

use leptos::prelude::*;

use crate::format;
use crate::view::figure::Unit;
use crate::view::workflow::{AuditItem, Suite, SuiteRun, Workflow};

/// The suites against their thresholds; nothing where there are none.
pub fn suites(workflow: &Workflow) -> Option<AnyView> {
    (!workflow.suites.is_empty()).then(|| {
        view! {
            <section aria-labelledby="suites">
                <h2 id="suites">"Evaluation suites"</h2>
                <table class="list">
                    <caption class="unseen">"Each suite’s last run, against its threshold"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Suite"</th>
                            <th scope="col" class="number">"Passed"</th>
                            <th scope="col" class="number">"Must pass"</th>
                            <th scope="col">"Result"</th>
                            <th scope="col">"Last run"</th>
                        </tr>
                    </thead>
                    <tbody>{workflow.suites.iter().map(suite).collect_view()}</tbody>
                </table>
            </section>
        }
        .into_any()
    })
}

fn suite(suite: &Suite) -> AnyView {
    let last = suite.last.as_ref();
    let passed = last.map_or_else(
        || format::ABSENT.to_owned(),
        |run| format::fraction(run.passed, run.cases),
    );
    let threshold = suite.threshold_ratio.map_or_else(
        || format::ABSENT.to_owned(),
        |ratio| format::value(ratio, Unit::Ratio, format::Sample(100)),
    );
    let result = match last.map(|run| run.is_met) {
        None => "never ran",
        Some(None) => "no threshold",
        Some(Some(true)) => "met",
        Some(Some(false)) => "not met",
    };
    view! {
        <tr>
            <th scope="row">{suite.name.clone()} " " <small>{suite.kind.clone()}</small></th>
            <td class="number">{passed}</td>
            <td class="number">{threshold}</td>
            <td>{result}{last.and_then(failing).map(|said| view! { " " <small>{said}</small> })}</td>
            <td class="when">{last.map(|run| format::local(run.finished_at))}</td>
        </tr>
    }
    .into_any()
}

/// "failing: refund 9, tone 3".
fn failing(run: &SuiteRun) -> Option<String> {
    let own = run.failed.iter();
    let own: Vec<String> = own.map(|(name, cases)| format!("{name} {cases}")).collect();
    (!own.is_empty()).then(|| format!("failing: {}", own.join(", ")))
}

/// Each thing that is asked for, and how often it is there; nothing where nothing landed.
pub fn audit(workflow: &Workflow) -> Option<AnyView> {
    (!workflow.audit.is_empty()).then(|| {
        view! {
            <section aria-labelledby="audit">
                <h2 id="audit">"What there is to reconstruct it"</h2>
                <table class="list">
                    <caption class="unseen">"Of what agents landed in the shown week, how much of each item is there"</caption>
                    <thead>
                        <tr>
                            <th scope="col">"Item"</th>
                            <th scope="col" class="number">"There"</th>
                        </tr>
                    </thead>
                    <tbody>{workflow.audit.iter().map(item).collect_view()}</tbody>
                </table>
                <p class="legend">
                    "An item is asked for by the workflow’s tier. All that is asked for must be there for one run, or what landed cannot be reconstructed in full."
                </p>
            </section>
        }
        .into_any()
    })
}

fn item(item: &AuditItem) -> AnyView {
    view! {
        <tr>
            <th scope="row">{item.name.clone()}</th>
            <td class="number">{format::fraction(item.met, item.asked)}</td>
        </tr>
    }
    .into_any()
}
