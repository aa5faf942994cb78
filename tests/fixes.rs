//! Every bad example of every rule that offers fixes: what is offered, and that it works.
//!
//! In: the pages. Out: a snapshot of all patches; what has none says so.

#![allow(clippy::unwrap_used)]

use failpath::fix::{mended, unified};
use failpath::git;
use failpath::pipeline::{Catalogue, Log, Setup};
use failpath::rule::builtin::Loaded;
use failpath::rule::example::Example;
use failpath::verdict::Report;
use failpath::{View, judge};
use std::collections::BTreeMap;
use std::fmt::Write;

type Files = BTreeMap<String, String>;

fn report(example: &Example, rule: &str, head: &Files) -> Report {
    let settings = example.settings.as_deref().map(|text| ("failpath.toml", text));
    let mut setup = Setup::new(Catalogue::read(&[]).unwrap(), settings, &[]).unwrap();
    setup.rules.retain(|known| known.id == rule);
    let (change, reader) = git::compare_texts(&example.base, head).unwrap();
    judge(&change, &reader, &setup, &View::default(), &mut Log::default())
}

fn counting(report: &Report) -> usize {
    report.findings.iter().filter(|judged| judged.verdict.counts()).count()
}

/// The patch of an example, and how many findings are left when it is made.
fn mend(rule: &str, example: &Example) -> (String, usize, usize) {
    let found = report(example, rule, &example.head);
    let edits: Vec<_> = found.findings.iter().flat_map(|judged| &judged.finding.fix).collect();
    let patch = unified(&found.sources, edits.iter().copied());
    let mut head = example.head.clone();
    for (path, (_, text)) in mended(&found.sources, edits.iter().copied()) {
        head.insert(path.to_owned(), text);
    }
    let fixable = found.findings.iter().filter(|judged| !judged.finding.fix.is_empty()).count();
    let left = report(example, rule, &head);
    assert!(left.not_analysed.is_empty(), "{}: {:?}", example.title, left.not_analysed);
    (patch, counting(&found) - fixable, counting(&left))
}

#[test]
fn what_is_offered_works() {
    let catalogue = Catalogue::read(&[]).unwrap();
    let fixable = |loaded: &&Loaded| loaded.rule.sentences.iter().any(|sentence| sentence.fix.is_some());
    let mut all = String::new();
    for loaded in catalogue.rules.iter().filter(fixable) {
        for example in &loaded.page.bad {
            let (patch, expected, left) = mend(&loaded.rule.id, example);
            assert_eq!(left, expected, "{}: {}\n{patch}", loaded.rule.id, example.title);
            let patch = if patch.is_empty() { "no fix\n" } else { &patch };
            write!(all, "# {}: {}\n{patch}\n", loaded.rule.id, example.title).unwrap();
        }
    }
    insta::assert_snapshot!("fixes", all);
}
