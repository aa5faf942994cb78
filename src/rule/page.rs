//! Pages: a rule with its reasons and its examples in one Markdown file.
//!
//! In: Markdown. Out: [`Page`], or everything that is wrong with it, each at its line. The sentences
//! in it are read by `sentence`.

use super::error::{Fault, Faults, PageError};
use super::example::{Example, Fence};
use crate::change::file_name;
use crate::text::Span;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Parser, Tag, TagEnd};
use std::sync::Arc;

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// The rule's id: the file's name without its ending.
    pub id: String,
    /// Where the page is, as errors name it.
    pub path: String,
    /// All of it.
    pub text: Arc<str>,
    /// Its title.
    pub title: String,
    /// Its first paragraph.
    pub summary: String,
    /// Its sentences: the bytes between the backticks of each `toml rule` fence.
    pub sentences: Vec<Span>,
    /// Why the rule is there, as Markdown; may be empty.
    pub why: String,
    /// What the rule does not see, as Markdown; may be empty.
    pub limits: String,
    /// Examples with findings.
    pub bad: Vec<Example>,
    /// Examples without.
    pub good: Vec<Example>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Section {
    Start,
    Why,
    Bad,
    Good,
    Limits,
}

impl Section {
    const NAMED: [(&'static str, Self, &'static str); 4] = [
        ("Why", Self::Why, "a section `Why`"),
        ("Bad", Self::Bad, "a section `Bad`"),
        ("Good", Self::Good, "a section `Good`"),
        ("Limits", Self::Limits, "a section `Limits`"),
    ];
}

/// Reads a page. `path` names it in errors; its last part gives the id.
pub fn parse(path: &str, text: &str) -> Result<Page, Vec<PageError>> {
    let text: Arc<str> = text.into();
    let mut reader = Reader::new(path, &text);
    let mut block: Option<(Block, Span)> = None;
    for (event, range) in Parser::new(&text).into_offset_iter() {
        let at = Span::new(range.start as u32, range.end as u32);
        match (event, &mut block) {
            (Event::Start(Tag::Heading { level, .. }), None) => block = Some((Block::Heading(level), inner(at))),
            (Event::Start(Tag::Paragraph), None) => block = Some((Block::Paragraph, inner(at))),
            (Event::Start(Tag::CodeBlock(kind)), None) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => Some(info.trim().to_owned()),
                    CodeBlockKind::Indented => None,
                };
                block = Some((Block::Code(info), inner(at)));
            }
            (Event::Text(_) | Event::Code(_) | Event::SoftBreak, Some((_, seen))) => {
                seen.start = seen.start.min(at.start);
                seen.end = seen.end.max(at.end);
            }
            (Event::End(TagEnd::Heading(_) | TagEnd::Paragraph | TagEnd::CodeBlock), Some(_)) => {
                if let Some((kind, seen)) = block.take() {
                    reader.block(kind, at, if seen.start > seen.end { Span::new(at.start, at.start) } else { seen });
                }
            }
            _ => {}
        }
    }
    reader.finish()
}

/// Nothing yet of what stands inside a block.
fn inner(at: Span) -> Span {
    Span::new(at.end, at.start)
}

enum Block {
    Heading(HeadingLevel),
    Paragraph,
    Code(Option<String>),
}

struct Reader {
    page: Page,
    faults: Faults,
    section: Section,
    seen: Vec<Section>,
    /// Where the text of the section began.
    section_start: u32,
    /// Whether the heading of a section stands above, so that a `###` opens an example.
    example: Option<(Example, Span)>,
}

impl Reader {
    fn new(path: &str, text: &Arc<str>) -> Self {
        let name = file_name(path);
        let id = name.strip_suffix(".md").unwrap_or(name).to_owned();
        let mut faults = Faults::new(path, text);
        if !is_kebab(&id) {
            faults.push(Span::default(), Fault::Id(name.to_owned()));
        }
        let page = Page {
            id,
            path: path.to_owned(),
            text: Arc::clone(text),
            title: String::new(),
            summary: String::new(),
            sentences: Vec::new(),
            why: String::new(),
            limits: String::new(),
            bad: Vec::new(),
            good: Vec::new(),
        };
        Self { page, faults, section: Section::Start, seen: Vec::new(), section_start: 0, example: None }
    }

