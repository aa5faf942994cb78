//! What a person reads: every finding with its source, its route, and what to do.
//!
//! In: a report. Out: text of a fixed width. The only place of miette's renderer, which draws the
//! excerpts; all words around them are written here, so that they also stand without it.

use super::{RenderOptions, severity, shown, summary};
use crate::finding::{Confidence, Judged, Place, Role, Severity};
use crate::source::Source;
use crate::text::safe::{safe_line, safe_terminal};
use crate::verdict::Report;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Longest line of source that is drawn, in bytes: longer ones are generated, and would fill the screen.
const LINE: usize = 400;
/// Characters of a source line beside a step of a route.
const STEP: usize = 90;
/// Lines that an excerpt's label may span before it is cut to its first.
const LABEL_LINES: u32 = 6;

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    let mut out = String::new();
    let mut texts = Texts { report, safe: BTreeMap::new() };
    for judged in shown(report, options) {
        finding(&mut out, &mut texts, judged, options);
        out.push('\n');
    }
    for line in summary::lines(report, options.quiet) {
        // Writing to a String cannot fail.
        let _ = writeln!(out, "{line}");
    }
    out
}

/// The texts of a report, made safe once each.
struct Texts<'a> {
    report: &'a Report,
    safe: BTreeMap<&'a str, String>,
}

impl<'a> Texts<'a> {
    fn safe(&mut self, path: &'a str) -> Option<(&'a Source, &str)> {
        let source = self.report.sources.get(path)?;
        let safe = self.safe.entry(path).or_insert_with(|| safe_terminal(&source.text).into_owned());
        Some((source, safe))
    }
}

fn finding<'a>(out: &mut String, texts: &mut Texts<'a>, judged: &'a Judged, options: &RenderOptions) {
    let finding = &judged.finding;
    let level = format!("{}[{}]", severity(finding.severity), safe_line(&finding.rule));
    let heading = format!("{}: {}", level, safe_line(&finding.message));
    let heading = wrap(&heading, "", "  ", options.width);
    // The level alone is coloured: it has no spaces, so wrapping leaves it whole.
    out.push_str(&heading.replacen(&level, &paint(&level, finding.severity, options.color), 1));
    let mut files: Vec<(&str, Vec<Mark>)> = vec![(&finding.place.path, vec![Mark::primary(&finding.place)])];
    for label in &finding.labels {
        let mark = Mark { place: &label.place, text: label_text(label.role, &label.text), primary: false };
        match files.iter_mut().find(|(path, _)| *path == label.place.path) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((&label.place.path, vec![mark])),
        }
    }
    for (path, marks) in files {
        excerpt(out, texts, path, &marks, options);
    }
    route(out, texts, judged, options);
    if !finding.help.is_empty() {
        out.push_str(&wrap(&safe_line(&finding.help), "  help: ", "        ", options.width));
    }
    if !finding.fix.is_empty() {
        out.push_str("  fix: `--diff` prints one, `--fix` makes it\n");
    }
    // Writing to a String cannot fail.
    if finding.confidence != Confidence::High {
        let _ = writeln!(out, "  confidence: {}", summary::confidence(finding.confidence));
    }
    if let Some(remark) = super::remark(judged) {
        let _ = writeln!(out, "  {remark}");
    }
}

fn label_text(role: Role, text: &str) -> String {
    let text = safe_line(text).into_owned();
    match (role, text.is_empty()) {
        (_, false) => text,
        (Role::Cause, true) => "the cause".to_owned(),
        (Role::Entry, true) => "this handler as well".to_owned(),
        (Role::Context, true) => String::new(),
    }
}

