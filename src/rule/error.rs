//! What can be wrong with a page, said at its line: pages are read by people who write them for the
//! first time, so every error names what was expected and the nearest valid name.
//!
//! In: a fault and where it is. Out: [`PageError`], which can be drawn over the page's text.

use crate::text::{LineIndex, Span, nearest};
use miette::{Diagnostic, NamedSource, SourceSpan};
use std::sync::Arc;

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The file's name cannot be a rule's id.
    #[error("`{0}` is no rule id: a page is named in lower case with hyphens, such as `unpinned-token.md`")]
    Id(String),
    /// A part that every page has is not there.
    #[error("the page has no {0}")]
    Missing(&'static str),
    /// A part is there twice.
    #[error("the page already has {0}")]
    Twice(&'static str),
    /// A heading that pages do not have.
    #[error(
        "`{0}` is no heading of a page; those are Why, Bad, Good and Limits, with `###` examples under Bad and Good"
    )]
    Heading(String),
    /// Text where only the summary stands.
    #[error("there is one paragraph before `## Why`, the summary; further text goes under Why or Limits")]
    ExtraText,
    /// A fence that means nothing where it is.
    #[error("this fence is `{0}`; expected {1}")]
    Fence(String, &'static str),
    /// A path that does not stay inside the repository.
    #[error("`{0}` is no path inside a repository")]
    Path(String),
    /// A line of a diff that has no marker.
    #[error("a line of a diff begins with `+`, `-` or a space; line {0} of this one does not")]
    DiffLine(u32),
    /// An expectation on a removed line.
    #[error("`//~` stands on a line that head does not have (line {0} of this diff)")]
    ExpectedOnBase(u32),
    /// An example that changes nothing.
    #[error("the example `{0}` changes nothing: it needs a `diff` fence with an added or a removed line")]
    EmptyDiff(String),
    /// A bad example that expects nothing.
    #[error("the bad example `{0}` expects no finding: mark the line with `//~ text of the message`")]
    NothingExpected(String),
    /// A good example that expects a finding.
    #[error("the good example `{0}` expects a finding: move it under Bad")]
    FindingExpected(String),
    /// Not TOML.
    #[error("this is not TOML: {0}")]
    Toml(String),
    /// A value of the wrong type.
    #[error("{what} is {expected}, not {found}")]
    Type {
        /// What has the value.
        what: String,
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A name that is not known.
    #[error("there is no {what} `{name}`")]
    Unknown {
        /// What kind of name.
        what: String,
        /// The name.
        name: String,
        /// The nearest valid one, or all of them.
        instead: Option<String>,
    },
    /// A key that must be there.
    #[error("{what} needs `{key}`")]
    Required {
        /// What lacks it.
        what: String,
        /// The key.
        key: String,
    },
    /// A value that a parameter does not take.
    #[error("`{value}` is not allowed here: {expected}")]
    Value {
        /// The value.
        value: String,
        /// What is.
        expected: String,
    },
    /// A condition that is not one word.
    #[error("a condition is a table with exactly one word, such as `{{ calls = \"api\" }}`; this one has {0}")]
    OneWord(usize),
    /// A word that does not speak of this kind of site.
    #[error("`{word}` does not speak of a {site}; it speaks of: {sites}")]
    Site {
        /// The word.
        word: String,
        /// The kind of site.
        site: &'static str,
        /// Those it speaks of.
        sites: String,
    },
    /// A word without what it builds on.
    #[error("`{word}` needs {need}, and no word before it gives one{givers}")]
    Need {
        /// The word.
        word: String,
        /// The binding.
        need: &'static str,
        /// Words that would give it.
        givers: String,
    },
    /// A relation in a relation in a relation.
    #[error("`{0}` is nested too deep: a relation may hold relations, but those hold none")]
    TooDeep(String),
    /// A text in a message that nothing gives.
    #[error("`{{{name}}}` is given by nothing: `{prefix}` is no word of this sentence")]
    Capture {
        /// The whole name.
        name: String,
        /// The part that is no word.
        prefix: String,
        /// The nearest word of the sentence.
        instead: Option<String>,
    },
    /// Braces that do not match.
    #[error("a `{{` in this text is never closed")]
    Brace,
    /// A knob that nothing uses.
    #[error("the knob `{0}` is used nowhere in this page")]
    UnusedKnob(String),
    /// Knobs that multiply beyond reason.
    #[error("the knobs in `{value}` stand for {count} values; at most {most} are allowed")]
    TooManyValues {
        /// The value as written.
        value: String,
        /// How many it would be.
        count: usize,
        /// How many may be.
        most: usize,
    },
}

impl Fault {
    fn label(&self) -> &'static str {
        match self {
            Self::Missing(_) => "in this page",
            Self::Twice(_) => "the second one",
            Self::Unknown { .. } => "not known",
            Self::Required { .. } => "incomplete",
            Self::Need { .. } => "needs an earlier word",
            _ => "here",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Unknown { instead, .. } | Self::Capture { instead, .. } => instead.clone(),
            Self::UnusedKnob(name) => Some(format!("write `${name}` in a condition, or remove it")),
            _ => None,
        }
    }
}