    fn block(&mut self, kind: Block, at: Span, inner: Span) {
        match kind {
            Block::Heading(level) => self.heading(level, at, inner),
            Block::Paragraph => self.paragraph(at),
            Block::Code(info) => self.fence(Fence { info: info.unwrap_or_default(), at, text_at: inner }),
        }
    }

    fn heading(&mut self, level: HeadingLevel, at: Span, inner: Span) {
        let title = inner.of(&self.page.text).trim().to_owned();
        match level {
            HeadingLevel::H1 if self.section == Section::Start => {
                if self.page.title.is_empty() {
                    self.page.title = title;
                } else {
                    self.faults.push(at, Fault::Twice("a title"));
                }
            }
            HeadingLevel::H2 => self.open_section(&title, at),
            HeadingLevel::H3 if matches!(self.section, Section::Bad | Section::Good) => {
                self.close_example();
                let line = self.faults.line(at.start);
                self.example = Some((Example::new(title, line), at));
            }
            _ => self.faults.push(at, Fault::Heading(title)),
        }
    }

    fn open_section(&mut self, title: &str, at: Span) {
        self.close_section(at.start);
        self.section_start = at.end;
        let Some((_, section, name)) = Section::NAMED.into_iter().find(|(known, ..)| *known == title) else {
            self.faults.push(at, Fault::Heading(title.to_owned()));
            // What follows belongs to nothing; it is not judged again.
            self.section = Section::Limits;
            return;
        };
        if self.seen.contains(&section) {
            self.faults.push(at, Fault::Twice(name));
        }
        self.seen.push(section);
        self.section = section;
    }

    fn close_section(&mut self, end: u32) {
        self.close_example();
        let body = Span::new(self.section_start, end).of(&self.page.text).trim().to_owned();
        match self.section {
            Section::Why if self.page.why.is_empty() => self.page.why = body,
            Section::Limits if self.page.limits.is_empty() => self.page.limits = body,
            _ => {}
        }
    }

    fn close_example(&mut self) {
        let Some((mut example, at)) = self.example.take() else { return };
        example.expected.sort();
        if !example.changes() {
            self.faults.push(at, Fault::EmptyDiff(example.title.clone()));
        }
        let is_bad = self.section == Section::Bad;
        let title = example.title.clone();
        match (is_bad, example.expected.is_empty()) {
            (true, true) => self.faults.push(at, Fault::NothingExpected(title)),
            (false, false) => self.faults.push(at, Fault::FindingExpected(title)),
            _ => {}
        }
        let section = if is_bad { &mut self.page.bad } else { &mut self.page.good };
        section.push(example);
    }

    fn paragraph(&mut self, at: Span) {
        if self.section != Section::Start {
            return;
        }
        if self.page.summary.is_empty() {
            let words: Vec<_> = at.of(&self.page.text).split_whitespace().collect();
            self.page.summary = words.join(" ");
        } else {
            self.faults.push(at, Fault::ExtraText);
        }
    }

    fn fence(&mut self, fence: Fence) {
        let is_rule = fence.info.split_whitespace().eq(["toml", "rule"]);
        match self.section {
            Section::Start if is_rule => self.page.sentences.push(fence.text_at),
            Section::Start => {
                self.faults.push(fence.at, Fault::Fence(fence.info, "`toml rule` before the first `##`"));
            }
            _ if is_rule => {
                self.faults.push(fence.at, Fault::Fence(fence.info, "all sentences before the first `##`"));
            }
            Section::Bad | Section::Good => {
                let line = self.faults.line(fence.at.start);
                let title = if self.section == Section::Bad { "Bad" } else { "Good" };
                let new = || (Example::new(title.to_owned(), line), fence.at);
                let (example, _) = self.example.get_or_insert_with(new);
                example.add(&fence, &self.page.text, &mut self.faults);
            }
            Section::Why | Section::Limits => {}
        }
    }

    fn finish(mut self) -> Result<Page, Vec<PageError>> {
        self.close_section(self.page.text.len() as u32);
        let missing = [
            (self.page.title.is_empty(), "title (`# Title`)"),
            (self.page.summary.is_empty(), "summary (a paragraph under the title)"),
            (self.page.sentences.is_empty(), "sentence (a `toml rule` fence before the first `##`)"),
            (self.page.bad.is_empty(), "example under `## Bad`"),
            (self.page.good.is_empty(), "example under `## Good`"),
        ];
        for (is_missing, what) in missing {
            if is_missing {
                self.faults.push(Span::default(), Fault::Missing(what));
            }
        }
        if self.faults.is_empty() { Ok(self.page) } else { Err(self.faults.into_errors()) }
    }
}

