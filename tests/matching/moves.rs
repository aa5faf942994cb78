//! Moves, renames, splits and merges, each beside a change that looks like one and is none.

use crate::judged::{Said, files, judged, report, said};
use failpath::finding::Verdict;

const HANDLER: &str = r#"import { App } from "@slack/bolt";
import { store } from "./store";

const app = new App({});

async function profile(client, id) {
  const found = await client.users.info({ user: id });
  return found.user;
}

app.event("app_mention", async ({ event, client }) => {
  const user = await profile(client, event.user);
  await store.insert({ user, text: event.text });
});
"#;

const GUARD: &str = r#"export function requireInternalToken(request) {
  const expected = process.env.INTERNAL_TOKEN;
  if (!expected) {
    return true;
  }
  if (request.headers.get("x-internal-token") !== expected) {
    throw new Error("Unauthorized");
  }
  return true;
}
"#;

#[test]
fn the_corpus_has_what_is_asked_about() {
    assert_eq!(judged([], [("a.ts", HANDLER)]).new.len(), 1);
    assert_eq!(judged([], [("a.ts", GUARD)]).new.len(), 1);
}

#[test]
fn a_file_renamed_moved_or_written_in_another_case() {
    for (path, text) in [("a.ts", HANDLER), ("lib/b.ts", HANDLER), ("A.ts", GUARD)] {
        let base = if path == "A.ts" { "a.ts" } else { "old.ts" };
        assert_eq!(judged([(base, text)], [(path, text)]), Said::nothing_new(1), "{path}");
    }
    assert_eq!(judged([("a.ts", GUARD)], [("a.ts", GUARD), ("b.ts", GUARD)]).new.len(), 1, "a copy is no move");
}

#[test]
fn other_line_ends_and_a_new_style() {
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*HANDLER.replace('\n', "\r\n"))]), Said::nothing_new(1));
    let style = HANDLER
        .replace(';', "")
        .replace('"', "'")
        .replace("  ", "\t")
        .replace("({ user: id })", "(\n{\nuser: id,\n},\n)");
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*style)]), Said::nothing_new(1));
}

#[test]
fn a_function_renamed() {
    let renamed = HANDLER.replace("profile", "lookUp");
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*renamed)]), Said::nothing_new(1));
    // The entry, of which the place of the finding knows nothing.
    let shared = HANDLER
        .replace("app.event(\"app_mention\", async (", "app.event(\"app_mention\", async function onMention(")
        .replace(" }) => {", " }) {");
    let apart = shared.replace("store.insert", "handle");
    let helper = "import { store } from \"./store\";\nexport async function handle(row) {\n  await fetch(row.url);\n  await store.insert(row);\n}\n";
    let files = |name: &str| {
        [
            ("a.ts".to_owned(), format!("import {{ handle }} from \"./b\";\n{}", apart.replace("onMention", name))),
            ("b.ts".to_owned(), helper.to_owned()),
        ]
    };
    let (old, new) = (files("onMention").into(), files("onNotice").into());
    assert_eq!(said(&old, &new), Said::nothing_new(2));
    let renamed = GUARD.replace("requireInternalToken", "requireSharedToken");
    assert_eq!(judged([("a.ts", GUARD)], [("a.ts", &*renamed)]), Said::nothing_new(1));
    // Both are there afterwards, so one of them is new.
    let both = format!("{GUARD}\n{renamed}");
    assert_eq!(judged([("a.ts", GUARD)], [("a.ts", &*both)]).new.len(), 1);
}

#[test]
fn a_class_renamed_together_with_its_file() {
    let class = |name: &str| {
        format!(
            "import {{ store }} from \"./store\";\n\nexport class {name} {{\n  constructor(private app, private client) {{\n    this.app.event(\"x\", async ({{ event }}) => this.onEvent(event));\n  }}\n\n  async onEvent(event) {{\n    return event;\n  }}\n\n  {}\n}}\n",
            GUARD.trim_start_matches("export function ").replace('\n', "\n  ").trim_end()
        )
    };
    let (old, new) = (class("TokenGuard"), class("SharedSecretGuard"));
    assert_eq!(judged([("guard.ts", &*old)], [("secret/shared.ts", &*new)]), Said::nothing_new(1));
    // The same with so much else in it that git sees another file.
    let long = (0..200).fold(new, |text, at| format!("{text}export const more{at} = {at};\n"));
    assert_eq!(judged([("guard.ts", &*old)], [("secret/shared.ts", &*long)]), Said::nothing_new(1));
}

#[test]
fn files_merged_and_split() {
    let both = format!("{HANDLER}\n{GUARD}");
    let apart = [("app.ts", HANDLER), ("guard.ts", GUARD)];
    assert_eq!(judged(apart, [("app.ts", &*both)]), Said::nothing_new(2));
    assert_eq!(judged([("app.ts", &*both)], apart), Said::nothing_new(2));
    assert_eq!(judged([("all.ts", &*both)], apart), Said::nothing_new(2));
}

#[test]
fn functions_in_another_order() {
    let (first, second) = HANDLER.split_once("app.event").unwrap();
    let (head, function) = first.split_once("async function").unwrap();
    let turned = format!("{head}app.event{second}\nasync function{function}");
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*turned)]), Said::nothing_new(1));
}

/// Two handlers without names that differ in whether the lookup is caught.
fn two(first: &str, second: &str) -> String {
    let handler = |guard: &str| {
        format!(
            "app.message(async ({{ client, message }}) => {{\n  const found = await client.users.info({{ user: message.user }}){guard};\n  await store.insert(found{});\n}});\n",
            if guard.is_empty() { "" } else { ", 1" }
        )
    };
    format!(
        "import {{ App }} from \"@slack/bolt\";\nimport {{ store }} from \"./store\";\nconst app = new App({{}});\n{}{}",
        handler(first),
        handler(second)
    )
}

