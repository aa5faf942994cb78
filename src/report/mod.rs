//! Prints what was judged, in every form from the same run.
//!
//! In: a [`Report`]. Out: text. One file per form, each a function of the report alone: equal reports
//! print equal bytes. All names and code in a report are hostile; see [`crate::text::safe`].

mod concise;
mod github;
mod human;
mod json;
mod markdown;
mod sarif;
mod summary;

use crate::finding::{Judged, Severity, Verdict};
use crate::text::safe;
use crate::verdict::Report;

/// A form of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// For a person, with excerpts of the source.
    Full,
    /// For a person, one line per finding.
    Concise,
    /// For programs.
    Json,
    /// For code scanning.
    Sarif,
    /// Annotations of a GitHub Actions step.
    Github,
    /// The summary of a GitHub Actions step.
    Markdown,
}

impl Format {
    /// All forms, in the order in which help lists them.
    pub const ALL: [Self; 6] = [Self::Full, Self::Concise, Self::Json, Self::Sarif, Self::Github, Self::Markdown];

    /// Its name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Concise => "concise",
            Self::Json => "json",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::Markdown => "markdown",
        }
    }

    /// The form with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// How to print.
#[expect(clippy::struct_excessive_bools, reason = "independent switches of the command line")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RenderOptions {
    /// Columns to wrap prose at. Fixed, unless the output is a terminal, so that runs agree.
    pub width: usize,
    /// Whether to use colours.
    pub color: bool,
    /// Whether the text goes to the log of a GitHub Actions step, which obeys commands in it.
    pub in_actions: bool,
    /// Whether existing findings are shown.
    pub show_existing: bool,
    /// Whether suppressed findings are shown.
    pub show_suppressed: bool,
    /// Whether the summary is left out.
    pub quiet: bool,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self { width: 100, color: false, in_actions: false, show_existing: false, show_suppressed: false, quiet: false }
    }
}

/// Prints `report`.
pub fn render(report: &Report, format: Format, options: &RenderOptions) -> String {
    let text = match format {
        Format::Full => human::render(report, options),
        Format::Concise => concise::render(report, options),
        Format::Json => return data(&json::render(report, options), options),
        Format::Sarif => return data(&sarif::render(report, options), options),
        // Its commands are meant to be obeyed; it makes everything else safe itself.
        Format::Github => return github::render(report, options),
        Format::Markdown => markdown::render(report, options),
    };
    if options.in_actions { safe::break_workflow_commands(&text).into_owned() } else { text }
}

/// What [`Format::Json`] prints of a report, as a part of a larger document.
pub fn contents<'a>(report: &'a Report, options: &RenderOptions) -> impl serde::Serialize + use<'a> {
    json::contents(report, options)
}

/// Prints a document of which reports are a part, as [`Format::Json`] is printed.
pub fn render_document(document: &impl serde::Serialize, options: &RenderOptions) -> String {
    data(&to_json(document), options)
}

/// The JSON schema of [`Format::Json`].
pub fn schema() -> String {
    json::schema()
}

/// Prints an error of the program, drawn like a finding where it points at a place.
pub fn render_error(error: &dyn miette::Diagnostic, options: &RenderOptions) -> String {
    let text = human::error(error, options);
    if options.in_actions { safe::break_workflow_commands(&text).into_owned() } else { text }
}

fn data(json: &str, options: &RenderOptions) -> String {
    let json = safe::safe_json(json);
    if options.in_actions { safe::break_workflow_commands_in_json(&json) } else { json.into_owned() }
}

/// The findings that an output shows, in the report's order.
fn shown<'a>(report: &'a Report, options: &RenderOptions) -> impl Iterator<Item = &'a Judged> + use<'a> {
    let RenderOptions { show_existing, show_suppressed, .. } = *options;
    report.findings.iter().filter(move |judged| match judged.verdict {
        Verdict::New | Verdict::Worse => true,
        Verdict::Existing => show_existing,
        Verdict::Suppressed => show_suppressed,
        Verdict::BelowThreshold => false,
    })
}

/// The name of a severity.
fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// What is said about a finding that is not simply new.
fn remark(judged: &Judged) -> Option<&'static str> {
    match judged.verdict {
        Verdict::Existing if judged.assumed => Some("existing?: not enough is known of base here"),
        Verdict::New => None,
        Verdict::Worse => Some("worse: base has it at a lower level"),
        Verdict::Existing => Some("existing: base has it too"),
        Verdict::Suppressed => Some("suppressed by a comment"),
        Verdict::BelowThreshold => Some("below the threshold of confidence"),
    }
}

/// Pretty-printed JSON with a line end.
fn to_json(value: &impl serde::Serialize) -> String {
    // Our own types have string keys and finite numbers, which is all that can go wrong here.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}
