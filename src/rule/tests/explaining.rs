//! What is said about why a rule is silent or not.

use crate::rule::testing::{compiled, program, sites};
use crate::rule::why::why;

const RULE: &str = "when = [{ named = \"a\" }, { reaches = \"lost\" }, { ends = \"onOne\" }, { beside = { site = \"call\", when = [{ named = [\"b\", \"d\"] }] } }]\nunless = [{ beside = { site = \"call\", when = [{ named = \"guard\" }] } }]\nlevel = [{ when = [{ in-file = \"x.ts\" }], is = \"note\" }]\nmessage = \"{callee} fails\"";

fn text(source: &str, line: u32) -> String {
    let program = program(&[("a.ts", source)]);
    match why(&compiled(RULE), &program, "a.ts", line, sites) {
        Ok(why) => why.to_string(),
        Err(error) => error.to_string(),
    }
}

#[test]
fn a_finding_is_explained_word_by_word() {
    insta::assert_snapshot!(text("f: a() b()\nonOne: c()\nonTwo: d()", 1), @r#"
    made-up at a.ts:1

    call `a` at a.ts:1
      yes  named = "a"
             high: callee = A
      yes  reaches = "lost"
             high: entry = onOne
             high: entry = onTwo
      yes  ends = "onOne"
             high
      yes  beside = { site = "call", when = [{ named = ["b", "d"] }] }
             high: beside.side = next, beside.callee = B
      no   unless beside = { site = "call", when = [{ named = "guard" }] }: none fits of 1 that were looked at (call)
             `b` in line 1: named = "guard": it is called `b`
      no   note if in-file = "x.ts": another path
      => error (high confidence) at a.ts:1: A fails

    call `b` at a.ts:1
      no   named = "a": it is called `b`
      yes  reaches = "lost"
             high: entry = onOne
             high: entry = onTwo
      yes  ends = "onOne"
             high
      no   beside = { site = "call", when = [{ named = ["b", "d"] }] }: none fits of 1 that were looked at (call)
             `a` in line 1: named = ["b", "d"]: it is called `a`
      => nothing: the first to say no is named = "a"
    "#);
}

#[test]
fn the_first_word_that_says_no_is_named() {
    insta::assert_snapshot!(text("f: a() b() guard()\nonOne: c()", 1), @r#"
    made-up at a.ts:1

    call `a` at a.ts:1
      yes  named = "a"
             high: callee = A
      yes  reaches = "lost"
             high: entry = onOne
      yes  ends = "onOne"
             high
      yes  beside = { site = "call", when = [{ named = ["b", "d"] }] }
             high: beside.side = next, beside.callee = B
      yes  unless beside = { site = "call", when = [{ named = "guard" }] }
             high: beside.side = next, beside.callee = GUARD
      => nothing: silenced by unless beside = { site = "call", when = [{ named = "guard" }] }

    call `guard` at a.ts:1
      no   named = "a": it is called `guard`
      yes  reaches = "lost"
             high: entry = onOne
      yes  ends = "onOne"
             high
      yes  beside = { site = "call", when = [{ named = ["b", "d"] }] }
             high: beside.side = next, beside.callee = B
      => nothing: the first to say no is named = "a"

    call `b` at a.ts:1
      no   named = "a": it is called `b`
      yes  reaches = "lost"
             high: entry = onOne
      yes  ends = "onOne"
             high
      no   beside = { site = "call", when = [{ named = ["b", "d"] }] }: none fits of 2 that were looked at (call)
             `a` in line 1: named = ["b", "d"]: it is called `a`
             `guard` in line 1: named = ["b", "d"]: it is called `guard`
      => nothing: the first to say no is named = "a"
    "#);
    insta::assert_snapshot!(text("f: a() c()", 1), @r#"
    made-up at a.ts:1

    call `a` at a.ts:1
      yes  named = "a"
             high: callee = A
      no   reaches = "lost": nothing listens
      -    ends = "onOne": not asked, for no word before it gave a route
      no   beside = { site = "call", when = [{ named = ["b", "d"] }] }: none fits of 1 that were looked at (call)
             `c` in line 1: named = ["b", "d"]: it is called `c`
      => nothing: the first to say no is reaches = "lost"

    call `c` at a.ts:1
      no   named = "a": it is called `c`
      no   reaches = "lost": nothing listens
      -    ends = "onOne": not asked, for no word before it gave a route
      no   beside = { site = "call", when = [{ named = ["b", "d"] }] }: none fits of 1 that were looked at (call)
             `a` in line 1: named = ["b", "d"]: it is called `a`
      => nothing: the first to say no is named = "a"
    "#);
}

#[test]
fn without_a_site_the_nearest_lines_are_named() {
    insta::assert_snapshot!(text("f: a()\n\ng: a()\nx\nh:", 5), @r#"
    made-up at a.ts:5

    no call is on this line; there: function
    the nearest are in: 3, 1
    "#);
    insta::assert_snapshot!(text("f:", 1), @r#"
    made-up at a.ts:1

    no call is on this line; there: function
    the file has none at all
    "#);
    assert_eq!(text("f: a()", 9), "`a.ts` has 1 line; there is no line 9");
    let error = why(&compiled(RULE), &program(&[("src/a.ts", "")]), "src/b.ts", 1, sites).unwrap_err();
    assert_eq!(error.to_string(), "`src/b.ts` is not among the files that were analysed; did you mean `src/a.ts`?");
}
