//! What never runs when a call fails.

use super::{after, program};
use crate::syntax::Stmt;
use crate::syntax::visit::Node;

fn skipped(body: &str) -> Vec<String> {
    after(body, "client.users.info")
}

#[test]
fn work_after_the_call() {
    assert_eq!(
        skipped("async function f() { before(); await client.users.info(); await store(); reply() }"),
        ["store", "reply"]
    );
    assert_eq!(
        skipped(
            "async function f() { const u = await client.users.info(); if (u) { await store() } else { other() } }"
        ),
        ["store", "other"]
    );
    assert_eq!(skipped("async function f() { await store(await client.users.info()) }"), ["store"]);
    assert_eq!(skipped("async function f() { if (await client.users.info()) { store() } }"), ["store"]);
}

#[test]
fn nothing_after_the_last_call() {
    assert_eq!(skipped("async function f() { await store(); await client.users.info() }"), [""; 0]);
    assert_eq!(skipped("async function f() { await store(); return client.users.info() }"), [""; 0]);
}

#[test]
fn the_other_branch_is_not_skipped() {
    assert_eq!(skipped("async function f(x) { if (x) { await client.users.info() } else { store() } }"), [""; 0]);
    assert_eq!(skipped("async function f(x) { x ? await client.users.info() : store() }"), [""; 0]);
    assert_eq!(
        skipped(
            "async function f(x) { switch (x) { case 1: await client.users.info(); break; case 2: store() } end() }"
        ),
        ["end"]
    );
}

#[test]
fn a_catch_and_a_finally_are_not_skipped() {
    assert_eq!(
        skipped(
            "async function f() { try { await client.users.info(); inside() } catch { report() } finally { done() } end() }"
        ),
        ["inside", "end"]
    );
    assert_eq!(
        skipped("async function f() { try { x() } catch { await client.users.info(); report() } end() }"),
        ["report", "end"]
    );
}

#[test]
fn nothing_after_an_early_return() {
    assert_eq!(skipped("async function f(x) { if (x) { await client.users.info(); return } store() }"), [""; 0]);
    assert_eq!(skipped("async function f(x) { if (x) { await client.users.info(); throw x } store() }"), [""; 0]);
    assert_eq!(skipped("async function f(x) { await client.users.info(); if (x) return; store() }"), ["store"]);
    assert_eq!(
        skipped("async function f(x) { await client.users.info(); if (x) { return 1 } else { return 2 } store() }"),
        [""; 0]
    );
}

#[test]
fn loops() {
    assert_eq!(
        skipped("async function f(xs) { while (x) { await client.users.info(); store() } end() }"),
        ["store", "end"]
    );
    // The other elements are not looked at any more.
    assert_eq!(
        skipped("async function f(xs) { for (const x of xs) { store(); await client.users.info() } end() }"),
        ["store", "client.users.info", "end"]
    );
    assert_eq!(
        skipped("async function f(x) { while (x) { if (x) { await client.users.info(); break } store() } end() }"),
        ["end"]
    );
    assert_eq!(
        skipped("async function f(x) { while (x) { if (x) { await client.users.info(); continue } store() } end() }"),
        ["end"]
    );
    assert_eq!(
        skipped(
            "async function f(x) { a: while (x) { while (y) { if (x) { await client.users.info(); break a } store() } more() } end() }"
        ),
        ["end"]
    );
}

#[test]
fn a_stored_promise_fails_where_it_is_awaited() {
    assert_eq!(skipped("async function f() { const p = client.users.info(); store(); await p; end() }"), ["end"]);
    assert_eq!(skipped("async function f() { const p = client.users.info(); store(); return p }"), [""; 0]);
}

#[test]
fn elements_of_a_combinator_run_side_by_side() {
    assert_eq!(skipped("async function f() { await Promise.all([client.users.info(), store()]); end() }"), ["end"]);
}

#[test]
fn what_leaves_a_loop_does_not_go_round() {
    let goes_round = |body: &str| {
        let program = program(&format!("function f() {{ for (;;) {{ {body} }} }}"));
        let at = super::call(&program, "close");
        let around = program
            .file(at.file)
            .parents
            .above(Node::Expr(at.expr))
            .find_map(|node| match node {
                Node::Stmt(id) if matches!(program.module(at.file).stmt(id), Stmt::Loop { .. }) => Some(id),
                _ => None,
            })
            .unwrap();
        program.goes_round(at, around)
    };
    assert!(goes_round("close()"));
    assert!(goes_round("if (x) { close(); continue } other()"));
    assert!(goes_round("switch (x) { case 1: close(); break }"));
    assert!(!goes_round("if (done) { close(); return }"));
    assert!(!goes_round("close(); break"));
    assert!(!goes_round("try { close(); throw new Error() } finally { end() }"));
}
