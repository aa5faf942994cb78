//! Patterns over dotted names: `@slack/web-api#WebClient.*`, `*.create`, `{get,post}`.
//!
//! In: globs. Out: one matcher for many. `*` stands for any text, also across dots; `{a,b}` for
//! either; everything else for itself.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};
use std::sync::OnceLock;

/// Whether a pattern is one. The error says what is wrong with it.
pub(super) fn check(pattern: &str) -> Result<(), globset::Error> {
    glob(pattern, false).map(|_| ())
}

fn glob(pattern: &str, paths: bool) -> Result<Glob, globset::Error> {
    // A bracket is text here: `items[]` is an element, not a set of characters.
    let text = pattern.replace('[', "\\[").replace(']', "\\]");
    GlobBuilder::new(&text).literal_separator(paths).backslash_escape(true).build()
}

/// Bytes of patterns that certainly can be compiled together: the matcher's own bound is megabytes.
const SURE: usize = 64 * 1024;

/// Many patterns, asked at once. They are read at once and compiled when they are first asked.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    globs: Vec<Glob>,
    set: OnceLock<GlobSet>,
}

impl Patterns {
    /// Reads patterns. The error names the one that is broken.
    pub fn new<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, false)
    }

    /// The same over paths: `*` stays within one part, `**` crosses them.
    pub fn paths<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, true)
    }

    fn build<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>, paths: bool) -> Result<Self, globset::Error> {
        let globs = patterns.into_iter().map(|pattern| glob(pattern.as_ref(), paths)).collect::<Result<Vec<_>, _>>()?;
        let set = OnceLock::new();
        if globs.iter().map(|glob| glob.glob().len()).sum::<usize>() > SURE {
            // More than a matcher holds is an error of whoever wrote them, to be told now.
            let _ = set.set(compile(&globs)?);
        }
        Ok(Self { globs, set })
    }

    fn set(&self) -> &GlobSet {
        self.set.get_or_init(|| compile(&self.globs).unwrap_or_default())
    }

    /// Compiles them before they are asked.
    pub fn prepare(&self) {
        self.set();
    }

    /// Whether any pattern is like `text`.
    pub fn matches(&self, text: &str) -> bool {
        !self.globs.is_empty() && self.set().is_match(text)
    }

    /// The numbers of the patterns that are like `text`, in the order in which they were given.
    pub fn matching(&self, text: &str) -> Vec<usize> {
        if self.globs.is_empty() { Vec::new() } else { self.set().matches(text) }
    }
}

fn compile(globs: &[Glob]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    globs.iter().for_each(|glob| _ = set.add(glob.clone()));
    set.build()
}
