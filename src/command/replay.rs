//! `failpath replay N`: what the gate would have said of the last merges.
//!
//! In: the request. Out: a table, or JSON with every report. Each merge is judged against its first
//! parent, all by the settings that are at hand now: the question is what they would do.

use super::Output;
use super::check::fails;
use crate::change::Range;
use crate::finding::Verdict;
use crate::git::{self, Env, Merge};
use crate::pipeline::{Error, Log, Setup, paths, with_threads};
use crate::report::{Format, RenderOptions, render};
use crate::request::{ExitCode, Replay};
use crate::text::safe::{break_workflow_commands, safe_json, safe_line};
use crate::verdict::Report;
use crate::{View, command};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Characters of a subject that the table shows.
const SUBJECT: usize = 60;

/// A merge and what is said of it.
struct Judged<'a> {
    merge: &'a Merge,
    time: Duration,
    said: Result<(Report, bool), Error>,
}

pub(super) fn replay(replay: &Replay, env: &Env, options: &RenderOptions) -> Result<Output, Error> {
    with_threads(replay.threads, || {
        let (merges, is_cut) = git::history(env, &replay.head, replay.count.get())?;
        let setup = command::setup_with(&replay.settings, &replay.levels, env)?;
        let judged: Vec<Judged> = merges.iter().map(|merge| judge(merge, replay, &setup, env)).collect();
        let text = if replay.json { json(&judged, &setup) } else { table(&judged, &setup, is_cut) };
        let text = if options.in_actions && !replay.json { break_workflow_commands(&text).into_owned() } else { text };
        let failed = !judged.is_empty() && judged.iter().all(|judged| judged.said.is_err());
        let code = if failed { ExitCode::Failed } else { ExitCode::Clean };
        Ok(Output { stdout: text, stderr: String::new(), code })
    })
}

fn judge<'a>(merge: &'a Merge, replay: &Replay, setup: &Setup, env: &Env) -> Judged<'a> {
    let started = Instant::now();
    let said = || -> Result<(Report, bool), Error> {
        let range = Range::Revs { base: merge.base.clone(), head: Some(merge.id.clone()) };
        let (change, reader) = git::compare(&range, env)?;
        let paths = paths::in_repository(&[], &git::surroundings(env)?, &reader)?;
        let view = View { paths, min_confidence: replay.min_confidence };
        let report = crate::judge(&change, &reader, setup, &view, &mut Log::default());
        let fails = fails(&report, setup, replay.fail_on);
        Ok((report, fails))
    };
    let said = said();
    Judged { merge, time: started.elapsed(), said }
}

/// How many new and worse findings there are, by rule.
fn by_rule<'r>(reports: impl Iterator<Item = &'r Report>) -> BTreeMap<&'r str, u32> {
    let findings = reports.flat_map(|report| &report.findings).filter(|judged| judged.verdict.counts());
    findings.fold(BTreeMap::new(), |mut rules, judged| {
        *rules.entry(judged.finding.rule.as_str()).or_default() += 1;
        rules
    })
}

fn list(rules: &BTreeMap<&str, u32>) -> String {
    let all: Vec<String> = rules.iter().map(|(rule, count)| format!("{count} {}", safe_line(rule))).collect();
    if all.is_empty() { "-".to_owned() } else { all.join(", ") }
}

fn table(judged: &[Judged], setup: &Setup, is_cut: bool) -> String {
    let new = |judged: &Judged| match &judged.said {
        Ok((report, fails)) => {
            let gaps = report.not_analysed.len();
            let gaps = if gaps > 0 { format!(" ({gaps} not analysed)") } else { String::new() };
            format!("{}{gaps}{}", list(&by_rule([report].into_iter())), if *fails { " FAILS" } else { "" })
        }
        Err(error) => format!("not judged: {}", safe_line(&error.to_string())),
    };
    let cells: Vec<String> = judged.iter().map(new).collect();
    let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(0).clamp(3, 60);
    let mut text = format!("{:<9}  {:<width$}  {:>5}  {:>8}  subject\n", "merge", "new", "fixed", "time");
    // Writing to a String cannot fail.
    for (judged, new) in judged.iter().zip(cells) {
        let Merge { id, subject, .. } = judged.merge;
        let fixed = judged.said.as_ref().map_or("?".to_owned(), |(report, _)| report.fixed.to_string());
        let subject: String = safe_line(subject).chars().take(SUBJECT).collect();
        let (id, time) = (&id[..id.len().min(9)], judged.time.as_secs_f64());
        let _ = writeln!(text, "{id:<9}  {new:<width$}  {fixed:>5}  {time:>6.2} s  {subject}");
    }
    text + "\n" + &closing(judged, setup, is_cut)
}

