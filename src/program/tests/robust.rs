//! Cycles end, deep nesting does not overflow, and two runs agree.

use super::{escapes, escapes_in, program, program_of};

#[test]
fn recursion_ends() {
    assert_eq!(
        escapes("async function f(n) { if (n) { await f(n - 1) } await client.users.info() }"),
        "api users.info"
    );
    assert_eq!(
        escapes("async function f(n) { await g(n) } async function g(n) { await f(n); await client.users.info() }"),
        "api users.info"
    );
    assert_eq!(escapes("async function f(fn) { await f(() => fn()) }"), "");
    assert_eq!(escapes("function f(p) { return f(p) } f(client.users.info())"), "");
    assert_eq!(escapes("const f = () => g(); const g = () => f();"), "");
    assert_eq!(escapes("class A extends B {} class B extends A {} function f() { new A().x() }"), "");
    assert_eq!(escapes("let a = b, b = a; function f() { a.x() }"), "");
    assert_eq!(
        escapes("async function f(e) { try { await client.users.info() } catch (e) { h(e) } } function h(e) { h(e) }"),
        ""
    );
}

/// Runs on a stack on which any recursion over the input overflows.
fn on_a_small_stack(run: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).unwrap().join().unwrap();
}

#[test]
fn deep_nesting_does_not_overflow() {
    const DEPTH: usize = 10_000;
    for (open, close) in [
        ("(() => { ", " })();"),
        ("g(async () => { ", " });"),
        ("if (x) { ", " }"),
        ("try { ", " } catch {}"),
        ("for (;;) { ", " }"),
    ] {
        on_a_small_stack(move || {
            let text = format!(
                "import {{ WebClient }} from '@slack/web-api'; const client = new WebClient('t');
                 async function f() {{ {} await client.users.info(); {} }}",
                open.repeat(DEPTH),
                close.repeat(DEPTH)
            );
            let module = crate::syntax::typescript::lower(&text, crate::syntax::Dialect::TypeScript).unwrap();
            let source = crate::source::Source::new(String::new(), text);
            let models = crate::model::Models::load(&[]).unwrap();
            super::Program::new(
                vec![("a.ts".into(), source.into(), module.into())],
                models.into(),
                std::collections::BTreeMap::new(),
            );
        });
    }
}

#[test]
fn long_chains_do_not_overflow() {
    on_a_small_stack(|| {
        let chain = ".then(x => x)".repeat(5_000);
        escapes(&format!("async function f() {{ await client.users.info(){chain} }}"));
        let names: Vec<String> = (1..5_000).map(|n| format!("const c{n} = c{};", n - 1)).collect();
        let names = names.concat();
        escapes(&format!("const c0 = client; {names} async function f() {{ await c4999.users.info() }}"));
        let calls: Vec<String> =
            (1..3_000).map(|n| format!("async function f{n}() {{ await f{}() }}", n - 1)).collect();
        let calls = calls.concat();
        let program = program(&format!("async function f0() {{ await client.users.info() }} {calls}"));
        assert_eq!(escapes_in(&program, "f2999"), "api users.info");
    });
}

#[test]
fn the_order_of_files_does_not_matter() {
    let files = [
        (
            "a.ts",
            "import { WebClient } from '@slack/web-api'; const c = new WebClient('t'); export async function f() { await c.users.info() }",
        ),
        ("b.ts", "export async function g() { await fetch('x') } export const h = () => g()"),
        ("c.ts", "export async function k(x) { await x.y(); throw new Forbidden() }"),
    ];
    let forwards = program_of(&files);
    let backwards = program_of(&files.iter().rev().copied().collect::<Vec<_>>());
    for name in ["f", "g", "h", "k"] {
        assert_eq!(escapes_in(&forwards, name), escapes_in(&backwards, name));
    }
}

#[test]
fn a_full_set_of_failures_keeps_the_least_whatever_the_order() {
    use crate::program::escape::{Class, Escape, Failure};
    use crate::program::{ExprKey, FileId};
    use crate::syntax::ExprId;
    let failure = |at: u32, guessed| Failure {
        class: Class::Api,
        sink: ExprKey { file: FileId(0), expr: ExprId(at % 20) },
        guessed,
    };
    let all: Vec<Failure> = (0..40).map(|at| failure(at, at < 20)).collect();
    let (mut forwards, mut backwards) = (Escape::default(), Escape::default());
    all.iter().for_each(|failure| forwards.add(failure.clone()));
    all.iter().rev().for_each(|failure| backwards.add(failure.clone()));
    assert_eq!(forwards, backwards);
    assert!(forwards.more);
    assert!(forwards.iter().all(|failure| !failure.guessed));
}
