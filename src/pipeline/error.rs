//! Why a run could not do its job, whichever stage it was.
//!
//! In: the errors of the stages. Out: [`Error`], drawn by `report` with its place and its way out.

use crate::git::GitError;
use crate::model::ModelError;
use crate::rule::compile::KnobError;
use crate::rule::error::PageError;
use crate::settings::SettingsError;
use crate::text::plural;
use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// Why a run could not do its job.
#[derive(Debug, Error, Diagnostic)]
pub enum Error {
    /// There is no comparison.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// The settings hold mistakes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Settings(#[from] SettingsError),
    /// The settings are there and cannot be read.
    #[error("cannot read {path}: {why}")]
    #[diagnostic(help("repair it, name another file with `-c FILE`, or run without settings: `--isolated`"))]
    Unreadable {
        /// The file.
        path: String,
        /// The reason.
        why: String,
    },
    /// Rule pages hold mistakes.
    #[error("{} of rule pages {}", plural(.errors.len(), "line"), if .errors.len() == 1 { "is wrong" } else { "are wrong" })]
    #[diagnostic(help("`failpath explain RULE` shows what a page looks like"))]
    Pages {
        /// All of them.
        #[related]
        errors: Vec<PageError>,
    },
    /// A glob of pages that fits no file.
    #[error("no file fits `{glob}`, which `pages` in the settings names")]
    #[diagnostic(help(
        "globs are relative to the root of the repository; pages are read from the same side as the settings"
    ))]
    NoPages {
        /// The glob.
        glob: String,
    },
    /// Two pages with the same name.
    #[error("{first} and {second} are both pages of the rule `{rule}`")]
    #[diagnostic(help("a rule has the name of its page; rename one of the files"))]
    TwoPages {
        /// The rule.
        rule: String,
        /// The page that failpath brings along, or the first one.
        first: String,
        /// The other one.
        second: String,
    },
    /// Models that cannot be used.
    #[error(transparent)]
    #[diagnostic(help("see `[models]` in failpath.toml"))]
    Models(#[from] ModelError),
    /// A knob's value that its rule does not take.
    #[error(transparent)]
    #[diagnostic(help("see `[rules.{}]` in failpath.toml and `failpath explain {}`", .0.rule, .0.rule))]
    Knob(#[from] KnobError),
    /// A rule that does not exist.
    #[error("there is no rule `{rule}`")]
    #[diagnostic(help("{}", .near.as_ref().map_or_else(|| "`failpath rules` lists them".to_owned(), |near| format!("did you mean `{near}`?"))))]
    UnknownRule {
        /// What was asked for.
        rule: String,
        /// What may have been meant.
        near: Option<String>,
    },
    /// A path that neither side has.
    #[error("no file on either side is `{path}` or lies below it")]
    #[diagnostic(help("paths are relative to the current folder"))]
    NoSuchPath {
        /// What was asked for.
        path: String,
    },
    /// A file of the machine that cannot be read or written.
    #[error("cannot {doing} {}: {why}", path.display())]
    File {
        /// What was to be done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        why: String,
    },
    /// What was asked for cannot be done here.
    #[error("{what}")]
    #[diagnostic(help("{help}"))]
    Refused {
        /// What is the matter.
        what: String,
        /// The way out.
        help: String,
    },
}

impl Error {
    /// A file that could not be read or written.
    pub fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.into();
        move |error| Self::File { doing, path, why: error.to_string() }
    }

    /// No rule has this id; one of `known` may have been meant.
    pub fn unknown_rule<'a>(rule: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let near = crate::text::nearest(rule, known).map(str::to_owned);
        Self::UnknownRule { rule: rule.to_owned(), near }
    }
}
