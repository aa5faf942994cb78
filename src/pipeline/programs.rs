//! Stages 6 and 7 for both sides: texts become programs, and rules are asked of them.
//!
//! In: lowered modules, manifests, rules. Out: [`Programs`], then [`Asked`], which `verdict` judges.

use super::setup::Setup;
use super::{Log, changed, lost, manifests};
use crate::aside::let_go;
use crate::change::{Change, ChangedFile, RepoPath, Status};
use crate::git::{self, Reader};
use crate::limits::Reached;
use crate::program::load::{self, Ahead, How, Linking, Loaded, Side, decides_links};
use crate::program::{Program, Start};
use crate::rule;
use crate::source::{At, NotAnalysed, Sources};
use crate::syntax::load::{Known, Lowering};
use crate::syntax::{Dialect, Module, same_code};
use crate::verdict::{SideFindings, Suppression};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Both sides as programs.
#[derive(Debug)]
pub struct Programs {
    /// Before the change; `None` where everything counts as new.
    pub base: Option<Program>,
    /// After the change.
    pub head: Program,
    base_lost: Vec<NotAnalysed>,
    head_lost: Vec<NotAnalysed>,
}

impl Programs {
    /// Builds both sides, at the same time.
    pub fn build(change: &Change, reader: &Reader, loaded: &mut Loaded, setup: &Setup) -> Self {
        let (mut base, mut head) = loaded.built.take().unzip();
        let loaded = &*loaded;
        let build = |at: At, built: Option<Program>| {
            let linking = match at {
                At::Base => &loaded.base,
                At::Head => &loaded.head,
            };
            let paths = loaded.modules.side(at).keys().map(String::as_str);
            let (_, lost) = manifests::read(reader, at, paths);
            let program = built.unwrap_or_else(|| {
                let Linking { resolutions, scopes, .. } = linking;
                let Loaded { sources, modules, parts, prepared, .. } = loaded;
                side(reader, setup, Side { at, sources, modules, resolutions, scopes, parts, prepared, like: &[] })
            });
            (program, [lost.as_slice(), &linking.not_analysed].concat())
        };
        let base = || (!change.all).then(|| build(At::Base, base.take())).unzip();
        let ((mut base, base_lost), (mut head, head_lost)) = rayon::join(base, || build(At::Head, head.take()));
        changed::tell(change, reader, loaded, base.as_mut(), &mut head);
        Self { base, head, base_lost: base_lost.unwrap_or_default(), head_lost }
    }

    /// Forgets them, without waiting.
    pub fn let_go(self) {
        for mut program in self.base.into_iter().chain([self.head]) {
            // They hold the repository.
            program.texts = None;
            let_go(program);
        }
    }
}

/// Reads and lowers the changed files, and what has to be known besides to judge them.
pub fn load(change: &Change, reader: &Reader, setup: &Setup, known: &dyn Known, log: &mut Log) -> Loaded {
    let (lowering, wanted) = (&Lowering::new(known), |path: &str| setup.wants(path));
    let ahead = &Ahead::new(reader, lowering, &wanted);
    let is_code = change.files.iter().any(|file| wanted(&file.path));
    let mut load = || follow(change, reader, setup, lowering, ahead, log);
    if is_code && !change.all { ahead.during(load) } else { load() }
}

fn follow(
    change: &Change,
    reader: &Reader,
    setup: &Setup,
    lowering: &Lowering<'_>,
    ahead: &Ahead<'_>,
    log: &mut Log,
) -> Loaded {
    let mut sources = log.stage("source", || git::read(change, reader, |path| setup.reads(path)));
    let laid_out = log.stage("same", || leave_out_layout(change, &mut sources));
    log.count("laid-out", laid_out);
    let modules = log.stage("syntax", || lowering.load(&sources));
    let changed = change.files.iter().filter(|file| !change.all && decides_links(&file.path)).count();
    log.count("link-settings-changed", changed);
    let how = How {
        reader,
        lowering,
        ahead,
        changed: &change.files,
        all: change.all,
        wanted: &|path| setup.wants(path),
        build: &|of| side(reader, setup, of),
        links_differ: changed > 0,
        versioned: &setup.models.versioned(),
        noticed: rule::roles::followed(&setup.rules, &setup.models),
    };
    let loaded = log.stage("load", || load::load(how, sources, modules));
    if changed > 0 {
        let moved = loaded.counts.relinked;
        log.say(format!("{changed} files that decide where imports lead have changed; {moved} files follow them"));
    }
    let counts = lowering.counts();
    log.count("parsed", counts.parsed);
    log.count("from-cache", counts.known);
    log.count("outlined", counts.outlined);
    log.count("scanned", loaded.counts.scanned);
    log.count("tried", loaded.counts.tried);
    log.count("loaded", loaded.counts.loaded);
    log.count("waves", loaded.counts.waves);
    log.count("relinked", loaded.counts.relinked);
    loaded
}

