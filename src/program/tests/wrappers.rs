//! Functions that run other functions: inferred from their bodies, by name where they are not at hand.

use super::{SLACK, escapes, program_of, routes};

const CALL: &str = "async () => { await client.users.info() }";

fn absorbed(wrapper: &str, call: &str) {
    assert_eq!(escapes(&format!("{wrapper}\nasync function f() {{ {call} }}")), "", "{wrapper} {call}");
}

fn forwarded(wrapper: &str, call: &str) {
    assert_eq!(escapes(&format!("{wrapper}\nasync function f() {{ {call} }}")), "api users.info", "{wrapper} {call}");
}

#[test]
fn a_wrapper_that_guards() {
    let call = format!("await safe({CALL})");
    absorbed("async function safe(fn) { try { return await fn() } catch (e) { return null } }", &call);
    absorbed("const safe = async (fn) => { try { return [await fn(), null] } catch (e) { return [null, e] } }", &call);
    absorbed("function safe(fn) { return fn().catch(() => null) }", &call);
    absorbed("const safe = (fn) => fn().then(x => x).catch(() => null)", &call);
    absorbed(
        "class T { async safe(fn) { try { await fn() } catch {} } } const t = new T();",
        &format!("await t.safe({CALL})"),
    );
    absorbed("async function safe(label, fn) { try { await fn() } catch {} }", &format!("await safe('x', {CALL})"));
    absorbed(
        "async function safe({ run }) { try { await run() } catch {} }",
        &format!("await safe({{ run: {CALL} }})"),
    );
}

#[test]
fn a_wrapper_that_forwards() {
    let call = format!("await retry({CALL})");
    forwarded(
        "async function retry(fn) { for (;;) { try { return await fn() } catch (e) { if (last) throw e } } }",
        &call,
    );
    forwarded("async function retry(fn) { return fn() }", &call);
    forwarded("async function retry(fn) { try { return fn() } catch {} }", &call);
    forwarded("const retry = (fn) => fn()", &call);
    forwarded("async function retry({ run }) { await run() }", &format!("await retry({{ run: {CALL} }})"));
    forwarded(
        "async function retry(fn) { return await fn() }",
        "await retry(g) } async function g() { await client.users.info()",
    );
}

#[test]
fn wrappers_of_wrappers() {
    let call = format!("await outer({CALL})");
    absorbed(
        "async function safe(fn) { try { return await fn() } catch {} } async function outer(fn) { return safe(fn) }",
        &call,
    );
    absorbed(
        "async function safe(fn) { try { return await fn() } catch {} } async function outer(fn) { return safe(() => fn()) }",
        &call,
    );
    forwarded("async function inner(fn) { return await fn() } async function outer(fn) { return inner(fn) }", &call);
    forwarded(
        "async function inner(fn) { return await fn() } async function outer(fn) { return inner(() => fn()) }",
        &call,
    );
}

#[test]
fn a_promise_given_to_a_function() {
    absorbed("async function safe(p) { try { return await p } catch {} }", "await safe(client.users.info())");
    absorbed("const safe = (p) => p.then(x => x).catch(() => 1)", "await safe(client.users.info())");
    forwarded(
        "async function timeout(p) { return await Promise.race([p, later()]) }",
        "await timeout(client.users.info())",
    );
}

#[test]
fn wrappers_that_make_functions() {
    let made = "async function g() { await client.users.info() }";
    absorbed(
        &format!(
            "{made} function guard(fn) {{ return async () => {{ try {{ await fn() }} catch {{}} }} }} const h = guard(g);"
        ),
        "await h()",
    );
    forwarded(
        &format!("{made} function retry(fn) {{ return async () => {{ await fn() }} }} const h = retry(g);"),
        "await h()",
    );
    forwarded(&format!("{made} function retry(fn) {{ return async () => {{ await fn() }} }}"), "await retry(g)()");
}

#[test]
fn libraries_by_name() {
    absorbed("import { trySafely } from 'x';", &format!("await trySafely({CALL})"));
    absorbed("import { tryCatch } from '@/lib/x';", &format!("await tryCatch({CALL})"));
    absorbed("import { tryCatch } from '@/lib/x';", "await tryCatch(client.users.info())");
    forwarded("import pRetry from 'p-retry';", &format!("await pRetry({CALL})"));
    // At hand, the body decides and the name does not matter.
    forwarded("async function tryCatch(fn) { return await fn() }", &format!("await tryCatch({CALL})"));
}

fn handler(text: &str) -> Vec<String> {
    let text = format!("{SLACK}import {{ App }} from '@slack/bolt'; const app = new App({{}});\n{text}");
    routes(&program_of(&[("a.ts", &text)]), "client.users.info")
}

#[test]
fn a_handler_wrapped_where_it_is_registered() {
    let guard = "const guard = (fn) => async (args) => { try { await fn(args) } catch (e) { log(e) } };";
    let pass = "const pass = (name, fn) => async (args) => { log(name); await fn(args) };";
    assert_eq!(handler(&format!("{guard} app.message(guard(async () => {{ await client.users.info() }}))")), [""; 0]);
    assert_eq!(
        handler(&format!("{pass} app.message(pass('x', async () => {{ await client.users.info() }}))")),
        ["lost app.message"]
    );
    assert_eq!(
        handler(&format!("{guard} {pass} app.message(pass('x', guard(async () => {{ await client.users.info() }})))")),
        [""; 0]
    );
    assert_eq!(
        handler(&format!("{guard} const h = guard(async () => {{ await client.users.info() }}); app.message(h)")),
        [""; 0]
    );
}

#[test]
fn a_handler_wrapped_where_it_is_exported() {
    let route = |text: &str| routes(&program_of(&[("app/x/route.ts", &format!("{SLACK}{text}"))]), "client.users.info");
    let body = "async function handler(req) { await client.users.info() }";
    let guard = "function withError(name, fn) { return async (req) => { try { return await fn(req) } catch (e) { return Response.json({}, { status: 500 }) } } }";
    let pass = "function withError(name, fn) { return async (req) => { return fn(req) } }";
    assert_eq!(route(&format!("{guard} {body} export const POST = withError('x', handler)")), [""; 0]);
    assert_eq!(route(&format!("{pass} {body} export const POST = withError('x', handler)")), ["500 POST"]);
}
