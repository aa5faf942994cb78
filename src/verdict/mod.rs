//! What a change is answerable for: base's and head's findings become one judged list.
//!
//! In: the findings of both sides and their suppressions. Out: [`Report`], plain data that every
//! output prints. Findings are marked, never dropped, so that each output can say what it leaves out.

mod group;
mod identity;
mod lost;
mod matching;
mod passes;
mod place;
mod renamed;
pub mod suppress;
mod unit;

pub use identity::Key;
pub use suppress::{Suppression, UNUSED_SUPPRESSION};

use crate::change::{Change, RepoPath, Side};
use crate::finding::{Confidence, Finding, Judged, Place, RuleInfo, Severity, Verdict};
use crate::limits::Reached;
use crate::rule::Cut;
use crate::source::{NotAnalysed, Source, Sources};
use crate::syntax::Module;
use crate::text::Position;
use globset::GlobSet;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The side that settings were read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SettingsFrom {
    /// The base of the comparison.
    Base,
    /// The head of the comparison.
    Head,
    /// The work tree.
    WorkTree,
    /// A file of this machine that was named for the run.
    File,
    /// Nowhere: defaults.
    #[default]
    None,
}

impl SettingsFrom {
    /// How outputs print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Base => "base",
            Self::Head => "head",
            Self::WorkTree => "work tree",
            Self::File => "file",
            Self::None => "none",
        }
    }
}

/// What happened, for every output.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The tool's version.
    pub version: String,
    /// What the user would call base.
    pub base: String,
    /// What the user would call head.
    pub head: String,
    /// Whether head is what lies on disk.
    pub is_on_disk: bool,
    /// How many files differ.
    pub files: u32,
    /// Where settings come from.
    pub settings_from: SettingsFrom,
    /// Whether the other side's settings are different.
    pub settings_differ: bool,
    /// The threshold of confidence; `None` where it depends on the path.
    pub min_confidence: Option<Confidence>,
    /// Every finding on head, sorted by path, place, rule and message.
    pub findings: Vec<Judged>,
    /// How many of base's findings are gone.
    pub fixed: u32,
    /// How many suppressions the change adds.
    pub suppressions_added: u32,
    /// What was not analysed; sorted, each once.
    pub not_analysed: Vec<NotAnalysed>,
    /// Bounds that were reached; sorted, each once.
    pub limits: Vec<Reached>,
    /// The rules, by id.
    pub rules: Vec<RuleInfo>,
    /// Head's text of the files that findings speak of, for excerpts and columns.
    pub sources: BTreeMap<RepoPath, Arc<Source>>,
}

/// How many findings there are of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// New ones.
    pub new: u32,
    /// Existing ones at a higher level.
    pub worse: u32,
    /// Existing ones.
    pub existing: u32,
    /// Suppressed ones.
    pub suppressed: u32,
    /// New ones under the threshold of confidence.
    pub below_threshold: u32,
    /// Errors among the new and worse ones.
    pub errors: u32,
    /// Warnings among the new and worse ones.
    pub warnings: u32,
    /// Notes among the new and worse ones.
    pub notes: u32,
    /// Those of the existing ones that are only taken for such: not enough is known of base there.
    pub assumed: u32,
}

impl Report {
    /// Counts the findings.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for judged in &self.findings {
            match judged.verdict {
                Verdict::New => counts.new += 1,
                Verdict::Worse => counts.worse += 1,
                Verdict::Existing => counts.existing += 1,
                Verdict::Suppressed => counts.suppressed += 1,
                Verdict::BelowThreshold => counts.below_threshold += 1,
            }
            counts.assumed += u32::from(judged.assumed);
            if judged.verdict.counts() {
                match judged.finding.severity {
                    Severity::Error => counts.errors += 1,
                    Severity::Warning => counts.warnings += 1,
                    Severity::Note => counts.notes += 1,
                }
            }
        }
        counts
    }

    /// The highest severity among the new and worse findings.
    pub fn worst(&self) -> Option<Severity> {
        self.findings.iter().filter(|judged| judged.verdict.counts()).map(|judged| judged.finding.severity).max()
    }

    /// Where a place starts and ends; line 1, column 1 where the text is not at hand.
    pub fn positions(&self, place: &Place) -> (Position, Position) {
        let Some(source) = self.sources.get(&place.path) else {
            let start = Position { line: 1, column: 1 };
            return (start, start);
        };
        let start = source.lines.position(&source.text, place.span.start);
        let end = source.lines.position(&source.text, place.span.end.max(place.span.start));
        (start, end)
    }
}

