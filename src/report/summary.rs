//! The closing lines of every output for people: counts, settings, gaps and bounds.
//!
//! In: a report. Out: plain lines, safe for a terminal, so that all outputs say the same.

use crate::finding::Confidence;
use crate::limits::Reached;
use crate::source::NotAnalysed;
use crate::text::plural;
use crate::text::safe::safe_line;
use crate::verdict::{Report, SettingsFrom};

/// The counts in one line.
pub(super) fn counts(report: &Report) -> String {
    let counts = report.counts();
    let levels = [(counts.errors, "error"), (counts.warnings, "warning"), (counts.notes, "note")];
    let levels: Vec<String> =
        levels.iter().filter(|(count, _)| *count > 0).map(|(count, name)| plural(*count as usize, name)).collect();
    let levels = if levels.is_empty() { String::new() } else { format!(" ({})", levels.join(", ")) };
    let (new, worse, existing) = (counts.new, counts.worse, counts.existing);
    format!("{new} new, {worse} worse{levels}, {existing} existing, {} fixed", report.fixed)
}

/// What the counts leave out, and whose settings were used; one sentence per line.
pub(super) fn remarks(report: &Report) -> Vec<String> {
    let counts = report.counts();
    let mut lines = Vec::new();
    if counts.suppressed > 0 || report.suppressions_added > 0 {
        let added = plural(report.suppressions_added as usize, "suppression");
        lines.push(format!("{} suppressed; this change adds {added}", counts.suppressed));
    }
    if counts.assumed > 0 {
        lines.push(format!(
            "{} of the existing may be new: not enough is known of base there (see --show-existing)",
            counts.assumed
        ));
    }
    if counts.below_threshold > 0 {
        let threshold = report.min_confidence.map_or("the confidence that their paths ask for".to_owned(), |least| {
            format!("{} confidence", confidence(least))
        });
        lines.push(format!("{} below {threshold} (see --min-confidence)", counts.below_threshold));
    }
    if report.settings_from != SettingsFrom::None || report.settings_differ {
        let used = match report.settings_from {
            SettingsFrom::None => "defaults".to_owned(),
            side => format!("settings from {}", side.name()),
        };
        let differ = if report.settings_differ { "; the other side's differ and were not used" } else { "" };
        lines.push(format!("{used}{differ}"));
    }
    lines
}

/// A gap in one line, safe for a terminal.
pub(super) fn gap(gap: &NotAnalysed) -> String {
    let lines = match gap.lines {
        Some((from, to)) if from == to => format!(":{from}"),
        Some((from, to)) => format!(":{from}-{to}"),
        None => String::new(),
    };
    format!("{}{lines}: {}", safe_line(&gap.path), safe_line(&gap.reason))
}

/// All closing lines.
pub(super) fn lines(report: &Report, quiet: bool) -> Vec<String> {
    let mut lines = Vec::new();
    if !quiet {
        lines.push(counts(report));
        lines.extend(remarks(report));
    }
    if !report.not_analysed.is_empty() {
        lines.push("not analysed:".to_owned());
        lines.extend(report.not_analysed.iter().map(|skipped| format!("  {}", gap(skipped))));
    }
    if !report.limits.is_empty() {
        lines.push("limits reached:".to_owned());
        let limit = |reached: &Reached| format!("  {}: {}", safe_line(&reached.name), safe_line(&reached.text));
        lines.extend(report.limits.iter().map(limit));
    }
    lines
}

/// The name of a confidence.
pub(super) fn confidence(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Low => "low",
        Confidence::Medium => "medium",
        Confidence::High => "high",
    }
}
