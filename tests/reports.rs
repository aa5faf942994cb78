//! Every output of one report made by hand, with text in it that tries to command whatever prints it.

use failpath::change::{Change, ChangedFile, Hunk, Side, Status};
use failpath::finding::{Confidence, Edit, Finding, Label, Place, Role, RuleInfo, Severity, Step, Verdict};
use failpath::limits::Reached;
use failpath::report::{Format, RenderOptions, render};
use failpath::source::{NotAnalysed, Source, Sources};
use failpath::text::Span;
use failpath::verdict::{Policy, Report, SettingsFrom, SideFindings, Suppression, judge, suppress};
use std::sync::Arc;

const CHAT: &str = "import { api } from './api';\n\nexport async function onMessage(event) {\n  const user = await api.users.info(event.user);\n  // \u{202e}reversed \u{1b}[31m##[error]x\n  await store(user, \"\u{1f600}\");\n}\n\nonMessage(last)";
const API: &str = "export const api = {\n  users: { async info(id) { return await fetch(url + id); } },\n};\n";
const HOSTILE: &str = "src/a,b:c](x)|`%\n::error::.ts";

fn place(path: &str, text: &str, part: &str) -> Place {
    let start = text.find(part).expect("the part is in the text") as u32;
    Place { path: path.into(), span: Span::new(start, start + part.len() as u32) }
}

fn finding(rule: &str, severity: Severity, message: &str, place: Place) -> Finding {
    Finding {
        rule: rule.into(),
        severity,
        confidence: Confidence::High,
        message: message.into(),
        help: "catch it here, log it, and continue with a fallback".into(),
        anchor: message.into(),
        function: "onMessage".into(),
        causes: vec![],
        labels: vec![],
        trace: vec![],
        fix: vec![],
        place,
    }
}

fn routed() -> Finding {
    let mut finding = finding(
        "unguarded-ingress-call",
        Severity::Error,
        "if `api.users.info` fails, the event handler `onMessage` never reaches `store`, and the message that came in is gone",
        place("src/chat.ts", CHAT, "api.users.info(event.user)"),
    );
    let label = |role, place, text: &str| Label { role, place, text: text.into() };
    finding.labels = vec![
        label(Role::Context, place("src/chat.ts", CHAT, "store(user, \"\u{1f600}\")"), "never runs [see](1)"),
        label(Role::Cause, place("src/api.ts", API, "fetch(url + id)"), "fails"),
    ];
    let step = |place, text: &str| Step { place, text: text.into() };
    finding.trace = vec![
        step(place("src/api.ts", API, "fetch(url + id)"), "`fetch` rejects"),
        step(place("src/chat.ts", CHAT, "api.users.info(event.user)"), "nothing catches it here"),
        step(place("src/chat.ts", CHAT, "onMessage(event)"), "the event is lost"),
    ];
    finding
}