#[test]
fn two_functions_without_names_that_change_places() {
    let caught = ".catch(() => null)";
    let (one, other) = (two("", caught), two(caught, ""));
    assert_eq!(judged([("a.ts", &*one)], [("a.ts", &*other)]), Said::nothing_new(1));
    let none = two(caught, caught);
    assert_eq!(judged([("a.ts", &*none)], [("a.ts", &*one)]).new.len(), 1);
    let Said { new, existing, fixed } = judged([("a.ts", &*two("", ""))], [("a.ts", &*other)]);
    assert_eq!((new.len(), existing, fixed), (0, 1, 1));
}

#[test]
fn code_swapped_between_two_functions() {
    let guard = |name: &str, body: &str| format!("export function {name}(request) {{{body}}}\n");
    let (_, body) = GUARD.trim_end().trim_end_matches('}').split_once('{').unwrap();
    let right = " return request.ok; ";
    let base = guard("requireToken", body) + &guard("requireSecret", right);
    let head = guard("requireToken", right) + &guard("requireSecret", body);
    let Said { new, fixed, .. } = judged([("a.ts", &*base)], [("a.ts", &*head)]);
    assert_eq!((new.len(), fixed), (1, 1), "the one that lets callers through is another one now");
}

#[test]
fn a_call_taken_out_into_a_helper_and_back() {
    let inline =
        HANDLER.replace("await profile(client, event.user)", "(await client.users.info({ user: event.user })).user");
    let inline = inline
        .split_once("async function")
        .map(|(start, rest)| start.to_owned() + rest.split_once("}\n\n").unwrap().1)
        .unwrap();
    assert_eq!(judged([("a.ts", &*inline)], [("a.ts", HANDLER)]), Said::nothing_new(1));
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*inline)]), Said::nothing_new(1));
}

#[test]
fn a_call_taken_out_and_edited_on_the_way() {
    let bot = |inside: &str| {
        format!(
            "import {{ App }} from \"@slack/bolt\";\nimport {{ store }} from \"./store\";\nconst app = new App({{}});\napp.message(async ({{ message }}) => {{\n  await onText(message);\n}});\n{inside}"
        )
    };
    let ask = |body: &str| {
        format!(
            "  try {{\n    const answer = await fetch(\"https://example.com\", {{ method: \"POST\", body: {body} }});\n    await store.insert(answer);\n  }} catch (error) {{\n    console.error(error);\n  }}\n"
        )
    };
    let inline = bot(&format!("async function onText(message) {{\n{}}}\n", ask("message.text")));
    let apart = bot(&format!(
        "async function onText(message) {{\n  if (message.text) await ask(message.text.trim());\n}}\nasync function ask(text) {{\n{}}}\n",
        ask("JSON.stringify({ text })")
    ));
    assert_eq!(judged([("a.ts", &*inline)], [("a.ts", &*apart)]), Said::nothing_new(1));
    // Where it was it still is: the other one is a second defect.
    let both = format!(
        "{inline}async function ask(text) {{\n{}}}\napp.action(\"ask\", async () => ask(\"hello\"));\n",
        ask("text")
    );
    assert_eq!(judged([("a.ts", &*inline)], [("a.ts", &*both)]).new.len(), 1);
}

#[test]
fn edited_code_is_the_same_finding_and_another_call_is_not() {
    let edited = HANDLER.replace("profile(client, event.user)", "profile(client, event.user ?? \"\")");
    assert_eq!(judged([("a.ts", HANDLER)], [("a.ts", &*edited)]), Said::nothing_new(1));
    let more = HANDLER.replace(
        "  return found.user;",
        "  const team = await client.team.info({ team: found.user.team });\n  return { ...found.user, team };",
    );
    let Said { new, existing, fixed } = judged([("a.ts", HANDLER)], [("a.ts", &*more)]);
    assert_eq!((new.len(), existing, fixed), (1, 0, 0), "one fix, one finding: {new:?}");
    assert!(new[0].contains("if `client.team.info` fails"), "{new:?}");
}

#[test]
fn another_entry_for_a_known_failure_is_new_and_named() {
    let more = HANDLER.to_owned()
        + "\nexport async function onJoin({ event, client }) {\n  await store.insert(await profile(client, event.user));\n}\napp.event(\"team_join\", onJoin);\n";
    let Said { new, existing, fixed } = judged([("a.ts", HANDLER)], [("a.ts", &*more)]);
    assert_eq!((new.len(), existing, fixed), (1, 0, 0));
    assert!(new[0].contains("onJoin") && new[0].contains("new here"), "{new:?}");
    let Said { new, existing, fixed } = judged([("a.ts", &*more)], [("a.ts", HANDLER)]);
    assert_eq!((new.len(), existing, fixed), (0, 1, 0), "one of two ways is gone: {new:?}");
}

#[test]
fn a_base_that_could_not_be_read_accuses_nobody() {
    let broken = HANDLER.replace(
        "  await store.insert({ user, text: event.text });",
        "  await store.insert({ user, text: event.text }; ((",
    );
    let report = report(&files([("a.ts", broken.as_str())]), &files([("a.ts", HANDLER)]));
    let counts = report.counts();
    assert_eq!((counts.new, counts.existing, counts.assumed), (0, 1, 1), "{:?}", report.not_analysed);
    assert!(report.findings.iter().all(|judged| judged.verdict == Verdict::Existing && judged.assumed));
}

#[test]
fn a_head_that_cannot_be_read_fixes_nothing() {
    let broken = "\u{0}";
    let said = said(&files([("a.ts", GUARD)]), &files([("a.ts", broken)]));
    assert_eq!(said.fixed, 0);
}
