//! `check`: what fails a run and what does not.

use crate::scratch::{GUARDED, Scratch, code_without_reader, unguarded};

#[test]
fn a_new_defect_fails_the_run_and_a_sound_change_does_not() {
    let scratch = Scratch::with_defect();
    scratch.run(&[]).with(1).says(&["error[unguarded-ingress-call]", "src/connector.ts:7", "1 new, 0 worse (1 error)"]);
    scratch.write("src/connector.ts", GUARDED.replace("const found", "const profile").replace("found?", "profile?"));
    scratch.run(&["check"]).with(0).says(&["0 new"]);
}

#[test]
fn what_base_has_too_is_no_news() {
    let scratch = Scratch::with(&[("a.ts", &unguarded())]);
    scratch.write("a.ts", format!("// moved\n\n{}", unguarded()));
    scratch.run(&[]).with(0).says(&["1 existing"]).says_nothing_of(&["error["]);
    scratch.run(&["--show-existing"]).with(0).says(&["error[unguarded-ingress-call]"]);
    scratch.run(&["--all"]).with(1).says(&["1 new"]);
}

#[test]
fn the_level_that_fails_can_be_chosen() {
    let scratch = Scratch::with_defect();
    scratch.run(&["--fail-on", "never"]).with(0).says(&["1 new"]);
    let level = ["--rule", "unguarded-ingress-call=warning"];
    scratch.run(&level).with(0).says(&["warning[unguarded-ingress-call]"]);
    scratch.run(&[&level[..], &["--fail-on", "warning"]].concat()).with(1);
    scratch.run(&["--rule", "unguarded-ingress-call=off"]).with(0).says(&["0 new"]);
    scratch.run(&["--rule", "unguarded-ingres-call=off"]).with(2).says(&["did you mean `unguarded-ingress-call`?"]);
}

#[test]
fn a_comparison_that_cannot_be_made_is_an_error() {
    let scratch = Scratch::with_defect();
    let said = scratch.run(&["--base", "nowhere"]).with(2).says(&["there is no commit `nowhere`"]);
    assert_eq!(said.stdout, "");
    Scratch::folder().run(&[]).with(2).says(&["is not inside a git repository"]);
    Scratch::folder().run(&["--frobnicate"]).with(2);
}

#[test]
fn a_shallow_clone_says_what_to_fetch() {
    let scratch = Scratch::with(&[("a.ts", GUARDED)]);
    scratch.commit();
    let url = format!("file://{}", scratch.path.display());
    scratch.git(&["clone", "-q", "--depth", "1", &url, "../shallow"]);
    scratch.run_below("../shallow", &["--base", "HEAD~1"]).with(2).says(&["help:", "fetch"]);
}

#[test]
fn suppressions_need_a_reason_and_a_finding() {
    let scratch = Scratch::with_defect();
    let with = |comment: &str| unguarded().replace("  const found", &format!("  // {comment}\n  const found"));
    scratch.write("src/connector.ts", with("failpath-ignore-next-line unguarded-ingress-call: names are optional"));
    scratch.run(&[]).with(0).says(&["1 suppressed; this change adds 1 suppression"]);
    scratch.run(&["--show-suppressed"]).with(0).says(&["error[unguarded-ingress-call]"]);
    scratch.write("src/connector.ts", with("failpath-ignore-next-line unguarded-ingress-call"));
    scratch.run(&[]).with(1).says(&["gives no reason", "error[unguarded-ingress-call]"]);
    scratch.write(
        "src/connector.ts",
        GUARDED.replace("const app", "// failpath-ignore-next-line unguarded-ingress-call: why\nconst app"),
    );
    scratch.run(&[]).with(0).says(&["warning[unused-suppression]", "finds nothing on the next line"]);
    scratch.run(&["--rule", "unused-suppression=off"]).with(0).says(&["0 new"]);
}

