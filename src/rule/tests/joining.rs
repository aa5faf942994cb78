//! What a sentence finds: joins, relations, levels, merging, bounds.

use crate::finding::{Confidence, Finding, Role, Severity};
use crate::rule::compile::CompiledRule;
use crate::rule::run_with;
use crate::rule::testing::{compiled, program, sites};

fn find(rule: CompiledRule, files: &[(&str, &str)]) -> Vec<Finding> {
    run_with(&[rule], &program(files), None, sites).0
}

fn messages(rule: &str, text: &str) -> Vec<String> {
    find(compiled(rule), &[("a.ts", text)]).into_iter().map(|finding| finding.message).collect()
}

#[test]
fn a_word_selects_sites_and_fills_the_message() {
    let rule = "when = [{ named = [\"a\", \"b\"] }]\nmessage = \"`{callee}` {named.callee} {function} {path} {gone}\"";
    assert_eq!(messages(rule, "f: a() c() b()"), ["`A` A f a.ts {\u{2026}}", "`B` B f a.ts {\u{2026}}"]);
    let findings = find(compiled(rule), &[("b.ts", "f: a()"), ("a.ts", "g: x() a()")]);
    let places: Vec<_> = findings.iter().map(|f| (f.place.path.as_str(), f.place.span.start)).collect();
    assert_eq!(places, [("a.ts", 7), ("b.ts", 3)]);
    assert_eq!((findings[0].function.as_str(), findings[0].anchor.as_str()), ("g", "a()"));
    assert_eq!(findings[0].help, "do it");
}

#[test]
fn a_capture_nobody_gives_falls_back_to_the_code() {
    let rule = "when = [{ many = { count = 1 } }, { beside = { site = \"call\" } }]\nmessage = \"{callee} {beside.callee} {beside.side}\"";
    assert_eq!(messages(rule, "f: one() two()"), ["one two next", "two one next"]);
}

#[test]
fn words_of_one_sentence_speak_of_one_route() {
    let text = "f: a()\nonOne: b()\nonTwo: c()";
    let rule = |entry: &str| {
        let name = "when = [{ named = \"a\" }, { reaches = \"lost\" }, { ends = ENTRY }]\nmessage = \"{entry}\"";
        messages(&name.replace("ENTRY", &format!("\"{entry}\"")), text)
    };
    assert_eq!(rule("onTwo"), ["onTwo"]);
    assert_eq!(rule("onThree"), Vec::<String>::new());
}

#[test]
fn further_entries_become_labels_and_causes() {
    let rule = "when = [{ named = \"a\" }, { reaches = \"lost\" }]\nmessage = \"{entry}\"";
    let findings = find(compiled(rule), &[("a.ts", "f: a()\nonmaybe: b()\nonOne: b()\nonTwo: c()")]);
    assert_eq!(findings.len(), 1);
    let found = &findings[0];
    assert_eq!((found.message.as_str(), found.confidence), ("onOne", Confidence::High));
    let entries: Vec<_> = found.labels.iter().filter(|l| l.role == Role::Entry).map(|l| l.text.as_str()).collect();
    assert_eq!(entries, ["`onTwo` fails with it too", "`onmaybe` fails with it too"]);
    assert_eq!(found.causes, ["cause onOne", "cause onTwo", "cause onmaybe"]);
}

#[test]
fn relations_nest_and_prefix() {
    let rule = "when = [{ inside = { site = \"function\", when = [{ named = \"f\" }, { has = { site = \"call\", when = [{ named = \"b\" }] } }] } }]\nmessage = \"{callee}: {inside.callee} {inside.has.callee} {inside.has.named.callee}\"";
    assert_eq!(messages(rule, "f: a() b()\ng: b()"), ["a: F B B", "b: F B B"]);
    let findings = find(compiled(rule), &[("a.ts", "f: a() b()")]);
    assert_eq!(findings[0].confidence, Confidence::Medium);
    assert_eq!(findings[0].labels.iter().map(|l| l.text.as_str()).collect::<Vec<_>>(), ["`f` is here", "`b` is here"]);
}

#[test]
fn an_unless_removes_rows() {
    let rule = "when = [{ named = [\"a\", \"b\"] }]\nunless = [{ beside = { site = \"call\", when = [{ named = \"x\" }], unless = [{ beside = { site = \"call\", when = [{ named = \"y\" }] } }] } }]\nmessage = \"m\"";
    assert_eq!(messages(rule, "f: a() x()").len(), 0);
    assert_eq!(messages(rule, "f: a() x() y()").len(), 1);
    let by_route =
        "when = [{ reaches = \"lost\" }, { named = \"a\" }]\nunless = [{ ends = \"onOne\" }]\nmessage = \"{entry}\"";
    assert_eq!(messages(by_route, "f: a()\nonOne: b()\nonTwo: b()"), ["onTwo"]);
}

