//! Bounds that are reached on one side only: what they hide there is not new on the other.

use crate::judged::{Files, files, report, said};
use failpath::limits::{FAILURES, JOIN, OUTCOME_STEPS, VALUE_STEPS};
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

#[test]
fn a_value_that_could_not_be_followed_to_its_end_on_base_is_not_new() {
    let sign = |reads: usize| {
        let mut text = "import jwt from \"jsonwebtoken\";\n\nconst key = process.env.JWT_SECRET || \"dev-secret\";\n\nexport function sign(user) {\n  const seen = [];\n".to_owned();
        for at in 0..reads {
            writeln!(text, "  const copy{at} = key;\n  seen.push(copy{at}.length);").unwrap();
        }
        text + "  return jwt.sign({ user }, key);\n}\n"
    };
    let (long, short) = (files([("src/sign.ts", &*sign(VALUE_STEPS + 10))]), files([("src/sign.ts", &*sign(1))]));
    assert_eq!(said(&Files::new(), &short).new.len(), 1);
    let judged = report(&Files::new(), &long);
    assert!(judged.limits.iter().any(|reached| reached.name == "value-steps"), "{:?}", judged.limits);
    assert_eq!(said(&long, &short).new, Vec::<String>::new());
}

#[test]
fn a_check_that_could_not_be_run_through_on_base_is_not_new() {
    let check = |statements: usize| {
        let mut text = "export function requireToken(request) {\n  const expected = process.env.INTERNAL_TOKEN;\n  let length = 0;\n".to_owned();
        for at in 0..statements {
            writeln!(text, "  length += {at};").unwrap();
        }
        text + "  if (!expected) {\n    return true;\n  }\n  if (request.headers.get(\"x-token\") !== expected) {\n    throw new Error(\"Unauthorized\");\n  }\n  return true;\n}\n"
    };
    let statements = OUTCOME_STEPS as usize + 10;
    let (long, short) = (files([("src/check.ts", &*check(statements))]), files([("src/check.ts", &*check(1))]));
    assert_eq!(said(&Files::new(), &short).new.len(), 1);
    let judged = report(&Files::new(), &long);
    assert!(judged.limits.iter().any(|reached| reached.name == "outcome-steps"), "{:?}", judged.limits);
    assert_eq!(said(&long, &short).new, Vec::<String>::new());
}