#[test]
fn a_file_that_becomes_unreadable_is_told() {
    let scratch = Scratch::with(&[("src/a.ts", GUARDED), ("src/auth/b.ts", GUARDED)]);
    scratch.write("src/a.ts", b"a\0b");
    scratch.run(&[]).with(0).says(&["warning[analysis-lost]", "src/a.ts", "binary file", "not analysed:"]);
    scratch.run(&["--strict"]).with(1);
    scratch.write("src/auth/b.ts", b"a\0b");
    scratch.run(&[]).with(1).says(&["error[analysis-lost]"]);
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let scratch = Scratch::with(&[("README.md", "")]);
    for name in ["a", "b", "c", "d", "e", "f"] {
        scratch.write(&format!("src/{name}.ts"), unguarded());
    }
    for format in ["json", "sarif", "full"] {
        let one = scratch.run(&["--threads", "1", "--format", format]).with(1).stdout;
        let two = scratch.run(&["--threads", "2", "--format", format]).with(1).stdout;
        assert_eq!(one, two);
        assert!(one.contains("src/f.ts"));
    }
}

#[test]
fn reports_go_to_files_besides() {
    let scratch = Scratch::with_defect();
    let args = ["--report", "sarif=out.sarif", "--report", "json=out.json", "--format", "concise"];
    let said = scratch.run(&args).with(1);
    assert_eq!(said.stdout.lines().filter(|line| line.contains("unguarded-ingress-call")).count(), 1);
    let json: serde_json::Value = serde_json::from_str(&scratch.read("out.json")).unwrap();
    assert_eq!(json["findings"][0]["start_line"], 7);
    assert!(scratch.read("out.sarif").contains("unguarded-ingress-call"));
    let said = scratch.run(&["--report", "json=no/such/folder/out.json"]).with(2).says(&["cannot write"]);
    assert_eq!(said.stdout, "");
}

#[test]
fn paths_narrow_what_is_shown() {
    let scratch = Scratch::with_defect();
    scratch.write("other/a.ts", "export const a = 1;\n");
    scratch.run(&["src"]).with(1);
    scratch.run(&["other"]).with(0).says(&["0 new"]);
    scratch.run_below("other", &["a.ts"]).with(0);
    scratch.run_below("other", &["../src/connector.ts"]).with(1);
    scratch.run(&["sorc"]).with(2).says(&["no file on either side is `sorc`"]);
    scratch.run_below("other", &["../.."]).with(2);
}

#[test]
fn a_workflow_log_is_not_given_commands() {
    let scratch = Scratch::with_defect();
    scratch.write("src/connector.ts", unguarded().replace("const app", "// \n// ::error::x\nconst app"));
    let args = ["--base", "main"];
    let said = scratch.run_with(&[("GITHUB_ACTIONS", "true")], &args).with(1);
    assert!(!said.stdout.lines().any(|line| line.trim_start().starts_with("::")), "{}", said.stdout);
    scratch.run(&["--base", "main", "--format", "github"]).with(1).says(&["::error "]);
}

#[test]
fn side_remarks_stay_off_stdout() {
    let scratch = Scratch::with_defect();
    let plain = scratch.run(&[]).with(1);
    assert_eq!(plain.stderr, "");
    let said = scratch.run(&["--stats", "-v"]).with(1).says(&["settings", "together", "comparing main with work tree"]);
    assert_eq!(said.stdout, plain.stdout);
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let scratch = Scratch::with_defect();
    assert_eq!(code_without_reader(&scratch.path, &["--format", "sarif"]), 1);
}

#[test]
fn the_project_s_own_logger_does_not_tell_errors_apart() {
    let logger = "const lines: string[] = [];\nexport const logger = {\n  error(message: string, error: unknown) {\n    lines.push(message + String(error));\n  },\n};\n";
    let route = r#"import { logger } from "../../../src/logger";

async function requireOwner(request: Request) {
  throw new Response(null, { status: 403 });
}

export async function POST(request: Request) {
  try {
    const [, body] = await Promise.all([requireOwner(request), request.json()]);
    return Response.json({ body });
  } catch (error) {
    logger.error("failed", error);
    return Response.json({ error: "internal" }, { status: 500 });
  }
}
"#;
    let mapped = route.replace("logger.error(\"failed\", error);", "if (error instanceof Response) return error;");
    let scratch = Scratch::with(&[("src/logger.ts", logger), ("app/api/logged/route.ts", route)]);
    scratch
        .run(&["check", "--all"])
        .with(1)
        .says(&["error[auth-in-promise-all]", "every failure is answered with 500"]);
    scratch.write("app/api/logged/route.ts", &mapped);
    scratch.run(&["check", "--all"]).with(0).says(&["warning[auth-in-promise-all]"]);
}
