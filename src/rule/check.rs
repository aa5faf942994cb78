//! Checks what a sentence's grammar cannot say: values, order of words, captures and knobs.
//!
//! In: a [`Rule`] whose words are resolved. Out: faults at their places in the page.

use super::error::{Fault, Faults, instead};
use super::knob::{self, Knobs};
use super::page::Page;
use super::sentence::{Condition, Rule, Sentence};
use super::template::Template;
use crate::model::is_sure;
use crate::text::Span;
use crate::word::{Binding, Values, Word};
use std::collections::BTreeSet;

/// Checks `rule`; `declared` are its knobs with their places.
pub fn check(rule: &Rule, page: &Page, words: &[Word], declared: &[(String, Span)], faults: &mut Faults) {
    let mut knobs = knob::shared();
    knobs.extend(rule.knobs.clone());
    let mut used = BTreeSet::new();
    for (sentence, at) in rule.sentences.iter().zip(&page.sentences) {
        let mut checker = Checker { knobs: &knobs, words, used: &mut used, faults };
        checker.sentence(sentence, *at);
    }
    for (name, at) in declared {
        if !used.contains(name) {
            faults.push(*at, Fault::UnusedKnob(name.clone()));
        }
    }
}

struct Checker<'a> {
    knobs: &'a Knobs,
    words: &'a [Word],
    used: &'a mut BTreeSet<String>,
    faults: &'a mut Faults,
}

impl Checker<'_> {
    fn sentence(&mut self, sentence: &Sentence, at: Span) {
        let mut given = BTreeSet::new();
        self.conditions(&sentence.when, &mut given);
        self.conditions(&sentence.unless, &mut given.clone());
        for level in &sentence.level {
            self.conditions(&level.when, &mut given.clone());
        }
        let mut prefixes = BTreeSet::new();
        let levels = sentence.level.iter().flat_map(|level| &level.when);
        for condition in sentence.when.iter().chain(levels) {
            add_prefixes(condition, "", &mut prefixes);
        }
        for template in [&sentence.message, &sentence.help] {
            self.template(template, &prefixes, at);
        }
    }

    /// Conditions in the order of the sentence; `given` is what the words before them give. What a
    /// relation's own conditions give stays among them.
    fn conditions(&mut self, conditions: &[Condition], given: &mut BTreeSet<Binding>) {
        for condition in conditions {
            let word = condition.word;
            for need in word.needs {
                if !given.contains(need) {
                    let givers = self.words.iter().filter(|word| word.gives.contains(need)).map(|word| word.name);
                    let givers: Vec<_> = givers.map(|name| format!("`{name}`")).collect();
                    let givers = if givers.is_empty() { String::new() } else { format!(" ({})", givers.join(", ")) };
                    let fault = Fault::Need { word: word.name.to_owned(), need: name_of(*need), givers };
                    self.faults.push(condition.at, fault);
                }
            }
            given.extend(word.gives.iter().copied());
            self.values(condition);
            if let Some(relation) = &condition.relation {
                let mut inner = given.clone();
                self.conditions(&relation.when, &mut inner);
                self.conditions(&relation.unless, &mut inner);
            }
        }
    }

    fn values(&mut self, condition: &Condition) {
        for (name, values) in &condition.parameters {
            let Some(parameter) = condition.word.parameters.iter().find(|parameter| parameter.name == name) else {
                continue;
            };
            for value in values {
                if !self.knobs_of(&value.text, value.at) {
                    continue;
                }
                match knob::expand(&value.text, self.knobs) {
                    Ok(texts) => {
                        for text in texts {
                            if let Err(expected) = allowed(parameter.values, &text) {
                                self.faults.push(value.at, Fault::Value { value: text, expected });
                            }
                        }
                    }
                    Err(count) => {
                        let most = crate::limits::KNOB_VALUES;
                        self.faults.push(value.at, Fault::TooManyValues { value: value.text.clone(), count, most });
                    }
                }
            }
        }
    }

    /// Notes the knobs in a text; whether all are known.
    fn knobs_of(&mut self, text: &str, at: Span) -> bool {
        let mut all = true;
        for name in knob::names(text) {
            all &= self.knob(name, at);
        }
        all
    }

    fn knob(&mut self, name: &str, at: Span) -> bool {
        self.used.insert(name.to_owned());
        if self.knobs.contains_key(name) {
            return true;
        }
        let instead = instead(name, self.knobs.keys().map(String::as_str));
        self.faults.push(at, Fault::Unknown { what: "knob".to_owned(), name: name.to_owned(), instead });
        false
    }

    fn template(&mut self, template: &Template, prefixes: &BTreeSet<String>, at: Span) {
        for name in template.knobs() {
            self.knob(name, at);
        }
        for name in template.captures() {
            // Names without a prefix are whatever words capture; the examples show whether they do.
            let Some((prefix, _)) = name.rsplit_once('.') else { continue };
            if !prefixes.contains(prefix) {
                let instead = instead(prefix, prefixes.iter().map(String::as_str));
                let fault = Fault::Capture { name: name.to_owned(), prefix: prefix.to_owned(), instead };
                self.faults.push(at, fault);
            }
        }
    }
}

fn add_prefixes(condition: &Condition, outer: &str, prefixes: &mut BTreeSet<String>) {
    let prefix = format!("{outer}{}", condition.word.name);
    if let Some(relation) = &condition.relation {
        // At most two deep, as the reader has seen to.
        relation.when.iter().for_each(|inner| add_prefixes(inner, &format!("{prefix}."), prefixes));
    }
    prefixes.insert(prefix);
}

fn name_of(binding: Binding) -> &'static str {
    match binding {
        Binding::Route => "a route",
        Binding::Error => "an error",
        Binding::Secret => "a secret",
    }
}

/// Whether a parameter takes this value.
///
/// # Errors
/// What it takes, in words.
pub fn allowed(values: Values, text: &str) -> Result<(), String> {
    let read = || if is_sure(text) { Ok(()) } else { globset::Glob::new(text).map(|_| ()) };
    let glob = |what: &str| match read() {
        Ok(()) => Ok(()),
        Err(error) => Err(format!("{what} ({})", error.kind())),
    };
    match values {
        Values::OneOf(known) if known.contains(&text) => Ok(()),
        Values::OneOf(known) => Err(format!("one of {}", known.join(", "))),
        Values::Role => glob("a role, or a glob such as `package#name`"),
        Values::RoleOr(known) => glob(&format!("a role, or one of {}", known.join(", "))),
        Values::Path => glob("a glob over paths"),
        Values::Glob => glob("a glob"),
        Values::Status if is_status(text) => Ok(()),
        Values::Status => Err("a status such as `500`, a class such as `5xx`, or `any`".to_owned()),
        Values::Number if text.parse::<i64>().is_ok() => Ok(()),
        Values::Number => Err("a whole number".to_owned()),
    }
}

fn is_status(text: &str) -> bool {
    let is_class = |class: &str| matches!(class, "1" | "2" | "3" | "4" | "5");
    let is_code = || text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()) && is_class(&text[..1]);
    text == "any" || text.strip_suffix("xx").is_some_and(is_class) || is_code()
}
