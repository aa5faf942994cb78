//! Sentences: what a rule says, with every word resolved.
//!
//! In: nothing (plain data, filled by `read`). Out: [`Rule`], which `compile` fills with the values of
//! knobs.

use super::knob::Knobs;
use super::template::Template;
use crate::finding::Severity;
use crate::fix::Fix;
use crate::program::SiteKind;
use crate::text::Span;
use crate::word::Word;
use std::sync::Arc;

/// A rule: all sentences of one page. They are alternatives.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// The title of its page.
    pub title: String,
    /// The first paragraph of its page.
    pub summary: String,
    /// Its sentences.
    pub sentences: Vec<Sentence>,
    /// The knobs that the page declares, with their defaults.
    pub knobs: Knobs,
    /// The page, as Markdown.
    pub page: Arc<str>,
}

impl Rule {
    /// The highest severity that it says of itself (levels may differ).
    pub fn severity(&self) -> Severity {
        self.sentences.iter().map(|sentence| sentence.severity).max().unwrap_or(Severity::Note)
    }

    /// The kinds of sites that it flags, each once, in the order of its sentences.
    pub fn flags(&self) -> Vec<SiteKind> {
        let mut kinds = Vec::new();
        for sentence in &self.sentences {
            if !kinds.contains(&sentence.flags) {
                kinds.push(sentence.flags);
            }
        }
        kinds
    }
}

/// One sentence.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// How much a finding matters.
    pub severity: Severity,
    /// What it looks at.
    pub flags: SiteKind,
    /// What must hold, joined from left to right.
    pub when: Vec<Condition>,
    /// What silences it.
    pub unless: Vec<Condition>,
    /// What changes the severity; the first that holds decides.
    pub level: Vec<Level>,
    /// What happens.
    pub message: Template,
    /// What to do.
    pub help: Template,
    /// How the text can be mended, where that is safe.
    pub fix: Option<Fix>,
}

impl Sentence {
    /// Hands every condition to `each`, also those inside relations.
    pub fn every_condition<'s>(&'s self, each: &mut dyn FnMut(&'s Condition)) {
        let levels = self.level.iter().flat_map(|level| &level.when);
        let mut left: Vec<&Condition> = self.when.iter().chain(&self.unless).chain(levels).collect();
        while let Some(condition) = left.pop() {
            each(condition);
            if let Some(relation) = &condition.relation {
                left.extend(relation.when.iter().chain(&relation.unless));
            }
        }
    }
}

/// Another severity under further conditions.
#[derive(Debug, Clone)]
pub struct Level {
    /// The conditions.
    pub when: Vec<Condition>,
    /// The severity.
    pub is: Severity,
}

/// One use of a word.
#[derive(Clone)]
pub struct Condition {
    /// The word.
    pub word: &'static Word,
    /// Where it is in the page.
    pub at: Span,
    /// As it is written.
    pub text: String,
    /// Its parameters, with `""` for the value of the word itself.
    pub parameters: Vec<(String, Vec<Value>)>,
    /// What is said of the other sites of a relation.
    pub relation: Option<Relation>,
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

/// One value of a parameter, which may hold knobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// As it is written.
    pub text: String,
    /// Where it is in the page.
    pub at: Span,
}

/// What a relation says of its other sites.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Their kind.
    pub site: SiteKind,
    /// What must hold of one of them.
    pub when: Vec<Condition>,
    /// What must not hold of that one.
    pub unless: Vec<Condition>,
}
