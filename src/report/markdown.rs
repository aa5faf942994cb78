//! The summary of a GitHub Actions step, also fit for a comment on a pull request.
//!
//! In: a report. Out: Markdown under 1 MiB (a larger summary is dropped whole): counts, a table of
//! the findings, each one's route, and what was not analysed. Nothing from the change is markup.

use super::{RenderOptions, severity, shown, summary};
use crate::finding::{Judged, Place};
use crate::fix::unified;
use crate::text::plural;
use crate::text::safe::{safe_markdown, safe_markdown_code, safe_markdown_message, safe_terminal};
use crate::verdict::Report;
use std::cmp::Reverse;
use std::fmt::Write;

/// Bytes that the findings may take.
const FINDINGS: usize = 700_000;
/// Bytes that are written at most, with room for the closing sentence: what was not analysed is
/// told even where the findings had to be cut.
const BYTES: usize = 1_000_000;

/// Markdown that stops growing before it is too long.
struct Page {
    text: String,
    most: usize,
    left_out: usize,
}

impl Page {
    /// Adds a block whole, or counts it as left out.
    fn add(&mut self, block: &str) {
        if self.text.len() + block.len() <= self.most {
            self.text.push_str(block);
        } else {
            self.left_out += 1;
        }
    }
}

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    let text = format!("## failpath\n\n{}\n\n", summary::counts(report));
    let mut page = Page { text, most: FINDINGS, left_out: 0 };
    for remark in summary::remarks(report) {
        page.add(&format!("- {}\n", safe_markdown(&remark)));
    }
    let mut findings: Vec<&Judged> = shown(report, options).collect();
    // The most severe first; the sort is stable, so they stay in order.
    findings.sort_by_key(|judged| Reverse(judged.finding.severity));
    if !findings.is_empty() {
        page.add("\n| level | rule | where | what |\n| --- | --- | --- | --- |\n");
        findings.iter().for_each(|judged| page.add(&row(report, judged)));
        page.add("\n");
        findings.iter().for_each(|judged| page.add(&details(report, judged)));
    }
    page.most = BYTES;
    if !report.not_analysed.is_empty() {
        page.add("\n### Not analysed\n\n");
        report.not_analysed.iter().for_each(|lost| page.add(&format!("- {}\n", safe_markdown(&summary::gap(lost)))));
    }
    if !report.limits.is_empty() {
        page.add("\n### Limits reached\n\n");
        for reached in &report.limits {
            page.add(&format!("- {}: {}\n", safe_markdown(&reached.name), safe_markdown(&reached.text)));
        }
    }
    if page.left_out > 0 {
        let parts = plural(page.left_out, "part");
        // Writing to a String cannot fail.
        let _ = write!(page.text, "\n\nCut: {parts} of this summary would not fit into a step summary.\n");
    }
    page.text
}

fn place(report: &Report, place: &Place) -> String {
    let (start, _) = report.positions(place);
    safe_markdown_code(&format!("{}:{}", place.path, start.line))
}

fn row(report: &Report, judged: &Judged) -> String {
    let finding = &judged.finding;
    let remark = super::remark(judged).map(|remark| format!(" ({remark})")).unwrap_or_default();
    let (level, rule) = (severity(finding.severity), safe_markdown(&finding.rule));
    let (at, message) = (place(report, &finding.place), safe_markdown_message(&finding.message));
    format!("| {level} | {rule} | {at} | {message}{remark} |\n")
}

fn details(report: &Report, judged: &Judged) -> String {
    let finding = &judged.finding;
    let heading = format!("{} {}", safe_markdown(&finding.rule), place(report, &finding.place));
    let mut out = format!("\n<details><summary>{heading}</summary>\n\n{}\n\n", safe_markdown_message(&finding.message));
    // Writing to a String cannot fail.
    for (at, step) in finding.trace.iter().enumerate() {
        let _ = writeln!(out, "{}. {} {}", at + 1, place(report, &step.place), safe_markdown_message(&step.text));
    }
    if !finding.trace.is_empty() {
        out.push('\n');
    }
    for label in &finding.labels {
        let _ = writeln!(out, "- {} {}", place(report, &label.place), safe_markdown_message(&label.text));
    }
    if !finding.help.is_empty() {
        let _ = writeln!(out, "\nHelp: {}", safe_markdown_message(&finding.help));
    }
    if !finding.fix.is_empty() {
        let patch = unified(&report.sources, &finding.fix);
        let fence = fence(&patch);
        let _ = writeln!(out, "\nFix:\n\n{fence}diff\n{}{fence}", safe_terminal(&patch));
    }
    out.push_str("\n</details>\n");
    out
}

/// Backticks that nothing in the text can end.
fn fence(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    "`".repeat(longest.max(2) + 1)
}
