//! The status of an answer, through wrappers.

use super::{ExprKey, program_of};

/// The statuses of everything that the functions of a text return.
fn statuses(text: &str) -> Vec<String> {
    let text = format!("import {{ NextResponse }} from 'next/server';\n{text}");
    let program =
        program_of(&[("package.json", "{ \"dependencies\": { \"express\": \"4\" } }"), ("app/x/route.ts", &text)]);
    let file = super::FileId(0);
    let handler = super::function(&program, "POST");
    let values = program.file(file).facts.returns(handler.function);
    values
        .iter()
        .map(|value| match program.status_of_value(file, *value) {
            Some(status) => format!("{:?}{}", status.code, if status.guessed { "?" } else { "" }),
            None => "none".to_owned(),
        })
        .collect()
}

#[test]
fn the_platform() {
    let text = "export async function POST() { if (a) return new Response(null, { status: 403 }); if (b) return Response.json({}); return NextResponse.json({}, { status: 500 }) }";
    assert_eq!(statuses(text), ["Some(403)", "Some(200)", "Some(500)"]);
    assert_eq!(statuses("export const POST = async () => NextResponse.json({}, { status })"), ["None"]);
    assert_eq!(statuses("export const POST = async () => NextResponse.redirect('/x')"), ["Some(307)"]);
    assert_eq!(statuses("export const POST = async () => 1"), ["none"]);
}

#[test]
fn through_wrappers() {
    let answer = "return withCors(NextResponse.json({}, { status: 500 }))";
    assert_eq!(
        statuses(&format!(
            "function withCors(r) {{ r.headers.set('a', 'b'); return r }} export async function POST() {{ {answer} }}"
        )),
        ["Some(500)"]
    );
    assert_eq!(
        statuses(&format!(
            "export async function POST() {{ const withCors = (r: Response) => {{ return r }}; {answer} }}"
        )),
        ["Some(500)"]
    );
    assert_eq!(
        statuses(&format!("import {{ withCors }} from './c'; export async function POST() {{ {answer} }}")),
        ["Some(500)?"]
    );
    assert_eq!(
        statuses("export async function POST() { const r = NextResponse.json({}, { status: 404 }); return r }"),
        ["Some(404)"]
    );
}

#[test]
fn frameworks() {
    let text = "import express from 'express'; import { Hono } from 'hono'; const app = express(); const hono = new Hono();
        app.get('/', function POST(req, res) { if (a) return res.status(401).json(); if (b) return res.sendStatus(403); return res.json() })";
    assert_eq!(statuses(text), ["Some(401)", "Some(403)", "Some(200)"]);
    let text = "import { Hono } from 'hono'; const app = new Hono();
        app.get('/', async function POST(c) { if (a) return c.json({}, 401); if (b) return c.json({}); return c.redirect('/') })";
    assert_eq!(statuses(text), ["Some(401)", "Some(200)", "Some(302)"]);
}

#[test]
fn a_response_is_found_as_a_site() {
    let program = program_of(&[("a.ts", "function f() { return new Response('x', { status: 418 }) }")]);
    let at = super::call(&program, "Response");
    let status = program.response(at.file, program.call(ExprKey { ..at }).unwrap()).unwrap();
    assert_eq!(status.code, Some(418));
}

#[test]
fn a_wrapper_that_copies_the_status_or_hands_it_on() {
    let cors = "function allow(response, origin) { response.headers.set('origin', origin); return response; }\n";
    let wrapper = "const wrap = (response) => {
      const next = response instanceof Response ? response : new Response(response.body, { status: response.status });
      return allow(next, 'x');
    };\n";
    let handler = "function POST() { return wrap(Response.json({}, { status: 500 })); }";
    assert_eq!(statuses(&format!("{cors}{wrapper}{handler}")), ["Some(500)"]);
    // Its source is not at hand.
    assert_eq!(statuses(&format!("{wrapper}{handler}")), ["Some(500)?"]);
}

#[test]
fn a_wrapper_that_may_answer_something_else_is_a_guess() {
    for wrapper in [
        "function wrap(response) { return response.ok ? response : new Response('', { status: 502 }); }",
        "function wrap(response) { let kept = response; kept = new Response(''); return kept; }",
    ] {
        let text = format!("{wrapper}\nfunction POST() {{ return wrap(Response.json({{}}, {{ status: 500 }})); }}");
        assert_eq!(statuses(&text), ["Some(500)?"], "{wrapper}");
    }
}

#[test]
fn a_function_that_builds_the_response_itself() {
    let call = |function: &str, call: &str| statuses(&format!("{function}\nfunction POST() {{ return {call}; }}"));
    let copied = "function wrap(response) { return new Response(response.body); }";
    assert_eq!(call(copied, "wrap(Response.json({}, { status: 500 }))"), ["Some(200)"]);
    let problem = "const problem = (text, status = 500) => Response.json({ text }, { status });";
    assert_eq!(call(problem, "problem('x')"), ["Some(500)"]);
    assert_eq!(call(problem, "problem('x', 404)"), ["Some(404)"]);
    assert_eq!(call(problem, "problem('x', code())"), ["None"]);
    let outer = "function outer(status) { const inner = () => new Response('', { status }); return inner(); }";
    assert_eq!(call(outer, "outer(500)"), ["None"]);
    let either = "function either(a) { if (a) return new Response('', { status: 404 }); return new Response(''); }";
    assert_eq!(call(either, "either(1)"), ["None"]);
}
