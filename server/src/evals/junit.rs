//! JUnit XML, as pytest and most test runners write it: a run for each outermost `testsuite`.
//!
//! A suite inside another is counted with it. The properties `threshold` and `category` of a suite are the run's
//! threshold and the category of its cases; a case's own `category` comes before it, and its own `threshold` is
//! the case's alone. Cases that `tests` counts and that aren't there are missing. A run finishes its `time`
//! after its `timestamp`, which is in UTC when it names no zone. Text is passed over; entities aren't expanded, and a document type is refused.

use chrono::NaiveDateTime;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::tally::{Outcome, Tally, name};
use super::{SuiteRun, Unreadable, instant_ms, push, threshold};

/// How deep elements may lie in each other.
const MAX_DEPTH: usize = 100;

pub fn read(bytes: &[u8]) -> Result<Vec<SuiteRun>, Unreadable> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        Unreadable::new("this is not UTF-8").at(format_args!("byte {}", error.valid_up_to()))
    })?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut report = Report::default();
    loop {
        let event = reader.read_event();
        let place = format_args!("byte {}", reader.buffer_position());
        match event {
            Ok(Event::Start(element)) => report.open(&element),
            Ok(Event::End(_)) => report.close(),
            Ok(Event::DocType(_)) => Err(Unreadable::new("a document type is not read")),
            Ok(Event::Eof) => break,
            Ok(_) => Ok(()),
            Err(_) => Err(Unreadable::new("this cannot be read as XML")),
        }
        .map_err(|error| error.at(place))?;
    }
    report.finish()
}

/// What has been read of a file.
#[derive(Default)]
struct Report {
    /// What each open element is.
    open: Vec<Element>,
    suites: Vec<Suite>,
    case: Option<Case>,
    done: Vec<Suite>,
    /// How many cases the file as a whole says it has.
    declared: u64,
    is_over: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Element {
    Suite,
    Case,
    Other,
}

#[derive(Default)]
struct Suite {
    name: Option<String>,
    declared: u64,
    finished_at_ms: Option<i64>,
    category: Option<String>,
    threshold_ratio: Option<f64>,
    tally: Tally,
}

struct Case {
    outcome: Outcome,
    category: Option<String>,
}

impl Report {
    fn open(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        if self.open.len() == MAX_DEPTH {
            return Err(Unreadable::new("elements lie too deep in each other"));
        }
        let name = element.local_name();
        let kind = match name.as_ref() {
            _ if self.is_over => return Err(Unreadable::new("something follows the report")),
            "testsuites" if self.open.is_empty() => {
                self.declared = count(element)?;
                Element::Other
            }
            "testsuite" => {
                self.open_suite(element)?;
                Element::Suite
            }
            _ if self.open.is_empty() => {
                let said = "the outermost element is neither testsuites nor testsuite";
                return Err(Unreadable::new(said));
            }
            "testcase" => {
                self.open_case(element)?;
                Element::Case
            }
            other => {
                self.detail(other, element)?;
                Element::Other
            }
        };
        self.open.push(kind);
        Ok(())
    }

    fn open_suite(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        if self.case.is_some() {
            return Err(Unreadable::new("a suite lies in a case"));
        }
        let started_at = attribute(element, "timestamp")?;
        let seconds = attribute(element, "time")?.and_then(|text| text.parse().ok());
        self.suites.push(Suite {
            name: attribute(element, "name")?.as_deref().and_then(name),
            declared: count(element)?,
            finished_at_ms: started_at.and_then(|text| finished_at_ms(text.trim(), seconds)),
            ..Suite::default()
        });
        Ok(())
    }

    fn open_case(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        if self.case.is_some() || self.suites.is_empty() {
            return Err(Unreadable::new("a case lies in a case or in no suite"));
        }
        let status = attribute(element, "status")?;
        let outcome = match status.as_deref() {
            Some("notrun" | "skipped" | "disabled") => Outcome::Skipped,
            _ => Outcome::Passed,
        };
        self.case = Some(Case {
            outcome,
            category: None,
        });
        Ok(())
    }

    /// What an element says of the case or the suite that it lies in.
    fn detail(&mut self, kind: &str, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        match (kind, &mut self.case) {
            ("error", Some(case)) => case.outcome = Outcome::Errored,
            ("failure", Some(case)) if case.outcome != Outcome::Errored => {
                case.outcome = Outcome::Failed;
            }
            ("skipped", Some(case)) if case.outcome == Outcome::Passed => {
                case.outcome = Outcome::Skipped;
            }
            ("property", _) => self.property(element)?,
            _ => {}
        }
        Ok(())
    }

