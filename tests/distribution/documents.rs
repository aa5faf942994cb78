//! Commands in documents are commands that work.

use crate::{read, understood};

/// The lines of all `sh` blocks, without comments.
fn commands(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        match line {
            "```sh" => in_block = true,
            "```" => in_block = false,
            line if in_block => found.push(line.split(" #").next().unwrap().trim().to_owned()),
            _ => {}
        }
    }
    found
}

fn words(command: &str) -> Vec<String> {
    command.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn what_contributors_run_is_what_ci_runs() {
    let readme = commands(&read("README.md"));
    let tests: Vec<&String> = readme.iter().filter(|line| line.starts_with("cargo fmt --check && ")).collect();
    assert_eq!(tests.len(), 1, "CI takes the test command from the README: {readme:?}");
    assert_eq!(tests[0].split(" && ").collect::<Vec<_>>(), commands(&read("CONTRIBUTING.md")));
    assert!(read(".ci/run").contains("'^cargo fmt --check && ' README.md"));
    assert!(read(".github/workflows/ci.yml").contains("- run: .ci/run\n"));
}

#[test]
fn documented_command_lines_are_understood() {
    let readme = commands(&read("README.md"));
    let ours: Vec<&String> = readme.iter().filter(|line| line.starts_with("failpath")).collect();
    assert!(ours.len() > 3, "{readme:?}");
    ours.into_iter().for_each(|line| understood(&words(line)));
    let demo = readme.iter().find_map(|line| line.strip_prefix("cargo run --release -- ")).unwrap();
    understood(&words(&format!("failpath {demo}")));
}

#[test]
fn documented_rules_exist() {
    let readme = read("README.md");
    let rules: Vec<&str> = readme.split("failpath-ignore-next-line ").skip(1).collect();
    assert!(!rules.is_empty());
    for rule in rules {
        let page = format!("rules/{}.md", rule.split(':').next().unwrap());
        assert!(read(&page).starts_with("# "), "{page}");
    }
}

#[test]
fn the_hook_runs_a_command_line_that_is_understood() {
    let hooks = read(".pre-commit-hooks.yaml");
    let entries: Vec<&str> = hooks.lines().filter_map(|line| line.trim().strip_prefix("entry: ")).collect();
    assert_eq!(entries.len(), 1);
    understood(&words(entries[0]));
    for line in ["pass_filenames: false", "always_run: true", "require_serial: true"] {
        assert!(hooks.contains(line), "without `{line}` a commit that only deletes is not checked");
    }
}

#[test]
fn documented_inputs_and_outputs_are_those_of_the_action() {
    let (readme, action) = (read("README.md"), read("action.yml"));
    for output in readme.split("steps.failpath.outputs.").skip(1) {
        let name: String = output.chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        assert!(action.contains(&format!("steps.check.outputs.{name} }}}}")), "the action has no output `{name}`");
    }
    let inputs = action.split("\ninputs:\n").nth(1).unwrap().split("\noutputs:\n").next().unwrap();
    for line in inputs.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   ")) {
        let name = line.trim().trim_end_matches(':');
        assert!(readme.contains(&format!("`{name}`")), "the README does not name the input `{name}`");
        assert!(action.contains(&format!("${{{{ inputs.{name} }}}}")), "nothing reads the input `{name}`");
    }
}
