//! Hops: single steps away from a value, and how a path of them is written.
//!
//! In: steps and texts. Out: texts such as `@slack/web-api#WebClient.users.info` and `.get().x`.

use crate::syntax::{Module, Step};

/// A step away from a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Hop {
    /// `.name`
    Key(String),
    /// `()`
    Call,
    /// `[]`
    Element,
    /// `new`: an instance.
    New,
}

/// The package that a specifier names; `None` for relative paths and the usual aliases of the project.
pub fn package_of(specifier: &str) -> Option<&str> {
    if specifier.starts_with(['.', '/', '#', '~']) || specifier.starts_with("@/") || specifier.starts_with('$') {
        return None;
    }
    let mut ends = specifier.match_indices('/').map(|(at, _)| at);
    let end = if specifier.starts_with('@') { ends.nth(1) } else { ends.next() };
    Some(&specifier[..end.unwrap_or(specifier.len())])
}

pub(super) fn push_steps(module: &Module, steps: &[Step], rest: &mut Vec<Hop>) {
    for step in steps.iter().rev() {
        match *step {
            Step::Key(name) => rest.push(Hop::Key(module.name(name).to_owned())),
            Step::Index(_) | Step::Computed(_) => rest.push(Hop::Element),
            Step::Rest | Step::Default(_) => {}
        }
    }
}

pub(super) fn extend(text: &str, hop: &Hop) -> String {
    match hop {
        // A namespace (`import * as x`) ends in `#`: its first member is the export.
        Hop::Key(name) if text.ends_with('#') => format!("{text}{name}"),
        Hop::Call if text.ends_with('#') => format!("{text}default()"),
        Hop::Key(name) => format!("{text}.{name}"),
        Hop::Call => format!("{text}()"),
        Hop::Element => format!("{text}[]"),
        Hop::New => text.to_owned(),
    }
}

pub(super) fn hop_name(hop: &Hop) -> String {
    match hop {
        Hop::Key(name) => name.clone(),
        Hop::Call => "()".to_owned(),
        Hop::Element => "[]".to_owned(),
        Hop::New => String::new(),
    }
}

pub(super) fn parse_path(path: &str) -> Vec<Hop> {
    let mut hops = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix("()") {
            hops.push(Hop::Call);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("[]") {
            hops.push(Hop::Element);
            rest = after;
        } else {
            let name = rest.strip_prefix('.').unwrap_or(rest);
            let end = name.find(['.', '(', '[']).unwrap_or(name.len());
            if end == 0 {
                break;
            }
            hops.push(Hop::Key(name[..end].to_owned()));
            rest = &name[end..];
        }
    }
    hops.reverse();
    hops
}
