//! `failpath test [DIR]`: runs the examples of rule pages.
//!
//! In: a folder of pages, or the repository's own. Out: one line for each example.

use super::examples::{Trial, run, trials};
use super::{Output, setup};
use crate::change::file_name;
use crate::git::{self, Env};
use crate::pipeline::{Catalogue, Error};
use crate::request::{ExitCode, SettingsChoice};
use crate::rule::builtin::PAGES;
use crate::text::plural;
use crate::text::safe::safe_terminal;
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

pub(super) fn test(folder: Option<&Path>, env: &Env) -> Result<Output, Error> {
    let own = match folder {
        Some(folder) => pages_in(&env.folder.join(folder), folder)?,
        None => pages_of_repository(env)?,
    };
    let tested: BTreeSet<&str> = own.iter().map(|(path, _)| path.as_str()).collect();
    let is_there = |path: &str| own.iter().any(|(other, _)| file_name(other) == file_name(path));
    let builtin = PAGES.iter().filter(|(path, _)| !is_there(path));
    let mut pages: Vec<(String, String)> =
        builtin.map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    pages.extend(own.iter().cloned());
    let catalogue = Catalogue::of(pages.iter().map(|(path, text)| (path.as_str(), text.as_str())))?;
    let loaded: Vec<_> = catalogue.rules.iter().filter(|loaded| tested.contains(loaded.page.path.as_str())).collect();
    let trials: Vec<_> =
        loaded.iter().flat_map(|loaded| trials(loaded).into_iter().map(move |trial| (loaded, trial))).collect();
    let results: Vec<_> = trials.par_iter().map(|(loaded, trial)| run(loaded, trial, &pages)).collect();
    let mut text = String::new();
    let mut failed = 0;
    // Writing to a String cannot fail.
    for ((_, Trial { name, .. }), result) in trials.iter().zip(&results) {
        let _ = match result {
            Ok(()) => writeln!(text, "ok      {name}"),
            Err(why) => {
                failed += 1;
                writeln!(text, "FAILED  {name}\n{why}")
            }
        };
    }
    let _ = writeln!(text, "{}, {} passed, {failed} failed", plural(loaded.len(), "page"), trials.len() - failed);
    let code = if failed > 0 { ExitCode::Findings } else { ExitCode::Clean };
    Ok(Output { stdout: safe_terminal(&text).into_owned(), stderr: String::new(), code })
}

/// The pages right in a folder, as path and text, sorted by path.
fn pages_in(folder: &Path, typed: &Path) -> Result<Vec<(String, String)>, Error> {
    let mut pages = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::file("read", folder))? {
        let path = entry.map_err(Error::file("read", folder))?.path();
        if path.extension().is_some_and(|ending| ending == "md") && path.is_file() {
            let name = typed.join(path.file_name().unwrap_or_default());
            let name = name.to_string_lossy().replace('\\', "/");
            pages.push((name, crate::pipeline::read_file(&path)?));
        }
    }
    pages.sort();
    if pages.is_empty() {
        let what = format!("{} holds no page (a file that ends in `.md`)", typed.display());
        return Err(Error::Refused { what, help: "name the folder that holds the rule pages".to_owned() });
    }
    Ok(pages)
}

fn pages_of_repository(env: &Env) -> Result<Vec<(String, String)>, Error> {
    let setup = setup(&SettingsChoice::default(), env)?;
    let is_own = |path: &str| !PAGES.iter().any(|(builtin, _)| *builtin == path);
    let own = setup.catalogue.rules.iter().map(|loaded| &loaded.page).filter(|page| is_own(&page.path));
    let pages: Vec<_> = own.map(|page| (page.path.clone(), page.text.to_string())).collect();
    if pages.is_empty() {
        let root = git::surroundings(env)?.root.unwrap_or_default();
        let what = format!("{} names no pages of its own", root.join(crate::settings::FILE).display());
        let help = "name a folder (`failpath test DIR`), or set `pages = [\"rules/*.md\"]`".to_owned();
        return Err(Error::Refused { what, help });
    }
    Ok(pages)
}
