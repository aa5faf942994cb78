//! Imports, exports, types and directives, as the form shows them.

use super::check;

#[test]
fn decorators_before_export() {
    check(
        "@D export class A {} ",
        "(class A @D)
(export A A%0)",
    );
}

#[test]
fn default_class() {
    check(
        "export default class extends X {}",
        "(do (class extends X))
(export default (class extends X))",
    );
}

#[test]
fn default_function() {
    check(
        "export default function () {}",
        "(do (expression () {}))
(export default (expression () {}))",
    );
}

#[test]
fn default_named_function() {
    check(
        "export default function named() {}",
        "(declaration named () {})
(export default named%0)",
    );
}

#[test]
fn default_name_before_its_declaration() {
    check(
        "export default a; const a = 1",
        "(do a%0)
(const [a%0] 1)
(export default a%0)",
    );
}

#[test]
fn default_abstract_class() {
    check(
        "export default abstract class Q { abstract x(): void; }",
        "(class Q (x (method x ():undefined)))
(export default Q%0)",
    );
}

#[test]
fn exports() {
    check(
        "export { x as y, z as default }; const x = 1, z = 2; export const { p, q } = r; export let s = 1, t = 2; export function u() {} export class V {} export enum W {} export type X = 1; export interface Y {} export namespace Z {}",
        "nothing
(const [x%0] 1)
(const [z%1] 2)
(const [p%2=.p q%3=.q] r)
(let [s%4] 1)
(let [t%5] 2)
(declaration u () {})
(class V)
nothing
nothing
nothing
{}
(type X _)
(type Y {})
(export y x%0)
(export default z%1)
(export p p%2)
(export q q%3)
(export s s%4)
(export t t%5)
(export u u%6)
(export V V%7)
(export W W%8)
(export type X X%9)
(export type Y Y%10)
(export Z Z%11)",
    );
}

#[test]
fn exports_of_other_files() {
    check(
        r#"export { a as b, default as c, type D } from "m"; export * from "n"; export * as o from "p"; export type { E } from "q"; export type { F }; type F = 1"#,
        "nothing
nothing
nothing
nothing
nothing
nothing
(import a from m)
(import default from m)
(import type D from m)
(import * from n)
(import * from p)
(import type E from q)
(type F _)
(export b m#a)
(export c m#default)
(export type D m#D)
(export * n#*)
(export o p#*)
(export type E q#E)
(export type F F%0)",
    );
}

#[test]
fn imports() {
    check(
        r#"import d, { a as b, type C } from "m"; import * as n from "o"; import "s"; import type T from "t"; import e, * as f from "g"; import r = require("h"); import type { U } from "u"; import { default as z } from "y"; d; b; n; e; f; r; let t: T, u: U, c: C"#,
        "nothing
nothing
nothing
nothing
nothing
nothing
nothing
nothing
(do d%0)
(do b%1)
(do n%3)
(do e%5)
(do f%6)
(do r%7)
(let [t%10:T%4])
(let [u%11:U%8])
(let [c%12:C%2])
(import default from m as d%0)
(import a from m as b%1)
(import type C from m as C%2)
(import * from o as n%3)
(import - from s)
(import type default from t as T%4)
(import default from g as e%5)
(import * from g as f%6)
(import * from h as r%7)
(import type U from u as U%8)
(import default from y as z%9)",
    );
}

#[test]
fn require_is_an_import() {
    check(
        r#"const x = require("y"), { a, b: { c } } = require("z"), d = require("w").e; function g(require) { const q = require("v") }"#,
        r#"(const [x%0] (call require "y"))
(const [a%1=.a c%2=.b.c] (call require "z"))
(const [d%3] (. (call require "w") e))
(declaration g (require%4) {(const [q%5] (call require%4 "v"))})
(import * from y as x%0)
(import a from z as a%1)
(import * from z as c%2)
(import e from w as d%3)"#,
    );
}

#[test]
fn commonjs_exports() {
    check(
        "module.exports = { a, b: 1 }; exports.c = () => {}; module.exports.d = e",
        "(do (=Set (. module exports) (object (short a a) (b 1))))
(do (=Set (. exports c) (arrow c () {})))
(do (=Set (. (. module exports) d) e))
(export export= (object (short a a) (b 1)))
(export c (arrow c () {}))
(export d e)",
    );
}

#[test]
fn export_equals() {
    check(
        "export = foo",
        "(do foo)
(export export= foo)",
    );
}

#[test]
fn namespaces_and_ambient_code() {
    check(
        r#"namespace N { export const a = 1; export function f() { a } } N.a; declare module "m" { export const q: string } declare global { var w: string } q; w; declare const dc: D; declare function df(): void; dc; df; import al = N.a; al"#,
        "{(const [a%0] 1) (declaration f () {(do a%0)})}
(do (. N%2 a))
nothing
nothing
(do q)
(do w)
(const [dc%5:D])
(declaration df ():undefined)
(do dc%5)
(do df%6)
(const [al%7] (. N%2 a))
(do al%7)",
    );
}

#[test]
fn types() {
    check(
        r#"type A = B | C["k"] | undefined | null | "lit"; interface I extends J, K<L> { a: A; b?(): Promise<M>; readonly c?: string[] } type F = (a: X) => I; type T = typeof x.y; type G<P extends I> = { p: P } & Partial<Q>; type U = ns.Sub<string, boolean>; const x = 1; import * as ns from "n"; let i: I, f: F, t: T, g: G<I>, u: U"#,
        r#"nothing
nothing
nothing
nothing
nothing
nothing
(const [x%7] 1)
nothing
(let [i%9:I%1])
(let [f%10:F%2])
(let [t%11:T%3])
(let [g%12:G%5<I%1>])
(let [u%13:U%6])
(import * from n as ns%8)
(type A B|C[k]|undefined|null|"lit")
(type I J&K<L>&{a:A%0 b?:()=>Promise<M> c?:string[]})
(type F ()=>I%1)
(type T typeof (. x%7 y))
(type P I%1)
(type G {p:P%4}&Partial<Q>)
(type U ns%8.Sub<string boolean>)"#,
    );
}

#[test]
fn directives() {
    check(
        r#""use server"; "use strict"; f(); "not"; async function a() { "use cache"; b() } /* failpath-ignore-next-line some-rule: because */ x = <a>{/* failpath-ignore-next-line r: s */}</a>"#,
        r#"(do "use server")
(do "use strict")
(do (call f))
(do "not")
(declaration async a () {(do "use cache") (do (call b))})
(do (=Set x (<a>)))
(prologue "use server" in 0)
(prologue "use strict" in 0)
(prologue "use cache" in 1)
(ignore "some-rule: because" in 0)
(ignore "r: s" in 0)"#,
    );
}