fn report() -> Report {
    let source = |text: &str| Arc::new(Source::new(String::new(), text.to_owned()));
    let mut sources = Sources::default();
    for (path, text) in [("src/chat.ts", CHAT), ("src/api.ts", API), (HOSTILE, "x\r\ny")] {
        sources.head.insert(path.into(), source(text));
        sources.base.insert(path.into(), source(text));
    }
    let lost = |path: &str, reason: &str, lines| NotAnalysed { path: path.into(), reason: reason.into(), lines };
    sources.head_skipped =
        vec![lost("dist/big.js", "larger than 2 MiB", None), lost("src/b.ts", "syntax error", Some((3, 9)))];
    sources.base_skipped =
        vec![lost("src/b.ts", "syntax error", Some((3, 8))), lost("src/\u{1b}]0;old.ts", "not UTF-8", None)];
    let change = Change {
        git_dir: None,
        root: None,
        base: Side::Commit("b".into()),
        head: Side::WorkTree,
        base_name: "origin/main".into(),
        head_name: "work tree".into(),
        files: vec![ChangedFile {
            path: "src/chat.ts".into(),
            old_path: None,
            status: Status::Modified,
            hunks: vec![Hunk { base_start: 1, base_lines: 0, head_start: 4, head_lines: 1 }],
        }],
        all: false,
        limits: vec![Reached { name: "route-steps".into(), text: "2 routes are shown without their middle".into() }],
    };
    let end = Place { path: "src/chat.ts".into(), span: Span::new(CHAT.len() as u32, CHAT.len() as u32 + 7) };
    let hostile = Place { path: HOSTILE.into(), span: Span::new(0, 4) };
    let end = finding("detached-promise", Severity::Warning, "nothing awaits `onMessage`", end);
    let mut milder = end.clone();
    milder.severity = Severity::Note;
    let mut unsure = finding("detached-promise", Severity::Warning, "perhaps", place("src/api.ts", API, "async"));
    unsure.confidence = Confidence::Low;
    let mut medium = finding("odd", Severity::Note, "<b>](x) @team `a|b` \u{1b}[31m##[warning]w\n::set-env::", hostile);
    medium.confidence = Confidence::Medium;
    let existing = finding("odd", Severity::Note, "an old one", place("src/api.ts", API, "users"));
    let gone = finding("odd", Severity::Note, "a fixed one", place("src/api.ts", API, "info"));
    let silenced = finding("odd", Severity::Note, "a silenced one", place("src/chat.ts", CHAT, "store("));
    let nowhere = finding(
        "oversized-change",
        Severity::Warning,
        "1,200 added lines in 60 files",
        Place { path: "package.json".into(), span: Span::new(0, 0) },
    );
    let suppression =
        |line, text, added| Suppression::parse("src/chat.ts".into(), line, Span::new(30, 40), text, added);
    let rule = |id: &str, severity| RuleInfo {
        id: id.into(),
        severity: Some(severity),
        summary: format!("Finds what `{id}` means."),
        page_markdown: format!("# The title of {id}\n\nA paragraph.\n"),
        tags: vec!["reliability".into()],
        knobs: vec![],
    };
    let rules = vec![
        rule("unguarded-ingress-call", Severity::Error),
        rule("detached-promise", Severity::Warning),
        rule("odd", Severity::Note),
    ];
    let known = rules.iter().map(|rule| rule.id.clone()).collect::<std::collections::BTreeSet<_>>();
    let policy = Policy {
        min_confidence: Some(Confidence::Medium),
        suppressions: suppress::Rules {
            ran: known.clone(),
            known,
            unused: Some(Severity::Warning),
            off: [].into(),
            ignore_added: false,
        },
        exceptions: vec![],
        paths: vec![],
        version: "0.0.0".into(),
        settings_from: SettingsFrom::Base,
        settings_differ: true,
        rules,
    };
    let base = SideFindings { findings: vec![milder, existing.clone(), gone], ..SideFindings::default() };
    let head = SideFindings {
        findings: vec![end, unsure, medium, existing, silenced, nowhere, routed()],
        suppressions: vec![
            suppression(5, "odd: the store repeats it", true),
            suppression(2, "od: no such rule", false),
        ],
        ..SideFindings::default()
    };
    judge(&change, &sources, &base, &head, &policy)
}

fn everything() -> RenderOptions {
    RenderOptions { show_existing: true, show_suppressed: true, ..RenderOptions::default() }
}

#[test]
fn full() {
    insta::assert_snapshot!(render(&report(), Format::Full, &everything()));
}

#[test]
fn concise() {
    insta::assert_snapshot!(render(&report(), Format::Concise, &RenderOptions::default()));
}

#[test]
fn json() {
    insta::assert_snapshot!(render(&report(), Format::Json, &RenderOptions::default()));
}

#[test]
fn sarif() {
    insta::assert_snapshot!(render(&report(), Format::Sarif, &everything()));
}

#[test]
fn fixes_are_replacements_in_sarif() {
    let mut report = report();
    let chat = |part: &str| place("src/chat.ts", CHAT, part);
    let at = |from: Place| Place { span: Span::new(from.span.start, from.span.start), ..from };
    report.findings[0].finding.help = "wait [for](1) it".into();
    report.findings[0].finding.fix = vec![
        Edit { place: place("src/api.ts", API, "async "), text: String::new() },
        Edit { place: chat("\u{1f600}"), text: "a \"b\"\n".into() },
        Edit { place: at(chat("store(")), text: "await ".into() },
    ];
    let sarif: serde_json::Value = serde_json::from_str(&render(&report, Format::Sarif, &everything())).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    let fixes: Vec<_> = results.iter().filter_map(|result| result.get("fixes")).collect();
    let region = |line, start, end| serde_json::json!({ "startLine": line, "startColumn": start, "endLine": line, "endColumn": end });
    let replaced = |region, text| serde_json::json!({ "deletedRegion": region, "insertedContent": { "text": text } });
    // Columns count UTF-16 units, as `columnKind` says; an empty region is where something is inserted.
    let expected = serde_json::json!([{
        "description": { "text": "wait \\[for\\](1) it" },
        "artifactChanges": [
            { "artifactLocation": { "uri": "src/api.ts" }, "replacements": [replaced(region(2, 12, 18), "")] },
            { "artifactLocation": { "uri": "src/chat.ts" }, "replacements": [
                replaced(region(6, 22, 24), "a \"b\"\n"),
                replaced(region(6, 9, 9), "await "),
            ] },
        ],
    }]);
    assert_eq!(fixes, [&expected]);
}

#[test]
fn github() {
    insta::assert_snapshot!(render(&report(), Format::Github, &RenderOptions { in_actions: true, ..everything() }));
}

#[test]
fn markdown() {
    insta::assert_snapshot!(render(&report(), Format::Markdown, &everything()));
}

