//! No text may break the lowering: any prefix, any damage, any depth.

use super::super::{lower, oxc};
use super::consistent;
use crate::syntax::{Dialect, LostWhy};

const SAMPLE: &str = r#"import a, { b as c, type D } from "x";
@Dec() export class K<T extends D = D> extends Base<T> implements I { static #p = 1; constructor(private readonly q: D, { r = a() }: { r?: number } = {}) { super(); }
  @Get("/") async *m?(x: string, ...rest: number[]): Promise<void> { yield* f(); for await (const { k, ...o } of s()) { await k?.z![0]?.(o); } } get v() { return 1 } static { init(); } h = async () => {}; }
enum E { A = f(1), B }
namespace N.M { export const z = 1; }
const { u, v: [w = 1, , ...t] = [] } = require("y"), tag = html`a${u}b\n${`c${w}`}`;
function over(a: string): void; function over(a) { "use x"; label: for (let i = 0; i < 3; i++) { switch (a) { case 1: continue label; default: break } } }
try { [a.b, { c }] = [x, ...y]; } catch ({ message }) { throw new Error(message) } finally { using r = open(); }
export default <div className="x" {...u}>{/* failpath-ignore-next-line r: why */}<A.B on={() => go(1)} /> text</div>;
export * as ns from "z"; export { a as default2 }; do { x ||= y ?? (z, void 0) } while (!done); type U = A | B["c"] & typeof N.z;
"#;

#[test]
fn every_prefix_is_lowered() {
    for end in (0..SAMPLE.len()).filter(|end| SAMPLE.is_char_boundary(*end)) {
        for dialect in [Dialect::TypeScript, Dialect::Tsx] {
            consistent(&lower(&SAMPLE[..end], dialect).expect("a prefix is not hostile"));
        }
    }
}

#[test]
fn every_suffix_and_every_damage_is_lowered() {
    let mut seed: u64 = 7;
    for at in 0..SAMPLE.len() {
        let mut text = SAMPLE.as_bytes().to_vec();
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let signs = b"{}()[]<>;,.=`'\"/*@#?!&|:abx0 \n\\$";
        text[at] = signs[(seed >> 33) as usize % signs.len()];
        let text = String::from_utf8(text).expect("the sample is ASCII");
        consistent(&lower(&text, Dialect::Tsx).expect("a damaged text is not hostile"));
        consistent(&lower(&SAMPLE[at..], Dialect::Tsx).expect("a suffix is not hostile"));
    }
}

/// Lowers on a stack that any recursion on the depth of the text would overflow.
fn on_small_stack(text: String) -> Vec<LostWhy> {
    let run = move || {
        let module = lower(&text, Dialect::Tsx).expect("depth is not hostile");
        consistent(&module);
        assert!(module.names.find("after").is_some(), "what follows is still lowered");
        let mut whys: Vec<LostWhy> = module.lost.iter().map(|lost| lost.why).collect();
        whys.dedup();
        whys
    };
    std::thread::Builder::new().stack_size(256 * 1024).spawn(run).expect("a thread").join().expect("no overflow")
}

#[test]
fn depth_is_cut_off() {
    let n = 100_000;
    let nests = [
        ("(", "1", ")"),
        ("[", "", "]"),
        ("f(", "", ")"),
        ("!", "1", ""),
        ("<a>", "", "</a>"),
        ("()=>", "1", ""),
        ("{a:", "1", "}"),
        ("`${", "1", "}`"),
    ];
    for (open, middle, close) in nests {
        let text = format!("x = {}{middle}{};\nafter();", open.repeat(n), close.repeat(n));
        assert_eq!(on_small_stack(text), [LostWhy::Depth], "{open}");
    }
    for (open, close) in [("{", "}"), ("if (a) {", "}"), ("function f() {", "}"), ("for (;;) ", ";")] {
        let text = format!("{}{}\nafter();", open.repeat(n), close.repeat(if close == ";" { 1 } else { n }));
        assert_eq!(on_small_stack(text), [LostWhy::Depth], "{open}");
    }
    let text = format!("type A = {}B{};\nafter();", "(".repeat(n), ")".repeat(n));
    assert_eq!(on_small_stack(text), [LostWhy::Depth]);
    let text = format!("const {}a{} = b;\nafter();", "[".repeat(50), "]".repeat(50));
    assert_eq!(on_small_stack(text), [LostWhy::Depth]);
}

