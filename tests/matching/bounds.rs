//! Bounds that are reached on one side only: what they hide there is not new on the other.

use crate::judged::{Files, files, report, said};
use failpath::limits::{FAILURES, JOIN};
use std::fmt::Write;

#[test]
fn many_failures_of_one_kind_hide_none_of_another() {
    let check = |calls: usize| {
        let mut text =
            "export class UnauthorizedError extends Error {}\n\nexport async function check(client, request) {\n"
                .to_owned();
        for at in 0..calls {
            writeln!(text, "  await client.step{at}();").unwrap();
        }
        text + "  if (!request.headers.get(\"x-user\")) throw new UnauthorizedError(\"who?\");\n}\n"
    };
    let route = "import { check } from \"../../../src/check\";\n\nexport async function POST(request) {\n  try {\n    await check(globalThis.client, request);\n    return Response.json({ ok: true });\n  } catch (error) {\n    console.error(error);\n    return Response.json({ error: \"failed\" }, { status: 500 });\n  }\n}\n";
    let with = |calls: usize| files([("src/check.ts", &*check(calls)), ("app/api/run/route.ts", route)]);
    let (many, few) = (with(FAILURES + 4), with(2));
    assert!(said(&Files::new(), &many).new.iter().any(|line| line.contains("auth-error-as-500")));
    assert_eq!(said(&many, &few).new, Vec::<String>::new());
}

#[test]
fn ways_that_were_left_out_on_base_are_not_new() {
    let bot = |from: usize| {
        let mut text = "import { App } from \"@slack/bolt\";\nimport { store } from \"./store\";\n\nconst app = new App({});\n\nasync function take(client, event) {\n  const found = await client.users.info({ user: event.user });\n  await store.insert({ found });\n}\n".to_owned();
        for at in from..JOIN + 20 {
            write!(text, "\nasync function on{at}({{ client, event }}) {{\n  await take(client, event);\n}}\napp.event(\"e{at}\", on{at});\n").unwrap();
        }
        text
    };
    let (many, fewer) = (files([("src/bot.ts", &*bot(0))]), files([("src/bot.ts", &*bot(30))]));
    let judged = report(&many, &fewer);
    assert!(judged.limits.iter().any(|reached| reached.name == "join"), "{:?}", judged.limits);
    assert_eq!(said(&many, &fewer).new, Vec::<String>::new());
    assert_eq!(said(&fewer, &many).fixed, 0);
}
