//! The pages that failpath brings along, and rules from anybody's pages.
//!
//! In: Markdown. Out: [`Rule`]s, and what outputs and settings know of them.
//! One line per page; a test compares the lines with the folder.

use super::error::PageError;
use super::page::{Page, parse};
use super::read::read;
use super::sentence::{Condition, Rule, Sentence};
use crate::finding::{KnobInfo, KnobKind, RuleInfo};
use crate::word::{Values, Word};

/// The pages of rules: path and text, sorted by path.
pub const PAGES: &[(&str, &str)] = &[
    ("rules/auth-in-promise-all.md", include_str!("../../rules/auth-in-promise-all.md")),
    ("rules/env-fallback-secret.md", include_str!("../../rules/env-fallback-secret.md")),
    ("rules/env-optional-auth.md", include_str!("../../rules/env-optional-auth.md")),
    ("rules/unguarded-ingress-call.md", include_str!("../../rules/unguarded-ingress-call.md")),
    ("rules/unset-secret-compare.md", include_str!("../../rules/unset-secret-compare.md")),
];

/// The pages of words: path and text, sorted by path. They are prose; each is named after its word.
pub const WORD_PAGES: &[(&str, &str)] = &[
    ("rules/words/dominated-by.md", include_str!("../../rules/words/dominated-by.md")),
    ("rules/words/flows-to.md", include_str!("../../rules/words/flows-to.md")),
    ("rules/words/operand.md", include_str!("../../rules/words/operand.md")),
    ("rules/words/outcome.md", include_str!("../../rules/words/outcome.md")),
    ("rules/words/tests.md", include_str!("../../rules/words/tests.md")),
];

/// A page with the rule in it.
#[derive(Debug, Clone)]
pub struct Loaded {
    /// The page.
    pub page: Page,
    /// Its rule.
    pub rule: Rule,
}

/// Reads pages, given as path and text, with these words.
///
/// # Errors
/// Everything that is wrong with any of them.
pub fn load<'a>(
    pages: impl IntoIterator<Item = (&'a str, &'a str)>,
    words: &'static [Word],
) -> Result<Vec<Loaded>, Vec<PageError>> {
    let mut loaded: Vec<Loaded> = Vec::new();
    let mut errors = Vec::new();
    for (path, text) in pages {
        match parse(path, text).and_then(|page| read(&page, words).map(|rule| Loaded { page, rule })) {
            Ok(one) => loaded.push(one),
            Err(more) => errors.extend(more),
        }
    }
    loaded.sort_by(|a, b| a.rule.id.cmp(&b.rule.id));
    if errors.is_empty() { Ok(loaded) } else { Err(errors) }
}

/// The rules that failpath brings along, sorted by id.
///
/// # Errors
/// If a page is wrong; the tests hold that none is.
pub fn rules() -> Result<Vec<Rule>, Vec<PageError>> {
    let loaded = load(PAGES.iter().copied(), crate::word::WORDS)?;
    Ok(loaded.into_iter().map(|loaded| loaded.rule).collect())
}

/// What outputs and settings know of a rule. It is grouped by the kinds of sites that it flags.
pub fn info(rule: &Rule) -> RuleInfo {
    let knobs = rule.knobs.keys().map(|name| KnobInfo { name: name.clone(), kind: kind(rule, name) });
    RuleInfo {
        id: rule.id.clone(),
        severity: Some(rule.severity()),
        summary: rule.summary.clone(),
        page_markdown: rule.page.to_string(),
        tags: rule.flags().into_iter().map(|site| site.name().to_owned()).collect(),
        knobs: knobs.collect(),
    }
}

