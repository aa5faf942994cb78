//! Libraries that only one place knows, so that the rest does not depend on them.
//!
//! In: a file. Out: the names in it of libraries whose place is elsewhere.

use crate::source::SourceFile;

/// A library or a part of one, and the only files or folders (with `/`) that name it.
const PLACES: [(&str, &[&str]); 17] = [
    ("tree_sitter", &["src/syntax/typescript/"]),
    ("tree_sitter_typescript", &["src/syntax/typescript/"]),
    ("oxc_parser", &["src/syntax/typescript/oxc/"]),
    ("oxc_allocator", &["src/syntax/typescript/oxc/"]),
    ("oxc_ast", &["src/syntax/typescript/oxc/"]),
    ("oxc_span", &["src/syntax/typescript/oxc/"]),
    ("oxc_syntax", &["src/syntax/typescript/oxc/"]),
    ("stacker", &["src/syntax/typescript/oxc/"]),
    ("git2", &["src/git/"]),
    ("gix_hash", &["src/git/objects.rs"]),
    ("gix_object", &["src/git/objects.rs"]),
    ("gix_odb", &["src/git/objects.rs"]),
    ("mimalloc", &["src/main.rs"]),
    ("oxc_resolver", &["src/program/resolve.rs"]),
    ("clap", &["src/cli.rs"]),
    ("clap_complete", &["src/cli.rs"]),
    ("pulldown_cmark", &["src/rule/"]),
];

/// What of miette is for errors of every stage. Everything else in it draws.
const DIAGNOSTICS: [&str; 8] =
    ["Diagnostic", "LabeledSpan", "NamedSource", "Severity", "SourceCode", "SourceOffset", "SourceSpan", "diagnostic"];

/// The only place of what draws.
const DRAWING: &str = "src/report/human.rs";

/// Names of libraries that have their place elsewhere.
pub fn faults(file: &SourceFile) -> Vec<String> {
    let mut faults = Vec::new();
    for mention in &file.named {
        let fault = |place: &str| format!("{}:{}: `{}` belongs in {place}", file.path, mention.line, mention.text());
        for (library, places) in PLACES {
            let is_here =
                |place: &&str| if place.ends_with('/') { file.path.starts_with(*place) } else { file.path == **place };
            if mention.path[0] == library && !places.iter().any(is_here) {
                faults.push(fault(&places.join(", ")));
            }
        }
        let draws = mention.path[0] == "miette"
            && mention.path.get(1).is_some_and(|part| !DIAGNOSTICS.contains(&part.as_str()));
        if draws && file.path != DRAWING {
            faults.push(fault(DRAWING));
        }
    }
    faults
}

#[test]
fn a_library_out_of_its_place_is_refused() {
    let faults = |path: &str, text: &str| faults(&SourceFile::read(path, text)).len();
    assert_eq!(faults("src/syntax/typescript/walk.rs", "use tree_sitter::Node;"), 0);
    assert_eq!(faults("src/syntax/mod.rs", "use tree_sitter::Node;"), 1);
    assert_eq!(faults("src/syntax/typescript/walk.rs", "use oxc_ast::ast::Program;"), 1);
    assert_eq!(faults("src/program/mod.rs", "fn f() -> git2::Oid { vec![git2::Oid::zero()] }"), 2);
    assert_eq!(faults("src/git/error.rs", "#[derive(miette::Diagnostic)] #[diagnostic(help(\"x\"))] enum E {}"), 0);
    assert_eq!(faults("src/git/error.rs", "use miette::{Diagnostic, GraphicalReportHandler as Draw};"), 1);
    assert_eq!(faults("src/report/human.rs", "use miette::GraphicalReportHandler;"), 0);
    assert_eq!(faults("src/report/mod.rs", "use miette::*;"), 1);
    assert_eq!(faults("src/climate.rs", "use clap::Parser;"), 1);
}
