//! Mistakes in `failpath.toml`, drawn at their place like findings.
//!
//! In: the file's text and what is wrong where. Out: an error that holds all mistakes.

use crate::text::plural;
use crate::text::safe::{safe_line, safe_terminal};
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::ops::Range;
use thiserror::Error;

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq, Error, Diagnostic)]
#[error("{message}")]
pub struct Mistake {
    /// What is wrong, in one line.
    pub message: String,
    /// Where, in bytes of the file.
    #[label]
    pub at: SourceSpan,
    /// What to do, where that is known.
    #[help]
    pub help: Option<String>,
}

/// All mistakes of one file.
#[derive(Debug, Error, Diagnostic)]
#[error("{path} has {} and was not used", plural(.mistakes.len(), "mistake"))]
pub struct SettingsError {
    /// The file.
    pub path: String,
    /// Its text, made safe to print.
    #[source_code]
    pub source_code: NamedSource<String>,
    /// The mistakes, in the order of the file.
    #[related]
    pub mistakes: Vec<Mistake>,
}

impl SettingsError {
    /// Gathers mistakes of the file at `path`.
    pub(super) fn new(path: &str, text: &str, mut mistakes: Vec<Mistake>) -> Self {
        mistakes.sort_by_key(|mistake| (mistake.at.offset(), mistake.at.len()));
        mistakes.dedup();
        let path = safe_line(path).into_owned();
        let source_code = NamedSource::new(&path, safe_terminal(text).into_owned());
        Self { path, source_code, mistakes }
    }
}

impl Mistake {
    /// A mistake at `at` in `text`. The place is kept inside the text: what draws it cannot point at
    /// its end.
    pub(super) fn new(text: &str, at: Range<usize>, message: &str, help: Option<String>) -> Self {
        let last = text.trim_end().char_indices().next_back().map_or(0, |(at, _)| at);
        let start = at.start.min(last);
        let end = at.end.clamp(start, text.len());
        let help = help.map(|help| safe_line(&help).into_owned());
        Self { message: safe_line(message).into_owned(), at: (start, end - start).into(), help }
    }
}

/// Globs of one file that are like no file: nothing is wrong with the run, but with what was meant.
#[derive(Debug, Error, Diagnostic)]
#[error("{path} has {} that find nothing", plural(.globs.len(), "glob"))]
#[diagnostic(severity(warning))]
pub struct IdleGlobs {
    /// The file.
    pub path: String,
    /// Its text, made safe to print.
    #[source_code]
    pub source_code: NamedSource<String>,
    /// The globs, in the order of the file.
    #[related]
    pub globs: Vec<Mistake>,
}

impl IdleGlobs {
    pub(super) fn new(path: &str, text: &str, globs: Vec<Mistake>) -> Self {
        let SettingsError { path, source_code, mistakes } = SettingsError::new(path, text, globs);
        Self { path, source_code, globs: mistakes }
    }
}
