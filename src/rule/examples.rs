//! Runs the examples of a page.
//!
//! In: a page and a gate that judges the two sides of an example. Out: what was expected and not
//! found, and what was found and not expected; the page is right if that is nothing.

use super::example::Example;
use super::page::Page;
use super::sentence::Rule;
use super::template::UNFILLED;
use std::fmt::Write;
use toml::de::{DeTable, DeValue};

/// A new finding, as an example sees it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The rule's id.
    pub rule: String,
    /// The file.
    pub path: String,
    /// The line on head, from 1.
    pub line: u32,
    /// The message.
    pub message: String,
    /// The help.
    pub help: String,
}

/// Judges an example: the new findings of one run over its two sides, or why there was none.
pub type Gate<'a> = dyn Fn(&Page, &Example) -> Result<Vec<Found>, String> + Sync + 'a;

/// Runs one example. Only findings of the page's own rule count.
///
/// # Errors
/// What differs, one line each.
pub fn run(page: &Page, example: &Example, gate: &Gate<'_>) -> Result<(), String> {
    let at = format!("{}:{}: `{}`", page.path, example.line, example.title);
    let mut found = gate(page, example).map_err(|why| format!("{at} could not be run: {why}"))?;
    found.retain(|found| found.rule == page.id);
    found.sort();
    let mut differs = String::new();
    for finding in &found {
        if finding.message.contains(UNFILLED) || finding.help.contains(UNFILLED) {
            let text = format!("{} | {}", finding.message, finding.help);
            let _ = write!(differs, "\n  nothing fills a hole of: {text}");
        }
    }
    // Longer texts say more, so they choose first.
    let mut expected: Vec<_> = example.expected.iter().collect();
    expected.sort_by_key(|expected| (&expected.path, expected.line, std::cmp::Reverse(expected.text.len())));
    for wanted in expected {
        let is_it = |found: &Found| {
            found.path == wanted.path && found.line == wanted.line && found.message.contains(&wanted.text)
        };
        if let Some(at) = found.iter().position(is_it) {
            found.remove(at);
        } else {
            let (path, line, text) = (&wanted.path, wanted.line, &wanted.text);
            let _ = write!(
                differs,
                "\n  expected, not found: {path}:{line}: {text} (line {} of the page)",
                wanted.page_line
            );
        }
    }
    for Found { path, line, message, .. } in found {
        let _ = write!(differs, "\n  found, not expected: {path}:{line}: {message}");
    }
    if differs.is_empty() { Ok(()) } else { Err(format!("{at} differs:{differs}")) }
}

/// The knobs that the page declares and no example sets: nobody has seen them work.
pub fn unset_knobs(page: &Page, rule: &Rule) -> Vec<String> {
    let settings = page.bad.iter().chain(&page.good).filter_map(|example| example.settings.as_deref());
    let settings: Vec<_> = settings.filter_map(|text| DeTable::parse(text).ok()).collect();
    let is_set = |knob: &str| settings.iter().any(|table| has_key(table.get_ref(), knob));
    rule.knobs.keys().filter(|knob| !is_set(knob)).cloned().collect()
}

fn has_key(table: &DeTable<'_>, key: &str) -> bool {
    let mut left = vec![table];
    while let Some(table) = left.pop() {
        for (name, value) in table {
            if name.get_ref() == key {
                return true;
            }
            if let DeValue::Table(inner) = value.get_ref() {
                left.push(inner);
            }
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::testing;

    fn found(line: u32, message: &str) -> Found {
        let (rule, path) = ("made-up".to_owned(), "a.ts".to_owned());
        Found { rule, path, line, message: message.to_owned(), help: String::new() }
    }

    fn run_with(answer: Result<Vec<Found>, String>) -> Result<(), String> {
        let page = testing::page(&["x = 1"]);
        run(&page, &page.bad[0], &move |_, _| answer.clone())
    }

    #[test]
    fn expected_and_found_are_compared_as_sets() {
        assert_eq!(run_with(Ok(vec![found(1, "has a in it")])), Ok(()));
        assert_eq!(run_with(Ok(vec![found(1, "a"), Found { rule: "other".into(), ..found(9, "b") }])), Ok(()));
        let differs = run_with(Ok(vec![found(2, "a"), found(1, "b")])).unwrap_err();
        assert_eq!(
            differs,
            "rules/made-up.md:11: `Bad` differs:\n  expected, not found: a.ts:1: a (line 12 of the page)\n  found, not expected: a.ts:1: b\n  found, not expected: a.ts:2: a"
        );
        let twice = run_with(Ok(vec![found(1, "a"), found(1, "a")])).unwrap_err();
        assert!(twice.ends_with("found, not expected: a.ts:1: a"), "{twice}");
    }

    #[test]
    fn holes_and_gates_that_fail_are_failures() {
        assert!(run_with(Ok(vec![found(1, "a {\u{2026}}")])).unwrap_err().contains("nothing fills a hole"));
        assert_eq!(run_with(Err("no".into())).unwrap_err(), "rules/made-up.md:11: `Bad` could not be run: no");
    }

    #[test]
    fn knobs_that_no_example_sets_are_named() {
        let rule = "severity = \"note\"\nflags = \"call\"\nwhen = [{ named = [\"$one\", \"$two\"] }]\nmessage = \"m\"\nhelp = \"h\"\nknobs = { one = [], two = [] }";
        let mut page = testing::page(&[rule]);
        page.good[0].settings = Some("[rules.made-up]\ntwo = [\"x\"]".to_owned());
        assert_eq!(unset_knobs(&page, &testing::rule(&[rule]).unwrap()), ["one"]);
    }
}
