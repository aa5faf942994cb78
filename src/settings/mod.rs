//! What a repository says about itself in `failpath.toml`.
//!
//! In: the text of the file and the rules that there are. Out: [`Settings`], or every mistake in the
//! file at once, each with its place and, for a misspelt name, the nearest right one.

mod error;
mod load;
mod over;
mod side;
mod value;

pub use error::{IdleGlobs, Mistake, SettingsError};
pub use load::{default_branch, load, page_globs};
pub use side::{Chosen, choose};

use crate::finding::{Confidence, Severity};
use globset::GlobSet;
use std::collections::BTreeMap;

/// The name of the file, at the root of the repository.
pub const FILE: &str = "failpath.toml";

/// What settings or the command line make of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// Its findings have this severity.
    At(Severity),
}

impl Level {
    /// The names that may be written, with what they mean.
    pub const NAMES: [(&str, Self); 4] = [
        ("off", Self::Off),
        ("note", Self::At(Severity::Note)),
        ("warning", Self::At(Severity::Warning)),
        ("error", Self::At(Severity::Error)),
    ];
}

/// From which severity on new findings fail the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOn {
    /// This severity and higher ones.
    At(Severity),
    /// None does.
    Never,
}

impl FailOn {
    /// The names that may be written, with what they mean.
    pub const NAMES: [(&str, Self); 4] = [
        ("error", Self::At(Severity::Error)),
        ("warning", Self::At(Severity::Warning)),
        ("note", Self::At(Severity::Note)),
        ("never", Self::Never),
    ];

    /// Whether a run whose worst new finding is `worst` fails.
    pub fn fails(self, worst: Option<Severity>) -> bool {
        match (self, worst) {
            (Self::At(least), Some(worst)) => worst >= least,
            _ => false,
        }
    }
}

/// The names of confidences, with what they mean.
pub const CONFIDENCES: [(&str, Confidence); 3] =
    [("high", Confidence::High), ("medium", Confidence::Medium), ("low", Confidence::Low)];

/// What becomes of suppressions that a change adds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NewSuppressions {
    /// They are obeyed and counted.
    #[default]
    Count,
    /// They are not obeyed until they are on base.
    Ignore,
}

impl NewSuppressions {
    /// The names that may be written, with what they mean.
    pub const NAMES: [(&str, Self); 2] = [("count", Self::Count), ("ignore-new", Self::Ignore)];
}

/// The `[gate]` table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gate {
    /// From which severity on the run fails.
    pub fail_on: Option<FailOn>,
    /// The least confidence that counts.
    pub min_confidence: Option<Confidence>,
    /// The branch that changes are compared with.
    pub default_branch: Option<String>,
    /// What becomes of suppressions that a change adds.
    pub suppressions: NewSuppressions,
}

/// What holds for some paths only.
#[derive(Debug, Clone, Default)]
pub struct Override {
    /// Globs of the paths, as written.
    pub paths: Vec<String>,
    /// The same, compiled.
    pub globs: GlobSet,
    /// From which severity on findings there fail the run.
    pub fail_on: Option<FailOn>,
    /// The least confidence that counts there.
    pub min_confidence: Option<Confidence>,
    /// What becomes of suppressions that a change adds there.
    pub suppressions: Option<NewSuppressions>,
    /// Levels by rule.
    pub levels: BTreeMap<String, Level>,
}

/// Everything that `failpath.toml` can say.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Levels by rule.
    pub levels: BTreeMap<String, Level>,
    /// Knobs by rule, then by name without `$`. Numbers are written in decimal.
    pub knobs: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// The gate.
    pub gate: Gate,
    /// What holds for some paths only, in the order of the file: later ones win.
    pub overrides: Vec<Override>,
    /// Globs of files that are not analysed, as written.
    pub exclude: Vec<String>,
    /// The same, compiled.
    pub excluded: GlobSet,
    /// Globs of tests: the knob `$tests` of every rule.
    pub tests: Option<Vec<String>>,
    /// Globs of critical paths by the area's name: together the knob `$critical`.
    pub critical: BTreeMap<String, Vec<String>>,
    /// Globs of packages that are the organisation's own.
    pub own: Vec<String>,
    /// Globs of the repository's own rule pages.
    pub pages: Vec<String>,
    /// The file that they come from.
    written: Option<load::Written>,
}

impl Settings {
    /// The knobs that every rule shares.
    pub fn shared_knobs(&self) -> BTreeMap<String, Vec<String>> {
        let critical = (!self.critical.is_empty()).then(|| self.critical.values().flatten().cloned().collect());
        let knobs = [("tests", self.tests.clone()), ("declared", critical.clone()), ("critical", critical)];
        knobs.into_iter().filter_map(|(name, values)| Some((name.to_owned(), values?))).collect()
    }

    /// Whether any part of the repository has this rule on.
    pub fn is_on_anywhere(&self, rule: &str, default: Option<Severity>) -> bool {
        let on = |over: &Override| matches!(over.levels.get(rule), Some(Level::At(_)));
        self.severity(rule, default).is_some() || self.overrides.iter().any(on)
    }

    /// From which severity on a finding in `path` fails the run; `None` where nothing is set.
    pub fn fail_on(&self, path: &str) -> Option<FailOn> {
        let here = self.overrides.iter().rev().filter(|over| over.globs.is_match(path));
        here.filter_map(|over| over.fail_on).chain(self.gate.fail_on).next()
    }

    /// The severity of a rule after settings: `None` is off.
    pub fn severity(&self, rule: &str, default: Option<Severity>) -> Option<Severity> {
        match self.levels.get(rule) {
            Some(Level::Off) => None,
            Some(Level::At(severity)) => Some(*severity),
            None => default,
        }
    }
}