fn is_kebab(id: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    id.split('-').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "# Call to `api`\n\nIt fails,\nsadly.\n\n```toml rule\nflags = \"call\"\n```\n\n## Why\n\nBecause `it` does.\n\n```ts\nany code\n```\n\n## Bad\n\n### Bare\n\nSome words.\n\n```diff src/a.ts\n+a() //~ fails\n```\n\n```ts src/b.ts\nb()\n```\n\n```toml\nfail-on = \"note\"\n```\n\n### Another\n\n```diff src/a.ts\n-b()\n+a() //~ fails\n```\n\n## Good\n\n```diff src/a.ts\n+b()\n```\n\n## Limits\n\nMany.\n";

    fn errors(text: &str) -> Vec<String> {
        parse("rules/a-b.md", text).err().unwrap_or_default().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_page_is_read() {
        let page = parse("rules/call-api.md", PAGE).unwrap();
        assert_eq!((page.id.as_str(), page.title.as_str()), ("call-api", "Call to `api`"));
        assert_eq!(page.summary, "It fails, sadly.");
        assert_eq!(page.sentences.iter().map(|at| at.of(PAGE)).collect::<Vec<_>>(), ["flags = \"call\"\n"]);
        assert_eq!((page.why.starts_with("Because"), page.limits.as_str()), (true, "Many."));
        assert_eq!(page.bad.len(), 2);
        assert_eq!(page.bad[0].title, "Bare");
        assert_eq!(page.bad[0].settings.as_deref(), Some("fail-on = \"note\"\n"));
        assert_eq!(page.bad[0].base.keys().collect::<Vec<_>>(), ["src/b.ts"]);
        assert_eq!(page.bad[0].expected[0].page_line, 25);
        assert_eq!(page.good[0].title, "Good");
    }

    #[test]
    fn line_endings_of_windows_are_fine() {
        let page = parse("rules/call-api.md", &PAGE.replace('\n', "\r\n")).unwrap();
        assert_eq!(page.bad[1].base["src/a.ts"], "b()\n");
        assert_eq!(page.sentences.len(), 1);
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(
            errors(""),
            [
                "rules/a-b.md:1: the page has no title (`# Title`)",
                "rules/a-b.md:1: the page has no summary (a paragraph under the title)",
                "rules/a-b.md:1: the page has no sentence (a `toml rule` fence before the first `##`)",
                "rules/a-b.md:1: the page has no example under `## Bad`",
                "rules/a-b.md:1: the page has no example under `## Good`",
            ]
        );
        let found = parse("rules/A_b.md", PAGE).unwrap_err();
        assert!(found[0].to_string().contains("`A_b.md` is no rule id"), "{}", found[0]);
    }

    #[test]
    fn faults_stand_at_their_lines() {
        let text = PAGE.replace("## Limits", "## Notes").replace("Some words.", "#### Deep");
        assert_eq!(
            errors(&text),
            [
                "rules/a-b.md:22: `Deep` is no heading of a page; those are Why, Bad, Good and Limits, with `###` examples under Bad and Good",
                "rules/a-b.md:49: `Notes` is no heading of a page; those are Why, Bad, Good and Limits, with `###` examples under Bad and Good",
            ]
        );
        let text = PAGE.replace("-b()\n+a() //~ fails", " a()").replace("+b()", "+b() //~ no");
        assert_eq!(
            errors(&text),
            [
                "rules/a-b.md:36: the example `Another` changes nothing: it needs a `diff` fence with an added or a removed line",
                "rules/a-b.md:36: the bad example `Another` expects no finding: mark the line with `//~ text of the message`",
                "rules/a-b.md:44: the good example `Good` expects a finding: move it under Bad",
            ]
        );
        let text = PAGE.replace("It fails,", "Once.\n\nTwice").replace("```ts\n", "```toml rule\n");
        assert_eq!(
            errors(&text),
            [
                "rules/a-b.md:5: there is one paragraph before `## Why`, the summary; further text goes under Why or Limits",
                "rules/a-b.md:16: this fence is `toml rule`; expected all sentences before the first `##`",
            ]
        );
    }
}
