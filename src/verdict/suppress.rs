//! `// failpath-ignore-next-line RULE: reason`: comments by which an author silences a finding.
//!
//! In: the comments of one side and its findings. Out: which findings are silenced, and findings of
//! the rule `unused-suppression` for comments that silence nothing or say no reason.

use super::Policy;
use crate::change::RepoPath;
use crate::finding::{Confidence, Finding, Place, Severity};
use crate::source::Source;
use crate::syntax::{Directive, DirectiveKind, Module};
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The id of the rule under which useless suppressions are reported.
pub const UNUSED_SUPPRESSION: &str = "unused-suppression";

/// A suppression comment, as plain data.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suppression {
    /// The file.
    pub path: RepoPath,
    /// The last line of the comment, from 1.
    pub line: u32,
    /// The comment.
    pub span: Span,
    /// The rule it names; empty where it names none.
    pub rule: String,
    /// Why; empty where it does not say.
    pub reason: String,
    /// Whether the change added or edited this comment.
    pub added: bool,
}

impl Suppression {
    /// Reads the text after the marker (`RULE: reason`).
    pub fn parse(path: RepoPath, line: u32, span: Span, text: &str, added: bool) -> Self {
        let (rule, reason) = text.split_once(':').unwrap_or((text, ""));
        Self { path, line, span, rule: rule.trim().to_owned(), reason: reason.trim().to_owned(), added }
    }

    /// The suppressions of one file; `is_added` says whether the change added or edited a line.
    pub fn of_module(path: &str, module: &Module, source: &Source, is_added: impl Fn(u32) -> bool) -> Vec<Self> {
        let suppression = |directive: &Directive| {
            let DirectiveKind::Ignore(text) = directive.kind else { return None };
            let first = source.lines.line(directive.at.start);
            let last = source.lines.line(directive.at.end.saturating_sub(1).max(directive.at.start));
            let added = (first..=last).any(&is_added);
            Some(Self::parse(path.to_owned(), last, directive.at, module.name(text), added))
        };
        module.directives.iter().filter_map(suppression).collect()
    }
}

/// How suppressions are treated.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// The rules that there are.
    pub known: BTreeSet<String>,
    /// The rules that ran: a comment for another one may well be needed.
    pub ran: BTreeSet<String>,
    /// The rules that are off but for some paths.
    pub off: BTreeSet<String>,
    /// The severity of `unused-suppression`; `None` where it is off.
    pub unused: Option<Severity>,
    /// Whether comments that the change adds are not obeyed.
    pub ignore_added: bool,
}

/// Which of `findings` are silenced, and what is wrong with the comments. `line_of` gives the line
/// (from 1) on which a place starts.
pub fn apply(
    suppressions: &[Suppression],
    findings: &[Finding],
    policy: &Policy,
    line_of: impl Fn(&Place) -> u32,
) -> (Vec<bool>, Vec<Finding>) {
    let rules = &policy.suppressions;
    let lines: BTreeSet<(&str, u32)> = suppressions.iter().map(|s| (s.path.as_str(), s.line)).collect();
    let mut by_target: BTreeMap<(&str, u32, &str), Vec<usize>> = BTreeMap::new();
    for (at, suppression) in suppressions.iter().enumerate() {
        // Comments may stand above one another; all of them speak of the line below the last.
        let mut target = suppression.line + 1;
        while lines.contains(&(suppression.path.as_str(), target)) {
            target += 1;
        }
        by_target.entry((&suppression.path, target, &suppression.rule)).or_default().push(at);
    }
    let mut used = vec![false; suppressions.len()];
    let mut silenced = vec![false; findings.len()];
    for (at, finding) in findings.iter().enumerate() {
        let target = (finding.place.path.as_str(), line_of(&finding.place), finding.rule.as_str());
        for &index in by_target.get(&target).map_or(&[][..], Vec::as_slice) {
            let suppression = &suppressions[index];
            used[index] = true;
            let is_refused =
                suppression.reason.is_empty() || (suppression.added && policy.ignores_added(&suppression.path));
            silenced[at] |= !is_refused;
        }
    }
    let Some(severity) = rules.unused else { return (silenced, Vec::new()) };
    let wrong = suppressions.iter().zip(used).filter_map(|(suppression, used)| {
        let message = complaint(suppression, used, rules)?;
        policy.levelled(&finding(suppression, severity, message))
    });
    (silenced, wrong.collect())
}

/// What is wrong with a suppression, if anything is.
fn complaint(suppression: &Suppression, used: bool, rules: &Rules) -> Option<String> {
    let rule = &suppression.rule;
    if rule.is_empty() {
        return Some("this suppression names no rule, so it suppresses nothing".to_owned());
    }
    if !rules.known.contains(rule) {
        let near = crate::text::nearest(rule, rules.known.iter().map(String::as_str));
        let hint = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
        return Some(format!("there is no rule `{rule}`, so this suppresses nothing{hint}"));
    }
    if suppression.reason.is_empty() {
        return Some(format!("this suppression of `{rule}` gives no reason, so it suppresses nothing"));
    }
    (!used && rules.ran.contains(rule)).then(|| format!("`{rule}` finds nothing on the next line"))
}

fn finding(suppression: &Suppression, severity: Severity, message: String) -> Finding {
    Finding {
        rule: UNUSED_SUPPRESSION.to_owned(),
        severity,
        confidence: Confidence::High,
        message,
        help: "remove the comment, or write `failpath-ignore-next-line RULE: reason` above the line it is about"
            .to_owned(),
        place: Place { path: suppression.path.clone(), span: suppression.span },
        function: String::new(),
        anchor: format!("{}:{}", suppression.rule, suppression.reason),
        causes: vec![suppression.rule.clone()],
        labels: Vec::new(),
        trace: Vec::new(),
        fix: Vec::new(),
    }
}