/// The steps that the failure takes, each with its line of source.
fn route<'a>(out: &mut String, texts: &mut Texts<'a>, judged: &'a Judged, options: &RenderOptions) {
    let steps = &judged.finding.trace;
    if steps.is_empty() {
        return;
    }
    out.push_str("  route:\n");
    for (at, step) in steps.iter().enumerate() {
        let (start, _) = texts.report.positions(&step.place);
        let number = at + 1;
        let text = format!("{}:{} {}", safe_line(&step.place.path), start.line, safe_line(&step.text));
        out.push_str(&wrap(&text, &format!("  {number:>3}. "), "       ", options.width));
        let Some((source, safe)) = texts.safe(&step.place.path) else { continue };
        let line = line_of(source, safe, start.line).trim();
        if !line.is_empty() {
            let cut: String = line.chars().take(STEP).collect();
            let more = if cut.len() < line.len() { " .." } else { "" };
            // Writing to a String cannot fail.
            let _ = writeln!(out, "         {}{more}", cut.replace('\t', " "));
        }
    }
}

/// The text of a line (from 1) without its end.
fn line_of<'t>(source: &Source, safe: &'t str, line: u32) -> &'t str {
    let start = source.lines.start(line) as usize;
    safe.get(start..).and_then(|rest| rest.lines().next()).unwrap_or("")
}

/// A place to underline.
struct Mark<'a> {
    place: &'a Place,
    text: String,
    #[cfg_attr(not(feature = "cli"), expect(dead_code, reason = "only drawing tells it apart"))]
    primary: bool,
}

impl<'a> Mark<'a> {
    fn primary(place: &'a Place) -> Self {
        Self { place, text: String::new(), primary: true }
    }

    /// Its bytes: inside the text, on few lines, never at the very end, where nothing is drawn.
    fn bytes(&self, source: &Source, safe: &str) -> (usize, usize) {
        let last = safe.trim_end_matches(['\n', '\r']).char_indices().next_back().map_or(0, |(at, _)| at);
        let floor = |mut at: usize| {
            while !safe.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let start = floor((self.place.span.start as usize).min(last));
        let mut end = floor((self.place.span.end as usize).clamp(start, safe.len()));
        let (first_line, last_line) = (source.lines.line(start as u32), source.lines.line(end as u32));
        if last_line - first_line >= LABEL_LINES || end >= safe.len() {
            let line_end = start + safe[start..].lines().next().map_or(0, str::len);
            end = end.min(line_end);
        }
        (start, end)
    }
}

/// Draws the marks of one file.
fn excerpt<'a>(out: &mut String, texts: &mut Texts<'a>, path: &'a str, marks: &[Mark], options: &RenderOptions) {
    let position = marks.first().map(|mark| texts.report.positions(mark.place).0);
    let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
    let drawn = texts.safe(path).filter(|(_, safe)| !safe.trim().is_empty()).and_then(|(source, safe)| {
        let spans: Vec<_> = marks.iter().map(|mark| (mark.bytes(source, safe), mark)).collect();
        let is_short = |(start, end): (usize, usize)| {
            let (first, last) = (source.lines.line(start as u32), source.lines.line(end as u32));
            (first.saturating_sub(1).max(1)..=last + 1).all(|line| line_of(source, safe, line).len() <= LINE)
        };
        spans.iter().all(|(span, _)| is_short(*span)).then(|| draw(safe, path, &spans, options)).flatten()
    });
    if let Some(text) = drawn {
        out.push_str(&text);
        return;
    }
    // Writing to a String cannot fail.
    let _ = writeln!(out, "   at {}:{line}:{column}", safe_line(path));
    for mark in marks.iter().filter(|mark| !mark.text.is_empty()) {
        let (at, _) = texts.report.positions(mark.place);
        let _ = writeln!(out, "   at {}:{}:{} {}", safe_line(path), at.line, at.column, mark.text);
    }
}

#[cfg(not(feature = "cli"))]
fn draw(_: &str, _: &str, _: &[((usize, usize), &Mark)], _: &RenderOptions) -> Option<String> {
    None
}

#[cfg(feature = "cli")]
use drawing::draw;

/// An error with the places that it points at. Its texts must be safe to print already.
pub(super) fn error(error: &dyn miette::Diagnostic, options: &RenderOptions) -> String {
    #[cfg(feature = "cli")]
    if let Some(text) = drawing::error(error, options) {
        return text;
    }
    let mut out = wrap(&error.to_string(), "", "  ", options.width);
    for related in error.related().into_iter().flatten() {
        out.push_str(&wrap(&related.to_string(), "  ", "  ", options.width));
    }
    if let Some(help) = error.help() {
        out.push_str(&wrap(&help.to_string(), "  help: ", "        ", options.width));
    }
    out
}

