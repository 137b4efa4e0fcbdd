use super::super::tests::failed;
use super::*;

pub const EXAMPLE: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<testsuites tests="8">
  <testsuite name="replies" tests="7" time="2.5" timestamp="2026-11-22T12:37:02.500+00:00">
    <properties><property name="threshold" value="0.9"/></properties>
    <testcase name="a"/>
    <testcase name="b"><properties><property name="category" value="tone &amp; style"/>
      <property name="threshold" value="90"/></properties><failure>&lt;b&gt; <![CDATA[<error/>]]></failure></testcase>
    <testcase name="c"><error/><failure/><skipped/></testcase>
    <testcase name="d"><skipped/></testcase>
    <testcase name="e" status="notrun"/>
    <testcase name="f"><failure/></testcase>
  </testsuite>
  <testsuite name="refunds" timestamp="2026-11-22T12:37:02"><testcase name="a"/></testsuite>
</testsuites>"#;

fn runs(text: &str) -> Vec<SuiteRun> {
    read(text.as_bytes()).unwrap()
}

#[test]
fn each_suite_is_a_run_with_its_properties_and_what_it_lacks() {
    let [replies, refunds] = &runs(EXAMPLE)[..] else {
        panic!("there are two runs");
    };
    assert_eq!(replies.suite.as_deref(), Some("replies"));
    assert_eq!(replies.threshold_ratio, Some(0.9));
    assert_eq!(replies.finished_at_ms, Some(1_795_351_025_000));
    assert_eq!((replies.cases, replies.passed), (7, 1));
    assert_eq!(
        failed(replies),
        [
            ("error", 1),
            ("missing", 1),
            ("skipped", 2),
            ("tone & style", 1),
            ("uncategorised", 1)
        ]
    );
    assert_eq!((refunds.cases, refunds.passed), (1, 1));
    assert_eq!(refunds.finished_at_ms, Some(1_795_351_022_000));
}

#[test]
fn a_suite_inside_another_is_counted_with_it_and_may_have_a_category() {
    let [run] = &runs(
        r#"<testsuite name="all" tests="4">
                <testsuite name="tone" tests="2">
                  <properties><property name="category" value="tone"/></properties>
                  <testcase><failure/></testcase>
                </testsuite>
                <testcase/>
              </testsuite>"#,
    )[..] else {
        panic!("there is one run");
    };
    assert_eq!(run.suite.as_deref(), Some("all"));
    assert_eq!((run.cases, run.passed), (4, 1));
    assert_eq!(failed(run), [("missing", 1), ("tone", 2)]);
}

#[test]
fn cases_that_only_the_whole_report_counts_are_missing_from_its_one_suite() {
    let one = r#"<testsuites tests="3"><testsuite><testcase/></testsuite></testsuites>"#;
    assert_eq!(failed(&runs(one)[0]), [("missing", 2)]);
    let two = r#"<testsuites tests="3"><testsuite/><testsuite/></testsuites>"#;
    assert!(read(two.as_bytes()).is_err());
}

#[test]
fn what_cannot_be_read_is_said_with_its_place() {
    let deep = format!("<testsuite>{}", "<a>".repeat(MAX_DEPTH));
    for (text, said) in [
        (
            "<!DOCTYPE a [<!ENTITY b 'c'>]><testsuite/>",
            "byte 30: a document type is not read",
        ),
        (
            "<testsuite name='&b;'/>",
            "byte 23: an attribute cannot be read",
        ),
        (
            "<html/>",
            "byte 7: the outermost element is neither testsuites nor testsuite",
        ),
        ("<testsuite><a></b>", "byte 18: this cannot be read as XML"),
        (
            "<testsuite/><testsuite/>",
            "byte 24: something follows the report",
        ),
        (
            "<testsuites><testcase/></testsuites>",
            "byte 23: a case lies in a case or in no suite",
        ),
        (
            "<testsuite><testcase><testsuite/></testcase></testsuite>",
            "byte 33: a suite lies in a case",
        ),
        (
            "<testsuite tests='many'/>",
            "byte 25: its tests are no whole number",
        ),
        (
            "<testsuite><property name='threshold' value='NaN'/></testsuite>",
            "byte 51: its threshold is no number from 0 to 1",
        ),
        (&deep, "byte 311: elements lie too deep in each other"),
        ("<testsuite>", "it ends too early"),
        ("", "it ends too early"),
    ] {
        assert_eq!(read(text.as_bytes()).unwrap_err().to_string(), said);
    }
    assert_eq!(
        read(b"<testsuite name='\xff'/>").unwrap_err().to_string(),
        "byte 17: this is not UTF-8"
    );
}
