//! The action's steps, run with programs that stand in for failpath and cargo.

use crate::runner::{Machine, steps};
use crate::{read, understood};
use std::path::Path;
use std::process::Command;

/// Writes its arguments to `$SEEN`, one each, then every report, prints a line that would be a command,
/// and ends with the code that its name says.
const GATE: &str = r#"
printf '%s\n' failpath "$@" > "$SEEN"
for argument; do
  case $argument in
    --report=github=*) echo '::error file=a.ts::found' > "${argument#*=*=}" ;;
    --report=*) echo "content of ${argument#--report=}" > "${argument#*=*=}" ;;
  esac
done
printf '::warning::from the change'
exit "${0##*-}"
"#;

fn seen(machine: &Machine) -> Vec<String> {
    std::fs::read_to_string(machine.path("seen")).unwrap().lines().map(str::to_owned).collect()
}

#[test]
fn the_gate_s_code_reports_and_annotations_come_through() {
    for code in [0, 1] {
        let machine = Machine::new();
        let binary = machine.program(&format!("gate-{code}"), GATE);
        let outcome = machine.run(&[("binary", &binary)]);
        assert_eq!(outcome.code, code, "{outcome:?}");
        assert_eq!(outcome.outputs["exit-code"], code.to_string());
        let sarif = std::fs::read_to_string(&outcome.outputs["sarif"]).unwrap();
        assert!(sarif.starts_with("content of sarif="), "{sarif}");
        assert!(outcome.outputs.contains_key("json"));
        assert!(outcome.summary.starts_with("content of markdown="), "{outcome:?}");
        understood(&seen(&machine));
    }
}

#[test]
fn commands_in_the_log_count_for_nothing_and_annotations_do() {
    let machine = Machine::new();
    let outcome = machine.run(&[("binary", &machine.program("gate-1", GATE))]);
    let lines: Vec<&str> = outcome.stdout.lines().collect();
    let word = lines[0].strip_prefix("::stop-commands::").unwrap();
    assert_eq!(word.len(), 32, "{word}");
    assert_eq!(lines[1..], ["::warning::from the change", &format!("::{word}::"), "::error file=a.ts::found"]);
    let again = Machine::new();
    let other = again.run(&[("binary", &again.program("gate-1", GATE))]).stdout;
    assert_ne!(other.lines().next(), Some(lines[0]), "the word can be guessed");
}

#[test]
fn inputs_are_values_whatever_they_hold() {
    let machine = Machine::new();
    let hostile = "--x $(touch pwned) `touch pwned` '\"; touch pwned; *";
    let binary = machine.program("gate-0", GATE);
    std::fs::create_dir(machine.path("workspace").join("-sub dir")).unwrap();
    let outcome = machine.run(&[
        ("binary", &binary),
        ("base", hostile),
        ("head", hostile),
        ("fail-on", "warning"),
        ("min-confidence", "high"),
        ("strict", "true"),
        ("working-directory", "-sub dir"),
    ]);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    let seen = seen(&machine);
    assert!(seen.contains(&format!("--base={hostile}")) && seen.contains(&format!("--head={hostile}")), "{seen:?}");
    assert!(!machine.path("workspace").join("pwned").exists());
    understood(&seen);
}

#[test]
fn scripts_hold_no_expressions() {
    let steps = steps(&read("action.yml"));
    assert_eq!(steps.len(), 2);
    for step in steps {
        assert!(!step.run.is_empty() && !step.run.contains("${{"), "{}", step.run);
    }
}

#[test]
fn a_gate_that_could_not_work_says_so_and_promises_no_file() {
    let machine = Machine::new();
    let outcome = machine.run(&[("binary", &machine.program("gate", "exit 2"))]);
    assert_eq!(outcome.code, 2);
    assert!(outcome.stdout.lines().last().unwrap().starts_with("::error title=failpath::"), "{outcome:?}");
    assert!(!outcome.outputs.contains_key("sarif") && !outcome.outputs.contains_key("json"), "{outcome:?}");
}

#[test]
fn wrong_inputs_are_refused() {
    let machine = Machine::new();
    assert_eq!(machine.run(&[("binary", "no/such/file")]).code, 2);
    let binary = machine.program("gate-0", GATE);
    assert_eq!(machine.run(&[("binary", &binary), ("strict", "yes")]).code, 2);
    assert_ne!(machine.run(&[("binary", &binary), ("working-directory", "gone")]).code, 0);
    assert!(!machine.path("seen").exists(), "the gate ran all the same");
}