impl Verdict {
    /// Whether a finding with this verdict is the change's doing and counts for the exit code.
    pub fn counts(self) -> bool {
        matches!(self, Self::New | Self::Worse)
    }
}

/// One side of the comparison, as far as it is judged.
#[derive(Debug, Default)]
pub struct SideFindings {
    /// What the rules found.
    pub findings: Vec<Finding>,
    /// The suppression comments of the files that were read.
    pub suppressions: Vec<Suppression>,
    /// What was not analysed, beyond what [`Sources`] says.
    pub not_analysed: Vec<NotAnalysed>,
    /// Where not all ways in which a rule holds were looked at.
    pub cut: Vec<Cut>,
    /// Functions about which a bound left something unknown: their files and names.
    pub unsure: BTreeSet<(RepoPath, String)>,
    /// The lowered form of the files that were read: where a finding went is looked up there.
    pub modules: BTreeMap<RepoPath, Arc<Module>>,
}

/// What holds for some paths only.
#[derive(Debug, Clone, Default)]
pub struct Exception {
    /// The paths.
    pub paths: GlobSet,
    /// Severities by rule; `None` is off.
    pub levels: BTreeMap<String, Option<Severity>>,
    /// The least confidence that counts there.
    pub min_confidence: Option<Confidence>,
    /// Whether comments that the change adds there are not obeyed.
    pub ignore_added: Option<bool>,
}

/// What judging depends on besides the findings.
#[derive(Debug, Clone, Default)]
pub struct Policy {
    /// Findings that are less sure do not count.
    pub min_confidence: Option<Confidence>,
    /// How suppressions are treated.
    pub suppressions: suppress::Rules,
    /// What holds for some paths only: later ones win.
    pub exceptions: Vec<Exception>,
    /// Files and folders to report on; empty means everything.
    pub paths: Vec<RepoPath>,
    /// The version of the tool.
    pub version: String,
    /// Where settings come from.
    pub settings_from: SettingsFrom,
    /// Whether the other side's settings are different.
    pub settings_differ: bool,
    /// The rules.
    pub rules: Vec<RuleInfo>,
}

impl Policy {
    /// A finding at the level that it has at its path; `None` where its rule is off.
    fn levelled(&self, finding: &Finding) -> Option<Finding> {
        let here = self.at(&finding.place.path).find_map(|exception| exception.levels.get(&finding.rule));
        let set = here.copied().or_else(|| self.suppressions.off.contains(&finding.rule).then_some(None));
        match set {
            None => Some(finding.clone()),
            Some(severity) => Some(Finding { severity: severity?, ..finding.clone() }),
        }
    }

    /// Whether comments that the change adds to a file are not obeyed.
    fn ignores_added(&self, path: &str) -> bool {
        let here = self.at(path).find_map(|exception| exception.ignore_added);
        here.unwrap_or(self.suppressions.ignore_added)
    }

    /// The least confidence that counts in a file.
    fn threshold(&self, path: &str) -> Confidence {
        let here = self.at(path).find_map(|exception| exception.min_confidence);
        here.or(self.min_confidence).unwrap_or(Confidence::Low)
    }

    /// What holds for a path, the last first.
    fn at(&self, path: &str) -> impl Iterator<Item = &Exception> {
        self.exceptions.iter().rev().filter(move |exception| exception.paths.is_match(path))
    }
}

/// Judges head's findings against base's.
pub fn judge(change: &Change, sources: &Sources, base: &SideFindings, head: &SideFindings, policy: &Policy) -> Report {
    let not_analysed = not_analysed(sources, base, head);
    let suppressions_added = head.suppressions.iter().filter(|suppression| suppression.added).count() as u32;
    let (before, after) = (silence(base, &sources.base, policy), silence(head, &sources.head, policy));
    let sides = matching::Sides { change, sources, base, head };
    let matched = matching::judge(&sides, before, after, policy);
    let mut findings = matched.findings;
    findings.retain(|judged| is_shown(&judged.finding.place.path, &policy.paths));
    findings.sort_by(|a, b| order(a).cmp(&order(b)));
    let limits: BTreeSet<Reached> = change.limits.iter().cloned().collect();
    let limits = limits.into_iter().collect();
    let files = change.files.len() as u32;
    let answer = Answer { files, findings, fixed: matched.fixed, suppressions_added, not_analysed, limits };
    let text = |path: &str| sources.head.get(path).cloned();
    answer.report(change, policy, &text)
}

