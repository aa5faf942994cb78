//! Which module may name which.
//!
//! In: a file. Out: the names in it that it must not know.

use crate::source::{Mention, SourceFile};

/// The modules of the library, in the order of the data's way through them. Each names only those
/// before it. `lib` is the root itself: the functions in it that run the stages.
const ORDER: [&str; 22] = [
    "text", "limits", "aside", "change", "source", "git", "syntax", "cache", "model", "program", "finding", "fix",
    "word", "rule", "verdict", "settings", "report", "request", "pipeline", "lib", "cli", "command",
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
    let own = match (module.get(1), file.path.as_str()) {
        (Some(own), _) => own,
        (None, "src/lib.rs") => "lib",
        // The binary, after everything.
        (None, _) => return Vec::new(),
    };
    let place = |name: &str| ORDER.iter().position(|module| *module == name);
    let Some(own_place) = place(own) else {
        return vec![format!("{}: the module `{own}` has no place in ORDER", file.path)];
    };
    let wrong = |mention: &Mention| {
        let (root, other) = (mention.path[0].as_str(), mention.path.get(1));
        let other = match other {
            Some(other) if root == "crate" => other,
            // In the root, names of modules need nothing before them.
            _ if own == "lib" && other.is_some() && place(root).is_some() => root,
            _ => return None,
        };
        let (other, at) = place(other).map_or(("lib", place("lib")), |at| (other, Some(at)));
        (at > Some(own_place)).then(|| said(file, mention, &format!("`{other}` stands after `{own}`")))
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
    assert!(faults(&file("src/lib.rs", "pub mod cli; use report::Format; fn f() { rule::g(report) }")).is_empty());
    assert_eq!(
        faults(&file("src/lib.rs", "use request::A; use cli::B; fn f() { command::g(crate::cli::h) }")).len(),
        3
    );
    assert!(faults(&file("src/command/check.rs", "use crate::{cli, run};")).is_empty());
    assert!(faults(&file("src/main.rs", "use failpath::command::obey;")).is_empty());
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
