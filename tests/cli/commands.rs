//! The commands beside `check`.

use crate::scratch::{GUARDED, Scratch, unguarded};
use failpath::cli;
use failpath::command::{Process, obey};
use failpath::git::Env;

#[test]
fn rules_are_listed_and_explained() {
    let folder = Scratch::folder();
    let json = folder.run(&["rules", "--format", "json"]).with(0).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let rules = json["rules"].as_array().unwrap();
    let text = folder.run(&["rules"]).with(0).stdout;
    assert_eq!(text.lines().count(), rules.len());
    for rule in rules {
        let id = rule["id"].as_str().unwrap();
        assert!(!rule["summary"].as_str().unwrap().is_empty());
        assert!(text.contains(id));
        folder.run(&["explain", id]).with(0).says(&["# ", "## Why"]);
    }
    assert!(rules.iter().any(|rule| rule["id"] == "unused-suppression"));
    folder.run(&["explain", "analysis-last"]).with(2).says(&["did you mean `analysis-lost`?"]);
    folder.run(&["explain", "escapes-to"]).with(0).says(&["# escapes-to", "## Why"]);
    folder.run(&["explain", "escape-to"]).with(2).says(&["did you mean `escapes-to`?"]);
}

#[test]
fn why_tells_of_head() {
    let scratch = Scratch::with_defect();
    let rule = "unguarded-ingress-call";
    scratch.run(&["why", rule, "src/connector.ts:7"]).with(0).says(&["yes  calls = \"api\"", "=> error"]);
    scratch.run_below("src", &["why", rule, "connector.ts:8"]).with(0).says(&["src/connector.ts:8"]);
    scratch.run(&["why", rule, "src/connector.ts:70"]).with(2).says(&["there is no line 70"]);
    scratch.run(&["why", rule, "src/none.ts:7"]).with(2).says(&["src/none.ts"]);
    scratch.run(&["why", "unused-suppression", "src/connector.ts:7"]).with(2).says(&["has no sentence"]);
    std::fs::remove_file(scratch.path.join("src/connector.ts")).unwrap();
    scratch.run(&["why", rule, "src/connector.ts:7"]).with(2).says(&["on base only"]);
}

#[test]
fn the_schema_describes_the_json() {
    let scratch = Scratch::with_defect();
    let schema: serde_json::Value = serde_json::from_str(&scratch.run(&["schema"]).with(0).stdout).unwrap();
    let json: serde_json::Value = serde_json::from_str(&scratch.run(&["--format", "json"]).with(1).stdout).unwrap();
    let described = schema["properties"].as_object().unwrap();
    for key in json.as_object().unwrap().keys() {
        assert!(described.contains_key(key), "{key}");
    }
    let finding = schema["$defs"]["Item"]["properties"].as_object().unwrap();
    for key in json["findings"][0].as_object().unwrap().keys() {
        assert!(finding.contains_key(key), "{key}");
    }
}

#[test]
fn completions_are_printed() {
    Scratch::folder().run(&["completions", "bash"]).with(0).says(&["_failpath"]);
}

#[test]
fn the_demonstration_shows_its_findings_and_is_no_failure() {
    let said = Scratch::folder().run(&["demo"]).with(0);
    let printed = said.stdout.clone();
    let rules = ["[unguarded-ingress-call]", "[auth-in-promise-all]", "[auth-error-as-500]", "[env-optional-auth]"];
    said.says(&rules).says(&["4 new", "failpath check"]);
    // What the README shows is what is printed.
    let readme = include_str!("../../README.md");
    assert!(readme.contains(printed.trim_end()), "paste the output of `failpath demo` into README.md");
}

#[test]
fn settings_are_written_once() {
    let scratch = Scratch::with(&[("src/a.ts", "")]);
    scratch.run_below("src", &["init"]).with(0).says(&["wrote", "failpath.toml"]);
    scratch.run(&[]).with(0);
    scratch.write("failpath.toml", "# mine\n");
    scratch.run(&["init"]).with(0).says(&["kept"]);
    assert_eq!(scratch.read("failpath.toml"), "# mine\n");
}

