//! `failpath.toml`: what it may say, and how mistakes in it are drawn.

use failpath::finding::{KnobInfo, KnobKind, RuleInfo, Severity};
use failpath::report::{RenderOptions, render_error};
use failpath::settings::{FailOn, Level, NewSuppressions, Settings, SettingsError, load, page_globs};
use std::collections::BTreeMap;

fn rules() -> Vec<RuleInfo> {
    let knob = |name: &str, kind| KnobInfo { name: name.into(), kind };
    let rule =
        |id: &str, knobs| RuleInfo { id: id.into(), severity: Some(Severity::Warning), knobs, ..RuleInfo::default() };
    vec![
        rule("detached-promise", vec![]),
        rule("oversized-change", vec![knob("lines", KnobKind::Number), knob("files", KnobKind::Number)]),
        rule(
            "paired-fields",
            vec![knob("key", KnobKind::Text), knob("calls", KnobKind::Texts), knob("area", KnobKind::Globs)],
        ),
    ]
}

fn read(text: &str) -> Result<Settings, SettingsError> {
    load(text, "failpath.toml", &rules())
}

const GOOD: &str = r#"
own = ["@acme/*"]
pages = ["failpath/*.md"]

[rules]
detached-promise = "off"
oversized-change = { level = "error", lines = 1_000 }

[rules.paired-fields]
key = "status"
calls = ["update"]
area = ["src/**"]

[gate]
fail-on = "warning"
min-confidence = "high"
default-branch = "develop"
suppressions = "ignore-new"

[paths]
exclude = ["**/generated/**"]
tests = ["spec/**"]

[critical.billing]
paths = ["src/billing/**"]
[critical.auth]
paths = ["src/auth/**"]

[[models.role]]
roles = ["api"]
"#;

#[test]
fn everything_that_may_be_said_is_understood() {
    let settings = read(GOOD).expect("a good file");
    assert_eq!(settings.levels["detached-promise"], Level::Off);
    assert_eq!(settings.severity("detached-promise", Some(Severity::Error)), None);
    assert_eq!(settings.severity("oversized-change", None), Some(Severity::Error));
    assert_eq!(settings.severity("another", Some(Severity::Note)), Some(Severity::Note));
    assert_eq!(settings.knobs["oversized-change"]["lines"], ["1000"]);
    assert_eq!(settings.knobs["paired-fields"]["calls"], ["update"]);
    assert_eq!(settings.gate.fail_on, Some(FailOn::At(Severity::Warning)));
    assert_eq!(settings.gate.suppressions, NewSuppressions::Ignore);
    assert_eq!(settings.gate.default_branch.as_deref(), Some("develop"));
    assert!(settings.excluded.is_match("src/generated/a.ts") && !settings.excluded.is_match("src/a.ts"));
    assert_eq!(settings.shared_knobs()["tests"], ["spec/**"]);
    assert_eq!(settings.shared_knobs()["critical"], ["src/auth/**", "src/billing/**"]);
    assert_eq!(settings.own, ["@acme/*"]);
    assert_eq!(page_globs(GOOD), ["failpath/*.md"]);
    let models: BTreeMap<String, Vec<BTreeMap<String, Vec<String>>>> =
        settings.models().expect("models").expect("some");
    assert_eq!(models["role"][0]["roles"], ["api"]);
    let wrong = settings.models::<BTreeMap<String, u32>>().expect_err("no numbers there");
    assert!(wrong.mistakes[0].at.offset() > 400, "{wrong:?}");
}

#[test]
fn an_empty_file_says_nothing() {
    let settings = read("").expect("an empty file");
    assert!(settings.levels.is_empty() && settings.shared_knobs().is_empty());
    assert_eq!(settings.models::<u32>().expect("none"), None);
}

