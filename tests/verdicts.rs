//! What counts as new, worse, existing and fixed.

use failpath::change::{Change, ChangedFile, Hunk, Side, Status};
use failpath::finding::{Confidence, Finding, Place, Severity, Verdict};
use failpath::source::{NotAnalysed, Source, Sources};
use failpath::syntax::Dialect;
use failpath::syntax::typescript::lower;
use failpath::text::Span;
use failpath::verdict::{Policy, Report, SideFindings, Suppression, UNUSED_SUPPRESSION, judge};
use std::sync::Arc;

/// Eight lines of two bytes.
const TEXT: &str = "a\nb\nc\nd\ne\nf\ng\nh\n";

fn at(path: &str, line: u32) -> Finding {
    Finding {
        rule: "rule".into(),
        severity: Severity::Warning,
        confidence: Confidence::High,
        message: format!("on line {line}"),
        help: String::new(),
        place: Place { path: path.into(), span: Span::new((line - 1) * 2, (line - 1) * 2 + 1) },
        function: "f".into(),
        anchor: "call()".into(),
        causes: vec!["cause".into()],
        labels: vec![],
        trace: vec![],
        fix: vec![],
    }
}

#[derive(Default)]
struct Case {
    base: Vec<Finding>,
    head: Vec<Finding>,
    base_comments: Vec<Suppression>,
    comments: Vec<Suppression>,
    files: Vec<ChangedFile>,
    base_lost: Vec<&'static str>,
    policy: Policy,
}

impl Case {
    fn judge(self) -> Report {
        let mut sources = Sources::default();
        for path in ["a.ts", "b.ts"] {
            sources.head.insert(path.into(), Arc::new(Source::new(String::new(), TEXT.into())));
            sources.base.insert(path.into(), Arc::new(Source::new(String::new(), TEXT.into())));
        }
        let lost = |path: &&str| NotAnalysed { path: (*path).into(), reason: "lost".into(), lines: None };
        sources.base_skipped = self.base_lost.iter().map(lost).collect();
        let change = Change {
            git_dir: None,
            root: None,
            base: Side::Empty,
            head: Side::WorkTree,
            base_name: "base".into(),
            head_name: "head".into(),
            files: self.files,
            all: false,
            limits: vec![],
        };
        let base = SideFindings { findings: self.base, suppressions: self.base_comments, ..SideFindings::default() };
        let head = SideFindings { findings: self.head, suppressions: self.comments, ..SideFindings::default() };
        judge(&change, &sources, &base, &head, &self.policy)
    }

    fn verdicts(self) -> (Vec<Verdict>, u32) {
        let report = self.judge();
        (report.findings.iter().map(|judged| judged.verdict).collect(), report.fixed)
    }
}

fn modified(path: &str, line: u32) -> ChangedFile {
    let hunks = vec![Hunk { base_start: line, base_lines: 1, head_start: line, head_lines: 1 }];
    ChangedFile { path: path.into(), old_path: None, status: Status::Modified, hunks }
}

fn comment(line: u32, text: &str, added: bool) -> Suppression {
    Suppression::parse("a.ts".into(), line, Span::new((line - 1) * 2, (line - 1) * 2 + 1), text, added)
}

fn judging_suppressions() -> Policy {
    let mut policy = Policy::default();
    policy.suppressions.known = ["rule".to_owned(), "other".to_owned()].into();
    policy.suppressions.ran = ["rule".to_owned()].into();
    policy.suppressions.unused = Some(Severity::Warning);
    policy
}

#[test]
fn moving_within_a_file_is_not_new() {
    let case = Case { base: vec![at("a.ts", 1)], head: vec![at("a.ts", 7)], ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Existing], 0));
}

#[test]
fn another_cause_is_new_and_the_old_one_fixed() {
    let mut other = at("a.ts", 1);
    other.causes = vec!["another".into()];
    let case = Case { base: vec![at("a.ts", 1)], head: vec![other], ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::New], 1));
}

#[test]
fn another_cause_that_is_less_sure_is_not_new() {
    let mut guess = at("a.ts", 1);
    guess.causes = vec!["a guess".into()];
    guess.confidence = Confidence::Medium;
    let case = Case { base: vec![at("a.ts", 1)], head: vec![guess.clone()], ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Existing], 0));
    let case = Case { base: vec![guess], head: vec![at("a.ts", 1)], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::New], "nobody knew of this one");
}

#[test]
fn of_equal_findings_the_added_one_is_new_and_else_the_last() {
    let three = || vec![at("a.ts", 1), at("a.ts", 3), at("a.ts", 5)];
    let two = || vec![at("a.ts", 1), at("a.ts", 3)];
    let case = Case { base: two(), head: three(), files: vec![modified("a.ts", 3)], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing, Verdict::New, Verdict::Existing]);
    let case = Case { base: two(), head: three(), ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing, Verdict::Existing, Verdict::New]);
    let case = Case { base: three(), head: two(), ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Existing; 2], 1));
}

#[test]
fn fingerprints_are_unique_and_know_no_lines() {
    let report = Case { head: vec![at("a.ts", 1), at("a.ts", 3)], ..Case::default() }.judge();
    let moved = Case { head: vec![at("a.ts", 6), at("a.ts", 8)], ..Case::default() }.judge();
    let prints = |report: &Report| report.findings.iter().map(|judged| judged.fingerprint.clone()).collect::<Vec<_>>();
    assert_eq!(prints(&report), prints(&moved));
    assert_ne!(prints(&report)[0], prints(&report)[1]);
}