#[test]
fn the_hook_is_installed_and_foreign_ones_stay() {
    let scratch = Scratch::with(&[("src/a.ts", "")]);
    scratch.run(&["init", "--hook"]).with(0).says(&["installed"]);
    scratch.run(&["init", "--hook"]).with(0).says(&["kept"]);
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_failpath")).parent().unwrap();
    let path = format!("{}:{}", binary.display(), std::env::var("PATH").unwrap());
    scratch.write("src/a.ts", unguarded());
    scratch.git(&["add", "-A"]);
    let commit = ["-c", "user.name=n", "-c", "user.email=e@localhost", "commit", "-qm", "m"];
    let mut git = std::process::Command::new("git");
    let refused = git.args(commit).current_dir(&scratch.path).env("PATH", path).output().unwrap();
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&[refused.stdout, refused.stderr].concat()).contains("unguarded-ingress-call"));

    scratch.git(&["config", "core.hooksPath", "hooks"]);
    scratch.write("hooks/pre-commit", "#!/bin/sh\n");
    scratch.run(&["init", "--hook"]).with(2).says(&["did not write it", "failpath check --staged"]);
    assert_eq!(scratch.read("hooks/pre-commit"), "#!/bin/sh\n");
}

#[test]
fn replay_tells_what_the_gate_would_have_said() {
    let scratch = Scratch::with(&[("src/connector.ts", GUARDED)]);
    scratch.write("src/connector.ts", unguarded());
    scratch.commit();
    scratch.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    scratch.write("README.md", "x");
    scratch.commit();
    scratch.git(&["checkout", "-q", "topic"]);
    scratch.git(&["merge", "-q", "--no-ff", "-m", "merge of\u{1b}[31m side", "side"]);
    scratch.write("src/connector.ts", GUARDED);
    scratch.commit();
    let said = scratch.run(&["replay", "10"]).with(0);
    let lines: Vec<&str> = said.stdout.lines().collect();
    assert!(lines[0].starts_with("merge ") && lines[1].contains(" - ") && lines[1].contains(" 1  "), "{}", said.stdout);
    assert!(lines[2].contains("merge of") && !lines[2].contains('\u{1b}'), "{}", said.stdout);
    assert!(lines[3].contains("1 unguarded-ingress-call FAILS"), "{}", said.stdout);
    said.says(&["3 merges: 1 with something new, 1 would have failed; 1 new, 0 worse, 1 fixed", "settings from none"]);
    let json: serde_json::Value =
        serde_json::from_str(&scratch.run(&["replay", "2", "--format", "json"]).with(0).stdout).unwrap();
    assert_eq!(json["merges"].as_array().unwrap().len(), 2);
    assert_eq!(json["merges"][0]["report"]["summary"]["fixed"], 1);
    // The settings at hand count for all merges.
    scratch.write("failpath.toml", "[rules]\nunguarded-ingress-call = \"warning\"\n");
    scratch
        .run(&["replay", "10"])
        .with(0)
        .says(&["1 with something new, 0 would have failed", "settings from work tree"]);
    scratch.run(&["replay", "10", "--rule", "unguarded-ingress-call=off"]).with(0).says(&["0 new"]);
    scratch.run(&["replay", "10", "--isolated", "--fail-on", "never"]).with(0).says(&["0 would have failed"]);
    scratch.run(&["replay", "0"]).with(2);
    scratch.run(&["replay", "1", "--head", "nowhere"]).with(2).says(&["there is no commit `nowhere`"]);
}

#[test]
fn replay_says_each_merge_as_it_is_done_and_stops_when_nobody_listens() {
    let scratch = Scratch::with(&[("a.ts", GUARDED)]);
    scratch.commit();
    scratch.commit();
    let command = cli::parse(["failpath", "replay", "3"].map(Into::into)).unwrap();
    let process = Process { env: Env { folder: scratch.path.clone(), ..Env::default() }, ..Process::default() };
    let mut said = Vec::new();
    let output = obey(&command, &process, &mut |text| {
        said.push(text.to_owned());
        said.len() < 3
    });
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].starts_with("merge ") && said[1..].iter().all(|row| row.ends_with("  m\n")), "{said:?}");
    assert!(output.stdout.starts_with("\n2 merges: "), "{}", output.stdout);
}

#[test]
fn replay_stops_where_a_shallow_clone_ends() {
    let scratch = Scratch::with(&[("a.ts", GUARDED)]);
    scratch.commit();
    scratch.commit();
    let url = format!("file://{}", scratch.path.display());
    scratch.git(&["clone", "-q", "--depth", "2", &url, "../shallow"]);
    scratch.run_below("../shallow", &["replay", "5"]).with(0).says(&["1 merge: ", "the clone is shallow"]);
}
