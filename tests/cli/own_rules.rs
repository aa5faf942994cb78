//! A repository's own rules: pages that it names, without building anything.

use crate::scratch::Scratch;

const PAGE: &str = r#"# Debug output

Debug output is for trying things out.

```toml rule
severity = "error"
flags = "call"
when = [{ calls = ["console.debug"] }]
message = "`{callee}` is left over"
help = "remove it"
```

## Bad

```diff src/a.ts
+console.debug("here"); //~ `console.debug` is left over
```

## Good

```diff src/a.ts
+console.info("started");
```
"#;

fn scratch() -> Scratch {
    let scratch = Scratch::with(&[("failpath.toml", "pages = [\"gate/*.md\"]\n"), ("gate/no-debug.md", PAGE)]);
    scratch.write("a.ts", "console.debug(1);\n");
    scratch
}

#[test]
fn a_page_that_the_settings_name_is_a_rule() {
    let scratch = scratch();
    scratch.run(&[]).with(1).says(&["error[no-debug]", "`console.debug` is left over"]);
    scratch.run(&["--rule", "no-debug=note"]).with(0).says(&["note[no-debug]"]);
    scratch.run(&["rules"]).with(0).says(&["no-debug", "Debug output is for trying things out."]);
    scratch.run(&["explain", "no-debug"]).with(0).says(&["# Debug output"]);
    scratch.run(&["why", "no-debug", "a.ts:1"]).with(0).says(&["yes  calls", "is left over"]);
}

#[test]
fn its_examples_are_run() {
    let scratch = scratch();
    let text = "ok      gate/no-debug.md: bad: Bad\nok      gate/no-debug.md: good: Good\n";
    scratch.run(&["test"]).with(0).says(&[text, "1 page, 3 passed, 0 failed"]);
    scratch.run(&["test", "gate"]).with(0).says(&[text]);
    scratch.write("gate/no-debug.md", PAGE.replace("left over\n```\n\n## Good", "there\n```\n\n## Good"));
    scratch.run(&["test"]).with(1).says(&["FAILED  gate/no-debug.md: bad", "expected, not found", "1 failed"]);
    scratch.write("gate/no-debug.md", PAGE.replace("+console.info(\"started\");", "+const a = 1;"));
    scratch.run(&["test"]).with(1).says(&["FAILED  gate/no-debug.md: good"]);
}

#[test]
fn mistakes_in_pages_are_drawn() {
    let scratch = scratch();
    scratch.write("gate/no-debug.md", PAGE.replace("calls =", "cals ="));
    let said = scratch.run(&[]).with(2).says(&["gate/no-debug.md", "cals", "did you mean `calls`?"]);
    assert_eq!(said.stdout, "");
    scratch.write("failpath.toml", "pages = [\"gates/*.md\"]\n");
    scratch.run(&[]).with(2).says(&["no file fits `gates/*.md`"]);
    scratch.run(&["test", "src"]).with(2);
}

#[test]
fn a_change_cannot_rewrite_the_rule_that_judges_it() {
    let scratch = scratch();
    scratch.write("gate/no-debug.md", PAGE.replace("console.debug", "console.table"));
    scratch.commit();
    scratch.run(&["--base", "main", "--head", "topic"]).with(1).says(&["error[no-debug]"]);
}

#[test]
fn two_pages_of_one_name_are_refused() {
    let scratch = scratch();
    scratch.write("gate/unguarded-ingress-call.md", PAGE);
    scratch.run(&[]).with(2).says(&["gate/unguarded-ingress-call.md are both pages of the rule"]);
}
