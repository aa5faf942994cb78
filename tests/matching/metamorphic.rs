//! What means the same is judged the same: nothing new, nothing fixed.

use crate::corpus::{Case, all, differences};
use crate::judged::Files;
use crate::transforms::{TRANSFORMS, Transform, module};
use rayon::prelude::*;

/// All files of a case changed, where the change applies; `None` where it applies to none.
fn changed(files: &Files, transform: Transform) -> Option<Files> {
    let mut head = files.clone();
    for (path, text) in files {
        let Some(module) = module(path, text) else { continue };
        let new = transform(text, &module);
        // A change that breaks the text would show nothing.
        assert!(crate::transforms::module(path, &new).is_some(), "{path} is broken:\n{new}");
        head.insert(path.clone(), new);
    }
    (head != *files).then_some(head)
}

/// What is new or fixed by changes that mean nothing, and how many were tried.
fn faults(cases: &[Case], transform: Transform) -> (Vec<String>, usize) {
    let found = cases.par_iter().filter_map(|case| {
        let head = changed(&case.head, transform)?;
        let found = differences(&case.judge(&case.head, &head));
        Some(found.into_iter().map(|fault| format!("{}: {fault}", case.name)).collect())
    });
    let found: Vec<Vec<String>> = found.collect();
    (found.concat(), found.len())
}

#[test]
fn changes_without_meaning() {
    let cases = all();
    let mut wrong = Vec::new();
    for (name, transform) in TRANSFORMS {
        let (faults, tried) = faults(&cases, transform);
        assert!(tried > 20, "{name} applies to {tried} examples only");
        wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// A file in another folder, with its imports fixed.
#[test]
fn moved_files() {
    let mut wrong = Vec::new();
    let mut tried = 0;
    for case in all() {
        let [(path, text)] = case.head.iter().collect::<Vec<_>>()[..] else { continue };
        let Some((folder, name)) = path.rsplit_once('/').filter(|(_, name)| !name.starts_with("route")) else {
            continue;
        };
        if module(path, text).is_none() || folder.contains('[') || path.starts_with("app/") {
            continue;
        }
        tried += 1;
        let moved = text.replace("\"../", "\"../../").replace("\"./", "\"../");
        for to in [format!("{folder}/deeper/{name}"), format!("{folder}/deeper/new-{name}")] {
            let head = Files::from([(to, moved.clone())]);
            wrong.extend(
                differences(&case.judge(&case.head, &head)).into_iter().map(|fault| format!("{}: {fault}", case.name)),
            );
        }
    }
    assert!(tried > 50, "{tried} examples only");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// What an example adds is fixed when it is taken back.
#[test]
fn changes_taken_back() {
    let cases: Vec<Case> = all().into_iter().filter(|case| case.is_bad).collect();
    let is_wrong = |case: &&Case| {
        let new = case.judge(&case.base, &case.head).counts().new;
        new > 0 && case.judge(&case.head, &case.base).fixed == 0
    };
    let wrong: Vec<&str> = cases.par_iter().filter(is_wrong).map(|case| case.name.as_str()).collect();
    assert!(wrong.is_empty(), "of {}, nothing is fixed in:\n{}", cases.len(), wrong.join("\n"));
}
