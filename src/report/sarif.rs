//! SARIF 2.1.0 for code scanning, as far as GitHub reads it, in a few structs of our own.
//!
//! In: a report. Out: one run. GitHub rejects a file over its outer limits and silently drops what is
//! over its inner ones, so this stays under the inner ones and says what it cut. Suppressed results
//! are left out: GitHub opens an alert for them all the same.
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use super::{RenderOptions, severity, shown, summary};
use crate::finding::{Finding, Judged, Place, RuleInfo, Severity, Verdict};
use crate::text::plural;
use crate::text::safe::{safe_line, safe_sarif};
use crate::verdict::Report;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;

/// Results that GitHub keeps.
const RESULTS: usize = 5_000;
/// Locations per result that GitHub keeps.
const LOCATIONS: usize = 100;
/// Thread-flow locations per result that GitHub keeps.
const STEPS: usize = 1_000;
/// Tags per rule that GitHub keeps.
const TAGS: usize = 10;
/// Characters of a description that GitHub shows.
const DESCRIPTION: usize = 1_024;
/// Notifications about files; a report can name thousands, and nothing shows them.
const NOTIFICATIONS: usize = 1_000;

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'a str,
    version: &'a str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    automation_details: Id<'a>,
    column_kind: &'a str,
    invocations: [Invocation; 1],
    results: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'a str,
    semantic_version: &'a str,
    rules: Vec<Rule>,
}

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
    tool_execution_notifications: Vec<Notification>,
}

#[derive(Serialize)]
struct Notification {
    level: &'static str,
    message: Message,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
struct Help {
    text: String,
    markdown: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule {
    id: String,
    short_description: Message,
    full_description: Message,
    help: Help,
    default_configuration: Configuration,
    properties: RuleProperties,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: Vec<String>,
    #[serde(rename = "problem.severity")]
    problem_severity: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: [Location; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    code_flows: Vec<CodeFlow>,
    partial_fingerprints: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    description: Message,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: Artifact,
    replacements: Vec<Replacement<'a>>,
}

/// An empty region is a place to insert at.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

#[derive(Serialize)]
struct Properties<'a> {
    confidence: &'static str,
    verdict: Verdict,
    function: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(rename = "physicalLocation")]
    physical: Physical,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Message>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Physical {
    artifact_location: Artifact,
    region: Region,
}

#[derive(Serialize)]
struct Artifact {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    end_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CodeFlow {
    thread_flows: [ThreadFlow; 1],
}

#[derive(Serialize)]
struct ThreadFlow {
    locations: Vec<Step>,
}

#[derive(Serialize)]
struct Step {
    location: Location,
}

/// Prints `report`.
pub(super) fn render(report: &Report, options: &RenderOptions) -> String {
    let (rules, index) = rules(report);
    let mut findings: Vec<&Judged> =
        shown(report, options).filter(|judged| judged.verdict != Verdict::Suppressed).collect();
    let mut notifications: Vec<Notification> = Vec::new();
    if findings.len() > RESULTS {
        // The most severe ones stay; the sort is stable, so they stay in order.
        findings.sort_by_key(|judged| std::cmp::Reverse(judged.finding.severity));
        let cut = findings.len() - RESULTS;
        notifications.push(note(
            "warning",
            &format!("{cut} of {} results were cut: only {RESULTS} are kept by code scanning", findings.len()),
        ));
        findings.truncate(RESULTS);
    }
    let shortened = findings.iter().filter(|judged| is_shortened(&judged.finding)).count();
    if shortened > 0 {
        let results = plural(shortened, "result");
        notifications.push(note(
            "note",
            &format!("{results} had more than {} labels or {STEPS} steps; the rest was cut", LOCATIONS - 1),
        ));
    }
    notifications.extend(gaps(report));
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "failpath", semantic_version: &report.version, rules } },
            automation_details: Id { id: "failpath/" },
            column_kind: "utf16CodeUnits",
            invocations: [Invocation { execution_successful: true, tool_execution_notifications: notifications }],
            results: findings.iter().map(|judged| item(report, judged, &index)).collect(),
        }],
    };
    super::to_json(&log)
}

/// The rules and where each stands; a rule that a finding names but nobody described gets a bare entry.
fn rules(report: &Report) -> (Vec<Rule>, BTreeMap<&str, usize>) {
    let mut known: BTreeMap<&str, Option<&RuleInfo>> =
        report.findings.iter().map(|judged| (judged.finding.rule.as_str(), None)).collect();
    known.extend(report.rules.iter().map(|rule| (rule.id.as_str(), Some(rule))));
    let index = known.keys().enumerate().map(|(at, id)| (*id, at)).collect();
    (known.iter().map(|(id, info)| rule(id, *info)).collect(), index)
}

fn rule(id: &str, info: Option<&RuleInfo>) -> Rule {
    let page = info.map(|info| info.page_markdown.as_str()).filter(|page| !page.trim().is_empty()).unwrap_or(id);
    let summary = info.map(|info| info.summary.as_str()).filter(|text| !text.is_empty()).unwrap_or(id);
    let title = page.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(summary);
    let level = info.and_then(|info| info.severity);
    Rule {
        id: id.to_owned(),
        short_description: Message { text: cut(title) },
        full_description: Message { text: cut(summary) },
        help: Help { text: page.to_owned(), markdown: page.to_owned() },
        default_configuration: Configuration {
            enabled: info.is_none() || level.is_some(),
            level: level.map_or("warning", severity),
        },
        properties: RuleProperties {
            tags: info.map(|info| info.tags.iter().take(TAGS).cloned().collect()).unwrap_or_default(),
            problem_severity: match level {
                Some(Severity::Error) => "error",
                Some(Severity::Note) => "recommendation",
                _ => "warning",
            },
        },
    }
}

