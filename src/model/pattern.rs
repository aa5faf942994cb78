//! Patterns over dotted names: `@slack/web-api#WebClient.*`, `*.create`, `{get,post}`.
//!
//! In: globs. Out: one matcher for many. `*` stands for any text, also across dots; `{a,b}` for
//! either; everything else for itself.

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

/// Whether a pattern is one. The error says what is wrong with it.
pub(super) fn check(pattern: &str) -> Result<(), globset::Error> {
    glob(pattern, false).map(|_| ())
}

fn glob(pattern: &str, paths: bool) -> Result<Glob, globset::Error> {
    // A bracket is text here: `items[]` is an element, not a set of characters.
    let text = pattern.replace('[', "\\[").replace(']', "\\]");
    GlobBuilder::new(&text).literal_separator(paths).backslash_escape(true).build()
}

/// Many patterns, asked at once.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    set: GlobSet,
}

impl Patterns {
    /// Compiles patterns. The error names the one that is broken.
    pub fn new<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, false)
    }

    /// The same over paths: `*` stays within one part, `**` crosses them.
    pub fn paths<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, globset::Error> {
        Self::build(patterns, true)
    }

    fn build<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>, paths: bool) -> Result<Self, globset::Error> {
        let mut set = GlobSetBuilder::new();
        for pattern in patterns {
            set.add(glob(pattern.as_ref(), paths)?);
        }
        Ok(Self { set: set.build()? })
    }

    /// Whether any pattern is like `text`.
    pub fn matches(&self, text: &str) -> bool {
        !self.set.is_empty() && self.set.is_match(text)
    }

    /// The numbers of the patterns that are like `text`, in the order in which they were given.
    pub fn matching(&self, text: &str) -> Vec<usize> {
        if self.set.is_empty() { Vec::new() } else { self.set.matches(text) }
    }
}
