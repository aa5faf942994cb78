//! What is refused in a sentence, and what the refusal says.

use crate::rule::compile::compile;
use crate::rule::knob::Knobs;
use crate::rule::testing;
use miette::Diagnostic;

/// The errors of a sentence with the text they point at and their help, without those of its frame.
fn errors(rest: &str) -> Vec<String> {
    let text = format!("severity = \"error\"\nflags = \"call\"\nhelp = \"h\"\n{rest}");
    let page = testing::page(&[&text]);
    let errors = crate::rule::read::read(&page, testing::WORDS).err().unwrap_or_default();
    let show = |error: &crate::rule::error::PageError| {
        let help = error.help().map(|help| format!(" | {help}")).unwrap_or_default();
        let at = error.span().of(&page.text).to_owned();
        format!("{} [{}] {}{help}", error.line, if at.contains('\n') { "sentence" } else { &at }, error.fault)
    };
    errors.iter().map(show).collect()
}

#[test]
fn words_are_checked() {
    let rest =
        "when = [{ name = \"a\" }, { named = \"a\", has = 1 }, { has = { site = \"call\" } }, \"x\"]\nmessage = \"m\"";
    assert_eq!(
        errors(rest),
        [
            "9 [name] there is no word `name` | did you mean `named`?",
            "9 [{ named = \"a\", has = 1 }] a condition is a table with exactly one word, such as `{ calls = \"api\" }`; this one has 2",
            "9 [has] `has` does not speak of a call; it speaks of: function",
            "9 [\"x\"] a condition is a table with one word, not a string",
        ]
    );
}

#[test]
fn parameters_are_checked() {
    let rest = "when = [{ many = { cout = 1 } }, { many = { count = \"x\", secret = \"maybe\" } }]\nmessage = \"m\"";
    assert_eq!(
        errors(rest),
        ["9 [many] `many` needs `count`", "9 [cout] there is no parameter of `many` `cout` | did you mean `count`?",]
    );
    let rest = "when = [{ many = { count = \"x\", secret = \"maybe\" } }, { named = \"[\" }]\nmessage = \"m\"";
    assert_eq!(
        errors(rest),
        [
            "9 [\"x\"] `x` is not allowed here: a whole number",
            "9 [\"maybe\"] `maybe` is not allowed here: one of true, false",
            "9 [\"[\"] `[` is not allowed here: a glob (unclosed character class; missing ']')",
        ]
    );
    let rest = "when = [{ many = 1 }, { named = [] }, { named = [{}] }, { beside = \"x\" }, { beside = { when = [] } }]\nmessage = \"m\"";
    assert_eq!(
        errors(rest),
        [
            "9 [1] the value of `many` is a table of parameters, not an integer",
            "9 [[]] the value of `named` is a value or a list of values, not a list",
            "9 [{}] the value of `named` is a string or a number, not a table",
            "9 [\"x\"] the value of `beside` is a table with `site` and `when`, not a string",
            "9 [beside] `beside` needs `site`",
        ]
    );
}

#[test]
fn needs_captures_and_knobs_are_checked() {
    let rest = "when = [{ ends = \"a\" }, { named = \"$nam\" }, { beside = { site = \"call\", when = [{ reaches = \"lost\" }, { ends = \"b\" }] } }, { reaches = \"lost\" }]\nmessage = \"{besid.callee} {beside.reaches.x} {callee}\"\nknobs = { name = [\"a\"] }";
    assert_eq!(
        errors(rest),
        [
            "6 [sentence] `{besid.callee}` is given by nothing: `besid` is no word of this sentence | did you mean `beside`?",
            "9 [ends] `ends` needs a route, and no word before it gives one (`reaches`)",
            "9 [\"$nam\"] there is no knob `nam` | did you mean `name`?",
            "11 [name] the knob `name` is used nowhere in this page | write `$name` in a condition, or remove it",
        ]
    );
    assert_eq!(
        errors("when = [{ reaches = \"lost\" }, { ends = \"$tests\" }]\nmessage = \"{$tests}\""),
        Vec::<String>::new()
    );
}

#[test]
fn the_frame_is_checked() {
    assert_eq!(
        errors("wen = []\nlevel = [{ is = \"eror\", on = 1 }]\nmessage = \"{a\""),
        [
            "6 [sentence] a sentence needs `when`",
            "9 [wen] there is no key of a sentence `wen` | did you mean `when`?",
            "10 [{ is = \"eror\", on = 1 }] a level needs `when`",
            "10 [\"eror\"] there is no severity `eror` | did you mean `error`?",
            "10 [on] there is no key of a level `on` | known are `is`, `when`",
            "11 [\"{a\"] a `{` in this text is never closed",
        ]
    );
    assert_eq!(errors("when = [{ beside = { site = \"cal\" } }]\nmessage = 1").len(), 2);
    assert!(errors("when = [")[0].contains("this is not TOML"), "{:?}", errors("when = ["));
}

#[test]
fn relations_nest_two_deep() {
    let rest = "when = [{ beside = { site = \"call\", when = [{ beside = { site = \"call\", when = [{ beside = { site = \"call\" } }] } }] } }]\nmessage = \"m\"";
    assert_eq!(
        errors(rest),
        ["9 [beside] `beside` is nested too deep: a relation may hold relations, but those hold none"]
    );
}

#[test]
fn values_of_knobs_from_outside_are_checked() {
    let text = "severity = \"error\"\nflags = \"call\"\nhelp = \"h\"\nmessage = \"m\"\nwhen = [{ many = { count = \"$n\" } }]\nknobs = { n = 1 }";
    let rule = testing::rule(&[text]).unwrap();
    let set: Knobs = [("n".to_owned(), vec!["few".to_owned()])].into();
    let error = compile(&rule, &set).unwrap_err();
    assert_eq!(error.knobs, ["n"]);
    assert_eq!(error.to_string(), "`few` is not allowed in `many = { count = \"$n\" }` of `made-up`: a whole number");
    assert!(compile(&rule, &Knobs::new()).is_ok());
}