fn cut(text: &str) -> String {
    text.chars().take(DESCRIPTION).collect()
}

fn is_shortened(finding: &Finding) -> bool {
    finding.labels.len() >= LOCATIONS || finding.trace.len() > STEPS
}

fn item<'a>(report: &Report, judged: &'a Judged, index: &BTreeMap<&str, usize>) -> Item<'a> {
    let finding = &judged.finding;
    let mut text = safe_sarif(&finding.message);
    if !finding.help.is_empty() {
        text.push_str("\n\n");
        text.push_str(&safe_sarif(&finding.help));
    }
    let mut related = Vec::new();
    for (at, label) in finding.labels.iter().take(LOCATIONS - 1).enumerate() {
        // A related location is only shown where the message links it.
        // Writing to a String cannot fail.
        let words = if label.text.is_empty() { &label.place.path } else { &label.text };
        let _ = write!(text, "\n[{}]({})", safe_sarif(words), at + 1);
        related.push(location(report, &label.place, Some(at + 1), Some(&label.text)));
    }
    let steps = finding.trace.iter().take(STEPS);
    let steps: Vec<Step> =
        steps.map(|step| Step { location: location(report, &step.place, None, Some(&step.text)) }).collect();
    let flow = (!steps.is_empty()).then_some(CodeFlow { thread_flows: [ThreadFlow { locations: steps }] });
    Item {
        rule_id: &finding.rule,
        rule_index: index.get(finding.rule.as_str()).copied().unwrap_or_default(),
        level: severity(finding.severity),
        message: Message { text },
        locations: [primary(report, &finding.place)],
        related_locations: related,
        code_flows: flow.into_iter().collect(),
        partial_fingerprints: BTreeMap::from([("failpath/v0", judged.fingerprint.as_str())]),
        fixes: fix(report, finding).into_iter().collect(),
        properties: Properties {
            confidence: summary::confidence(finding.confidence),
            verdict: judged.verdict,
            function: &finding.function,
        },
    }
}

/// The safe fix of a finding, file by file.
fn fix<'a>(report: &Report, finding: &'a Finding) -> Option<Fix<'a>> {
    let mut changes: BTreeMap<&str, Vec<Replacement<'a>>> = BTreeMap::new();
    for edit in &finding.fix {
        let deleted_region = location(report, &edit.place, None, None).physical.region;
        let replacement = Replacement { deleted_region, inserted_content: Content { text: &edit.text } };
        changes.entry(&edit.place.path).or_default().push(replacement);
    }
    let change = |(path, replacements): (&str, _)| ArtifactChange {
        artifact_location: Artifact { uri: uri(path) },
        replacements,
    };
    let artifact_changes: Vec<_> = changes.into_iter().map(change).collect();
    let description = Message { text: safe_sarif(&finding.help) };
    (!artifact_changes.is_empty()).then_some(Fix { description, artifact_changes })
}

/// The place of the alert, cut to its first line: an alert is shown in a pull request only when all
/// of its lines were changed.
fn primary(report: &Report, place: &Place) -> Location {
    let mut location = location(report, place, None, None);
    let region = &mut location.physical.region;
    if region.end_line > region.start_line {
        region.end_line = region.start_line;
        region.end_column = None;
    }
    location
}

fn location(report: &Report, place: &Place, id: Option<usize>, text: Option<&str>) -> Location {
    let (start, end) = report.positions(place);
    let region = Region {
        start_line: start.line,
        start_column: Some(start.column),
        end_line: end.line,
        end_column: Some(end.column),
    };
    let message = text.filter(|text| !text.is_empty()).map(|text| Message { text: safe_sarif(text) });
    Location { id, physical: Physical { artifact_location: Artifact { uri: uri(&place.path) }, region }, message }
}

/// A relative path as a URI reference: everything but unreserved characters and `/` is escaped.
fn uri(path: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(escape).collect()
}

fn note(level: &'static str, text: &str) -> Notification {
    Notification { level, message: Message { text: safe_sarif(text) }, locations: Vec::new() }
}

/// What was not analysed and which bounds were reached.
fn gaps(report: &Report) -> Vec<Notification> {
    let mut out: Vec<Notification> = Vec::new();
    for lost in report.not_analysed.iter().take(NOTIFICATIONS) {
        let (first, last) = lost.lines.unwrap_or((1, 1));
        let region = Region { start_line: first, start_column: None, end_line: last.max(first), end_column: None };
        let physical = Physical { artifact_location: Artifact { uri: uri(&lost.path) }, region };
        let mut notification = note("warning", &format!("not analysed: {}", summary::gap(lost)));
        notification.locations.push(Location { id: None, physical, message: None });
        out.push(notification);
    }
    if let Some(more) = report.not_analysed.len().checked_sub(NOTIFICATIONS).filter(|more| *more > 0) {
        out.push(note("warning", &format!("{more} more files or parts were not analysed")));
    }
    let limit = |name: &str, text: &str| format!("limit reached: {}: {}", safe_line(name), safe_line(text));
    out.extend(report.limits.iter().map(|reached| note("note", &limit(&reached.name, &reached.text))));
    out.extend(summary::remarks(report).into_iter().map(|remark| note("note", &remark)));
    out
}
