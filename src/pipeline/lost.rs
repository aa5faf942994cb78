//! `analysis-lost`: a change that makes a file unreadable is told, so that it cannot hide behind it.
//!
//! In: what could be read on both sides. Out: findings, at most one for each file.

use super::itself::ANALYSIS_LOST;
use super::setup::Setup;
use crate::change::{Change, ChangedFile};
use crate::finding::{Confidence, Finding, Place, Severity};
use crate::settings::Level;
use crate::source::{NotAnalysed, Sources};
use crate::syntax::load::Modules;
use crate::text::Span;
use std::collections::BTreeMap;

/// The changed files that were readable on base and are not on head, as a whole or where the change
/// touches them.
pub fn find(change: &Change, sources: &Sources, modules: &Modules, setup: &Setup) -> Vec<Finding> {
    let mut gaps: BTreeMap<&str, Vec<&NotAnalysed>> = BTreeMap::new();
    for gap in sources.head_skipped.iter().chain(&modules.head_lost) {
        gaps.entry(&gap.path).or_default().push(gap);
    }
    let lost = |file: &ChangedFile| {
        let was_readable = file.base_path().is_some_and(|path| modules.base.contains_key(path));
        let path = file.head_path().filter(|_| was_readable && !change.all)?;
        let gap = gaps.get(path)?.iter().find(|gap| touches(file, gap))?;
        finding(gap, sources, setup)
    };
    change.files.iter().filter_map(lost).collect()
}

fn touches(file: &ChangedFile, gap: &NotAnalysed) -> bool {
    let Some((first, last)) = gap.lines else { return true };
    let is_inside = |start: u32, lines: u32| lines > 0 && start <= last && first < start + lines;
    file.hunks.iter().any(|hunk| is_inside(hunk.head_start, hunk.head_lines))
}

fn finding(gap: &NotAnalysed, sources: &Sources, setup: &Setup) -> Option<Finding> {
    let is_set = matches!(setup.settings.levels.get(ANALYSIS_LOST), Some(Level::At(_)));
    let severity = setup.severity_anywhere(ANALYSIS_LOST)?;
    let severity = if !is_set && setup.is_critical(&gap.path) { Severity::Error } else { severity };
    let span = match (gap.lines, sources.head.get(&gap.path)) {
        (Some((first, _)), Some(source)) => {
            let start = source.lines.start(first);
            let line = source.text.get(start as usize..).and_then(|rest| rest.lines().next()).unwrap_or("");
            Span::new(start, start + line.len() as u32)
        }
        _ => Span::default(),
    };
    let message = match gap.lines {
        None => format!("this file could be analysed before the change and cannot be any more: {}", gap.reason),
        Some(_) => format!("a part that this change touches cannot be analysed: {}", gap.reason),
    };
    Some(Finding {
        rule: ANALYSIS_LOST.to_owned(),
        severity,
        confidence: Confidence::High,
        message,
        help: "write it so that it can be read, or exclude the file in failpath.toml (`paths.exclude`)".to_owned(),
        place: Place { path: gap.path.clone(), span },
        function: String::new(),
        anchor: gap.reason.clone(),
        causes: vec![gap.reason.clone()],
        labels: Vec::new(),
        trace: Vec::new(),
        fix: Vec::new(),
    })
}
