//! One line per finding, as compilers print them: editors and `grep` know the form.
//!
//! In: a report. Out: `path:line:column: severity[rule] message`, then the closing lines.

use super::{RenderOptions, severity, shown, summary};
use crate::finding::Judged;
use crate::text::safe::safe_line;
use crate::verdict::Report;

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    let mut lines: Vec<String> = shown(report, options).map(|judged| line(report, judged)).collect();
    lines.extend(summary::lines(report, options.quiet));
    lines.iter().flat_map(|line| [line.as_str(), "\n"]).collect()
}

/// One finding in one line.
pub(super) fn line(report: &Report, judged: &Judged) -> String {
    let finding = &judged.finding;
    let (start, _) = report.positions(&finding.place);
    let (path, message) = (safe_line(&finding.place.path), safe_line(&finding.message));
    let (level, rule) = (severity(finding.severity), safe_line(&finding.rule));
    let remark = super::remark(judged).map(|remark| format!(" ({remark})")).unwrap_or_default();
    format!("{path}:{}:{}: {level}[{rule}] {message}{remark}", start.line, start.column)
}