/// Something wrong with a page.
#[derive(Debug, Clone, thiserror::Error, Diagnostic)]
#[error("{path}:{line}: {fault}")]
pub struct PageError {
    /// The page's path.
    pub path: String,
    /// The line, from 1.
    pub line: u32,
    /// What is wrong.
    pub fault: Fault,
    #[source_code]
    source_code: NamedSource<Arc<str>>,
    #[label("{label}")]
    at: SourceSpan,
    label: &'static str,
    #[help]
    help: Option<String>,
}

impl PageError {
    /// The bytes of the page that it is about.
    pub fn span(&self) -> Span {
        Span::new(self.at.offset() as u32, (self.at.offset() + self.at.len()) as u32)
    }
}

/// Collects what is wrong with one page.
#[derive(Debug)]
pub struct Faults {
    path: String,
    text: Arc<str>,
    lines: LineIndex,
    errors: Vec<PageError>,
}

impl Faults {
    /// For the page at `path`.
    pub fn new(path: &str, text: &Arc<str>) -> Self {
        Self { path: path.to_owned(), text: Arc::clone(text), lines: LineIndex::new(text), errors: Vec::new() }
    }

    /// The line (from 1) of a byte of the page.
    pub fn line(&self, offset: u32) -> u32 {
        self.lines.line(offset)
    }

    /// Adds a fault at these bytes of the page; bytes past its end are clamped.
    pub fn push(&mut self, at: Span, fault: Fault) {
        let most = self.text.len();
        let start = (at.start as usize).min(most);
        let end = (at.end as usize).clamp(start, most);
        self.errors.push(PageError {
            path: self.path.clone(),
            line: self.lines.line(start as u32),
            source_code: NamedSource::new(&self.path, Arc::clone(&self.text)).with_language("Markdown"),
            at: (start, end - start).into(),
            label: fault.label(),
            help: fault.help(),
            fault,
        });
    }

    /// Whether anything was wrong.
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// What was wrong, in the order of the page.
    pub fn into_errors(mut self) -> Vec<PageError> {
        self.errors.sort_by_key(|error| (error.at.offset(), error.at.len()));
        self.errors
    }
}

/// The help for an unknown name: the nearest one, or all of them.
pub fn instead<'a>(name: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> Option<String> {
    if let Some(near) = nearest(name, known.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let mut all: Vec<_> = known.into_iter().map(|name| format!("`{name}`")).collect();
    all.sort();
    (!all.is_empty()).then(|| format!("known are {}", all.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered_or_all() {
        assert_eq!(instead("escape-to", ["escapes-to", "calls"]).as_deref(), Some("did you mean `escapes-to`?"));
        assert_eq!(instead("banana", ["one", "calls"]).as_deref(), Some("known are `calls`, `one`"));
        assert_eq!(instead("banana", []), None);
    }

    #[test]
    fn a_place_past_the_end_is_clamped() {
        let text: Arc<str> = "abc".into();
        let mut faults = Faults::new("a.md", &text);
        faults.push(Span::new(10, 20), Fault::Brace);
        let errors = faults.into_errors();
        assert_eq!(errors[0].span(), Span::new(3, 3));
        assert_eq!(errors[0].to_string(), "a.md:1: a `{` in this text is never closed");
    }
}
