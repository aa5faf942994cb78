//! The pages that failpath brings along, and rules from anybody's pages.
//!
//! In: Markdown. Out: [`Rule`]s, and what outputs and settings know of them.
//! One line per page; a test compares the lines with the folder.

use super::error::PageError;
use super::page::{Page, parse};
use super::read::read;
use super::sentence::Rule;
use crate::finding::{KnobInfo, KnobKind, RuleInfo};
use crate::word::{Values, Word};

/// The pages of rules: path and text, sorted by path.
pub const PAGES: &[(&str, &str)] = &[
    ("rules/auth-error-as-500.md", include_str!("../../rules/auth-error-as-500.md")),
    ("rules/auth-in-promise-all.md", include_str!("../../rules/auth-in-promise-all.md")),
    ("rules/bookkeeping-before-response.md", include_str!("../../rules/bookkeeping-before-response.md")),
    ("rules/critical-change-without-tests.md", include_str!("../../rules/critical-change-without-tests.md")),
    ("rules/detached-promise.md", include_str!("../../rules/detached-promise.md")),
    ("rules/disallowed-license.md", include_str!("../../rules/disallowed-license.md")),
    ("rules/env-fallback-secret.md", include_str!("../../rules/env-fallback-secret.md")),
    ("rules/env-optional-auth.md", include_str!("../../rules/env-optional-auth.md")),
    ("rules/external-script-without-integrity.md", include_str!("../../rules/external-script-without-integrity.md")),
    ("rules/ignored-verification.md", include_str!("../../rules/ignored-verification.md")),
    ("rules/jwt-decode-as-auth.md", include_str!("../../rules/jwt-decode-as-auth.md")),
    ("rules/jwt-verify-unpinned.md", include_str!("../../rules/jwt-verify-unpinned.md")),
    ("rules/missing-return-await.md", include_str!("../../rules/missing-return-await.md")),
    ("rules/oversized-change.md", include_str!("../../rules/oversized-change.md")),
    ("rules/paired-fields.md", include_str!("../../rules/paired-fields.md")),
    ("rules/refund-after-delivery.md", include_str!("../../rules/refund-after-delivery.md")),
    ("rules/silent-ingress-catch.md", include_str!("../../rules/silent-ingress-catch.md")),
    ("rules/sse-no-transform.md", include_str!("../../rules/sse-no-transform.md")),
    ("rules/stream-write-after-close.md", include_str!("../../rules/stream-write-after-close.md")),
    ("rules/undocumented-env.md", include_str!("../../rules/undocumented-env.md")),
    ("rules/unguarded-ingress-call.md", include_str!("../../rules/unguarded-ingress-call.md")),
    ("rules/unset-secret-compare.md", include_str!("../../rules/unset-secret-compare.md")),
    ("rules/weak-password-hash.md", include_str!("../../rules/weak-password-hash.md")),
];

/// The pages of words: path and text, sorted by path. Each is named after its word, and its sentences
/// and examples show what the word means.
pub const WORD_PAGES: &[(&str, &str)] = &[
    ("rules/words/answers.md", include_str!("../../rules/words/answers.md")),
    ("rules/words/argument.md", include_str!("../../rules/words/argument.md")),
    ("rules/words/beside.md", include_str!("../../rules/words/beside.md")),
    ("rules/words/calls.md", include_str!("../../rules/words/calls.md")),
    ("rules/words/does.md", include_str!("../../rules/words/does.md")),
    ("rules/words/dominated-by.md", include_str!("../../rules/words/dominated-by.md")),
    ("rules/words/entered-by.md", include_str!("../../rules/words/entered-by.md")),
    ("rules/words/escapes-to.md", include_str!("../../rules/words/escapes-to.md")),
    ("rules/words/fails-with.md", include_str!("../../rules/words/fails-with.md")),
    ("rules/words/flows-to.md", include_str!("../../rules/words/flows-to.md")),
    ("rules/words/follows.md", include_str!("../../rules/words/follows.md")),
    ("rules/words/from.md", include_str!("../../rules/words/from.md")),
    ("rules/words/has.md", include_str!("../../rules/words/has.md")),
    ("rules/words/inside.md", include_str!("../../rules/words/inside.md")),
    ("rules/words/key.md", include_str!("../../rules/words/key.md")),
    ("rules/words/lands-in.md", include_str!("../../rules/words/lands-in.md")),
    ("rules/words/larger-than.md", include_str!("../../rules/words/larger-than.md")),
    ("rules/words/licence.md", include_str!("../../rules/words/licence.md")),
    ("rules/words/name.md", include_str!("../../rules/words/name.md")),
    ("rules/words/named-in.md", include_str!("../../rules/words/named-in.md")),
    ("rules/words/operand.md", include_str!("../../rules/words/operand.md")),
    ("rules/words/outcome.md", include_str!("../../rules/words/outcome.md")),
    ("rules/words/path.md", include_str!("../../rules/words/path.md")),
    ("rules/words/promise.md", include_str!("../../rules/words/promise.md")),
    ("rules/words/rejects-by.md", include_str!("../../rules/words/rejects-by.md")),
    ("rules/words/skips.md", include_str!("../../rules/words/skips.md")),
    ("rules/words/tests.md", include_str!("../../rules/words/tests.md")),
];

/// The page of a word.
pub fn word_page(name: &str) -> Option<&'static str> {
    WORD_PAGES.iter().find(|(path, _)| word_of(path) == name).map(|(_, text)| *text)
}

/// The word that the page at `path` is about.
fn word_of(path: &str) -> &str {
    path.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or(path)
}

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
        sentence.every_condition(&mut |condition| {
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
        let loaded = load(PAGES.iter().chain(WORD_PAGES).copied(), crate::word::WORDS).map_err(errors).unwrap();
        for Loaded { page, .. } in loaded {
            assert!(!page.why.is_empty(), "{} says not why", page.path);
            assert!(!page.limits.is_empty(), "{} says not what it does not see", page.path);
        }
    }

    #[test]
    fn every_word_has_a_page_and_every_page_a_word() {
        let mut words: Vec<_> = crate::word::WORDS.iter().map(|word| word.name).collect();
        words.sort_unstable();
        assert_eq!(WORD_PAGES.iter().map(|(path, _)| word_of(path)).collect::<Vec<_>>(), words);
    }

    #[test]
    fn the_page_of_a_word_uses_it_in_every_sentence_and_names_its_parameters() {
        for Loaded { page, rule } in load(WORD_PAGES.iter().copied(), crate::word::WORDS).unwrap() {
            assert_eq!(page.title, page.id, "{}", page.path);
            assert!(page.bad.len() >= 2 && page.good.len() >= 2, "{} needs two examples of each", page.path);
            for sentence in &rule.sentences {
                let mut uses = false;
                sentence.every_condition(&mut |condition| uses |= condition.word.name == page.id);
                assert!(uses, "{} has a sentence without its word", page.path);
            }
            let word = crate::word::named(&page.id).unwrap();
            for parameter in word.parameters {
                assert!(page.why.contains(parameter.name), "{} says nothing of `{}`", page.path, parameter.name);
                let Values::OneOf(values) = parameter.values else { continue };
                for value in values {
                    let is_named =
                        page.why.contains(&format!("`{value}`")) || page.why.contains(&format!("\"{value}\"`"));
                    assert!(is_named, "{} says nothing of `{value}`", page.path);
                }
            }
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
