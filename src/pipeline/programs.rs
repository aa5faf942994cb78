//! Stages 6 and 7 for both sides: texts become programs, and rules are asked of them.
//!
//! In: lowered modules, manifests, rules. Out: [`Programs`], then [`Asked`], which `verdict` judges.

use super::setup::Setup;
use super::{Log, changed, lost, manifests};
use crate::change::{Change, RepoPath};
use crate::git::{self, Reader};
use crate::limits::Reached;
use crate::program::Program;
use crate::program::links::Resolutions;
use crate::program::load::{self, Loaded};
use crate::source::{At, NotAnalysed, Sources};
use crate::syntax::Module;
use crate::syntax::load::Modules;
use crate::verdict::{SideFindings, Suppression};
use crate::{rule, syntax};
use std::collections::{BTreeMap, BTreeSet};
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
            let (modules, linking) = match at {
                At::Base => (&loaded.modules.base, &loaded.base),
                At::Head => (&loaded.modules.head, &loaded.head),
            };
            let (_, lost) = manifests::read(reader, at, modules.keys().map(String::as_str));
            let program = built.unwrap_or_else(|| {
                side(reader, setup, at, &loaded.sources, &loaded.modules, &linking.resolutions, &linking.scopes)
            });
            (program, [lost.as_slice(), &linking.not_analysed].concat())
        };
        let base = || (!change.all).then(|| build(At::Base, base.take())).unzip();
        let ((mut base, base_lost), (mut head, head_lost)) = rayon::join(base, || build(At::Head, head.take()));
        changed::tell(change, reader, &loaded.sources, base.as_mut(), &mut head);
        Self { base, head, base_lost: base_lost.unwrap_or_default(), head_lost }
    }
}

/// Reads and lowers the changed files, and what has to be known besides to judge them.
pub fn load(change: &Change, reader: &Reader, setup: &Setup, log: &mut Log) -> Loaded {
    let sources = log.stage("source", || git::read(change, reader, |path| setup.reads(path)));
    let modules = log.stage("syntax", || syntax::load::load(&sources));
    let decides = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let is_json = name.rsplit_once('.').is_some_and(|(_, ending)| ending == "json");
        name == "package.json" || name == "pnpm-workspace.yaml" || is_json && name.starts_with("tsconfig")
    };
    let changed = change.files.iter().filter(|file| !change.all && decides(&file.path)).count();
    if changed > 0 {
        log.say(format!(
            "{changed} files that decide where imports lead have changed: each side is linked by its own, but files \
             that nothing else leads to were not read for that"
        ));
    }
    log.count("link-settings-changed", changed);
    let build: load::Build<'_> =
        &|at, sources, modules, resolutions, scopes| side(reader, setup, at, sources, modules, resolutions, scopes);
    log.stage("load", || load::load(reader, sources, modules, change.all, &|path| setup.wants(path), build))
}

/// One side as a program.
fn side(
    reader: &Reader,
    setup: &Setup,
    at: At,
    sources: &Sources,
    modules: &Modules,
    resolutions: &Resolutions,
    scopes: &BTreeSet<String>,
) -> Program {
    let modules = if at == At::Base { &modules.base } else { &modules.head };
    let (manifests, _) = manifests::read(reader, at, modules.keys().map(String::as_str));
    let texts = sources.side(at);
    let file = |(path, module): (&RepoPath, &Arc<Module>)| {
        Some((path.clone(), Arc::clone(texts.get(path)?), Arc::clone(module)))
    };
    let files = modules.iter().filter_map(file).collect();
    Program::linked(files, Arc::clone(&setup.models), manifests, resolutions, scopes)
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
        let ask = |program: &Program| rule::run(&setup.rules, program, None);
        let base = || programs.base.as_ref().map(ask).unwrap_or_default();
        let ((base, base_limits), (mut head, head_limits)) = rayon::join(base, || ask(&programs.head));
        head.extend(lost::find(change, sources, modules, setup));
        let added: BTreeMap<&str, _> = change.files.iter().filter_map(|file| Some((file.head_path()?, file))).collect();
        let is_added = |path: &str, line| added.get(path).is_some_and(|file| change.is_added(file, line));
        let gaps = |modules: &[NotAnalysed], more: &[NotAnalysed]| [modules, more].concat();
        Self {
            base: SideFindings {
                findings: base,
                suppressions: suppressions(sources, At::Base, &modules.base, |_, _| false),
                not_analysed: gaps(&modules.base_lost, &programs.base_lost),
                modules: modules.base.clone(),
            },
            head: SideFindings {
                findings: head,
                suppressions: suppressions(sources, At::Head, &modules.head, is_added),
                not_analysed: gaps(&modules.head_lost, &programs.head_lost),
                modules: modules.head.clone(),
            },
            limits: [base_limits.as_slice(), &head_limits, &loaded.limits].concat(),
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