#[test]
fn a_renamed_file_keeps_its_findings_and_a_copied_one_does_not() {
    let renamed =
        ChangedFile { path: "b.ts".into(), old_path: Some("a.ts".into()), status: Status::Renamed, hunks: vec![] };
    let case = Case { base: vec![at("a.ts", 1)], head: vec![at("b.ts", 1)], files: vec![renamed], ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Existing], 0));
    let case = Case { base: vec![at("a.ts", 1)], head: vec![at("a.ts", 1), at("b.ts", 1)], ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Existing, Verdict::New], 0));
}

#[test]
fn a_higher_level_is_worse_and_a_lower_one_is_not() {
    let mut error = at("a.ts", 1);
    error.severity = Severity::Error;
    let touched = ChangedFile { path: "a.ts".into(), old_path: None, status: Status::Modified, hunks: vec![] };
    let case = Case { base: vec![at("a.ts", 1)], head: vec![error.clone()], files: vec![touched], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Worse]);
    // In a file that the change does not touch, and without a place in one, only more callers are known.
    let case = Case { base: vec![at("a.ts", 1)], head: vec![error.clone()], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing]);
    let case = Case { base: vec![error], head: vec![at("a.ts", 1)], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing]);
}

#[test]
fn unsure_findings_are_marked_only_where_they_would_count() {
    let mut unsure = at("a.ts", 1);
    unsure.confidence = Confidence::Low;
    let policy = Policy { min_confidence: Some(Confidence::Medium), ..Policy::default() };
    let case = Case { head: vec![unsure.clone()], policy: policy.clone(), ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::BelowThreshold]);
    let case =
        Case { base: vec![unsure.clone()], head: vec![unsure.clone()], policy: policy.clone(), ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing]);
    let case = Case { base: vec![unsure], policy, ..Case::default() };
    assert_eq!(case.verdicts(), (vec![], 0), "nobody saw it, so it is not fixed");
}

#[test]
fn where_base_could_not_be_read_only_added_lines_are_new() {
    let files = vec![modified("a.ts", 3)];
    let case = Case { head: vec![at("a.ts", 1), at("a.ts", 3)], files, base_lost: vec!["a.ts"], ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::Existing, Verdict::New]);
}

#[test]
fn a_suppression_needs_a_rule_a_reason_and_a_finding() {
    let judged = |comments: Vec<Suppression>| {
        let report =
            Case { head: vec![at("a.ts", 4)], comments, policy: judging_suppressions(), ..Case::default() }.judge();
        let seen = |judged: &failpath::finding::Judged| match judged.finding.rule.as_str() {
            UNUSED_SUPPRESSION => judged.finding.message.clone(),
            _ => format!("{:?}", judged.verdict),
        };
        (report.findings.iter().map(seen).collect::<Vec<_>>(), report.suppressions_added)
    };
    assert_eq!(judged(vec![comment(3, "rule: retried above", true)]), (vec!["Suppressed".to_owned()], 1));
    let stacked = vec![comment(2, "rule: retried above", false), comment(3, "other: fine", false)];
    assert_eq!(judged(stacked), (vec!["Suppressed".to_owned()], 0), "`other` did not run, so nobody knows");
    assert!(judged(vec![comment(3, "rule", false)]).0[0].contains("gives no reason"));
    assert!(judged(vec![comment(3, "", false)]).0[0].contains("names no rule"));
    assert!(judged(vec![comment(3, "rul: reason", false)]).0[0].contains("did you mean `rule`?"));
    assert_eq!(judged(vec![comment(3, "rule: ", false)]).0[1], "New");
    assert!(judged(vec![comment(6, "rule: reason", false)]).0[1].contains("finds nothing"));
}

#[test]
fn suppressions_of_the_change_can_be_refused() {
    let mut policy = judging_suppressions();
    policy.suppressions.ignore_added = true;
    let comments = vec![comment(3, "rule: mine", true)];
    let case = Case { head: vec![at("a.ts", 4)], comments, policy, ..Case::default() };
    assert_eq!(case.verdicts().0, [Verdict::New], "and it is not called unused");
}

#[test]
fn removing_a_suppression_makes_its_finding_new_and_adding_one_fixes_nothing() {
    let policy = judging_suppressions;
    let silent = || vec![comment(3, "rule: reason", false)];
    let one = || vec![at("a.ts", 4)];
    let case = Case { base: one(), head: one(), base_comments: silent(), policy: policy(), ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::New], 0));
    let case = Case { base: one(), head: one(), comments: silent(), policy: policy(), ..Case::default() };
    assert_eq!(case.verdicts(), (vec![Verdict::Suppressed], 0));
}

#[test]
fn paths_filter_what_is_shown_by_whole_parts() {
    let policy = Policy { paths: vec!["a.ts".into()], ..Policy::default() };
    let report = Case { head: vec![at("a.ts", 1), at("a.tsx", 1)], policy, ..Case::default() }.judge();
    assert_eq!(report.findings.len(), 1);
}

#[test]
fn suppressions_are_read_from_comments() {
    let text =
        "// failpath-ignore-next-line rule: retried above\ncall();\n/* failpath-ignore-next-line\n other */\ncall();\n";
    let module = lower(text, Dialect::TypeScript).expect("it is TypeScript");
    let source = Source::new(String::new(), text.into());
    let found = Suppression::of_module("a.ts", &module, &source, |line| line == 3);
    let seen: Vec<_> = found.iter().map(|s| (s.line, s.rule.as_str(), s.reason.as_str(), s.added)).collect();
    assert_eq!(seen, [(1, "rule", "retried above", false), (4, "other", "", true)]);
}
