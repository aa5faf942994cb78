//! Statements, declarations, functions and classes, as the form shows them.

use super::check;

#[test]
fn destructuring() {
    check(
        "const { a, b: { c = 1, [k]: d } = {}, ...e } = f, [g, , h = 2, ...[i]] = j",
        "(const [a%0=.a c%1=.b??(object).c??1 d%2=.b??(object)[k] e%3=...] f)
(const [g%4=[0] h%5=[2]??2 i%6=...[0]] j)",
    );
}

#[test]
fn parameters() {
    check(
        "function f({ client, event: { id } = {} }: Args, x = 1, ...rest: T[]) { return client(id, x, rest) }",
        "(declaration f (client%0=param0.client,id%1=param0.event??(object).id:Args x%2??1 rest%3...:T[]) {(return (call client%0 id%1 x%2 rest%3))})",
    );
}

#[test]
fn loops() {
    check(
        "for (const x of xs) y(x); for await (const { k } of s()) k; for (const k in o) k; for (a.b of c) {} for (let i = 0, n = 2; i < n; i++) {} while (a) b; do c; while (d)",
        "(ForOf test xs update (do (call y x%0)))
(ForAwait test (call s) update (do k%1))
(ForIn test o update (do k%2))
(ForOf test c update (. a b) {})
(For {(let [i%3*] 0) (let [n%4] 2)} test (Less i%3 n%4) update (=Update i%3 i%3) {})
(While test a update (do b))
(DoWhile test d update (do c))",
    );
}

#[test]
fn tries() {
    check(
        "try { a() } catch (e) { e } try { b() } catch ({ message: m }) { m } finally { c() } try {} catch {}",
        "(try {(do (call a))} (catch e%0=caught {(do e%0)}))
(try {(do (call b))} (catch {(do m%1)}) (finally {(do (call c))}))
(try {} (catch {}))",
    );
}

#[test]
fn switches() {
    check(
        "switch (a) { case 1: b(); case f(): break; default: c }",
        "(switch a (case 1 (do (call b))) (case (call f) (break)) (case default (do c)))",
    );
}

#[test]
fn labels() {
    check("outer: for (;;) { continue outer; break }", "(label outer (For test update {(continueouter) (break)}))");
}

#[test]
fn hoisting() {
    check(
        "f(g); function g() { return h; var h = 1 } const k = () => later; const later = 1",
        "(do (call f g%1))
(declaration g () {(return h%0) (var [h%0] 1)})
(const [k%2] (arrow k () later%3))
(const [later%3] 1)",
    );
}

#[test]
fn block_scopes() {
    check(
        "{ let a = 1; { let a = 2; a } a } a",
        "{(let [a%0] 1) {(let [a%1] 2) (do a%1)} (do a%0)}
(do a)",
    );
}

#[test]
fn classes() {
    check(
        r#"class A extends B.C<D> implements I, J<K> { static a = 1; b: string; #c = this.#c; constructor(private readonly x: X, public y = 1, z?) { super(x) } get v() { return 1 } set v(w) {} async *m<T>(p: T): Promise<T> {} static { init() } ["k" + 1]() {} "s"() {} abstract n(): void; h = async () => {} }"#,
        r#"(class A extends (. B C) implements I implements J<K> (static a (initializer a () 1)) (b:string) (#c (initializer #c () (. this #c))) (constructor (constructor constructor (x%0!:X y%1!??1 z%2?) {(do (call super x%0))})) (v (getter v () {(return 1)})) (v (setter v (w%3) {})) (m (method async * m (p%5:T%4):Promise<T%4> {})) (static ... (initializer () {(do (call init))})) ([(Add "k" 1)] (method () {})) (s (method s () {})) (n (method n ():undefined)) (h (initializer h () (arrow async h () {}))) (x:X) (y))
(type T)"#,
    );
}

#[test]
fn decorators() {
    check(
        r#"@D() @E class A { @Get("/x") async m(@Body() b: B) {} @In() f = 1 }"#,
        r#"(class A @(call D) @E (m (method async m @(call Get "/x") (b%0:B) {})) (f (initializer f @(call In) () 1)))"#,
    );
}

#[test]
fn async_generators_and_using() {
    check(
        "async () => await f(); async function* g() { yield* h(); yield; await using r = k(); using s = l(); using t = m(), v = n(); s; v } x => x; function* a() {} (function me() { me() })",
        "(do (arrow async () (await (call f))))
(declaration async * g () {(do (yield* (call h))) (do (yield)) (using-await r%0 (call k)) (using s%1 (call l)) (using t%2 (call m)) (using v%3 (call n)) (do s%1) (do v%3)})
(do (arrow (x%5) x%5))
(declaration * a () {})
(do (expression me () {(do (call me%7))}))",
    );
}

#[test]
fn enums() {
    check(
        r#"enum E { A = 1, B = f(), "c" } const enum F { A } E.A; declare enum G { X }"#,
        "(do (parts 1 (call f)))
nothing
(do (. E%0 A))
nothing",
    );
}

#[test]
fn overloads() {
    check(
        "function over(a: string): void; function over(a: number): void; function over(a) {} over(1)",
        "(declaration over (a%0:string):undefined)
(declaration over (a%2:_):undefined)
(declaration over (a%3) {})
(do (call over%1 1))",
    );
}

#[test]
fn if_chains() {
    check(
        "if (a) b; else if (c) d; else e; if (x) { y }",
        "(if a (do b) (if c (do d) (do e)))
(if x {(do y)})",
    );
}

#[test]
fn with_statements() {
    check(
        "with (a) { b } debugger; ;",
        "{(do a) {(do b)}}
nothing
nothing",
    );
}

#[test]
fn var_is_one_binding() {
    check(
        "var v; var v = 1; v; { var w = 2 } w; function f(a) { var a = 1; a }",
        "(var [v%0*])
(var [v%0*] 1)
(do v%0)
{(var [w%1] 2)}
(do w%1)
(declaration f (a%2) {(param [a%2*=param0] 1) (do a%2)})",
    );
}

#[test]
fn functions_under_conditions() {
    check(
        "label: { break label } if (a) function q() {} ",
        "(label label {(breaklabel)})
(if a (declaration q () {}))",
    );
}