#[test]
fn left_spines_are_not_deep() {
    let n = 20_000;
    for (first, unit) in [("a", " + b"), ("a", ".b()"), ("a", "?.b"), ("a", "!"), ("a", "[0]"), ("a", " || b")] {
        assert_eq!(on_small_stack(format!("x = {first}{};\nafter();", unit.repeat(n))), [], "{unit}");
    }
    assert_eq!(on_small_stack(format!("if (a) b(); {}\nafter();", "else if (a) b(); ".repeat(n))), []);
    assert_eq!(on_small_stack(format!("type A = B{};\nafter();", " | B".repeat(n))), []);
}

/// Shapes that would overflow the stack of the fast parser, which recurses, or make it run without end,
/// as it tries several readings. What they are lowered to is not of interest.
#[test]
fn no_shape_breaks_the_fast_parser() {
    let in_values = [
        "(",
        "[",
        "{a:",
        "!",
        "- ",
        "~",
        "+ ",
        "typeof ",
        "void ",
        "await ",
        "new ",
        "f(",
        "a[",
        "a=>",
        "()=>{",
        "async()=>",
        "(a=",
        "({a:",
        "({a=",
        "([a=",
        "async (a=",
        "a=",
        "a?1:",
        "a?",
        "a??(",
        "a**",
        "`${",
        "<a>",
        "<a b={",
        "<T>(",
        "<T>(a=",
        "f<",
        "f<(a=",
        "f<{[",
        "f()<(a=",
        "f<(a=\")\",",
        "f<(a=/* ) */",
        "f<(a=/[)]/,",
        "a<b>(",
        "a<b>(c<d>(",
        "a<(",
        "a<([b,",
        "a<{m(x=",
        "a?(b):c=>",
        "a?(b):c=>d?",
        "a?(b,c):d=>",
        "a?(b=",
        "a?(b)=>(",
        "class{a=",
        "class extends ",
        "class{[",
        "class{@f(",
        "import(",
        "new f<",
        "x?.<a>(",
        "a as b<",
        "yield ",
        "a,",
        "...",
        "function(a=",
        "function(){",
        "async<",
        "<a.b c={",
        "[a=",
        "({[",
        "a satisfies (",
        "a!",
        "{get a(){",
    ];
    let in_types = [
        "(",
        "[",
        "{a:",
        "a<",
        "()=>",
        "(a:",
        "(a=",
        "({a:",
        "({a=",
        "([",
        "keyof ",
        "readonly ",
        "unique ",
        "typeof a<",
        "a extends b?1:",
        "a extends b?",
        "a extends ",
        "(infer A extends ",
        "{a:infer A extends ",
        "{[k in ",
        "a[",
        "import('a').b<",
        "`${",
        "new()=>",
        "abstract new()=>",
        "|(",
        "a|",
        "asserts a is ",
        "?",
        "{[",
        "{get a():",
    ];
    let in_statements = [
        "{",
        "if(a)",
        "if(a){",
        "if(a);else ",
        "for(;;)",
        "for(a of b)",
        "for(let a=",
        "while(a)",
        "do ",
        "with(a)",
        "a:",
        "switch(a){case 1:",
        "try{",
        "try{}catch{",
        "function f(){",
        "function f(a=",
        "class A{static{",
        "namespace a{",
        "@f(",
        "@a ",
        "let [",
        "let {a:",
        "let {[",
        "let a=",
        "using a=",
        "export default ",
        "export default(",
        "declare ",
        "abstract class A{a=",
        "enum A{b=",
        "await (",
        "await /x",
        "return ",
        "throw ",
        "import a=",
        "type A<B=",
        "interface A{a:{",
    ];
    let texts = in_values.map(|unit| ("x=", unit)).into_iter();
    let texts = texts.chain(in_types.map(|unit| ("type X=", unit))).chain(in_statements.map(|unit| ("", unit)));
    for (first, unit) in texts {
        for count in [30, 200, 3_000, 100_000] {
            for dialect in [Dialect::TypeScript, Dialect::Tsx] {
                let text = format!("{first}{}", unit.repeat(count));
                let run = move || oxc::lower(&text, dialect).is_some();
                let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(run).expect("a thread");
                thread.join().expect("no overflow");
            }
        }
    }
}

#[test]
#[ignore = "keeps a thread busy until the process ends"]
fn a_text_that_hides_what_keeps_the_parser_busy_is_read_by_the_other_one() {
    let rows = "f<(a = ".repeat(60);
    for text in [format!("if(a)/\"/;{rows}\"\n"), format!("const a = <p>it's {{{rows}}} isn't</p>;\n")] {
        assert!(!lower(&text, Dialect::Tsx).expect("it is not hostile to the other one").lost.is_empty());
    }
}
