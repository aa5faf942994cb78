//! Names that a change takes away, and names that it brings: where two texts differ in nothing else,
//! something was renamed.
//!
//! In: the changed files of both sides. Out: texts in which a mark stands for every such name. Only
//! what files declare is a name here: an API or a variable of the environment that is exchanged for
//! another one is another matter, not another name.

use super::place::Side;
use crate::change::Change;
use crate::syntax::{Expr, Key, Module};
use std::collections::BTreeSet;

/// What stands for a name that only one side has: no source text holds it.
const MARK: char = '\u{1}';

type Set<'a> = BTreeSet<&'a str>;

/// The names that a side's changed files declare and that are not used there on the other side. A name
/// that went from one file to another was moved, not renamed.
#[derive(Default)]
pub(super) struct Names<'a>(Set<'a>);

/// The names of both sides: those that are gone, and those that are new.
pub(super) fn compare<'a>(change: &'a Change, base: &Side<'a>, head: &Side<'a>) -> (Names<'a>, Names<'a>) {
    let (mut gone, mut fresh) = (Set::new(), Set::new());
    for file in &change.files {
        let before = file.base_path().and_then(|path| base.module(path));
        let after = file.head_path().and_then(|path| head.module(path));
        gone.extend(only(before, after));
        fresh.extend(only(after, before));
    }
    let moved: Set = gone.intersection(&fresh).copied().collect();
    for names in [&mut gone, &mut fresh] {
        names.retain(|name| !moved.contains(name));
    }
    (Names(gone), Names(fresh))
}

/// The names that one version of a file declares and the other one does not know.
fn only<'a>(one: Option<&'a Module>, other: Option<&'a Module>) -> Set<'a> {
    let mut names = one.map(declared).unwrap_or_default();
    if let Some(other) = other {
        let there: Set = declared(other).into_iter().chain(mentioned(other)).collect();
        names.retain(|name| !there.contains(name));
    }
    names
}

fn declared(module: &Module) -> Set<'_> {
    let bindings = module.bindings.iter().map(|binding| binding.name);
    let functions = module.functions.iter().filter_map(|function| function.name);
    let classes = module.classes.iter().filter_map(|class| class.name);
    bindings.chain(functions).chain(classes).map(|name| module.name(name)).collect()
}

fn mentioned(module: &Module) -> impl Iterator<Item = &str> {
    let name = |expr: &Expr| match *expr {
        Expr::Member { name, .. } | Expr::Global(name) => Some(module.name(name)),
        _ => None,
    };
    let members = module.classes.iter().flat_map(|class| module.list(class.members)).map(|member| member.key);
    let key = |key: Key| match key {
        Key::Name(name) => Some(module.name(name)),
        _ => None,
    };
    module.exprs.iter().filter_map(name).chain(members.filter_map(key))
}

impl Names<'_> {
    /// A text with marks for these names.
    pub fn mark(&self, text: &str) -> String {
        if self.0.is_empty() { text.to_owned() } else { mark(text, &self.0) }
    }
}

fn mark(text: &str, names: &Set<'_>) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let word = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        if word == 0 {
            let next = rest.chars().next().map_or(rest.len(), char::len_utf8);
            out.push_str(&rest[..next]);
            rest = &rest[next..];
            continue;
        }
        // Without white space, a keyword is one with the name behind it.
        let (keyword, name) = keyword(&rest[..word], names);
        out.push_str(keyword);
        if names.contains(name) {
            out.push(MARK);
        } else {
            out.push_str(name);
        }
        rest = &rest[word..];
    }
    out
}

fn keyword<'t>(word: &'t str, names: &Set<'_>) -> (&'t str, &'t str) {
    if names.contains(word) {
        return ("", word);
    }
    let split = |start: &str| {
        word.strip_prefix(start).filter(|rest| names.contains(rest)).map(|rest| word.split_at(word.len() - rest.len()))
    };
    ["await", "new", "return", "async", "typeof", "throw", "void", "awaitnew"]
        .into_iter()
        .find_map(split)
        .unwrap_or(("", word))
}
