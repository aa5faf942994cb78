//! Which module may name which.
//!
//! In: a file. Out: the names in it that it must not know.

use crate::source::{Mention, SourceFile};

/// The modules of the library, in the order of the data's way through them. Each names only those
/// before it.
const ORDER: [&str; 20] = [
    "text", "limits", "change", "source", "git", "syntax", "cache", "model", "program", "finding", "word", "rule",
    "verdict", "settings", "fix", "report", "request", "cli", "command", "lib",
];

/// Who never names what, although the order would allow it, and why.
const APART: [(&str, &str, &str); 6] = [
    ("crate::word", "crate::syntax::typescript", "words must hold for every language that is lowered to the form"),
    ("crate::program", "crate::syntax::typescript", "the analysis must hold for every language that is lowered"),
    ("crate::rule", "crate::syntax::typescript", "rules must hold for every language that is lowered"),
    ("crate::report", "crate::program", "outputs print what was judged, and must not judge again"),
    ("crate::report", "crate::git", "outputs are functions of the report alone"),
    ("crate::settings", "crate::rule", "settings check against plain lists, so that they can be read without rules"),
];

fn within(path: &str, module: &str) -> bool {
    path.strip_prefix(module).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn said(file: &SourceFile, mention: &Mention, why: &str) -> String {
    format!("{}:{}: `{}`: {why}", file.path, mention.line, mention.text())
}

/// Names of modules that stand after the file's own.
pub fn faults(file: &SourceFile) -> Vec<String> {
    let module = file.module();
    let Some(own) = module.get(1) else { return Vec::new() };
    let place = |name: &str| ORDER.iter().position(|module| *module == name);
    let Some(own_place) = place(own) else {
        return vec![format!("{}: the module `{own}` has no place in ORDER", file.path)];
    };
    let wrong = |mention: &Mention| {
        if mention.path[0] != "crate" {
            return None;
        }
        let other = mention.path.get(1)?;
        match place(other) {
            Some(at) if at <= own_place => None,
            Some(_) => Some(said(file, mention, &format!("`{other}` stands after `{own}`"))),
            None => Some(said(file, mention, "only names in modules that have a place in ORDER")),
        }
    };
    file.named.iter().filter_map(wrong).collect()
}

/// Names that the file's module is kept apart from.
pub fn apart(file: &SourceFile) -> Vec<String> {
    let module = file.module().join("::");
    let mut faults = Vec::new();
    for (who, what, why) in APART.iter().filter(|(who, ..)| within(&module, who)) {
        let named = file.named.iter().filter(|mention| within(&mention.text(), what));
        faults.extend(named.map(|mention| said(file, mention, &format!("{who} never names it: {why}"))));
    }
    faults
}

#[test]
fn a_later_module_is_refused_and_an_earlier_one_is_not() {
    let file = |path: &str, text: &str| SourceFile::read(path, text);
    assert!(faults(&file("src/rule/join.rs", "use crate::program::Program; use super::page;")).is_empty());
    assert!(faults(&file("src/lib.rs", "pub fn f() -> crate::command::Run { report::g() }")).is_empty());
    let later = faults(&file("src/program/mod.rs", "\nfn f() { g(crate::rule::h) }"));
    assert_eq!(later, ["src/program/mod.rs:2: `crate::rule::h`: `rule` stands after `program`"]);
    assert_eq!(faults(&file("src/text.rs", "use super::{limits};")).len(), 1);
    assert_eq!(faults(&file("src/text.rs", "use crate::run;")).len(), 1);
    assert_eq!(faults(&file("src/sundry.rs", "")), ["src/sundry.rs: the module `sundry` has no place in ORDER"]);
}

#[test]
fn modules_that_are_kept_apart_are() {
    let apart = |path: &str, text: &str| apart(&SourceFile::read(path, text)).len();
    assert_eq!(apart("src/word/does.rs", "use crate::syntax::Expr; fn f() { crate::syntax::typescript::lower() }"), 1);
    assert_eq!(apart("src/report/json.rs", "use crate::program::Site; use crate::programs::X;"), 1);
    assert_eq!(apart("src/rule/run.rs", "use crate::program::Site;"), 0);
}
