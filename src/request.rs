//! What was asked for, and how a run ends: plain data, so that everything behind the command line can
//! be called and tested without one.
//!
//! In: nothing (made by `cli`). Out: [`Command`], obeyed by `command`; [`ExitCode`].

use crate::cache;
use crate::change::{Range, RepoPath};
use crate::finding::Confidence;
use crate::report::Format;
use crate::settings::{FailOn, Level};
use crate::source::At;
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// How a run ends. The same for every form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitCode {
    /// Nothing that fails the run.
    Clean = 0,
    /// New or worse findings at or over the level that fails the run.
    Findings = 1,
    /// The job could not be done: wrong usage, settings, repository or files.
    Failed = 2,
    /// A mistake in failpath itself.
    Internal = 3,
}

impl From<ExitCode> for std::process::ExitCode {
    fn from(code: ExitCode) -> Self {
        Self::from(code as u8)
    }
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Judge a change.
    Check(Check),
    /// Say why a rule does or does not find something at a line.
    Why(Why),
    /// Print a rule's page.
    Explain {
        /// The rule's id.
        rule: String,
        /// Which settings to read: they may name further pages.
        settings: SettingsChoice,
    },
    /// List the rules.
    Rules {
        /// Whether to print JSON.
        json: bool,
        /// Which settings to read.
        settings: SettingsChoice,
    },
    /// Say what the gate would have said of the last merges.
    Replay(Replay),
    /// Run the examples of rule pages.
    Test {
        /// The folder with the pages; the repository's own pages without one.
        folder: Option<PathBuf>,
    },
    /// Write a first `failpath.toml`.
    Init {
        /// Whether to install a pre-commit hook as well.
        hook: bool,
    },
    /// Show what the gate does on a small change of its own.
    Demo,
    /// Print the JSON schema of `--format json`.
    Schema,
    /// Print a completion script.
    Completions(Shell),
}

/// Which settings to read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SettingsChoice {
    /// This file instead of the repository's.
    pub file: Option<PathBuf>,
    /// None at all.
    pub isolated: bool,
    /// This side's, whatever the comparison.
    pub from: Option<At>,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Color {
    /// On a terminal that wants them.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

impl Color {
    /// The names on the command line.
    pub const NAMES: [(&str, Self); 3] = [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

/// A shell that completions can be printed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shell {
    /// GNU Bash.
    Bash,
    /// Elvish.
    Elvish,
    /// fish.
    Fish,
    /// PowerShell.
    PowerShell,
    /// Z shell.
    Zsh,
}

impl Shell {
    /// The names on the command line.
    pub const NAMES: [(&str, Self); 5] = [
        ("bash", Self::Bash),
        ("elvish", Self::Elvish),
        ("fish", Self::Fish),
        ("powershell", Self::PowerShell),
        ("zsh", Self::Zsh),
    ];
}

/// What is compared and how it is read: shared by `check` and `why`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// What to compare.
    pub range: Range,
    /// Which settings to read.
    pub settings: SettingsChoice,
    /// Levels of rules over those of the settings, in the order given.
    pub levels: Vec<(String, Level)>,
    /// Threads; as many as the machine has without it.
    pub threads: Option<NonZeroUsize>,
    /// When to use colours.
    pub color: Color,
    /// Whether and where to cache.
    pub cache: cache::Choice,
}

/// Judge a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// What is compared.
    pub comparison: Comparison,
    /// Files and folders, relative to the current folder, that findings are shown of; empty: all.
    pub paths: Vec<PathBuf>,
    /// What is printed.
    pub format: Format,
    /// What is written to files besides.
    pub reports: Vec<(Format, PathBuf)>,
    /// From which severity on the run fails; settings decide without it.
    pub fail_on: Option<FailOn>,
    /// The least confidence that counts; settings decide without it.
    pub min_confidence: Option<Confidence>,
    /// What becomes of safe fixes.
    pub fixes: Fixes,
    /// What is shown and said besides.
    pub say: Say,
}

/// What becomes of safe fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fixes {
    /// They are offered.
    #[default]
    Offer,
    /// They are written to the work tree, and what is left is judged.
    Write,
    /// They are printed as a patch instead of the findings.
    Print,
}

/// What is shown and said besides the new findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
pub struct Say {
    /// Existing findings.
    pub existing: bool,
    /// Suppressed findings.
    pub suppressed: bool,
    /// Whether anything that was not analysed fails the run.
    pub strict: bool,
    /// No summary.
    pub quiet: bool,
    /// What happens, on stderr.
    pub verbose: bool,
    /// Times and counts, on stderr.
    pub stats: bool,
}

/// Say why a rule does or does not find something at a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why {
    /// What is compared.
    pub comparison: Comparison,
    /// The rule's id.
    pub rule: String,
    /// The file on head, as it was typed.
    pub path: RepoPath,
    /// The line, from 1.
    pub line: u32,
}

/// Say what the gate would have said of the last merges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// How many.
    pub count: NonZeroUsize,
    /// The last one.
    pub head: String,
    /// Whether to print JSON.
    pub json: bool,
    /// Which settings to read.
    pub settings: SettingsChoice,
    /// Levels of rules over those of the settings, in the order given.
    pub levels: Vec<(String, Level)>,
    /// From which severity on a run fails; settings decide without it.
    pub fail_on: Option<FailOn>,
    /// The least confidence that counts; settings decide without it.
    pub min_confidence: Option<Confidence>,
    /// Threads; as many as the machine has without it.
    pub threads: Option<NonZeroUsize>,
}
