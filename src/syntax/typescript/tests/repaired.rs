//! What TypeScript accepts and the grammar does not.

use super::super::lower;
use super::check;
use crate::syntax::{Dialect, LostWhy};

#[test]
fn type_syntax() {
    check(
        "interface A<in T, out U, in out V> { a: T } class B<in T> { m(x: T) {} }",
        "nothing\n(class B (m (method m (x%5:T%4) {})))\n(type T)\n(type U)\n(type V)\n(type A {a:T%0})\n(type T)",
    );
    check("let a: import('x').Y<Z>; f(a)", "(let [a%0:import x.Y])\n(do (call f a%0))");
}

#[test]
fn types_of_imports() {
    for text in [
        "let a: import('x').Y[] = b; f(a)",
        "let a = (y as import(\"x\").Y[][]).z; f(a)",
        "function g(): import('@a/b').P[] { return f() }",
        "type Q = { a?: import('x').Y[]; }; f()",
        "export const a = { ...(await g<typeof import('../x.js')>()), b: f() };",
    ] {
        let module = lower(text, Dialect::TypeScript).expect("it is lowered");
        assert!(module.lost.is_empty(), "{text}: {:?}", module.lost);
        assert!(super::dump::module(&module).contains("(call f"), "{text}");
    }
}

#[test]
fn imports_and_exports() {
    check(
        "import defer * as x from 'y'; export type * as ns from 'z'; export type * from 'w'; x",
        "nothing\nnothing\nnothing\n(do x%0)\n(import * from y as x%0)\n(import type * from z)\n(import type * from w)\n\
         (export type ns z#*)\n(export type * w#*)",
    );
}

#[test]
fn using_in_the_head_of_a_loop_disposes_of_each_element() {
    check(
        "for (using x of y) f(x);\nfor (await using x of y) { f(x) }\nfor await (using x of y) {}\nfor (using x = f();;) {}",
        "(ForOf test y update {(using x%0=element(y) x%0) (do (call f x%0))})\n\
         (ForOf test y update {(using-await x%1=element(y) x%1) {(do (call f x%1))}})\n\
         (ForAwait test y update {(using x%2=awaited(y) x%2) {}})\n\
         (For (using x%3 (call f)) test update {})",
    );
}

#[test]
fn modifiers_in_any_order() {
    check(
        "abstract class A extends B { static accessor a = f(); accessor b = 1; abstract accessor c: string; \
         override declare d: D; declare override e: E; g() {} }",
        "(class A extends B (static a (initializer a () (call f))) (b (initializer b () 1)) (c:string) (d:D) (e:E) \
         (g (method g () {})))",
    );
}

#[test]
fn text_between_tags() {
    check("<p>this & that {f()} & more</p>", "(do (<p> (call f)))");
}

#[test]
fn what_was_taken_out_and_calls_is_noted() {
    let text = "let a: import('x').Y<typeof f()>;";
    let lost = lower(text, Dialect::TypeScript).expect("it is lowered").lost;
    assert!(lost.iter().all(|lost| lost.at.of(text).starts_with('<')), "{lost:?}");
    assert_eq!(lost.first().map(|lost| lost.why), Some(LostWhy::Blanked));
}

#[test]
fn what_cannot_be_repaired_stays_lost() {
    let text = "f(); const a = = 1; g();";
    let module = lower(text, Dialect::TypeScript).expect("it is lowered");
    assert_eq!(module.lost.len(), 1);
    let shown = super::dump::module(&module);
    assert!(shown.contains("(do (call f))") && shown.contains("(do (call g))"), "{shown}");
}
