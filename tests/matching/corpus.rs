//! The examples of all rules as a corpus: many small files of which it is known what is found in them.

use crate::judged::Files;
use failpath::pipeline::{Catalogue, Log, Setup};
use failpath::rule::example::Example;
use failpath::settings::{FILE, Level};
use failpath::verdict::Report;
use failpath::{View, git, judge};

/// An example with the setup that it asks for.
pub struct Case {
    pub name: String,
    pub is_bad: bool,
    pub base: Files,
    pub head: Files,
    setup: Setup,
}

/// Rules about the change as such: they have something to say of any change.
const OF_CHANGES: [&str; 4] =
    ["critical-change-without-tests", "disallowed-license", "oversized-change", "undocumented-env"];

pub fn all() -> Vec<Case> {
    let catalogue = Catalogue::read(&[]).expect("the pages are right");
    let pages = catalogue.rules.iter().map(|loaded| &loaded.page);
    let pages = pages.filter(|page| !OF_CHANGES.contains(&page.id.as_str()));
    pages
        .flat_map(|page| {
            let bad = page.bad.iter().map(|example| (example, true));
            bad.chain(page.good.iter().map(|example| (example, false)))
                .map(|(example, is_bad)| case(&page.id, example, is_bad))
        })
        .collect()
}

fn case(page: &str, example: &Example, is_bad: bool) -> Case {
    let catalogue = Catalogue::read(&[]).expect("the pages are right");
    let levels: Vec<_> = OF_CHANGES.iter().map(|rule| ((*rule).to_owned(), Level::Off)).collect();
    let settings = example.settings.as_deref().map(|text| (FILE, text));
    let setup = Setup::new(catalogue, settings, &levels).expect("the example's settings are right");
    let name = format!("{page}: {}", example.title);
    Case { name, is_bad, base: example.base.clone(), head: example.head.clone(), setup }
}

impl Case {
    pub fn judge(&self, base: &Files, head: &Files) -> Report {
        let (change, reader) = git::compare_texts(base, head).expect("texts can be compared");
        judge(&change, &reader, &self.setup, &View::default(), &mut Log::default())
    }
}

/// New, worse and fixed findings of a report, in words.
pub fn differences(report: &Report) -> Vec<String> {
    let new = report.findings.iter().filter(|judged| judged.verdict.counts());
    let mut said: Vec<String> = new
        .map(|judged| {
            format!(
                "{:?} {} in {}: {}",
                judged.verdict, judged.finding.rule, judged.finding.function, judged.finding.message
            )
        })
        .collect();
    if report.fixed > 0 {
        said.push(format!("{} fixed", report.fixed));
    }
    said
}