fn closing(judged: &[Judged], setup: &Setup, is_cut: bool) -> String {
    let reports = || judged.iter().filter_map(|judged| judged.said.as_ref().ok());
    let rules = by_rule(reports().map(|(report, _)| report));
    let (with_new, fails) = (
        reports().filter(|(report, _)| report.worst().is_some()).count(),
        reports().filter(|(_, fails)| *fails).count(),
    );
    let of = |verdict: Verdict| {
        reports().flat_map(|(report, _)| &report.findings).filter(|judged| judged.verdict == verdict).count()
    };
    let fixed: u32 = reports().map(|(report, _)| report.fixed).sum();
    let mut times: Vec<f64> = judged.iter().map(|judged| judged.time.as_secs_f64()).collect();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get((times.len() * share / 100).min(times.len().saturating_sub(1))).copied();
    let mut text = format!(
        "{}: {with_new} with something new, {fails} would have failed; {} new, {} worse, {fixed} fixed\n",
        if judged.len() == 1 { "1 merge".to_owned() } else { format!("{} merges", judged.len()) },
        of(Verdict::New),
        of(Verdict::Worse)
    );
    // Writing to a String cannot fail.
    let _ = writeln!(text, "new by rule: {}", list(&rules));
    let below = of(Verdict::BelowThreshold);
    if below > 0 {
        let _ = writeln!(text, "{below} more below the threshold of confidence");
    }
    if let (Some(half), Some(most), Some(last)) = (at(50), at(95), times.last()) {
        let _ = writeln!(text, "time: half under {half:.2} s, 95 of 100 under {most:.2} s, the longest {last:.2} s");
    }
    let _ = writeln!(text, "settings from {}, the same for all merges", setup.from.name());
    let unjudged = judged.iter().filter(|judged| judged.said.is_err()).count();
    if unjudged > 0 {
        let _ = writeln!(text, "{unjudged} could not be judged");
    }
    if is_cut {
        text.push_str("the clone is shallow and ends here; get more with: git fetch --unshallow origin\n");
    }
    text
}

#[derive(Serialize)]
struct Root<'a> {
    version: u32,
    settings_from: &'a str,
    merges: Vec<Item<'a>>,
}

#[derive(Serialize)]
struct Item<'a> {
    commit: &'a str,
    base: &'a str,
    subject: &'a str,
    milliseconds: u64,
    /// Whether the run would have failed.
    fails: Option<bool>,
    error: Option<String>,
    /// What `check --format json` prints.
    report: Option<Value>,
}

fn json(judged: &[Judged], setup: &Setup) -> String {
    let merges = judged.iter().map(item).collect();
    let root = Root { version: 0, settings_from: setup.from.name(), merges };
    let text = serde_json::to_string_pretty(&root).unwrap_or_default();
    format!("{}\n", safe_json(&text))
}

fn item<'a>(judged: &'a Judged) -> Item<'a> {
    let report = |(report, _): &(Report, bool)| render(report, Format::Json, &RenderOptions::default());
    let (said, error) = (judged.said.as_ref().ok(), judged.said.as_ref().err());
    Item {
        commit: &judged.merge.id,
        base: &judged.merge.base,
        subject: &judged.merge.subject,
        milliseconds: judged.time.as_millis() as u64,
        fails: said.map(|(_, fails)| *fails),
        error: error.map(ToString::to_string),
        report: said.and_then(|said| serde_json::from_str(&report(said)).ok()),
    }
}
