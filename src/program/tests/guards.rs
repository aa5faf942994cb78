//! What absorbs a failure.

use super::{SLACK, escapes, program, program_of, routes};

fn absorbed(body: &str) {
    assert_eq!(escapes(body), "", "{body}");
}

#[test]
fn a_catch_that_falls_through() {
    absorbed("async function f() { try { await client.users.info() } catch { log() } }");
    absorbed("async function f() { try { return await client.users.info() } catch (e) { return null } }");
    absorbed("async function f() { try { await g() } catch {} } async function g() { await client.users.info() }");
}

#[test]
fn a_nested_try() {
    absorbed("async function f() { try { try { await client.users.info() } catch (e) { throw e } } catch {} }");
    absorbed("async function f() { try { try { await client.users.info() } finally { done() } } catch {} }");
}

#[test]
fn a_handler_of_the_promise() {
    absorbed("async function f() { await client.users.info().catch(() => null) }");
    absorbed("async function f() { await client.users.info().then(x => x.user).catch(() => null) }");
    absorbed("async function f() { await client.users.info().catch(() => null).then(x => x) }");
    absorbed("async function f() { await client.users.info().then(x => x, () => null) }");
    absorbed("async function f() { await client.users.info().catch(console.error).finally(() => done()) }");
    absorbed("async function f() { return client.users.info().catch(() => null) }");
    absorbed("const f = () => client.users.info().catch(() => null)");
    absorbed("async function f() { client.users.info().catch(() => {}) }");
}

#[test]
fn a_handler_on_the_next_line() {
    absorbed("async function f() { const p = client.users.info();\np.catch(() => {}) }");
    absorbed("async function f() { const p = client.users.info();\nawait p.catch(() => {}) }");
    absorbed("async function f() { const p = client.users.info().catch(() => {});\nawait p }");
    absorbed(
        "async function f() { const p = client.users.info();\nconst q = p.then(x => x);\nawait q.catch(() => 1) }",
    );
}

#[test]
fn a_handler_by_reference() {
    absorbed("async function f() { await client.users.info().catch(ignore) } function ignore(e: Error) { log(e) }");
    absorbed("class A { async f() { await client.users.info().catch(this.ignore) } ignore(e) { log(e) } }");
    absorbed("class A { async f() { await client.users.info().catch(this.ignore.bind(this)) } ignore(e) { log(e) } }");
}

#[test]
fn all_settled() {
    absorbed("async function f() { await Promise.allSettled([client.users.info(), client.chat.postMessage()]) }");
    absorbed("async function f(ids) { await Promise.allSettled(ids.map(async id => { await client.users.info() })) }");
    absorbed("async function f(ids) { const ps = ids.map(id => client.users.info());\nawait Promise.allSettled(ps) }");
}

#[test]
fn a_promise_stored_and_awaited_in_a_try() {
    absorbed("async function f() { const p = client.users.info();\ntry { await p } catch {} }");
    absorbed("async function f() { let p; p = client.users.info();\ntry { await p } catch {} }");
    absorbed(
        "async function f() { const ps = []; ps.push(client.users.info());\ntry { await Promise.all(ps) } catch {} }",
    );
    absorbed(
        "async function f() { const ps = [client.users.info()];\nfor (const p of ps) { try { await p } catch {} } }",
    );
}

#[test]
fn a_catch_that_throws_only_other_classes() {
    absorbed(
        "class Forbidden extends Error {}
         async function f() { try { await client.users.info() } catch (e) { if (e instanceof Forbidden) throw e; return null } }",
    );
    absorbed(
        "async function f() { try { await client.users.info() } catch (e) { if (e instanceof NotFound) return null; return 1 } }",
    );
    absorbed(
        "async function f() { try { await client.users.info() } catch (e) { if (!(e instanceof NotFound)) return null; throw e } }",
    );
    absorbed(
        "async function f() { try { await client.users.info() } catch (e) { const x = e as Error; if (x instanceof NotFound) throw x } }",
    );
}

#[test]
fn a_catch_for_the_errors_of_the_client() {
    absorbed(
        "async function f() { try { await fetch('https://x') } catch (e) { if (e instanceof TypeError) return null; throw e } }",
    );
}

#[test]
fn a_finally_that_returns() {
    absorbed("async function f() { try { await client.users.info() } finally { return 1 } }");
}

#[test]
fn loops_and_switches_inside_a_try() {
    absorbed("async function f(xs) { for (const x of xs) { try { await client.users.info() } catch { continue } } }");
    absorbed(
        "async function f(x) { try { switch (x) { case 1: await client.users.info(); break } } catch { switch (x) { case 1: return 1; default: return 2 } } }",
    );
    absorbed("async function f() { try { for await (const x of client.paginate('users.list')) use(x) } catch {} }");
}