#[test]
fn nothing_printed_commands_a_terminal_or_a_runner() {
    let options = RenderOptions { in_actions: true, ..everything() };
    for format in Format::ALL {
        let text = render(&report(), format, &options);
        assert!(!text.contains("##["), "{format:?}");
        assert!(!text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')), "{format:?}: {text}");
        let ours = |line: &str| {
            format == Format::Github
                && ["::error ", "::warning ", "::notice "].iter().any(|start| line.starts_with(start))
        };
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::") || ours(line)), "{format:?}: {text}");
    }
}

#[test]
fn an_empty_report_says_so_in_every_form() {
    let report = Report::default();
    for format in Format::ALL {
        assert!(render(&report, format, &RenderOptions::default()).ends_with('\n'), "{format:?}");
    }
    assert_eq!(render(&report, Format::Concise, &RenderOptions::default()), "0 new, 0 worse, 0 existing, 0 fixed\n");
}

#[test]
fn spans_that_fit_no_text_do_no_harm() {
    for (text, start, end) in [
        ("", 0, 9),
        ("\n", 1, 1),
        ("a\n", 2, 2),
        ("\u{1f600}", 1, 3),
        ("a\r\nb\rc", 5, 99),
        ("\t\n\n\n\n\n\n\n\nx", 0, 10),
    ] {
        let mut report = Report::default();
        let place = Place { path: "a.ts".into(), span: Span::new(start, end) };
        report.sources.insert("a.ts".into(), Arc::new(Source::new(String::new(), text.into())));
        let mut finding = finding("odd", Severity::Error, "m", place.clone());
        finding.labels.push(Label { role: Role::Cause, place: place.clone(), text: String::new() });
        finding.trace.push(Step { place, text: String::new() });
        let fingerprint = String::new();
        report.findings.push(failpath::finding::Judged { finding, verdict: Verdict::New, fingerprint, assumed: false });
        for format in Format::ALL {
            assert!(render(&report, format, &RenderOptions::default()).contains("a.ts"), "{text:?} {format:?}");
        }
    }
}

#[test]
fn any_spans_in_any_text_can_be_drawn() {
    // A fixed sequence of numbers (Knuth's multiplier), so that a failure can be repeated.
    let mut state = 1_u64;
    let mut below = |most: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % most
    };
    let pieces = [
        "a",
        "\n",
        "\r\n",
        "\r",
        "\t",
        "\u{1f600}",
        "\u{e9}",
        "  ",
        "fn();",
        "\u{1b}",
        "\u{202e}",
        "\n\n\n",
        "\u{301}",
    ];
    for round in 0..3_000 {
        let text: String = (0..below(30)).map(|_| pieces[below(pieces.len())]).collect();
        let mut place = || {
            let start = below(text.len() + 3) as u32;
            Place { path: "a.ts".into(), span: Span::new(start, start + below(text.len() + 3) as u32) }
        };
        let mut finding = finding("odd", Severity::Error, "m", place());
        finding.labels =
            (0..round % 5).map(|_| Label { role: Role::Cause, place: place(), text: "why".into() }).collect();
        let mut report = Report::default();
        report.sources.insert("a.ts".into(), Arc::new(Source::new(String::new(), text.clone())));
        let fingerprint = String::new();
        report.findings.push(failpath::finding::Judged { finding, verdict: Verdict::New, fingerprint, assumed: false });
        let full = render(&report, Format::Full, &RenderOptions::default());
        assert_eq!(full.matches("why").count(), round % 5, "{text:?}\n{full}");
        assert!(!full.contains("Failed to read"), "{text:?}\n{full}");
    }
}

#[test]
fn long_lines_and_many_findings_stay_in_bounds() {
    let mut report = report();
    let text = format!("{};x", "y".repeat(10_000));
    report.sources.insert("min.js".into(), Arc::new(Source::new(String::new(), text)));
    let one = report.findings[0].clone();
    for at in 0..6_000 {
        let mut judged = one.clone();
        judged.verdict = Verdict::New;
        judged.finding.severity = Severity::Warning;
        judged.finding.place = Place { path: "min.js".into(), span: Span::new(at % 100, at % 100 + 1) };
        judged.finding.message = "m".repeat(200);
        report.findings.push(judged);
    }
    let options = RenderOptions::default();
    let markdown = render(&report, Format::Markdown, &options);
    assert!(markdown.len() < 1024 * 1024);
    assert!(markdown.contains("| error |") && markdown.contains("dist/big.js") && markdown.contains("Cut: "));
    assert!(render(&report, Format::Full, &options).lines().all(|line| line.len() < 1_000));
    let github = render(&report, Format::Github, &options);
    assert_eq!(github.lines().filter(|line| line.starts_with("::warning ")).count(), 10);
    let sarif: serde_json::Value = serde_json::from_str(&render(&report, Format::Sarif, &options)).expect("JSON");
    let results = sarif["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 5_000);
    assert!(results.iter().any(|result| result["level"] == "error"), "the most severe stay");
    let said = sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str();
    assert!(said.is_some_and(|text| text.contains("were cut")), "{said:?}");
}