#[test]
fn a_level_changes_the_severity() {
    let rule = "when = [{ named = [\"a\", \"b\"] }]\nlevel = [{ when = [{ beside = { site = \"call\", when = [{ named = \"x\" }] } }], is = \"note\" }, { when = [{ named = \"a\" }], is = \"warning\" }]\nmessage = \"m {beside.callee}\"";
    let levels = |text| find(compiled(rule), &[("a.ts", text)]).iter().map(|f| f.severity).collect::<Vec<_>>();
    assert_eq!(levels("f: a() x()"), [Severity::Note]);
    assert_eq!(levels("f: a()"), [Severity::Warning]);
    assert_eq!(levels("f: b()"), [Severity::Error]);
    assert_eq!(messages(rule, "f: a() x()"), ["m X"]);
    assert_eq!(find(compiled(rule).with_severity(Severity::Note), &[("a.ts", "f: b()")])[0].severity, Severity::Note);
}

#[test]
fn the_order_of_the_sentence_does_not_change_what_is_found() {
    let text = "f: a()\nonmaybe: b()\nonOne: b()\nonTwo: c()";
    let words = ["{ named = \"a\" }", "{ reaches = \"lost\" }", "{ many = { count = 3 } }", "{ in-file = \"a.ts\" }"];
    let mut found = Vec::new();
    for turn in 0..words.len() {
        let mut turned = words.to_vec();
        turned.rotate_left(turn);
        let rule = format!("when = [{}]\nmessage = \"{{entry}} {{callee}} {{number}}\"", turned.join(", "));
        found.push(
            find(compiled(&rule), &[("a.ts", text)]).into_iter().map(|f| (f.message, f.causes)).collect::<Vec<_>>(),
        );
    }
    assert_eq!(found[0][0].0, "onOne A 0");
    found.dedup();
    assert_eq!(found.len(), 1);
}

#[test]
fn ways_that_bind_the_same_are_one_and_others_are_bounded() {
    let same = "when = [{ many = { count = 100000 } }, { many = { count = 2 } }]\nmessage = \"{number}\"";
    let (findings, reached) = run_with(&[compiled(same)], &program(&[("a.ts", "f: a()")]), None, sites);
    assert_eq!((findings.len(), reached.len()), (1, 0));
    let differ = same.replace("100000", "300, secret = true");
    let (findings, reached) = run_with(&[compiled(&differ)], &program(&[("a.ts", "f: a()")]), None, sites);
    assert_eq!(findings.len(), 1);
    assert_eq!(
        reached[0].reached().text,
        "`made-up` held in more than 256 ways at a place in a.ts; the rest was left out"
    );
}

#[test]
fn an_empty_knob_never_holds() {
    let rule = "when = [{ named = \"a\" }]\nunless = [{ named = \"$off\" }]\nmessage = \"m\"\nknobs = { off = [] }";
    assert_eq!(messages(rule, "f: a()"), ["m"]);
}

#[test]
fn alternatives_give_one_finding_per_site_the_severest() {
    use crate::rule::{compile::compile, knob::Knobs, testing};
    let one = |severity: &str, name: &str| {
        format!(
            "severity = \"{severity}\"\nflags = \"call\"\nwhen = [{{ named = \"{name}\" }}]\nmessage = \"{severity}\"\nhelp = \"h\""
        )
    };
    let rule = testing::rule(&[&one("note", "a"), &one("error", "a"), &one("warning", "b")]).unwrap();
    let found = find(compile(&rule, &Knobs::new()).unwrap(), &[("a.ts", "f: a() b()")]);
    assert_eq!(found.iter().map(|f| f.message.as_str()).collect::<Vec<_>>(), ["error", "warning"]);
}

#[test]
fn threads_and_files_do_not_change_what_is_found() {
    let files: Vec<(String, String)> =
        (0..40).map(|n| (format!("{n:02}.ts"), "f: a()\nonOne: a()".to_owned())).collect();
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let program = program(&files);
    let rules = [compiled("when = [{ named = \"a\" }, { reaches = \"lost\" }]\nmessage = \"{entry}\"")];
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run_with(&rules, &program, None, sites))
    };
    assert_eq!(with(1), with(4));
    let some = [crate::program::FileId(3)].into();
    let (found, _) = run_with(&rules, &program, Some(&some), sites);
    assert!(found.iter().all(|f| f.place.path == "03.ts") && found.len() == 2);
}
