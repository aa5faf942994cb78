//! Stages 6 and 7 for both sides: texts become programs, and rules are asked of them.
//!
//! In: lowered modules, manifests, rules. Out: [`Programs`], then [`Asked`], which `verdict` judges.

use super::setup::Setup;
use super::{lost, manifests};
use crate::change::{Change, RepoPath};
use crate::git::Reader;
use crate::limits::Reached;
use crate::program::Program;
use crate::program::links::resolve_all;
use crate::program::resolve::Resolver;
use crate::rule;
use crate::source::{At, NotAnalysed, Sources};
use crate::syntax::Module;
use crate::syntax::load::Modules;
use crate::verdict::{SideFindings, Suppression};
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
    pub fn build(change: &Change, reader: &Reader, sources: &Sources, modules: &Modules, setup: &Setup) -> Self {
        let build = |at: At, modules: &BTreeMap<RepoPath, Arc<Module>>| {
            let paths = modules.keys().map(String::as_str);
            let (manifests, lost) = manifests::read(reader, at, paths);
            let texts = sources.side(at);
            let file = |(path, module): (&RepoPath, &Arc<Module>)| {
                Some((path.clone(), Arc::clone(texts.get(path)?), Arc::clone(module)))
            };
            let files = modules.iter().filter_map(file).collect();
            let resolver = Resolver::new(reader, at);
            let resolutions = resolve_all(&resolver, modules);
            let program = Program::linked(files, Arc::clone(&setup.models), manifests, &resolutions, resolver.scopes());
            (program, [lost, resolver.not_analysed()].concat())
        };
        let base = || (!change.all).then(|| build(At::Base, &modules.base)).unzip();
        let ((base, base_lost), (head, head_lost)) = rayon::join(base, || build(At::Head, &modules.head));
        Self { base, head, base_lost: base_lost.unwrap_or_default(), head_lost }
    }
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
    pub fn ask(change: &Change, sources: &Sources, modules: &Modules, programs: &Programs, setup: &Setup) -> Self {
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
            },
            head: SideFindings {
                findings: head,
                suppressions: suppressions(sources, At::Head, &modules.head, is_added),
                not_analysed: gaps(&modules.head_lost, &programs.head_lost),
            },
            limits: [base_limits, head_limits].concat(),
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