/// The type of a knob: what all parameters that use it take; texts where they differ.
fn kind(rule: &Rule, knob: &str) -> KnobKind {
    let mut kinds = Vec::new();
    for sentence in &rule.sentences {
        every_condition(sentence, &mut |condition| {
            for (name, values) in &condition.parameters {
                if !values.iter().any(|value| super::knob::names(&value.text).contains(&knob)) {
                    continue;
                }
                let parameter = condition.word.parameters.iter().find(|parameter| parameter.name == name);
                kinds.push(match parameter.map(|parameter| parameter.values) {
                    Some(Values::Number) => KnobKind::Number,
                    Some(Values::Path) => KnobKind::Globs,
                    _ => KnobKind::Texts,
                });
            }
        });
    }
    let first = kinds.first().copied().unwrap_or(KnobKind::Texts);
    if kinds.iter().all(|kind| *kind == first) { first } else { KnobKind::Texts }
}

/// Hands every condition of a sentence to `each`, also those inside relations.
fn every_condition<'s>(sentence: &'s Sentence, each: &mut dyn FnMut(&'s Condition)) {
    let levels = sentence.level.iter().flat_map(|level| &level.when);
    let mut left: Vec<&Condition> = sentence.when.iter().chain(&sentence.unless).chain(levels).collect();
    while let Some(condition) = left.pop() {
        each(condition);
        if let Some(relation) = &condition.relation {
            left.extend(relation.when.iter().chain(&relation.unless));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::testing;

    fn folder(name: &str) -> Vec<String> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let Ok(entries) = std::fs::read_dir(root.join(name)) else { return Vec::new() };
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut paths: Vec<_> =
            names.filter(|file| file.strip_suffix(".md").is_some()).map(|file| format!("{name}/{file}")).collect();
        paths.sort();
        paths
    }

    #[test]
    fn every_page_of_the_folder_is_listed() {
        assert_eq!(PAGES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), folder("rules"));
        assert_eq!(WORD_PAGES.iter().map(|(path, _)| *path).collect::<Vec<_>>(), folder("rules/words"));
    }

    #[test]
    fn every_page_is_right_and_says_why_and_what_it_does_not_see() {
        let errors = |errors: Vec<PageError>| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        let loaded = load(PAGES.iter().copied(), crate::word::WORDS).map_err(errors).unwrap();
        for Loaded { page, .. } in loaded {
            assert!(!page.why.is_empty(), "{} says not why", page.path);
            assert!(!page.limits.is_empty(), "{} says not what it does not see", page.path);
        }
    }

    #[test]
    fn every_page_of_a_word_is_about_one() {
        for (path, text) in WORD_PAGES {
            let name = path.strip_prefix("rules/words/").and_then(|path| path.strip_suffix(".md")).unwrap();
            assert!(crate::word::named(name).is_some(), "there is no word `{name}`");
            assert_eq!(text.lines().next(), Some(format!("# {name}").as_str()), "{path}");
        }
    }

    #[test]
    fn outputs_and_settings_are_told_of_a_rule() {
        let rule = testing::rule(&["severity = \"note\"\nflags = \"call\"\nwhen = [{ many = { count = \"$n\" } }, { beside = { site = \"call\", when = [{ named = [\"$names\", \"x\"] }] } }]\nunless = [{ in-file = \"$files\" }, { in-file = \"$tests\" }]\nmessage = \"m\"\nhelp = \"h\"\nknobs = { n = 1, names = [], files = [] }"]).unwrap();
        let info = info(&rule);
        let knobs: Vec<_> = info.knobs.iter().map(|knob| (knob.name.as_str(), knob.kind)).collect();
        assert_eq!(knobs, [("files", KnobKind::Globs), ("n", KnobKind::Number), ("names", KnobKind::Texts)]);
        assert_eq!((info.summary.as_str(), info.tags.as_slice()), ("A summary.", &["call".to_owned()][..]));
    }

    #[test]
    fn one_wrong_page_does_not_hide_another() {
        let errors = load([("a.md", ""), ("b.md", "")], testing::WORDS).unwrap_err();
        assert!(errors.iter().any(|e| e.path == "a.md") && errors.iter().any(|e| e.path == "b.md"));
    }
}
