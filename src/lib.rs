//! failpath: a pre-merge gate for TypeScript that follows failures.
//!
//! In: a request and the surroundings. Out: a report. [`run`] is the way of the data, stage by stage.

pub mod aside;
pub mod cache;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod command;
pub mod finding;
pub mod fix;
pub mod git;
pub mod limits;
pub mod model;
pub mod pipeline;
pub mod program;
pub mod report;
pub mod request;
pub mod rule;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod text;
pub mod verdict;
pub mod word;

use cache::Cache;
use change::Change;
use finding::Confidence;
use git::{Env, Reader};
use pipeline::{Asked, Error, Log, Programs, Setup};
use program::load::Loaded;
use request::Comparison;
use source::At;
use std::path::PathBuf;
use syntax::load::{Known, Nothing};
use verdict::{Answer, Exception, Policy, Report, suppress};

/// What of the findings is looked at.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// Files and folders, as the repository names them; empty: all.
    pub paths: Vec<change::RepoPath>,
    /// The least confidence that counts; settings decide without it.
    pub min_confidence: Option<Confidence>,
}

/// Judges a change. `paths` are relative to the current folder.
///
/// # Errors
/// Whatever keeps the job from being done; findings are no error.
pub fn run(
    comparison: &Comparison,
    paths: &[PathBuf],
    min_confidence: Option<Confidence>,
    env: &Env,
    log: &mut Log,
) -> Result<(Report, Setup), Error> {
    // What every run needs is read while the sides are listed.
    let listed = log.stage("git", || rayon::join(|| git::list(&comparison.range, env), Setup::prepare).0);
    let (mut change, reader) = listed?;
    let setup =
        log.stage("settings", || Setup::read(&change, &reader, &comparison.settings, &comparison.levels, env))?;
    log.say(format!("comparing {} with {}", change.base_name, change.head_name));
    log.say(format!("settings from {}; {} rules are on", setup.from.name(), setup.rules.len()));
    let paths = pipeline::paths::in_repository(paths, &git::surroundings(env)?, &reader)?;
    let holds =
        |path: &str| [At::Base, At::Head].into_iter().any(|at| reader.exists(at, path) || reader.is_folder(at, path));
    let folder = cache::folder(&comparison.cache, &env.folder, change.root.as_deref(), env.in_actions(), &holds);
    let cache = folder.and_then(Cache::open);
    let view = View { paths, min_confidence };
    let Some(cache) = &cache else {
        differ(&mut change, &reader, log)?;
        return Ok((judge(&change, &reader, &setup, &view, log), setup));
    };
    let question = pipeline::question(&change, &reader, &setup, &view.paths, view.min_confidence);
    let answer = question.and_then(|question| cache.answer(&question));
    log.count("answered", usize::from(answer.is_some()));
    if let Some(answer) = answer.and_then(|bytes| postcard::from_bytes::<Answer>(&bytes).ok()) {
        log.say("the same files were compared before with the same settings: the answer is known".to_owned());
        let text = |path: &str| reader.read(At::Head, path).ok();
        return Ok((answer.report(&change, &policy(&setup, &view), &text), setup));
    }
    differ(&mut change, &reader, log)?;
    let report = judge_with(&change, &reader, &setup, &view, cache, log);
    if let (Some(question), Ok(answer)) = (question, postcard::to_stdvec(&Answer::of(&report))) {
        cache.keep_answer(&question, answer);
    }
    log.count("cache-damaged", cache.damaged());
    if let Err(error) = log.stage("cache", || cache.store()) {
        log.say(format!("the cache could not be written, which costs nothing but time: {error}"));
    }
    Ok((report, setup))
}

fn differ(change: &mut Change, reader: &Reader, log: &mut Log) -> Result<(), Error> {
    log.stage("diff", || git::differ(change, reader))?;
    log.say(format!("{} files differ", change.files.len()));
    Ok(())
}

/// The stages from the texts on, with nothing known from earlier runs.
pub fn judge(change: &Change, reader: &Reader, setup: &Setup, view: &View, log: &mut Log) -> Report {
    judge_with(change, reader, setup, view, &Nothing, log)
}

/// The stages from the texts on: they ask nothing but their arguments.
pub fn judge_with(
    change: &Change,
    reader: &Reader,
    setup: &Setup,
    view: &View,
    known: &dyn Known,
    log: &mut Log,
) -> Report {
    let load = || pipeline::load(change, reader, setup, known, log);
    let (mut loaded, ()) = rayon::join(load, || setup.models.prepare());
    let programs = log.stage("program", || Programs::build(change, reader, &mut loaded, setup));
    let asked = log.stage("rule", || Asked::ask(change, &loaded, &programs, setup));
    log.count("changed", change.files.len());
    let Loaded { sources, modules, .. } = &loaded;
    let links = programs.head.links.counts;
    log.count("read", sources.base.len() + sources.head.len());
    log.count("lowered", modules.base.len() + modules.head.len());
    log.count("gaps", modules.base_lost.len() + modules.head_lost.len());
    log.count("imports-linked", links.loaded);
    log.count("imports-elsewhere", links.elsewhere);
    log.count("imports-outside", links.outside);
    log.count("imports-missing", links.missing);
    let mut report = log.stage("verdict", || {
        let mut report = verdict::judge(change, sources, &asked.base, &asked.head, &policy(setup, view));
        verdict::add_limits(&mut report, asked.limits);
        report
    });
    log.stage("fix", || pipeline::keep_proven_fixes(&mut report, &asked.head.findings, &programs.head, &loaded, setup));
    programs.let_go();
    aside::let_go((loaded, asked.base, asked.head));
    report
}

fn policy(setup: &Setup, view: &View) -> Policy {
    let gate = &setup.settings.gate;
    let infos = || setup.catalogue.infos.iter();
    let ids = |wanted: &dyn Fn(&str) -> bool| infos().map(|info| info.id.clone()).filter(|id| wanted(id)).collect();
    Policy {
        min_confidence: Some(view.min_confidence.or(gate.min_confidence).unwrap_or(Confidence::Medium)),
        suppressions: suppress::Rules {
            known: ids(&|_| true),
            ran: ids(&|id| setup.severity(id).is_some()),
            off: ids(&|id| setup.severity(id).is_none() && setup.severity_anywhere(id).is_some()),
            unused: setup.severity_anywhere(verdict::UNUSED_SUPPRESSION),
            ignore_added: gate.suppressions == settings::NewSuppressions::Ignore,
        },
        exceptions: setup.settings.overrides.iter().map(|over| exception(over, view)).collect(),
        paths: view.paths.clone(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        settings_from: setup.from,
        settings_differ: setup.differ,
        rules: setup.catalogue.infos.clone(),
    }
}

/// What was typed holds everywhere.
fn exception(over: &settings::Override, view: &View) -> Exception {
    let severity = |level: &settings::Level| match level {
        settings::Level::Off => None,
        settings::Level::At(severity) => Some(*severity),
    };
    Exception {
        paths: over.globs.clone(),
        levels: over.levels.iter().map(|(rule, level)| (rule.clone(), severity(level))).collect(),
        min_confidence: over.min_confidence.filter(|_| view.min_confidence.is_none()),
        ignore_added: over.suppressions.map(|added| added == settings::NewSuppressions::Ignore),
    }
}
