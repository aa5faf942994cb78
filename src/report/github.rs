//! Annotations of a GitHub Actions step, as workflow commands.
//!
//! In: a report. Out: the closing lines and what does not fit as plain text that holds no command,
//! then the annotations. The runner keeps ten annotations per level and step and cuts messages at
//! 4,096 characters, so the most severe come first and the rest is listed.
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use super::{RenderOptions, concise, shown, summary};
use crate::finding::{Judged, Severity};
use crate::text::plural;
use crate::text::safe::{break_workflow_commands, safe_line, safe_workflow, safe_workflow_property};
use crate::verdict::Report;
use std::fmt::Write;

/// Annotations per level that the runner keeps.
const ANNOTATIONS: usize = 10;
/// Characters of a message that the runner keeps, with room for escapes.
const MESSAGE: usize = 3_000;

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    let mut commands = Vec::new();
    let mut rest = Vec::new();
    for level in [Severity::Error, Severity::Warning, Severity::Note] {
        let of_level = shown(report, options).filter(|judged| judged.finding.severity == level);
        for (at, judged) in of_level.enumerate() {
            if at < ANNOTATIONS {
                commands.push(annotation(report, judged));
            } else {
                rest.push(concise::line(report, judged));
            }
        }
    }
    let mut out = String::new();
    // Writing to a String cannot fail.
    if !rest.is_empty() {
        let _ = writeln!(out, "{} without an annotation ({ANNOTATIONS} per level):", plural(rest.len(), "finding"));
    }
    for line in rest.iter().chain(&summary::lines(report, options.quiet)) {
        let _ = writeln!(out, "{}", break_workflow_commands(line));
    }
    for command in commands {
        let _ = writeln!(out, "{command}");
    }
    out
}

fn annotation(report: &Report, judged: &Judged) -> String {
    let finding = &judged.finding;
    let level = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let (start, end) = report.positions(&finding.place);
    let path = safe_workflow_property(&finding.place.path);
    let mut place = format!("file={path},line={}", start.line);
    if end.line > start.line {
        // Columns of a range over several lines make GitHub drop the annotation.
        let _ = write!(place, ",endLine={}", end.line);
    } else {
        let _ = write!(place, ",col={},endColumn={}", start.column, end.column);
    }
    let title = safe_workflow_property(&safe_line(&finding.rule));
    let mut text = safe_line(&finding.message).into_owned();
    for step in &finding.trace {
        let (at, _) = report.positions(&step.place);
        let _ = write!(text, "\n{}:{}: {}", safe_line(&step.place.path), at.line, safe_line(&step.text));
    }
    if !finding.help.is_empty() {
        let _ = write!(text, "\nhelp: {}", safe_line(&finding.help));
    }
    let text: String = text.chars().take(MESSAGE).collect();
    // Inside a command the older form is not looked for, but the log shows the message again.
    let text = safe_workflow(&text).replace("##[", "# #[");
    format!("::{level} {place},title={title}::{text}").replace("##[", "# #[")
}
