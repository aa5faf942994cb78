//! What a rule found: plain data, the same for every output.
//!
//! In: nothing. Out: [`Finding`], made by `rule`, judged by `verdict`, printed by `report`.

use crate::change::RepoPath;
use crate::text::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much a finding matters. Ordered from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be looked at.
    Warning,
    /// Should not be merged.
    Error,
}

/// How sure the analysis is. Ordered from least to most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// A guess.
    Low,
    /// A name decided somewhere.
    Medium,
    /// Every step was resolved.
    High,
}

/// A place in a file, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The file.
    pub path: RepoPath,
    /// The bytes.
    pub span: Span,
}

/// What a second place has to do with the finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Where the finding comes from: the failing call, the secret.
    Cause,
    /// Another handler with the same cause.
    Entry,
    /// Something that helps to understand.
    Context,
}

/// A second place with a few words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Label {
    /// What it is.
    pub role: Role,
    /// Where it is.
    pub place: Place,
    /// The words, in plain text.
    pub text: String,
}

/// One step of the route that a failure takes, in the order in which it happens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    /// Where.
    pub place: Place,
    /// What happens there, in plain text.
    pub text: String,
}

/// A replacement of bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Edit {
    /// What is replaced.
    pub place: Place,
    /// The new text.
    pub text: String,
}

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule's id.
    pub rule: String,
    /// How much it matters, after levels and settings.
    pub severity: Severity,
    /// The least of the evidence.
    pub confidence: Confidence,
    /// What happens, in plain text with `code` in backticks.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The primary place.
    pub place: Place,
    /// The function that holds the place, as a person would write it (`SlackService.handleMessage`).
    pub function: String,
    /// The primary text without white space and comments: a part of the identity.
    pub anchor: String,
    /// What the finding is about beyond its place: failing calls, the secret, the error class. Sorted.
    pub causes: Vec<String>,
    /// Other places.
    pub labels: Vec<Label>,
    /// The route of the failure; empty where there is none.
    pub trace: Vec<Step>,
    /// A safe fix, if there is one.
    pub fix: Vec<Edit>,
}

impl Finding {
    /// The places that it speaks of: its own, those of its labels, and those of its route.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let labels = self.labels.iter().map(|label| &label.place);
        let steps = self.trace.iter().map(|step| &step.place);
        [&self.place].into_iter().chain(labels).chain(steps)
    }
}

/// What outputs and settings know of a rule: plain data, so that neither depends on how rules work.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleInfo {
    /// The rule's id.
    pub id: String,
    /// Its severity before settings; `None` for a rule that is off until it is turned on.
    pub severity: Option<Severity>,
    /// One sentence: what it finds.
    pub summary: String,
    /// Its page, as Markdown.
    pub page_markdown: String,
    /// Words to group rules by.
    pub tags: Vec<String>,
    /// What `failpath.toml` may set for it, by name without the `$`.
    pub knobs: Vec<KnobInfo>,
}

/// A value that a rule lets a repository set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnobInfo {
    /// Its name, without the `$`.
    pub name: String,
    /// What may be set.
    pub kind: KnobKind,
}

/// The type of a knob's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnobKind {
    /// A string.
    Text,
    /// A whole number, not negative.
    Number,
    /// A list of strings.
    Texts,
    /// A list of globs over paths.
    Globs,
}

/// Where a finding stands against base.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Base does not have it.
    New,
    /// Base has it at a lower level.
    Worse,
    /// Base has it.
    Existing,
    /// A comment in the code silences it.
    Suppressed,
    /// Its confidence is under the threshold.
    BelowThreshold,
}

/// A finding with its verdict and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    /// The finding.
    pub finding: Finding,
    /// Where it stands.
    pub verdict: Verdict,
    /// A name that survives moves and reformatting, unique in one report.
    pub fingerprint: String,
    /// Whether it is taken for an existing one because not enough is known of base at its place.
    pub assumed: bool,
}