#[test]
fn all_mistakes_are_drawn_at_once() {
    let text = "own = \"@acme/*\"\nrulez = 1\n\n[rules]\ndetached-promises = \"off\"\ndetached-promise = \"eror\"\noversized-change = { level = \"warning\", line = 4, files = -1 }\n\n[gate]\nfail-on = 3\nfail-of = \"error\"\n\n[paths]\nexclude = [\"src/[a\", 7]\n\n[critical.\"a\\u001bb\"]\npath = []\n";
    insta::assert_snapshot!(render_error(&read(text).expect_err("mistakes"), &RenderOptions::default()));
}

#[test]
fn broken_syntax_is_drawn_and_never_panics() {
    let error = read("[rules\nx = \n\u{1b}[31m\u{202e}").expect_err("no TOML");
    let drawn = render_error(&error, &RenderOptions::default());
    assert!(drawn.contains("failpath.toml:1"), "{drawn}");
    assert!(!drawn.contains(['\u{1b}', '\u{202e}']), "{drawn}");
    for text in [
        "[",
        "a",
        "=",
        "\"",
        "\u{feff}[",
        "a = [",
        "rules = 1",
        "own",
        "\n\n",
        &"[".repeat(100_000),
        &"a = [".repeat(5_000),
    ] {
        if let Err(error) = read(text) {
            render_error(&error, &RenderOptions::default());
        }
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let long = format!("own = [\"{}\"]", "a".repeat(301));
    assert!(read(&long).expect_err("a long glob").mistakes[0].message.contains("300 bytes"));
    let many = format!("own = [{}]", "\"a\",".repeat(501));
    assert!(read(&many).expect_err("many globs").mistakes[0].message.contains("501 globs"));
    let big = format!("#{}", "x".repeat(1024 * 1024));
    assert!(read(&big).expect_err("a big file").mistakes[0].message.contains("longer than"));
}

#[test]
fn globs_that_are_like_no_file_are_drawn_with_the_nearest_folder() {
    let text = "[paths]\nexclude = [\"src/biling/**\", \"src/**\"]\n[critical.auth]\npaths = [\"nowhere/**\"]\n";
    let settings = read(text).expect("nothing is wrong with the form");
    let idle = settings.idle_globs(["src/billing/pay.ts"].into_iter()).expect("two globs find nothing");
    let drawn = render_error(&idle, &RenderOptions::default());
    assert!(drawn.contains("failpath.toml has 2 globs that find nothing"), "{drawn}");
    assert!(drawn.contains("src/biling/**") && drawn.contains("did you mean `src/billing`?"), "{drawn}");
    assert!(drawn.contains("failpath.toml:4"), "{drawn}");
    let all = settings.idle_globs(["src/biling/a.ts", "nowhere/b.ts"].into_iter());
    assert!(all.is_none());
}

#[test]
fn a_critical_area_says_what_holds_there() {
    let text = "[critical.billing]\npaths = [\"src/billing/**\"]\ntests = \"error\"\nfail-on = \"warning\"\nsuppressions = \"ignore-new\"\nmax-lines = 400\n\n[critical.auth]\npaths = [\"src/auth/**\"]\nmax-lines = 300\n\n[[overrides]]\npaths = [\"src/**\"]\n";
    let settings = read(text).unwrap();
    assert_eq!(settings.overrides.len(), 3, "areas come before what is written as overrides");
    let billing = settings.overrides.iter().find(|over| over.globs.is_match("src/billing/a.ts")).unwrap();
    assert_eq!(billing.levels["critical-change-without-tests"], Level::At(Severity::Error));
    assert_eq!(billing.fail_on, Some(FailOn::At(Severity::Warning)));
    assert_eq!(billing.suppressions, Some(NewSuppressions::Ignore));
    assert_eq!(settings.knobs["oversized-change"]["critical-lines"], ["300"], "the least holds for all");
    let wrong = read("[critical.billing]\npaths = []\ntest = \"error\"\n").unwrap_err();
    assert!(wrong.mistakes.iter().any(|mistake| mistake.to_string().contains("a critical area has no setting `test`")));
}