/// Leaves out the files that are the same code as before, laid out in another way: they say on both
/// sides what they said. How many there were.
fn leave_out_layout(change: &Change, sources: &mut Sources) -> usize {
    let same = |file: &&ChangedFile| {
        let is_code = file.status == Status::Modified && Dialect::of_path(&file.path).is_some();
        let texts = || Some((sources.base.get(&file.path)?, sources.head.get(&file.path)?));
        is_code && texts().is_some_and(|(before, after)| same_code(&before.text, &after.text))
    };
    let found: Vec<&ChangedFile> = change.files.par_iter().filter(same).collect();
    for file in &found {
        sources.base.remove(&file.path);
        sources.head.remove(&file.path);
    }
    found.len()
}

/// One side as a program.
fn side(reader: &Reader, setup: &Setup, of: Side<'_>) -> Program {
    let Side { at, sources, modules, resolutions, scopes, parts, prepared, like } = of;
    let modules = modules.side(at);
    let (manifests, _) = manifests::read(reader, at, modules.keys().map(String::as_str));
    let texts = sources.side(at);
    let file = |(path, module): (&RepoPath, &Arc<Module>)| {
        Some((path.clone(), Arc::clone(texts.get(path)?), Arc::clone(module)))
    };
    let files = modules.iter().filter_map(file).collect();
    Program::prepared(files, Arc::clone(&setup.models), manifests, resolutions, scopes, Start { parts, prepared, like })
}

/// What the rules say of both sides.
#[derive(Debug, Default)]
pub struct Asked {
    /// Base, as far as it is judged.
    pub base: SideFindings,
    /// Head, as far as it is judged.
    pub head: SideFindings,
    /// Bounds that were reached.
    pub limits: Vec<Reached>,
}

impl Asked {
    /// Asks every rule that is on of both sides, and adds what the gate says about itself.
    pub fn ask(change: &Change, loaded: &Loaded, programs: &Programs, setup: &Setup) -> Self {
        let Loaded { sources, modules, .. } = loaded;
        let ((base, base_cut), (mut head, head_cut)) = match &programs.base {
            Some(base) => rule::run_sides(&setup.rules, base, &programs.head),
            None => (rule::Said::default(), rule::run(&setup.rules, &programs.head, None)),
        };
        let sides = programs.base.iter().chain([&programs.head]);
        let cuts = base_cut.iter().chain(&head_cut).map(rule::Cut::reached);
        let limits = cuts.chain(sides.flat_map(Program::reached)).chain(loaded.limits.iter().cloned()).collect();
        head.extend(lost::find(change, sources, modules, setup));
        let added: BTreeMap<&str, _> = change.files.iter().filter_map(|file| Some((file.head_path()?, file))).collect();
        let is_added = |path: &str, line| added.get(path).is_some_and(|file| change.is_added(file, line));
        let gaps = |modules: &[NotAnalysed], more: &[NotAnalysed]| [modules, more].concat();
        Self {
            base: SideFindings {
                findings: base,
                suppressions: suppressions(sources, At::Base, &modules.base, |_, _| false),
                not_analysed: gaps(&modules.base_lost, &programs.base_lost),
                cut: base_cut,
                unsure: programs.base.as_ref().map(Program::unsure).unwrap_or_default(),
                modules: modules.base.clone(),
            },
            head: SideFindings {
                findings: head,
                suppressions: suppressions(sources, At::Head, &modules.head, is_added),
                not_analysed: gaps(&modules.head_lost, &programs.head_lost),
                cut: head_cut,
                unsure: programs.head.unsure(),
                modules: modules.head.clone(),
            },
            limits,
        }
    }
}

fn suppressions(
    sources: &Sources,
    at: At,
    modules: &BTreeMap<RepoPath, Arc<Module>>,
    is_added: impl Fn(&str, u32) -> bool,
) -> Vec<Suppression> {
    let texts = sources.side(at);
    let of = |(path, module): (&RepoPath, &Arc<Module>)| {
        let source = texts.get(path)?;
        Some(Suppression::of_module(path, module, source, |line| is_added(path, line)))
    };
    modules.iter().filter_map(of).flatten().collect()
}
