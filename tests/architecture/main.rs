//! The source held to the project's own rules: which module may name which, where a library may be
//! used, what a file says of itself, how long it may get, and what only tests may do.
//!
//! Every check is a function of made-up text, too, and is shown to fail there.

mod banned;
mod order;
mod places;
mod shape;
mod source;

use source::SourceFile;

/// Fails with all faults at once, and with what the rule is for.
fn none(rule: &str, faults: &[String]) {
    assert!(faults.is_empty(), "\n{rule}\n\n  {}\n", faults.join("\n  "));
}

/// Every fault that `check` finds in the project's own source.
fn in_source(check: impl Fn(&SourceFile) -> Vec<String>) -> Vec<String> {
    let files = &*source::PROJECT;
    assert!(files.len() > 50, "only {} files were found under src/", files.len());
    files.iter().flat_map(check).collect()
}

#[test]
fn modules_name_only_what_stands_before_them() {
    let rule = "A module may name itself and those before it in ORDER (tests/architecture/order.rs), so that no cycle can arise. Move what is shared to an earlier module; a new module gets a place in ORDER.";
    none(rule, &in_source(order::faults));
}

#[test]
fn stages_that_must_not_know_each_other_do_not() {
    none(
        "Some modules stay apart although the order would allow more; the reason is with each.",
        &in_source(order::apart),
    );
}

#[test]
fn a_library_is_used_in_its_place_only() {
    none(
        "A library with a place of its own is hidden behind it: ask the module that has it.",
        &in_source(places::faults),
    );
}

#[test]
fn only_tests_may_give_up_or_print() {
    let rule = "Outside tests nothing panics, prints past the caller, or ends the process: return an error or a text.";
    none(rule, &in_source(banned::faults));
}

#[test]
fn every_file_says_why_it_exists() {
    let rule = "Every file begins with a `//!` header: why it exists, `In:` what goes in, `Out:` what comes out.";
    none(rule, &shape::all_headers());
}

#[test]
fn no_file_is_too_long() {
    none("A file that outgrows the limit is split by case; the limit is not raised.", &shape::all_lengths());
}
