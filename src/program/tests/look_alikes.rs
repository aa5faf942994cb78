//! What looks like a guard and is none.

use super::{escapes, program, routes};

const INFO: &str = "api users.info";

fn escaping(body: &str) {
    assert_eq!(escapes(body), INFO, "{body}");
}

/// The failure floats: it goes to nobody in the function and ends the process.
fn floating(body: &str) {
    assert_eq!(escapes(&format!("{body} async function g() {{ await client.users.info() }}")), "", "{body}");
    let program = program(&format!(
        "import {{ App }} from '@slack/bolt'; const app = new App({{}}); app.message(f);
         {body}\nasync function g() {{ await client.users.info() }}"
    ));
    assert_eq!(routes(&program, "client.users.info"), ["crash app.message"], "{body}");
}

#[test]
fn nothing_around_it() {
    escaping("async function f() { await client.users.info() }");
    escaping("const f = async () => client.users.info()");
    escaping("const f = () => client.users.info()");
    escaping("function f() { return client.users.info() }");
    escaping("async function f() { const p = client.users.info(); work(); return p }");
}

#[test]
fn a_return_without_await() {
    escaping("async function f() { try { return client.users.info() } catch { return null } }");
    escaping(
        "async function f() { try { return g() } catch { return null } } async function g() { await client.users.info() }",
    );
    escaping("function f() { try { return g() } catch { return null } } function g() { return client.users.info() }");
}

#[test]
fn a_call_that_nobody_awaits_floats() {
    floating("async function f() { try { client.users.info() } catch {} }");
    floating("async function f() { try { g() } catch {} }");
    floating("async function f() { void g() }");
    floating("async function f() { g() }");
    floating("async function f() { (async () => { await client.users.info() })() }");
    floating("async function f() { try { (async () => { await g() })() } catch {} }");
    floating("async function f(xs) { try { xs.forEach(async x => { await g() }) } catch {} }");
    floating("async function f() { try { setTimeout(async () => { await g() }, 1) } catch {} }");
    floating("async function f(xs) { try { xs.map(async x => { await g() }) } catch {} }");
    floating("async function f(xs) { try { await xs.map(async x => { await g() }) } catch {} }");
    floating("async function f() { try { await new Promise(async (done) => { await g(); done() }) } catch {} }");
    floating("async function f() { try { g().then(x => x) } catch {} }");
    floating("async function f() { try { g().finally(() => {}) } catch {} }");
}

#[test]
fn what_floats_but_guards_itself_is_fine() {
    let program = program(
        "import { App } from '@slack/bolt'; const app = new App({}); app.message(f);
         async function f(xs) { xs.forEach(async x => { try { await client.users.info() } catch {} }) }",
    );
    assert_eq!(routes(&program, "client.users.info"), ["catch in "]);
}

#[test]
fn a_handler_that_throws_again() {
    escaping("async function f() { await client.users.info().catch(e => { throw e }) }");
    assert_eq!(
        escapes(
            "async function f() { await client.users.info().catch(function (e) { log(e); throw new Error('x') }).then(x => x) }"
        ),
        "api users.info, thrown Error"
    );
    escaping("async function f() { await client.users.info().catch(rethrow) } function rethrow(e) { log(e); throw e }");
    escaping("class A { async f() { await client.users.info().catch(this.no.bind(this)) } no(e) { throw e } }");
    escaping("async function f() { await client.users.info().catch(e => Promise.reject(e)) }");
}

#[test]
fn a_catch_without_handler() {
    escaping("async function f() { await client.users.info().catch() }");
    escaping("async function f() { await client.users.info().catch(undefined) }");
    escaping("async function f() { await client.users.info().then(x => x) }");
    escaping("async function f() { await client.users.info().finally(() => {}) }");
}

#[test]
fn a_handler_that_does_not_guard_the_awaited_promise() {
    escaping("async function f() { const p = client.users.info();\np.catch(() => {});\nawait p }");
}

