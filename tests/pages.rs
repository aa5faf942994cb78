//! Runs every example of every page in `rules/`, of rules and of words, through the stages that judge
//! changes: one trial for each example, and one for each page for what its examples do not show. The
//! pages in `tests/cases` hold harder examples of the rule that they are named after; they borrow its
//! sentences.
//!
//! In: the folders. Out: the trials' verdicts. `cargo test --test pages -- NAME` runs those of one page.

#![allow(clippy::unwrap_used)]

use failpath::command::examples;
use failpath::rule::builtin::load;
use failpath::word::WORDS;
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let rules: Arc<Vec<_>> = Arc::new(pages("rules"));
    let words: Arc<Vec<_>> = Arc::new(pages("rules/words"));
    let cases: Arc<Vec<_>> = Arc::new(cases(&rules));
    let of = |pages: &Arc<Vec<(String, String)>>| -> Vec<Trial> {
        pages.iter().flat_map(|(path, text)| of_page(path, text, pages)).collect()
    };
    [rules, words, cases].iter().flat_map(of).collect()
}

/// The pages of harder examples, each with the sentences of its rule.
fn cases(rules: &[(String, String)]) -> Vec<(String, String)> {
    let with_sentences = |(path, text): (String, String)| {
        let name = path.rsplit('/').next().unwrap();
        let (_, rule) = rules.iter().find(|(rule, _)| rule.ends_with(&format!("/{name}"))).unwrap();
        let start = rule.find("```toml rule").unwrap();
        let sentences = &rule[start..rule.find("## Why").unwrap()];
        (path, text.replacen("## Bad", &format!("{sentences}## Bad"), 1))
    };
    pages("tests/cases").into_iter().map(with_sentences).collect()
}

/// The pages of a folder, sorted by path.
fn pages(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(root.join(folder)).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "md") {
            let name = format!("{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            pages.push((name, std::fs::read_to_string(path).unwrap()));
        }
    }
    pages.sort();
    pages
}

fn of_page(path: &str, text: &str, pages: &Arc<Vec<(String, String)>>) -> Vec<Trial> {
    let loaded = match load([(path, text)], WORDS) {
        Ok(loaded) => Arc::new(loaded),
        Err(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            return vec![Trial::test(format!("{path}: is a page"), move || Err(lines.join("\n").into()))];
        }
    };
    let mut trials = Vec::new();
    // Harder examples leave the knobs to the page whose sentences they borrow.
    let is_whole = !path.starts_with("tests/");
    for (at, one) in loaded.iter().enumerate() {
        for trial in examples::trials(one).into_iter().filter(|trial| is_whole || trial.is_example()) {
            let (loaded, pages) = (Arc::clone(&loaded), Arc::clone(pages));
            let name = trial.name.clone();
            let run = move || examples::run(&loaded[at], &trial, &pages).map_err(Failed::from);
            trials.push(Trial::test(name, run));
        }
    }
    trials
}
