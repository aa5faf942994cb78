//! Whose settings count, and mistakes in them.

use crate::scratch::{GUARDED, Scratch, unguarded};

const OFF: &str = "[rules]\nunguarded-ingress-call = \"off\"\n";

#[test]
fn a_proposed_change_cannot_switch_the_gate_off() {
    let scratch = Scratch::with_defect();
    scratch.write("failpath.toml", OFF);
    scratch.commit();
    let range = ["--base", "main", "--head", "topic"];
    scratch.run(&range).with(1).says(&["the other side's differ and were not used"]);
    scratch.run(&[&range[..], &["--config-from", "head"]].concat()).with(0).says(&["settings from head"]);
    // On one's own machine the settings on disk can be tried.
    scratch.run(&[]).with(0).says(&["settings from work tree"]);
    scratch.run(&["--isolated"]).with(1);
}

#[test]
fn settings_of_base_count() {
    let scratch = Scratch::with(&[("a.ts", GUARDED), ("failpath.toml", "[paths]\nexclude = [\"a.ts\"]\n")]);
    scratch.write("a.ts", unguarded());
    scratch.write("failpath.toml", "");
    scratch.commit();
    scratch.run(&["--base", "main", "--head", "topic"]).with(0).says(&["settings from base", "0 new"]);
}

#[test]
fn a_file_can_be_named() {
    let scratch = Scratch::with_defect();
    scratch.write("../mine.toml", "[gate]\nfail-on = \"never\"\n");
    scratch.run(&["-c", "../mine.toml"]).with(0).says(&["1 new", "settings from file"]);
    scratch.run(&["-c", "../none.toml"]).with(2).says(&["cannot read", "none.toml"]);
}

#[test]
fn mistakes_are_drawn_at_their_place() {
    let scratch = Scratch::with_defect();
    scratch.write("failpath.toml", "[rules]\nunguarded-ingres-call = \"off\"\n\n[gate]\nfail-on = \"errors\"\n");
    let said = scratch.run(&[]).with(2);
    assert_eq!(said.stdout, "");
    said.says(&["failpath.toml", "2 mistakes", "did you mean `unguarded-ingress-call`?", "did you mean \"error\"?"]);
}

#[test]
fn a_value_that_a_rule_does_not_take_is_drawn_at_its_place() {
    let scratch = Scratch::with_defect();
    scratch.write("failpath.toml", "[rules.unguarded-ingress-call]\nlevel = \"error\"\non-throw = [\"lots\"]\n");
    let said = scratch.run(&[]).with(2);
    said.says(&["failpath.toml:3:12", "`lots` is not allowed", "failpath explain unguarded-ingress-call"]);
}

#[test]
fn the_default_branch_can_be_set() {
    let scratch = Scratch::with_defect();
    scratch.git(&["branch", "-m", "main", "trunk"]);
    scratch.run(&[]).with(2).says(&["cannot tell which branch"]);
    scratch.write("failpath.toml", "[gate]\ndefault-branch = \"trunk\"\n");
    scratch.run(&[]).with(1).says(&["1 new"]);
}

#[test]
fn own_models_are_used() {
    let scratch = Scratch::with(&[("a.ts", "")]);
    scratch.write("a.ts", unguarded().replace("memories.create", "memories.keep"));
    scratch.run(&[]).with(0);
    scratch.write("failpath.toml", "[[models.role]]\nrole = \"store\"\nnames = [\"*.keep\"]\n");
    scratch.run(&["--min-confidence", "low"]).with(1).says(&["memories.keep"]);
    scratch.write("failpath.toml", "[[models.roll]]\nrole = \"store\"\n");
    scratch.run(&[]).with(2).says(&["roll"]);
    scratch.write("failpath.toml", "[[models.role]]\nrole = \"store\"\nnames = [\n  \"*.keep\",\n  \"{*.put\",\n]\n");
    scratch.run(&[]).with(2).says(&["failpath.toml:3:9", "{*.put", "unclosed alternate group"]);
}