#[test]
fn other_combinators() {
    escaping("async function f() { await Promise.all([client.users.info(), 1]) }");
    escaping("async function f() { await Promise.race([client.users.info(), timeout()]) }");
    escaping("async function f() { await Promise.any([client.users.info()]) }");
    escaping("async function f(xs) { await Promise.all(xs.map(async x => { await client.users.info() })) }");
    escaping("async function f(xs) { await Promise.all(xs.map(x => client.users.info())) }");
    escaping("async function f(xs) { const ps = xs.map(async x => client.users.info());\nawait Promise.all(ps) }");
    escaping("async function f() { const ps = [];\nps.push(client.users.info());\nawait Promise.all(ps) }");
    escaping("async function f() { const ps = [client.users.info()];\nfor (const p of ps) await p }");
    escaping("async function f() { const [a] = await Promise.all([client.users.info()]) }");
}

#[test]
fn finally_is_no_guard() {
    escaping("async function f() { try { await client.users.info() } finally { done() } }");
    escaping("async function f() { try { work() } finally { await client.users.info() } }");
    escaping("async function f() { try { work() } catch { await client.users.info() } }");
}

#[test]
fn a_catch_that_lets_outages_through() {
    let text = "async function f() { try { await client.users.info() } catch (e) { if (e instanceof NotFound) return null; throw e } }";
    escaping(text);
    escaping(
        "async function f() { try { await client.users.info() } catch (e) { if (e.code === 1) return null; throw e } }",
    );
    escaping(
        "async function f() { try { await client.users.info() } catch (e) { if (x) { throw e } else { throw e } } }",
    );
    escaping(
        "async function f() { try { await client.users.info() } catch (e) { switch (x) { case 1: return; default: throw e } } }",
    );
    assert_eq!(
        escapes("async function f() { try { await client.users.info() } catch (e) { throw new Broken(e) } }"),
        "api users.info, thrown Broken"
    );
    assert_eq!(
        escapes(
            "async function f() { try { await client.users.info() } catch (e) { fail(e) } } function fail(e): never { throw new Broken(e) }"
        ),
        "api users.info, thrown Broken"
    );
    escaping(
        "async function f() { try { await client.users.info() } catch (e) { rethrow(e) } } function rethrow(e) { if (e.ok) return; throw e }",
    );
}

#[test]
fn a_catch_that_lets_auth_errors_through() {
    assert_eq!(
        escapes(
            "class Forbidden extends Error {}
             function check() { if (x) throw new Forbidden() }
             async function f() { try { check(); await client.users.info() } catch (e) { if (e instanceof Forbidden) throw e; return null } }"
        ),
        "auth Forbidden"
    );
}

#[test]
fn generators_fail_where_they_are_consumed() {
    escaping(
        "async function* pages() { yield await client.users.info() } async function f() { for await (const p of pages()) use(p) }",
    );
    escaping("async function f() { for await (const p of client.users.info()) use(p) }");
    assert_eq!(
        escapes(
            "async function* pages() { yield await client.users.info() }
             async function f() { const ps = pages(); try { for await (const p of ps) use(p) } catch {} }"
        ),
        ""
    );
}

#[test]
fn defaults_of_parameters() {
    escaping("async function f(x = await client.users.info()) { try { use(x) } catch {} }");
}

#[test]
fn a_constructor() {
    assert_eq!(escapes("class A { constructor() { throw new Broken() } } function f() { new A() }"), "thrown Broken");
    assert_eq!(
        escapes("class A { constructor() { throw new Broken() } } class B extends A {} function f() { new B() }"),
        "thrown Broken"
    );
    assert_eq!(
        escapes(
            "class A { constructor() { throw new Broken() } } class B extends A { constructor() { super() } } function f() { new B() }"
        ),
        "thrown Broken"
    );
}

#[test]
fn what_nobody_knows_and_nobody_waits_for_cannot_fail() {
    let caller = "import { list } from './gone'; async function f() { await g(list) }";
    let g = |body: &str| format!("{caller}\nasync function g(list) {{ {body} }}");
    assert_eq!(escapes(&g("const last = list.at(-1); if (last) console.log(last)")), "");
    assert_ne!(escapes(&g("await list.refresh()")), "");
}
