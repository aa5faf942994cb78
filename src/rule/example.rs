//! Examples: the two sides of a small change, written as fences of a page.
//!
//! In: the fences under one `###`. Out: [`Example`] with files for both sides and the findings that
//! are expected. Expectations (`//~ text`) are taken out of the code, so that no line moves.

use super::error::{Fault, Faults};
use crate::change::RepoPath;
use crate::text::Span;
use std::collections::BTreeMap;

/// A finding that an example expects.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// The file.
    pub path: RepoPath,
    /// The line on head, from 1.
    pub line: u32,
    /// What the message contains.
    pub text: String,
    /// The line of the page, from 1.
    pub page_line: u32,
}

/// One example of a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Example {
    /// Its heading; the section's name where it has none.
    pub title: String,
    /// The line of its heading, from 1.
    pub line: u32,
    /// The files before the change.
    pub base: BTreeMap<RepoPath, String>,
    /// The files after it.
    pub head: BTreeMap<RepoPath, String>,
    /// The settings that it sets, as TOML.
    pub settings: Option<String>,
    /// The findings that it expects, sorted by place.
    pub expected: Vec<Expected>,
}

/// A fence of a page: its words and its text.
#[derive(Debug, Clone)]
pub(super) struct Fence {
    /// The words after the backticks.
    pub info: String,
    /// All of it.
    pub at: Span,
    /// What is between the backticks.
    pub text_at: Span,
}

impl Example {
    pub(super) fn new(title: String, line: u32) -> Self {
        Self { title, line, ..Self::default() }
    }

    /// Whether the change is one.
    pub fn changes(&self) -> bool {
        self.base != self.head
    }

    /// Adds a fence of the page `text`.
    pub(super) fn add(&mut self, fence: &Fence, text: &str, faults: &mut Faults) {
        let body = fence.text_at.of(text);
        let first_line = faults.line(fence.text_at.start);
        let mut words = fence.info.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("toml"), None, None) => {
                if self.settings.replace(body.to_owned()).is_some() {
                    faults.push(fence.at, Fault::Twice("settings for this example"));
                }
            }
            (Some(language), Some(path), None) => {
                if !inside(path) {
                    faults.push(fence.at, Fault::Path(path.to_owned()));
                } else if self.base.contains_key(path) || self.head.contains_key(path) {
                    faults.push(fence.at, Fault::Twice("a file with this path in this example"));
                } else if language == "diff" {
                    self.add_diff(path, body, first_line, fence, faults);
                } else {
                    self.add_unchanged(path, body, first_line);
                }
            }
            _ => faults.push(
                fence.at,
                Fault::Fence(fence.info.clone(), "`diff PATH`, a language with a path, or `toml` for settings"),
            ),
        }
    }

    fn add_unchanged(&mut self, path: &str, body: &str, first_line: u32) {
        let mut code = String::with_capacity(body.len());
        for (at, line) in (0..).zip(body.lines()) {
            self.add_line(path, line, at + 1, first_line + at, &mut code);
        }
        self.base.insert(path.to_owned(), code.clone());
        self.head.insert(path.to_owned(), code);
    }

    fn add_diff(&mut self, path: &str, body: &str, first_line: u32, fence: &Fence, faults: &mut Faults) {
        let (mut base, mut head) = (String::new(), String::new());
        let mut head_line = 0;
        for (at, line) in (0..).zip(body.lines()) {
            let rest = line.get(1..).unwrap_or_default();
            match line.as_bytes().first() {
                Some(b'-') => {
                    if rest.contains("//~") {
                        faults.push(fence.at, Fault::ExpectedOnBase(at + 1));
                    }
                    base.push_str(rest);
                    base.push('\n');
                }
                Some(b'+') => {
                    head_line += 1;
                    self.add_line(path, rest, head_line, first_line + at, &mut head);
                }
                Some(b' ') | None => {
                    head_line += 1;
                    let start = head.len();
                    self.add_line(path, rest, head_line, first_line + at, &mut head);
                    base.push_str(&head[start..]);
                }
                Some(_) => faults.push(fence.at, Fault::DiffLine(at + 1)),
            }
        }
        // Blank lines stand on both sides, so a file is absent where it has nothing else.
        if !base.trim().is_empty() {
            self.base.insert(path.to_owned(), base);
        }
        if !head.trim().is_empty() {
            self.head.insert(path.to_owned(), head);
        }
    }

    fn add_line(&mut self, path: &str, line: &str, at: u32, page_line: u32, code: &mut String) {
        let mut parts = line.split("//~");
        let kept = parts.next().unwrap_or_default();
        let before = self.expected.len();
        for text in parts {
            let text = text.trim().to_owned();
            self.expected.push(Expected { path: path.to_owned(), line: at, text, page_line });
        }
        code.push_str(if self.expected.len() > before { kept.trim_end() } else { kept });
        code.push('\n');
    }
}

/// Whether a path stays inside the repository.
fn inside(path: &str) -> bool {
    !path.contains(['\\', ':']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn read(info: &str, body: &str) -> (Example, Vec<String>) {
        let text: Arc<str> = body.into();
        let mut faults = Faults::new("a.md", &text);
        let span = Span::new(0, body.len() as u32);
        let mut example = Example::new("one".into(), 1);
        example.add(&Fence { info: info.into(), at: span, text_at: span }, &text, &mut faults);
        (example, faults.into_errors().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_diff_gives_both_sides_and_keeps_lines() {
        let (example, errors) = read("diff a.ts", " one()\n-two()\n+three() //~ it fails //~ twice\n\n four()\n");
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(example.base["a.ts"], "one()\ntwo()\n\nfour()\n");
        assert_eq!(example.head["a.ts"], "one()\nthree()\n\nfour()\n");
        let found: Vec<_> = example.expected.iter().map(|e| (e.line, e.text.as_str(), e.page_line)).collect();
        assert_eq!(found, [(2, "it fails", 3), (2, "twice", 3)]);
    }

    #[test]
    fn a_file_of_added_lines_is_not_on_base() {
        let (example, _) = read("diff a.ts", "+one()\n\n+two()\n");
        assert!(example.base.is_empty());
        assert_eq!(example.head["a.ts"], "one()\n\ntwo()\n");
    }

    #[test]
    fn faults_are_named() {
        assert_eq!(read("diff ../a.ts", "+a").1, ["a.md:1: `../a.ts` is no path inside a repository"]);
        assert_eq!(
            read("diff a.ts", "+a\nb").1,
            ["a.md:1: a line of a diff begins with `+`, `-` or a space; line 2 of this one does not"]
        );
        assert_eq!(
            read("diff a.ts", "-a //~ x").1,
            ["a.md:1: `//~` stands on a line that head does not have (line 1 of this diff)"]
        );
        assert_eq!(
            read("ts", "a").1,
            ["a.md:1: this fence is `ts`; expected `diff PATH`, a language with a path, or `toml` for settings"]
        );
    }
}