#[test]
fn a_catch_is_where_the_route_ends() {
    let program = program(
        "import { App } from '@slack/bolt'; const app = new App({});
         app.message(async () => { try { await g() } catch (e) { log(e) } });
         app.event('x', async () => { await g().catch(() => {}) });
         async function g() { await client.users.info() }",
    );
    assert_eq!(routes(&program, "client.users.info"), ["catch in ", "handler in "]);
}

#[test]
fn what_is_handed_on_or_made_into_something_else_is_no_promise() {
    // Only what is awaited itself is taken for something that can fail.
    let either = "import * as E from 'fp-ts/Either'; import { store } from './own';\n";
    assert_eq!(escapes(&format!("{either}async function f(x) {{ return E.right(x) }}")), "");
    assert_eq!(escapes(&format!("{either}async function f(x) {{ await E.right(x) }}")), "unknown E.right");
    assert_eq!(escapes("async function f(list) { await fetch(list.names.at(-1)) }"), "param 0.names.at, api fetch");
    let called = "import { make } from './own'; async function g(list) { note(list.at(-1)) } async function f() { await g(make()) }";
    assert_eq!(escapes(called), "");
    let awaited = "import { make } from './own'; async function g(list) { await list.load() } async function f() { await g(make()) }";
    assert_eq!(escapes(awaited), "unknown list.load");
}

#[test]
fn a_helper_that_waits_for_a_list() {
    let list = "import { promiseAll } from './own';\nasync function g() { await client.users.info({}) }\n";
    let f = |wait: &str| {
        let text = format!("{SLACK}{list}async function f() {{ const all = []; all.push(g()); {wait} }}");
        let program = program_of(&[("src/a.ts", &text)]);
        program.floats(super::call(&program, "g"))
    };
    assert_eq!(f("await promiseAll(all);"), None);
    assert_eq!(f("await Object.values(all);"), Some(true));
    assert_eq!(f("await all;"), Some(true));
}

#[test]
fn a_branch_that_the_caller_does_not_ask_for() {
    let g = |body: &str, call: &str| {
        escapes(&format!("async function g(o, more) {{ {body} }} async function f() {{ await {call} }}"))
    };
    let info = "await client.users.info({})";
    let asks = format!("if (o.who) {{ {info} }}");
    for call in ["g({})", "g({ to: 1 })", "g({ who: null })", "g({ who: undefined }, 1)"] {
        assert_eq!(g(&asks, call), "", "{call}");
    }
    for call in ["g({ who: 1 })", "g({ ...all })", "g({ [who]: 1 })", "g(all)", "g(...all)", "g({ who })"] {
        assert_eq!(g(&asks, call), "api users.info", "{call}");
    }
    assert_eq!(g(&format!("if (more && o) {{ {info} }}"), "g({})"), "");
    assert_eq!(g(&format!("if (more || o) {{ {info} }}"), "g({})"), "api users.info");
    assert_eq!(g(&format!("{asks} else {{ {info} }}"), "g({})"), "api users.info");
    assert_eq!(g(&format!("o = load(); {asks}"), "g({})"), "api users.info");
    assert_eq!(g("if (o.who) { throw new Broken() }", "g({})"), "");
    assert_eq!(g("if (o.who) { throw new Broken() } throw new Broken()", "g({})"), "thrown Broken");
    // What the other branches reach may be the same call.
    let h = format!("async function h() {{ {info} }} ");
    let both = format!(
        "{h}async function g(o) {{ if (o.who) {{ await h() }} await h() }} async function f() {{ await g({{}}) }}"
    );
    assert_eq!(escapes(&both), "api users.info");
    let destructured =
        format!("async function g({{ who }}) {{ if (who) {{ {info} }} }} async function f() {{ await g({{}}) }}");
    assert_eq!(escapes(&destructured), "");
    let filled =
        format!("async function g({{ who = 1 }}) {{ if (who) {{ {info} }} }} async function f() {{ await g({{}}) }}");
    assert_eq!(escapes(&filled), "api users.info");
}

#[test]
fn what_is_given_behind_a_fallback() {
    let text = |given: &str| {
        format!(
            "async function hold() {{ return {{ settle: async () => {{ try {{ await client.users.info({{}}) }} catch {{}} }} }} }}\n\
             async function bill(held) {{ await held.settle() }}\n\
             async function f() {{ let held: Hold | null = null; held = await hold(); await bill({given}) }}"
        )
    };
    assert_eq!(escapes(&text("held ?? undefined")), "");
    assert_eq!(escapes(&text("held")), "");
}
