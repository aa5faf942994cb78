//! `failpath replay N`: what the gate would have said of the last merges.
//!
//! In: the request. Out: a table whose rows are said as soon as they are known, or JSON with every
//! report. Each merge is judged against its first parent, all by the settings that are at hand now: the
//! question is what they would do.

use super::check::fails;
use super::{Listener, Output};
use crate::change::Range;
use crate::finding::Verdict;
use crate::git::{self, Env, Merge};
use crate::pipeline::{Error, Log, Setup, paths, with_threads};
use crate::report::{RenderOptions, contents, render_document};
use crate::request::{ExitCode, Replay};
use crate::text::plural;
use crate::text::safe::{break_workflow_commands, safe_line};
use crate::verdict::Report;
use crate::{View, command};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::{Duration, Instant};

/// Characters of a subject that the table shows.
const SUBJECT: usize = 60;
/// Characters that are kept free for what is new in a row: one rule with its number fits. The rows are
/// printed one by one, so the widest is not known.
const NEW: usize = 36;

/// A merge and what is said of it.
struct Judged<'a> {
    merge: &'a Merge,
    time: Duration,
    said: Result<(Report, bool), Error>,
}

pub(super) fn replay(
    replay: &Replay,
    env: &Env,
    options: &RenderOptions,
    listener: &mut Listener<'_>,
) -> Result<Output, Error> {
    with_threads(replay.threads, || {
        let (merges, is_cut) = git::history(env, &replay.head, replay.count.get())?;
        let setup = command::setup_with(&replay.settings, &replay.levels, env)?;
        let mut say = |text: &str| {
            let text = if options.in_actions { break_workflow_commands(text) } else { text.into() };
            replay.json || listener(&text)
        };
        let mut listens = say(&format!("{:<9}  {:<NEW$}  {:>5}  {:>8}  subject\n", "merge", "new", "fixed", "time"));
        let mut judged: Vec<Judged> = Vec::new();
        for merge in &merges {
            if !listens {
                break;
            }
            let one = judge(merge, replay, &setup, env);
            listens = say(&row(&one));
            judged.push(one);
        }
        let stdout = if replay.json {
            json(&judged, &setup, options)
        } else {
            let text = format!("\n{}", closing(&judged, &setup, is_cut));
            if options.in_actions { break_workflow_commands(&text).into_owned() } else { text }
        };
        let failed = !judged.is_empty() && judged.iter().all(|judged| judged.said.is_err());
        let code = if failed { ExitCode::Failed } else { ExitCode::Clean };
        Ok(Output { stdout, stderr: String::new(), code })
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

fn row(judged: &Judged) -> String {
    let new = match &judged.said {
        Ok((report, fails)) => {
            let gaps = report.not_analysed.len();
            let gaps = if gaps > 0 { format!(" ({gaps} not analysed)") } else { String::new() };
            format!("{}{gaps}{}", list(&by_rule([report].into_iter())), if *fails { " FAILS" } else { "" })
        }
        Err(error) => format!("not judged: {}", safe_line(&error.to_string())),
    };
    let Merge { id, subject, .. } = judged.merge;
    let fixed = judged.said.as_ref().map_or("?".to_owned(), |(report, _)| report.fixed.to_string());
    let subject: String = safe_line(subject).chars().take(SUBJECT).collect();
    let (id, time) = (&id[..id.len().min(9)], judged.time.as_secs_f64());
    format!("{id:<9}  {new:<NEW$}  {fixed:>5}  {time:>6.2} s  {subject}\n")
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
        plural(judged.len(), "merge"),
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
struct Root<'a, R> {
    version: u32,
    settings_from: &'a str,
    merges: Vec<Item<'a, R>>,
}

#[derive(Serialize)]
struct Item<'a, R> {
    commit: &'a str,
    base: &'a str,
    subject: &'a str,
    milliseconds: u64,
    /// Whether the run would have failed.
    fails: Option<bool>,
    error: Option<String>,
    /// What `check --format json` prints.
    report: Option<R>,
}

fn json(judged: &[Judged], setup: &Setup, options: &RenderOptions) -> String {
    let item = |judged| {
        let Judged { merge, time, said }: &Judged = judged;
        let (said, error) = (said.as_ref().ok(), said.as_ref().err());
        Item {
            commit: &merge.id,
            base: &merge.base,
            subject: &merge.subject,
            milliseconds: time.as_millis() as u64,
            fails: said.map(|(_, fails)| *fails),
            error: error.map(ToString::to_string),
            report: said.map(|(report, _)| contents(report, &RenderOptions::default())),
        }
    };
    let root = Root { version: 0, settings_from: setup.from.name(), merges: judged.iter().map(item).collect() };
    render_document(&root, options)
}