/// What takes work to find out of a [`Report`]: everything else is known from the start.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answer {
    files: u32,
    findings: Vec<Judged>,
    fixed: u32,
    suppressions_added: u32,
    not_analysed: Vec<NotAnalysed>,
    limits: Vec<Reached>,
}

impl Answer {
    /// What was found out for a report.
    pub fn of(report: &Report) -> Self {
        Self {
            files: report.files,
            findings: report.findings.clone(),
            fixed: report.fixed,
            suppressions_added: report.suppressions_added,
            not_analysed: report.not_analysed.clone(),
            limits: report.limits.clone(),
        }
    }

    /// The report; `text` gives head's texts.
    pub fn report(self, change: &Change, policy: &Policy, text: &dyn Fn(&str) -> Option<Arc<Source>>) -> Report {
        let Self { files, findings, fixed, suppressions_added, not_analysed, limits } = self;
        Report {
            version: policy.version.clone(),
            base: change.base_name.clone(),
            head: change.head_name.clone(),
            is_on_disk: matches!(change.head, Side::WorkTree | Side::Folder),
            files,
            settings_from: policy.settings_from,
            settings_differ: policy.settings_differ,
            min_confidence: policy
                .min_confidence
                .filter(|_| policy.exceptions.iter().all(|exception| exception.min_confidence.is_none())),
            sources: mentioned(&findings, text),
            findings,
            fixed,
            suppressions_added,
            not_analysed,
            limits,
            rules: policy.rules.clone(),
        }
    }
}

/// Adds the bounds that a stage reached, keeping the list sorted and free of repetition.
pub fn add_limits(report: &mut Report, reached: impl IntoIterator<Item = Reached>) {
    let all: BTreeSet<Reached> = report.limits.drain(..).chain(reached).collect();
    report.limits = all.into_iter().collect();
}

fn order(judged: &Judged) -> (&Place, &str, &str, &str) {
    (&judged.finding.place, &judged.finding.rule, &judged.finding.message, &judged.fingerprint)
}

/// Whether `path` is one of `paths` or lies below one; every path is where none are given.
fn is_shown(path: &str, paths: &[RepoPath]) -> bool {
    let below = |folder: &RepoPath| {
        let folder = folder.trim_end_matches('/');
        folder.is_empty()
            || folder == "."
            || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    paths.is_empty() || paths.iter().any(below)
}

/// Findings of one side, each with whether it is silenced.
fn silence(side: &SideFindings, texts: &BTreeMap<RepoPath, Arc<Source>>, policy: &Policy) -> matching::Findings {
    let findings: Vec<Finding> = side.findings.iter().filter_map(|finding| policy.levelled(finding)).collect();
    let mut suppressions = side.suppressions.clone();
    suppressions.sort();
    suppressions.dedup();
    let line_of = |place: &Place| texts.get(&place.path).map_or(1, |source| source.lines.line(place.span.start));
    let (silenced, wrong) = suppress::apply(&suppressions, &findings, policy, line_of);
    let wrong = wrong.into_iter().map(|finding| (finding, false));
    findings.into_iter().zip(silenced).chain(wrong).collect()
}

/// Both sides' gaps, sorted and each once; those of base only where head does not have the same.
fn not_analysed(sources: &Sources, base: &SideFindings, head: &SideFindings) -> Vec<NotAnalysed> {
    let head: BTreeSet<NotAnalysed> = sources.head_skipped.iter().chain(&head.not_analysed).cloned().collect();
    let same = |lost: &&NotAnalysed| !head.iter().any(|other| other.path == lost.path && other.reason == lost.reason);
    let base = sources.base_skipped.iter().chain(&base.not_analysed).filter(same);
    let base: Vec<_> =
        base.map(|lost| NotAnalysed { reason: format!("{} (on base)", lost.reason), ..lost.clone() }).collect();
    head.into_iter().chain(base).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Head's texts of all files that the findings name.
fn mentioned(findings: &[Judged], text: &dyn Fn(&str) -> Option<Arc<Source>>) -> BTreeMap<RepoPath, Arc<Source>> {
    let places = findings.iter().flat_map(|judged| {
        let finding = &judged.finding;
        finding.places().chain(finding.fix.iter().map(|edit| &edit.place))
    });
    let paths: BTreeSet<&RepoPath> = places.map(|place| &place.path).collect();
    paths.into_iter().filter_map(|path| Some((path.clone(), text(path)?))).collect()
}