    fn property(&mut self, element: &BytesStart<'_>) -> Result<(), Unreadable> {
        let named = attribute(element, "name")?;
        let value = attribute(element, "value")?.unwrap_or_default();
        match (named.as_deref(), &mut self.case, self.suites.last_mut()) {
            (Some("category"), Some(case), _) => case.category = name(&value),
            (Some("category"), None, Some(suite)) => suite.category = name(&value),
            (Some("threshold"), None, Some(suite)) => {
                let ratio = value.trim().parse().unwrap_or(f64::NAN);
                suite.threshold_ratio = Some(threshold(ratio)?);
            }
            _ => {}
        }
        Ok(())
    }

    fn close(&mut self) -> Result<(), Unreadable> {
        match self.open.pop() {
            Some(Element::Case) => self.close_case()?,
            Some(Element::Suite) => self.close_suite()?,
            Some(Element::Other) | None => {}
        }
        self.is_over = self.open.is_empty();
        Ok(())
    }

    fn close_case(&mut self) -> Result<(), Unreadable> {
        let category = self.category();
        let (Some(case), Some(suite)) = (self.case.take(), self.suites.last_mut()) else {
            return Ok(());
        };
        let category = case.category.or(category);
        suite.tally.add(case.outcome, category.as_deref())
    }

    fn close_suite(&mut self) -> Result<(), Unreadable> {
        let category = self.category();
        let Some(mut suite) = self.suites.pop() else {
            return Ok(());
        };
        suite.tally.expect(suite.declared, category.as_deref())?;
        match self.suites.last_mut() {
            Some(outer) => outer.tally.join(suite.tally),
            None => push(&mut self.done, suite),
        }
    }

    /// The category of the innermost suite that has one.
    fn category(&self) -> Option<String> {
        let mut suites = self.suites.iter().rev();
        suites.find_map(|suite| suite.category.clone())
    }

    fn finish(mut self) -> Result<Vec<SuiteRun>, Unreadable> {
        if !self.is_over {
            return Err(Unreadable::new("it ends too early"));
        }
        let cases = self.done.iter().map(|suite| suite.tally.cases()).sum();
        if self.declared > cases {
            let [suite] = &mut self.done[..] else {
                let said =
                    "it counts more tests than its suites hold, and whose they are is not said";
                return Err(Unreadable::new(said));
            };
            suite
                .tally
                .expect(self.declared, suite.category.as_deref())?;
        }
        Ok(self.done.into_iter().map(Suite::into_run).collect())
    }
}

impl Suite {
    fn into_run(self) -> SuiteRun {
        SuiteRun {
            suite: self.name,
            threshold_ratio: self.threshold_ratio,
            finished_at_ms: self.finished_at_ms,
            ..self.tally.into_run()
        }
    }
}

fn attribute(element: &BytesStart<'_>, key: &str) -> Result<Option<String>, Unreadable> {
    let unreadable = || Unreadable::new("an attribute cannot be read");
    let Some(attribute) = element.try_get_attribute(key).map_err(|_| unreadable())? else {
        return Ok(None);
    };
    let value = attribute.normalized_value(XmlVersion::Implicit1_0);
    Ok(Some(value.map_err(|_| unreadable())?.into_owned()))
}

/// How many cases an element says it has.
fn count(element: &BytesStart<'_>) -> Result<u64, Unreadable> {
    match attribute(element, "tests")? {
        None => Ok(0),
        Some(text) => text
            .trim()
            .parse()
            .map_err(|_| Unreadable::new("its tests are no whole number")),
    }
}

fn finished_at_ms(started_at: &str, seconds: Option<f64>) -> Option<i64> {
    // A cast holds what is no number or too large within bounds.
    let ms = (seconds.unwrap_or_default().max(0.0) * 1_000.0).round() as i64;
    let started_at_ms = instant_ms(started_at).or_else(|| {
        let without_zone = NaiveDateTime::parse_from_str(started_at, "%Y-%m-%dT%H:%M:%S%.f");
        Some(without_zone.ok()?.and_utc().timestamp_millis())
    });
    started_at_ms?.checked_add(ms)
}

#[cfg(test)]
pub mod tests;
