//! Command lines and what they mean, and wrong ones and what is said of them.
#![cfg(feature = "cli")]

use failpath::change::Range;
use failpath::cli::{completions, parse};
use failpath::finding::{Confidence, Severity};
use failpath::report::Format;
use failpath::request::{Check, Color, Command, ExitCode, Shell};
use failpath::settings::{FailOn, Level};
use failpath::source::At;
use std::path::PathBuf;

fn command(line: &str) -> Command {
    parse(words(line)).unwrap_or_else(|stop| panic!("{line}: {}", stop.text))
}

fn words(line: &str) -> Vec<std::ffi::OsString> {
    ["failpath"].into_iter().chain(line.split_whitespace()).map(Into::into).collect()
}

fn check(line: &str) -> Check {
    match command(line) {
        Command::Check(check) => check,
        other => panic!("{line}: {other:?}"),
    }
}

#[test]
fn what_is_compared() {
    let revs = |base: &str, head: Option<&str>| Range::Revs { base: base.into(), head: head.map(Into::into) };
    let table = [
        ("", Range::Default),
        ("check", Range::Default),
        ("--staged", Range::Staged),
        ("check --staged", Range::Staged),
        ("--base origin/main", revs("origin/main", None)),
        ("check --base a --head b", revs("a", Some("b"))),
        ("--all", Range::All),
        ("--all --head v1", Range::AllAt { head: "v1".into() }),
        ("src ./test", Range::Default),
    ];
    for (line, range) in table {
        assert_eq!(check(line).comparison.range, range, "{line}");
    }
}

#[test]
fn options_of_check() {
    let plain = check("");
    assert_eq!((plain.format, plain.comparison.color), (Format::Full, Color::Auto));
    assert_eq!((plain.fail_on, plain.min_confidence, plain.comparison.threads), (None, None, None));
    let full = check(
        "--format json --report sarif=a=b.sarif --report markdown=s.md --fail-on never --min-confidence low --threads 3 \
         --rule a=off --rule b=error -c x.toml --show-existing --show-suppressed --strict --color always -q --stats -- src -x",
    );
    assert_eq!(full.format, Format::Json);
    let reports = [(Format::Sarif, PathBuf::from("a=b.sarif")), (Format::Markdown, PathBuf::from("s.md"))];
    assert_eq!(full.reports, reports);
    assert_eq!((full.fail_on, full.min_confidence), (Some(FailOn::Never), Some(Confidence::Low)));
    assert_eq!(full.comparison.threads.map(usize::from), Some(3));
    let levels = [("a".to_owned(), Level::Off), ("b".to_owned(), Level::At(Severity::Error))];
    assert_eq!(full.comparison.levels, levels);
    assert_eq!(full.comparison.settings.file, Some("x.toml".into()));
    assert_eq!(full.comparison.color, Color::Always);
    let say = full.say;
    assert!(say.existing && say.suppressed && say.strict && say.quiet && say.stats && !say.verbose);
    assert_eq!(full.paths, [PathBuf::from("src"), PathBuf::from("-x")]);
    assert!(check("--isolated -v").comparison.settings.isolated);
    assert_eq!(check("--config-from base").comparison.settings.from, Some(At::Base));
}

#[test]
fn other_commands() {
    let Command::Why(why) = command("why detached-promise src/a:b.ts:12 --base main") else { panic!("why") };
    assert_eq!((why.rule.as_str(), why.path.as_str(), why.line), ("detached-promise", "src/a:b.ts", 12));
    assert_eq!(why.comparison.range, Range::Revs { base: "main".into(), head: None });
    assert!(matches!(command("explain x"), Command::Explain { rule, .. } if rule == "x"));
    assert!(matches!(command("rules"), Command::Rules { json: false, .. }));
    assert!(
        matches!(command("rules --format json -c f"), Command::Rules { json: true, settings } if settings.file.is_some())
    );
    assert_eq!(command("test"), Command::Test { folder: None });
    assert_eq!(command("test rules"), Command::Test { folder: Some("rules".into()) });
    assert_eq!(command("init --hook"), Command::Init { hook: true });
    assert_eq!(command("demo"), Command::Demo);
    assert_eq!(command("schema"), Command::Schema);
    assert_eq!(command("completions zsh"), Command::Completions(Shell::Zsh));
}

#[test]
fn wrong_command_lines_end_with_2_and_say_what_is_wrong() {
    let table = [
        ("--head b", "--base"),
        ("--staged --all", "cannot be used with"),
        ("--staged --base a", "cannot be used with"),
        ("--base a --all", "cannot be used with"),
        ("--staged check", "before its options"),
        ("--format jsn", "'json'"),
        ("--fail-on fatal", "error, warning, note, never"),
        ("--threads 0", "--threads"),
        ("--rule a", "RULE=LEVEL"),
        ("--rule =off", "RULE=LEVEL"),
        ("--rule a=on", "off, note, warning, error"),
        ("--rule a=off --rule a=note", "given twice"),
        ("--report sarif", "FORMAT=FILE"),
        ("--report xml=f", "full, concise, json"),
        ("--report json=f --report sarif=f", "two reports"),
        ("--isolated -c f", "cannot be used with"),
        ("--isolated --config-from base", "cannot be used with"),
        ("-q -v", "cannot be used with"),
        ("--fix --staged", "cannot be used with"),
        ("--fix --diff", "cannot be used with"),
        ("--diff --format json", "cannot be used with"),
        ("--stagd", "--staged"),
        ("why a", "FILE:LINE"),
        ("why a b.ts", "FILE:LINE"),
        ("why a b.ts:0", "from 1"),
        ("explain", "RULE"),
        ("completions tcsh", "bash"),
        ("--base \u{1b}[31m --staged", "cannot be used with"),
    ];
    for (line, said) in table {
        let stop = parse(words(line)).expect_err(line);
        assert_eq!(stop.code, ExitCode::Failed, "{line}");
        assert!(stop.text.contains(said), "{line}: {}", stop.text);
        assert!(!stop.text.contains('\u{1b}'), "{line}: {}", stop.text);
    }
    let empty = ["failpath", "--base", ""].map(Into::into);
    assert_eq!(parse(empty).expect_err("an unset variable of a workflow").code, ExitCode::Failed);
}

#[test]
fn help_and_version_are_no_failure() {
    for line in ["--help", "-h", "check --help", "why --help"] {
        assert_eq!(parse(words(line)).expect_err(line).code, ExitCode::Clean, "{line}");
    }
    let version = parse(words("--version")).expect_err("the version");
    assert_eq!((version.code, version.text), (ExitCode::Clean, format!("failpath {}\n", env!("CARGO_PKG_VERSION"))));
    insta::assert_snapshot!(parse(words("check --help")).expect_err("help").text);
}

#[test]
fn completions_know_the_options() {
    for (_, shell) in Shell::NAMES {
        assert!(completions(shell).contains("min-confidence"), "{shell:?}");
    }
}