#[cfg(feature = "cli")]
mod drawing {
    //! The excerpt itself.

    use super::{Mark, RenderOptions, safe_line};
    use miette::{
        Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode,
        SourceSpan, SpanContents,
    };
    use std::fmt;

    /// An excerpt as miette wants it: without words of its own.
    #[derive(Debug)]
    struct Excerpt<'a> {
        text: Text<'a>,
        labels: Vec<LabeledSpan>,
    }

    /// A file's text whose columns count UTF-16 units, as in every other output; miette counts bytes.
    #[derive(Debug)]
    struct Text<'a> {
        name: String,
        text: &'a str,
    }

    impl fmt::Display for Excerpt<'_> {
        fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
            Ok(())
        }
    }

    impl std::error::Error for Excerpt<'_> {}

    impl Diagnostic for Excerpt<'_> {
        fn source_code(&self) -> Option<&dyn SourceCode> {
            Some(&self.text)
        }

        fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
            Some(Box::new(self.labels.iter().cloned()))
        }
    }

    impl SourceCode for Text<'_> {
        fn read_span<'a>(
            &'a self,
            span: &SourceSpan,
            before: usize,
            after: usize,
        ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
            let read = self.text.read_span(span, before, after)?;
            let start = self.text.get(..span.offset()).unwrap_or("");
            let line = start.rfind('\n').map_or(0, |at| at + 1);
            let column = if before == 0 { start[line..].encode_utf16().count() } else { read.column() };
            Ok(Box::new(MietteSpanContents::new_named(
                self.name.clone(),
                read.data(),
                *read.span(),
                read.line(),
                column,
                read.line_count(),
            )))
        }
    }

    fn handler(options: &RenderOptions) -> GraphicalReportHandler {
        let theme = if options.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
        GraphicalReportHandler::new_themed(theme).with_width(options.width).with_links(false)
    }

    /// Draws an error and what belongs to it; `None` where miette cannot.
    pub(super) fn error(error: &dyn Diagnostic, options: &RenderOptions) -> Option<String> {
        let mut drawn = String::new();
        handler(options).render_report(&mut drawn, error).ok()?;
        Some(drawn)
    }

    /// Draws `spans` of `safe`; `None` where miette cannot.
    pub(super) fn draw(
        safe: &str,
        path: &str,
        spans: &[((usize, usize), &Mark)],
        options: &RenderOptions,
    ) -> Option<String> {
        let label = |((start, end), mark): &((usize, usize), &Mark)| {
            let text = (!mark.text.is_empty()).then(|| mark.text.clone());
            let span = (*start, end - start);
            if mark.primary {
                LabeledSpan::new_primary_with_span(text, span)
            } else {
                LabeledSpan::new_with_span(text, span)
            }
        };
        let text = Text { name: safe_line(path).into_owned(), text: safe };
        let excerpt = Excerpt { text, labels: spans.iter().map(label).collect() };
        let mut drawn = String::new();
        handler(options).render_report(&mut drawn, &excerpt).ok()?;
        // The first line is the empty message.
        drawn.split_once('\n').map(|(_, rest)| rest.to_owned())
    }
}

/// Breaks `text` at spaces so that lines stay within `width` columns where they can.
fn wrap(text: &str, first: &str, rest: &str, width: usize) -> String {
    let mut out = first.to_owned();
    let mut used = first.chars().count();
    let mut fresh = true;
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let length = word.chars().count();
        if !fresh && used + 1 + length > width {
            out.push('\n');
            out.push_str(rest);
            used = rest.chars().count();
            fresh = true;
        }
        if !fresh {
            out.push(' ');
            used += 1;
        }
        out.push_str(word);
        used += length;
        fresh = false;
    }
    out.push('\n');
    out
}

/// Colours a level.
fn paint(text: &str, severity: Severity, color: bool) -> String {
    let code = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
        Severity::Note => 36,
    };
    if color { format!("\u{1b}[1;{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}
