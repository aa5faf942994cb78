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

#[test]
fn some_paths_can_be_judged_by_other_settings() {
    let scratch = Scratch::with(&[("billing/a.ts", GUARDED), ("b.ts", GUARDED)]);
    scratch.write("b.ts", unguarded());
    let settings = |overrides: &str| {
        scratch.write("failpath.toml", format!("[[overrides]]\npaths = [\"billing/**\"]\n{overrides}\n"));
    };
    let warning = "rules = { unguarded-ingress-call = \"warning\" }\n";
    settings("rules = { unguarded-ingress-call = \"off\" }");
    scratch.run(&[]).with(1).says(&["1 new", "b.ts:7"]);
    scratch.write("b.ts", GUARDED);
    scratch.write("billing/a.ts", unguarded());
    scratch.run(&[]).with(0).says(&["0 new"]);
    scratch.run(&["--rule", "unguarded-ingress-call=error"]).with(1).says(&["1 new"]);
    settings(warning);
    scratch.run(&[]).with(0).says(&["warning[unguarded-ingress-call]"]);
    settings(&format!("{warning}fail-on = \"warning\""));
    scratch.run(&[]).with(1);
    scratch.run(&["--fail-on", "error"]).with(0);
    // Off everywhere but there.
    scratch.write("b.ts", unguarded());
    scratch.write(
        "failpath.toml",
        format!("[rules]\nunguarded-ingress-call = \"off\"\n[[overrides]]\npaths = [\"billing/**\"]\n{warning}"),
    );
    scratch.run(&[]).with(0).says(&["1 new", "billing/a.ts:7"]).says_nothing_of(&["b.ts:7"]);
    // Of two, the last one wins.
    scratch.write("failpath.toml", format!("[[overrides]]\npaths = [\"**\"]\nrules = {{ unguarded-ingress-call = \"off\" }}\n[[overrides]]\npaths = [\"billing/**\"]\n{warning}"));
    scratch.run(&[]).with(0).says(&["1 new", "warning[unguarded-ingress-call]"]);
}

#[test]
fn on_some_paths_less_certain_findings_count() {
    // Nothing shows what `lookup` is: that it can fail is a guess.
    let guess = "import { lookup } from \"./lost\";\n\nasync function load(id: string) {\n  await lookup(id);\n}\n\nexport async function POST(request: Request) {\n  load(request.url);\n  return Response.json({});\n}\n";
    let scratch = Scratch::with(&[("a.txt", "")]);
    scratch.write("app/api/billing/route.ts", guess);
    scratch.write("app/api/other/route.ts", guess);
    let settings = |least: &str| {
        scratch.write(
            "failpath.toml",
            format!("[[overrides]]\npaths = [\"**/billing/**\"]\nmin-confidence = \"{least}\"\n"),
        );
    };
    settings("medium");
    scratch.run(&[]).with(1).says(&["2 new"]);
    settings("high");
    scratch
        .run(&[])
        .with(1)
        .says(&["1 new", "app/api/other/route.ts", "1 below the confidence that their paths ask for"])
        .says_nothing_of(&["app/api/billing/route.ts"]);
    // What is typed holds everywhere.
    scratch.run(&["--min-confidence", "medium"]).with(1).says(&["2 new"]);
    scratch.run(&["--min-confidence", "high"]).with(0).says(&["2 below high confidence"]);
    settings("hihg");
    scratch.run(&[]).with(2).says(&["did you mean \"high\"?"]);
}

#[test]
fn on_some_paths_a_change_cannot_silence_itself() {
    let scratch = Scratch::with(&[
        ("billing/a.ts", GUARDED),
        ("b.ts", GUARDED),
        ("failpath.toml", "[[overrides]]\npaths = [\"billing/**\"]\nsuppressions = \"ignore-new\"\n"),
    ]);
    let silenced = unguarded().replace(
        "  const found",
        "  // failpath-ignore-next-line unguarded-ingress-call: names are optional\n  const found",
    );
    scratch.write("b.ts", &silenced);
    scratch.run(&[]).with(0).says(&["1 suppressed; this change adds 1 suppression"]);
    scratch.write("billing/a.ts", &silenced);
    scratch.run(&[]).with(1).says(&["billing/a.ts:8", "1 new", "1 suppressed; this change adds 2 suppressions"]);
    scratch.commit();
    scratch.write("billing/a.ts", format!("{silenced}\n// more\n"));
    scratch.run(&["--base", "HEAD"]).with(0).says(&["1 suppressed; this change adds 0 suppressions"]);
}

#[test]
fn mistakes_in_overrides_are_drawn() {
    let scratch = Scratch::with_defect();
    scratch
        .write("failpath.toml", "[[overrides]]\nfail-onn = \"error\"\nrules = { unguarded-ingres-call = \"off\" }\n");
    scratch.run(&[]).with(2).says(&[
        "have no paths",
        "did you mean `fail-on`?",
        "did you mean `unguarded-ingress-call`?",
    ]);
    scratch.write("failpath.toml", "overrides = 1\n");
    scratch.run(&[]).with(2).says(&["must be a list of tables"]);
}
