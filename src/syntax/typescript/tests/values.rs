//! Expressions, as the form shows them.

use super::{check, check_ts};

#[test]
fn assignments() {
    check(
        "a = 1; b += 2; c ??= d; e++; [a, { b: c.d = 1, ...e }] = f; ({ a } = g)",
        "(do (=Set a 1))
(do (=Update b 2))
(do (=Coalesce c d))
(do (=Update e e))
(do (=Set (pattern a=[0] (. c d)=[1].b??1 e=[1]...) f))
(do (=Set (pattern a=.a) g))",
    );
}

#[test]
fn templates() {
    check(
        r"a`b${c}d`; `x`; `a\n${1}`; a?.b`c`",
        r#"(do (call a (template ["b", "d"] c)))
(do "x")
(do (template ["a\n", ""] 1))
(do (chain (call (. (? a) b) "c")))"#,
    );
}

#[test]
fn operators() {
    check(
        "void 0; typeof a; delete a.b; -1; +a; !a; ~a; a, b; a ? b : c; a && b || c; (a, b)",
        "(do undefined)
(do (Typeof a))
(do (Delete (. a b)))
(do (Minus 1))
(do (Plus a))
(do (! a))
(do (BitNot a))
(do (, a b))
(do (choose a b c))
(do (Or (And a b) c))
(do (, a b))",
    );
}

#[test]
fn awaited_calls_with_type_arguments() {
    check_ts(
        "async () => { await f<T>(1); await a.b<T>(2); (await c)<T>(3) }",
        "(do (arrow async () {(do (await (call f 1))) (do (await (call (. a b) 2))) (do (call (await c) 3))}))",
    );
}

#[test]
fn casts() {
    check_ts(
        r#"a as B; a as const; a as any; <const>[1]; a satisfies B; a!; (a as unknown as B).c; a as B["k"] | undefined; f<T>(1); new Map<A, B>(); new X; f<string>"#,
        "(do (as a B))
(do a)
(do a)
(do (array 1))
(do a)
(do a)
(do (. (as a B) c))
(do (as a B[k]|undefined))
(do (call f 1))
(do (new Map))
(do (new X))
(do f)",
    );
}

#[test]
fn object_literals() {
    check(
        r#"const o = { a, b: 1, [c]: 2, d() {}, get e() { return 1 }, set e(v) {}, async *f() {}, ...g, "h-i": 3, 4: 5, async: 1, get: 2 }"#,
        "(const [o%1] (object (short a a) (b 1) ([c] 2) (method d (method d () {})) (get e (getter e () {(return 1)})) (set e (setter e (v%0) {})) (method f (method async * f () {})) (spread ... g) (h-i 3) (4 5) (async 1) (get 2)))",
    );
}

#[test]
fn literals_and_special_names() {
    check(
        r#"x["lit"]; x[0]; x[`t`]; import("m"); import.meta.url; new.target; super.x; this; /re/g; null; undefined; 1n"#,
        r#"(do (. x lit))
(do ([] x 0))
(do ([] x "t"))
(do (import "m"))
(do (. (meta import.meta) url))
(do (meta new.target))
(do (. super x))
(do this)
(do regex)
(do null)
(do undefined)
(do 1)"#,
    );
}

#[test]
fn markup() {
    check(
        r#"<A.B c="d" e={f} {...g} h><div i={() => j}>text {k} {/* c */}<br/></div></A.B>; <></>; <a:b c:d="1"/>; <T,>(x: T) => x; <Foo<string> a={1}/>"#,
        r#"(do (<A.B>=(. A B) (c "d") (e f) (spread ... g) (h true) (<div> (i (arrow i () j)) k (<br>))))
(do (<>))
(do (<a:b> (c:d "1")))
(do (arrow (x%1:T%0) x%1))
(do (<Foo>=Foo (a 1)))
(type T)"#,
    );
}

#[test]
fn inferred_names() {
    check(
        "const f = function () {}, g = class {}, h = (() => {}) as H; x.y = () => {}; x = class Z { m() { Z } }; ({ k: () => {}, l: function n() {} })",
        "(const [f%0] (expression f () {}))
(const [g%1] (class g))
(const [h%2] (as (arrow h () {}) H))
(do (=Set (. x y) (arrow y () {})))
(do (=Set x (class Z (m (method m () {(do Z%3)})))))
(do (object (k (arrow k () {})) (l (expression n () {}))))",
    );
}

#[test]
fn optional_chains() {
    check(
        "new (foo())(); new a.b.C(1); new (a?.b)(); a?.(); a?.[b].c?.d(); delete a?.b; !a?.b; (a?.b)(); await a?.b; a?.b ?? c",
        "(do (new (call foo)))
(do (new (. (. a b) C) 1))
(do (new (chain (. (? a) b))))
(do (chain (call (? a))))
(do (chain (call (. (? (. ([] (? a) b) c)) d))))
(do (Delete (chain (. (? a) b))))
(do (! (chain (. (? a) b))))
(do (call (chain (. (? a) b))))
(do (await (chain (. (? a) b))))
(do (Coalesce (chain (. (? a) b)) c))",
    );
}
