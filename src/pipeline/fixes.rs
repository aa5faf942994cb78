//! Only fixes that work are offered: they are made, and what is left is analysed.
//!
//! In: a report whose findings propose edits, and head as it was analysed. Out: the report with the
//! fixes whose text parses and no longer has the finding; the others are taken out.

use super::setup::Setup;
use crate::change::RepoPath;
use crate::finding::{Edit, Finding};
use crate::fix::{apply, compatible};
use crate::program::Program;
use crate::program::again::Rewritten;
use crate::program::load::{Linking, Loaded};
use crate::rule;
use crate::source::Source;
use crate::syntax::{Dialect, Module, typescript};
use crate::verdict::Report;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Findings by rule and path.
type Counts<'a> = BTreeMap<(&'a str, &'a str), usize>;

/// Takes fixes out of the report that are not shown to work. `found` is what the rules found on head,
/// which is `program`.
pub fn keep_proven_fixes(report: &mut Report, found: &[Finding], program: &Program, loaded: &Loaded, setup: &Setup) {
    for judged in &mut report.findings {
        if !judged.verdict.counts() {
            judged.finding.fix.clear();
        }
    }
    let proposed: Vec<&[Edit]> = report.findings.iter().map(|judged| judged.finding.fix.as_slice()).collect();
    let chosen: BTreeSet<usize> = compatible(&proposed).into_iter().collect();
    let proven = proven(report, &chosen, found, program, loaded, setup);
    for (at, judged) in report.findings.iter_mut().enumerate() {
        if !chosen.contains(&at) || !proven.contains(&judged.finding.place.path) {
            judged.finding.fix.clear();
        }
    }
}

/// The files in which all chosen fixes together do what they should.
fn proven(
    report: &Report,
    chosen: &BTreeSet<usize>,
    found: &[Finding],
    program: &Program,
    loaded: &Loaded,
    setup: &Setup,
) -> BTreeSet<RepoPath> {
    let mut edits: BTreeMap<&str, Vec<&Edit>> = BTreeMap::new();
    let mut mended = Counts::new();
    for finding in chosen.iter().map(|at| &report.findings[*at].finding) {
        finding.fix.iter().for_each(|edit| edits.entry(&edit.place.path).or_default().push(edit));
        *mended.entry((&finding.rule, &finding.place.path)).or_default() += 1;
    }
    let mut rewritten = Rewritten::new();
    for id in program.file_ids() {
        let file = program.file(id);
        let Some(edits) = edits.get(file.path.as_str()) else { continue };
        if let Some(new) = rewrite(&file.source, &file.module, &file.path, edits) {
            rewritten.insert(id, new);
        }
    }
    if rewritten.is_empty() {
        return BTreeSet::new();
    }
    let after = ask(program, &rewritten, loaded, setup);
    let before = counts(found.iter());
    let after = counts(after.iter());
    let works = |path: &str| {
        let rules: BTreeSet<&str> = before.keys().chain(after.keys()).map(|(rule, _)| *rule).collect();
        rules.into_iter().all(|rule| {
            let number = |counts: &Counts| counts.get(&(rule, path)).copied().unwrap_or(0);
            number(&after) + number(&mended) <= number(&before)
        })
    };
    let paths = rewritten.keys().map(|id| &program.file(*id).path);
    paths.filter(|path| works(path)).cloned().collect()
}

/// The file after the edits; `None` where they do not fit or the text parses worse than before.
fn rewrite(source: &Source, module: &Module, path: &str, edits: &[&Edit]) -> Option<(Arc<Source>, Arc<Module>)> {
    let text = apply(&source.text, edits.iter().copied())?;
    let lowered = typescript::lower(&text, Dialect::of_path(path)?).ok()?;
    (lowered.lost.len() <= module.lost.len()).then(|| {
        let source = Source::new(source.blob.clone(), text);
        (Arc::new(source), Arc::new(lowered))
    })
}

/// What the rules find in rewritten files, in the program that they make with the others.
fn ask(program: &Program, rewritten: &Rewritten, loaded: &Loaded, setup: &Setup) -> Vec<Finding> {
    let Linking { resolutions, scopes, .. } = &loaded.head;
    let after = program.again(rewritten, resolutions, scopes, &loaded.prepared);
    rule::run(&setup.rules, &after, Some(&rewritten.keys().copied().collect())).0
}

fn counts<'a>(findings: impl Iterator<Item = &'a Finding>) -> Counts<'a> {
    let mut counts = Counts::new();
    for finding in findings {
        *counts.entry((&finding.rule, &finding.place.path)).or_default() += 1;
    }
    counts
}
