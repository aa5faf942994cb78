//! Runs every example of every page in `rules/`: one trial per example, one per good example for its
//! near miss, and one per page for what the examples do not show.
//!
//! In: the folder. Out: the trials' verdicts. `cargo test --test pages -- NAME` runs those of one page.

#![allow(clippy::unwrap_used)]

use failpath::model::Models;
use failpath::program::{FileId, Program};
use failpath::rule::builtin::{Loaded, info, load};
use failpath::rule::compile::{CompiledRule, compile};
use failpath::rule::example::Example;
use failpath::rule::examples::{self, Found, unset_knobs};
use failpath::rule::knob::Knobs;
use failpath::rule::near_miss::near_miss;
use failpath::rule::page::Page;
use failpath::source::Source;
use failpath::syntax::manifest::Manifest;
use failpath::syntax::{Dialect, typescript};
use failpath::{finding, rule, settings, word};
use libtest_mimic::{Arguments, Failed, Trial};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for (path, text) in pages("rules") {
        match load([(path.as_str(), text.as_str())], word::WORDS) {
            Ok(loaded) => trials.extend(loaded.into_iter().flat_map(|loaded| page_trials(&Arc::new(loaded)))),
            Err(errors) => {
                let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
                trials.push(Trial::test(format!("{path}: is a page"), move || Err(lines.join("\n").into())));
            }
        }
    }
    trials
}

/// The Markdown files of a folder, sorted by path.
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

fn page_trials(loaded: &Arc<Loaded>) -> Vec<Trial> {
    let mut trials = Vec::new();
    let id = loaded.page.id.clone();
    let mut trial = |name: String, run: fn(&Loaded, usize) -> Result<(), String>, at: usize| {
        let loaded = Arc::clone(loaded);
        trials.push(Trial::test(name, move || run(&loaded, at).map_err(Failed::from)));
    };
    trial(format!("{id}: every knob is set by an example"), knobs_are_set, 0);
    for (at, example) in loaded.page.bad.iter().enumerate() {
        let run: fn(&Loaded, usize) -> _ = |loaded, at| run(loaded, &loaded.page.bad[at]);
        trial(format!("{id}: bad: {}", example.title), run, at);
    }
    for (at, example) in loaded.page.good.iter().enumerate() {
        let run: fn(&Loaded, usize) -> _ = |loaded, at| run(loaded, &loaded.page.good[at]);
        trial(format!("{id}: good: {}", example.title), run, at);
        trial(format!("{id}: near miss: {}", example.title), is_near, at);
    }
    trials
}

fn knobs_are_set(loaded: &Loaded, _: usize) -> Result<(), String> {
    let unset = unset_knobs(&loaded.page, &loaded.rule);
    if unset.is_empty() { Ok(()) } else { Err(format!("no example sets {}", unset.join(", "))) }
}

fn run(loaded: &Loaded, example: &Example) -> Result<(), String> {
    examples::run(&loaded.page, example, &|page, example| gate(loaded, page, example))
}

fn is_near(loaded: &Loaded, at: usize) -> Result<(), String> {
    let example = &loaded.page.good[at];
    let rule = compiled(loaded, example)?;
    let near = near_miss(&rule, &program(&example.head)?, Program::sites);
    near.map(|_| ()).map_err(|far| format!("{}:{}: {far}", loaded.page.path, example.line))
}

fn compiled(loaded: &Loaded, example: &Example) -> Result<CompiledRule, String> {
    let mut knobs = Knobs::new();
    if let Some(text) = &example.settings {
        let read = settings::load(text, settings::FILE, &[info(&loaded.rule)]).map_err(|error| error.to_string())?;
        knobs.extend(read.shared_knobs());
        knobs.extend(read.knobs.get(&loaded.rule.id).cloned().unwrap_or_default());
    }
    compile(&loaded.rule, &knobs).map_err(|error| error.to_string())
}

fn program(files: &BTreeMap<String, String>) -> Result<Program, String> {
    let mut sources = Vec::new();
    let mut manifests = BTreeMap::new();
    for (path, text) in files {
        if let Some(folder) = path.strip_suffix("package.json") {
            let manifest = Manifest::read(text).map_err(|error| format!("{path}: {error}"))?;
            manifests.insert(folder.trim_end_matches('/').to_owned(), manifest);
        }
        let Some(dialect) = Dialect::of_path(path) else { continue };
        let module = typescript::lower(text, dialect).map_err(|error| format!("{path}: {error}"))?;
        if let Some(lost) = module.lost.first() {
            let line = text[..lost.at.start as usize].lines().count();
            return Err(format!("{path}:{line}: this is not understood as code"));
        }
        sources.push((path.clone(), Arc::new(Source::new(String::new(), text.clone())), Arc::new(module)));
    }
    let models = Models::load(&[]).map_err(|error| error.to_string())?;
    Ok(Program::new(sources, Arc::new(models), manifests))
}

/// The findings of head that base does not have, each once.
fn gate(loaded: &Loaded, _: &Page, example: &Example) -> Result<Vec<Found>, String> {
    let rules = [compiled(loaded, example)?];
    let (base, head) = (program(&example.base)?, program(&example.head)?);
    let mut known: Vec<_> = rule::run(&rules, &base, None).0.iter().map(identity).collect();
    let mut new = Vec::new();
    for found in rule::run(&rules, &head, None).0 {
        let identity = identity(&found);
        if let Some(at) = known.iter().position(|other| *other == identity) {
            known.swap_remove(at);
            continue;
        }
        let file = head.file_ids().find(|id| head.file(*id).path == found.place.path).unwrap_or(FileId(0));
        let line = head.file(file).source.lines.line(found.place.span.start);
        let finding::Finding { rule, message, help, place, .. } = found;
        new.push(Found { rule, path: place.path, line, message, help });
    }
    Ok(new)
}

fn identity(finding: &finding::Finding) -> (finding::Severity, String, String, Vec<String>) {
    (finding.severity, finding.function.clone(), finding.anchor.clone(), finding.causes.clone())
}
