//! Fates: what becomes of the promise that a call makes.

use super::{call, program};
use crate::program::promise::Fate;

fn fate(body: &str) -> String {
    let program = program(body);
    let names: Vec<&str> = program
        .fates(call(&program, "client.users.info"))
        .iter()
        .map(|fate| match fate {
            Fate::Raised(_) => "raised",
            Fate::Returned(_) => "returned",
            Fate::Handled { .. } => "handled",
            Fate::Argument { .. } => "argument",
            Fate::Background(_) => "background",
            Fate::Settled(_) => "settled",
            Fate::Floating => "floating",
            Fate::Used => "used",
        })
        .collect();
    names.join(" ")
}

#[test]
fn fates() {
    for (body, expected) in [
        ("await client.users.info()", "raised"),
        ("const x = (await client.users.info()).user", "raised"),
        ("const x = await client.users.info() ?? 1", "raised"),
        ("await (y ? client.users.info() : null)", "raised"),
        ("await (y && client.users.info())", "raised"),
        ("return client.users.info()", "returned"),
        ("return y ? client.users.info() : null", "returned"),
        ("const p = client.users.info(); return p", "returned"),
        ("const p = client.users.info()", "floating"),
        ("void client.users.info()", "floating"),
        ("client.users.info(), 1", "floating"),
        ("client.users.info().catch(h)", "handled"),
        ("client.users.info().then(a, h)", "handled"),
        ("client.users.info().then(a)", "floating"),
        ("const p = client.users.info(); p.catch(h); await p", "raised handled"),
        ("g(client.users.info()); function g(p) {}", "argument"),
        ("await Promise.allSettled([client.users.info()])", "settled"),
        ("ctx.waitUntil(client.users.info())", "background"),
        ("const p = [client.users.info()]; await Promise.all(p)", "raised"),
        ("const p = [client.users.info()]", "floating"),
        ("const p = []; p.push(client.users.info()); await Promise.all(p)", "raised"),
        ("const p = []; p.push(client.users.info())", "floating"),
        ("yield client.users.info()", "raised"),
        ("await using x = client.users.info()", "raised"),
        ("for await (const x of client.users.info()) {}", "raised"),
        ("const [a, b] = await Promise.all([client.users.info(), 1])", "raised"),
        ("this.p = client.users.info()", "used"),
    ] {
        assert_eq!(fate(&format!("async function* f(y) {{ {body} }}")), expected, "{body}");
    }
}

#[test]
fn reading_a_body_makes_a_promise() {
    for (parameter, body, written, expected) in [
        ("url: string", "const r = await fetch(url); return r.json()", "r.json", Some(true)),
        ("url: string", "return (await fetch(url)).text()", "fetch().text", Some(true)),
        ("url: string", "const r = await g(url); return r.blob()", "r.blob", Some(true)),
        (
            "url: string",
            "let r: Response; try { r = await fetch(url) } finally {} return r.json()",
            "r.json",
            Some(true),
        ),
        ("r: Response", "return r.clone().arrayBuffer()", "r.clone().arrayBuffer", Some(true)),
        ("r: Promise<Response>", "return (await r).formData()", "r.formData", Some(true)),
        ("r: Request", "return r.json()", "r.json", Some(true)),
        // What builds a response, what is there at once, what nobody knows.
        ("r: Response", "return Response.json(r.status)", "Response.json", None),
        ("r: Response", "return r.headers.get('x')", "r.headers.get", None),
        ("r: Response", "return r.clone()", "r.clone", None),
        ("r", "return r.json()", "r.json", None),
    ] {
        let text = format!("async function f({parameter}) {{ {body} }} const g = (url) => fetch(url)");
        let program = program(&text);
        assert_eq!(program.makes_promise_of(call(&program, written)), expected, "{text}");
    }
}

#[test]
fn a_function_that_hands_a_body_on_makes_a_promise() {
    let program = program("function f(r: Response) { return r.json() } async function g(r: Response) { return f(r) }");
    assert_eq!(program.makes_promise_of(call(&program, "f")), Some(true));
    assert_eq!(super::escapes_in(&program, "g"), "unknown r.json");
}
