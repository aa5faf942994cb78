//! The JSON that other programs read. Its types are its own: a change inside the program is not a
//! change of the contract.
//!
//! In: a report. Out: one object with `"version": 0`. Lines and columns count from 1, columns in
//! UTF-16 code units, ends are exclusive.

use super::{RenderOptions, shown};
use crate::finding::{Confidence, Edit, Judged, Label, Place, Role, Severity, Step, Verdict};
use crate::verdict::Report;
use schemars::{JsonSchema, schema_for};
use serde::Serialize;

#[derive(Serialize, JsonSchema)]
#[schemars(title = "Report of failpath")]
struct Root<'a> {
    version: u32,
    tool: Tool<'a>,
    change: Change<'a>,
    summary: Summary,
    findings: Vec<Item<'a>>,
    not_analysed: Vec<Gap<'a>>,
    limits: Vec<Limit<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Tool<'a> {
    name: &'a str,
    version: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Change<'a> {
    base: &'a str,
    head: &'a str,
    files: u32,
    settings_from: &'a str,
    settings_differ: bool,
}

#[derive(Serialize, JsonSchema)]
struct Summary {
    new: u32,
    worse: u32,
    existing: u32,
    fixed: u32,
    suppressed: u32,
    suppressions_added: u32,
    below_threshold: u32,
    not_analysed: u32,
}

#[derive(Serialize, JsonSchema)]
struct Range<'a> {
    path: &'a str,
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize, JsonSchema)]
struct Item<'a> {
    rule: &'a str,
    severity: Severity,
    confidence: Confidence,
    verdict: Verdict,
    /// Whether `existing` is assumed: not enough is known of base here.
    assumed: bool,
    message: &'a str,
    help: &'a str,
    fingerprint: &'a str,
    function: &'a str,
    #[serde(flatten)]
    range: Range<'a>,
    labels: Vec<Note<'a>>,
    trace: Vec<Text<'a>>,
    fix: Option<Fix<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Note<'a> {
    role: Role,
    #[serde(flatten)]
    range: Range<'a>,
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Text<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    text: &'a str,
}

#[derive(Serialize, JsonSchema)]
struct Fix<'a> {
    edits: Vec<Text<'a>>,
}

#[derive(Serialize, JsonSchema)]
struct Gap<'a> {
    path: &'a str,
    reason: &'a str,
    start_line: Option<u32>,
    end_line: Option<u32>,
}

#[derive(Serialize, JsonSchema)]
struct Limit<'a> {
    name: &'a str,
    text: &'a str,
}

/// The JSON schema of what [`render`] prints.
pub(super) fn schema() -> String {
    super::to_json(&schema_for!(Root))
}

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    super::to_json(&contents(report, options))
}

/// What is printed of `report`, for a document that holds several.
pub(super) fn contents<'a>(report: &'a Report, options: &RenderOptions) -> impl Serialize + use<'a> {
    let counts = report.counts();
    Root {
        version: 0,
        tool: Tool { name: "failpath", version: &report.version },
        change: Change {
            base: &report.base,
            head: &report.head,
            files: report.files,
            settings_from: report.settings_from.name(),
            settings_differ: report.settings_differ,
        },
        summary: Summary {
            new: counts.new,
            worse: counts.worse,
            existing: counts.existing,
            fixed: report.fixed,
            suppressed: counts.suppressed,
            suppressions_added: report.suppressions_added,
            below_threshold: counts.below_threshold,
            not_analysed: report.not_analysed.len() as u32,
        },
        findings: shown(report, options).map(|judged| item(report, judged)).collect(),
        not_analysed: report
            .not_analysed
            .iter()
            .map(|lost| Gap {
                path: &lost.path,
                reason: &lost.reason,
                start_line: lost.lines.map(|(first, _)| first),
                end_line: lost.lines.map(|(_, last)| last),
            })
            .collect(),
        limits: report.limits.iter().map(|reached| Limit { name: &reached.name, text: &reached.text }).collect(),
    }
}

fn range<'a>(report: &Report, place: &'a Place) -> Range<'a> {
    let (start, end) = report.positions(place);
    Range {
        path: &place.path,
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

fn item<'a>(report: &Report, judged: &'a Judged) -> Item<'a> {
    let finding = &judged.finding;
    let label = |label: &'a Label| Note { role: label.role, range: range(report, &label.place), text: &label.text };
    let step = |step: &'a Step| Text { range: range(report, &step.place), text: &step.text };
    let edit = |edit: &'a Edit| Text { range: range(report, &edit.place), text: &edit.text };
    Item {
        rule: &finding.rule,
        severity: finding.severity,
        confidence: finding.confidence,
        verdict: judged.verdict,
        assumed: judged.assumed,
        message: &finding.message,
        help: &finding.help,
        fingerprint: &judged.fingerprint,
        function: &finding.function,
        range: range(report, &finding.place),
        labels: finding.labels.iter().map(label).collect(),
        trace: finding.trace.iter().map(step).collect(),
        fix: (!finding.fix.is_empty()).then(|| Fix { edits: finding.fix.iter().map(edit).collect() }),
    }
}