#[test]
fn building_obeys_nothing_in_the_workspace() {
    let machine = Machine::new();
    let gate = machine.program("gate-1", GATE);
    let cargo = format!(
        r#"pwd > "$SEEN.cargo"; printf '%s\n' "$@" >> "$SEEN.cargo"
while [[ $1 != --root ]]; do shift; done
mkdir -p "$2/bin"; cp '{gate}' "$2/bin/failpath"; sed -i 's/^exit .*/exit 1/' "$2/bin/failpath""#
    );
    machine.program("cargo", &cargo);
    let outcome = machine.run(&[]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    let seen = std::fs::read_to_string(machine.path("seen.cargo")).unwrap();
    let lines: Vec<&str> = seen.lines().collect();
    let (workspace, temp) = (machine.path("workspace"), machine.path("temp"));
    assert!(!std::path::Path::new(lines[0]).starts_with(&workspace), "cargo was started in {}", lines[0]);
    assert!(std::path::Path::new(lines[0]).starts_with(&temp));
    assert_eq!(lines[1..5], ["install", "--path", machine.path("action").to_str().unwrap(), "--locked"]);
    assert!(!seen.contains(workspace.to_str().unwrap()), "{seen}");
}

/// A workspace as the checkout action leaves it for a pull request: the merge of both sides, with its
/// parents and nothing else.
fn pull_request(machine: &mut Machine) {
    let host = machine.path("temp").join("host");
    let git = |folder: &Path, arguments: &[&str]| {
        let mut git = Command::new("git");
        git.current_dir(folder).args(["-c", "user.name=n", "-c", "user.email=n@example.org"]).args(arguments);
        let output = git.output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    std::fs::create_dir(&host).unwrap();
    git(&host, &["init", "-q", "-b", "main"]);
    let before = "import { App } from \"@slack/bolt\";\nimport { memories } from \"./memories\";\n\nconst app = new App({});\n\napp.message(async ({ client, message }) => {\n  await memories.create({ text: message.text });\n});\n";
    let after = before.replace("  await mem", "  await client.users.info({ user: message.user });\n  await mem");
    std::fs::write(host.join("bot.ts"), before).unwrap();
    git(&host, &["add", "-A"]);
    git(&host, &["commit", "-q", "-m", "bot"]);
    git(&host, &["switch", "-q", "-c", "topic"]);
    std::fs::write(host.join("bot.ts"), after).unwrap();
    git(&host, &["commit", "-q", "-am", "names"]);
    git(&host, &["switch", "-q", "main"]);
    git(&host, &["commit", "-q", "--allow-empty", "-m", "theirs"]);
    let base = git(&host, &["rev-parse", "main"]);
    let topic = git(&host, &["rev-parse", "topic"]);
    git(&host, &["merge", "-q", "--no-ff", "--no-edit", "topic"]);
    git(&host, &["update-ref", "refs/pull/1/merge", "HEAD"]);
    let workspace = machine.path("workspace");
    git(&workspace, &["init", "-q"]);
    git(&workspace, &["remote", "add", "origin", &format!("file://{}", host.display())]);
    git(&workspace, &["fetch", "-q", "--depth=2", "origin", "+refs/pull/1/merge:refs/remotes/pull/1/merge"]);
    git(&workspace, &["checkout", "-q", "--detach", "refs/remotes/pull/1/merge"]);
    let event = machine.path("temp").join("event.json");
    let sides = format!(r#""base":{{"sha":"{base}","ref":"main"}},"head":{{"sha":"{topic}","ref":"topic"}}"#);
    std::fs::write(&event, format!(r#"{{"action":"opened","pull_request":{{{sides}}}}}"#)).unwrap();
    machine.variable("GITHUB_EVENT_NAME", "pull_request");
    machine.variable("GITHUB_EVENT_PATH", &event.to_string_lossy());
    machine.variable("GITHUB_SHA", &git(&workspace, &["rev-parse", "HEAD"]));
}

#[test]
fn the_real_program_judges_a_pull_request() {
    let mut machine = Machine::new();
    pull_request(&mut machine);
    let binary = env!("CARGO_BIN_EXE_failpath");
    let outcome = machine.run(&[("binary", binary)]);
    assert_eq!(outcome.code, 1, "{outcome:?}");
    assert_eq!(outcome.outputs["exit-code"], "1");
    let annotation = "::error file=bot.ts,line=7,";
    assert!(outcome.stdout.lines().any(|line| line.starts_with(annotation)), "{}", outcome.stdout);
    assert!(outcome.summary.contains("unguarded-ingress-call"), "{}", outcome.summary);
    for report in ["sarif", "json"] {
        let text = std::fs::read_to_string(&outcome.outputs[report]).unwrap();
        assert!(text.contains("unguarded-ingress-call"), "{report}: {text}");
    }
    let outcome = machine.run(&[("binary", binary), ("fail-on", "never")]);
    assert_eq!((outcome.code, outcome.outputs["exit-code"].as_str()), (0, "0"), "{outcome:?}");
    let outcome = machine.run(&[("binary", binary), ("base", "no-such-revision"), ("head", "HEAD")]);
    assert_eq!(outcome.code, 2, "{outcome:?}");
    assert!(outcome.stdout.contains("::error title=failpath::The change was not judged"), "{}", outcome.stdout);
}
