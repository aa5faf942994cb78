//! Two versions of some files, judged as a change.

use failpath::finding::Verdict;
use failpath::pipeline::{Catalogue, Log, Setup};
use failpath::verdict::Report;
use failpath::{View, git, judge};
use std::collections::BTreeMap;

pub type Files = BTreeMap<String, String>;

pub fn files<'a>(all: impl IntoIterator<Item = (&'a str, &'a str)>) -> Files {
    all.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
}

pub fn report(base: &Files, head: &Files) -> Report {
    // These tests count findings by place; that a variable is documented nowhere has none.
    let off = [("undocumented-env".to_owned(), failpath::settings::Level::Off)];
    let setup = Setup::new(Catalogue::read(&[]).expect("the pages are right"), None, &off).expect("the rule is known");
    let (change, reader) = git::compare_texts(base, head).expect("texts can be compared");
    judge(&change, &reader, &setup, &View::default(), &mut Log::default())
}

/// What is said of a change, in a form that tests can compare.
#[derive(Debug, PartialEq, Eq)]
pub struct Said {
    /// New and worse findings: rule, function, message.
    pub new: Vec<String>,
    pub existing: u32,
    pub fixed: u32,
}

impl Said {
    pub fn nothing_new(existing: u32) -> Self {
        Self { new: Vec::new(), existing, fixed: 0 }
    }
}

pub fn said(base: &Files, head: &Files) -> Said {
    let report = report(base, head);
    let line = |judged: &failpath::finding::Judged| {
        let finding = &judged.finding;
        format!(
            "{:?} {} in {} {}: {}",
            judged.verdict, finding.rule, finding.place.path, finding.function, finding.message
        )
    };
    let new = report.findings.iter().filter(|judged| judged.verdict.counts()).map(line).collect();
    let existing = report.findings.iter().filter(|judged| judged.verdict == Verdict::Existing).count() as u32;
    Said { new, existing, fixed: report.fixed }
}

pub fn judged<'a>(
    base: impl IntoIterator<Item = (&'a str, &'a str)>,
    head: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Said {
    said(&files(base), &files(head))
}
