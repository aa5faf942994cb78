//! One side of the change as a program: its files, who calls whom, where values come from, what can
//! fail and where failures land.
//!
//! In: lowered modules and the models. Out: [`Program`], which words ask. Nothing here knows rules.

mod after;
pub mod again;
mod apart;
mod bonds;
pub mod bounds;
pub mod calls;
pub mod changed;
mod combine;
mod dead;
pub mod escape;
mod exports;
pub mod facts;
mod failure;
pub mod flow;
pub mod handled;
mod hop;
pub mod ingress;
pub mod links;
pub mod literal;
pub mod load;
pub mod markup;
pub mod origin;
mod origin_type;
pub mod outcome;
pub mod part;
mod passing;
pub mod prepared;
pub mod promise;
mod refs;
pub mod resolve;
pub mod response;
pub mod route;
pub mod secret;
pub mod site;
mod summary;
mod taint;
#[cfg(test)]
mod tests;
mod thrown;
mod tree;
mod ways;
mod workspace;

pub use hop::package_of;
pub use origin::Origin;
pub use site::{At, Site, SiteKind};

use crate::change::RepoPath;
use crate::model::Models;
use crate::source::Source;
use crate::syntax::manifest::Manifest;
use crate::syntax::visit::Parents;
use crate::syntax::{ExprId, FnId, Module};
use crate::text::Span;
use again::Kept;
use facts::Facts;
use part::{Counting, Part, Parts};
use prepared::Prepared;
use rayon::prelude::*;
use route::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A file of a [`Program`]: index into [`Program::files`], which is sorted by path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A function of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FnKey {
    /// Its file.
    pub file: FileId,
    /// The function in it.
    pub function: FnId,
}

/// An expression of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprKey {
    /// Its file.
    pub file: FileId,
    /// The expression in it.
    pub expr: ExprId,
}

/// A file of a program.
#[derive(Debug, Clone)]
pub struct File {
    /// Its path.
    pub path: RepoPath,
    /// Its text.
    pub source: Arc<Source>,
    /// Its lowered form.
    pub module: Arc<Module>,
    /// Parents of all its nodes.
    pub parents: Arc<Parents>,
    /// What one walk over it found.
    pub facts: Arc<Facts>,
    /// What running its functions has shown.
    pub studies: Arc<outcome::Studies>,
    /// How much of it is analysed.
    part: Part,
    /// How much of that rests on what differs between the sides.
    touched: Part,
}

impl File {
    /// Whether a function is analysed.
    fn analyses(&self, function: FnId) -> bool {
        self.part.holds(self.module.function(function).at.start)
    }

    /// The calls of a function that are analysed, in the order of evaluation.
    fn calls(&self, function: FnId) -> impl Iterator<Item = ExprId> + '_ {
        let all = self.facts.calls(function).iter().copied();
        all.filter(|expr| self.part.holds(self.module.expr_span(*expr).start))
    }

    fn new(
        path: RepoPath,
        source: Arc<Source>,
        module: Arc<Module>,
        counting: Option<&Counting>,
        prepared: &Prepared,
    ) -> Self {
        let known = prepared.of(&module);
        let ((parents, facts), studies) = (known.walk(), Arc::clone(&known.studies));
        let part = counting.map_or(Part::Whole, |of| known.refs().part(&of.known));
        Self { path, source, module, parents, facts, studies, part, touched: Part::Whole }
    }
}

/// What is known before a program is built.
#[derive(Debug, Clone, Copy)]
pub struct Start<'a> {
    /// How much of each file counts.
    pub parts: &'a Parts,
    /// What was found out about single files.
    pub prepared: &'a Prepared,
    /// Programs of almost the same files; the first one that knows something is asked.
    pub like: &'a [&'a Program],
}

/// One side of the change.
#[derive(Debug)]
pub struct Program {
    /// The files, sorted by path.
    pub files: Vec<File>,
    /// What is known about the world outside.
    pub models: Arc<Models>,
    /// Manifests by their folder (`""` for the root).
    pub manifests: BTreeMap<String, Manifest>,
    /// The functions that frameworks call, sorted by handler.
    pub entries: Vec<Entry>,
    /// By file, the entries that it tells of, whosever function the handler is.
    told: Vec<Arc<Vec<Entry>>>,
    /// Which files their specifiers lead to.
    pub links: links::Links,
    /// Which side of the comparison it is.
    pub side: crate::source::At,
    /// What the change does to it.
    pub changed: changed::Changed,
    /// Texts of the repository that are not loaded.
    pub texts: Option<Arc<dyn changed::Texts>>,
    exports: Vec<exports::Index>,
    parameters: BTreeMap<FnKey, ingress::Known>,
    calls: Vec<Arc<calls::Calls>>,
    callers: route::Callers,
    summaries: escape::Summaries,
    /// What calls give for parameters, by file.
    given: Vec<escape::AllGiven>,
    bounds: bounds::Bounds,
    /// The calls on parameters that the calls of each file fill in with an API.
    sinks_by_file: Vec<Arc<BTreeSet<ExprKey>>>,
    api_sinks: BTreeSet<ExprKey>,
    always_throws: BTreeSet<FnKey>,
    /// By file, which of its functions may behave in another way than in the first program that it was built
    /// like; none where its code is another one, or where its imports lead elsewhere.
    unlike: Vec<Option<Vec<bool>>>,
}

impl Program {
    /// Builds the program of one side, each file for itself. `files` are path, text and lowered form.
    pub fn new(
        files: Vec<(RepoPath, Arc<Source>, Arc<Module>)>,
        models: Arc<Models>,
        manifests: BTreeMap<String, Manifest>,
    ) -> Self {
        Self::linked(files, models, manifests, &links::Resolutions::new(), &BTreeSet::new())
    }

    /// Builds the program of one side with its imports linked: `resolutions` say where the specifiers
    /// of each file lead, `scopes` (`@acme`) are those of the project's own packages.
    pub fn linked(
        files: Vec<(RepoPath, Arc<Source>, Arc<Module>)>,
        models: Arc<Models>,
        manifests: BTreeMap<String, Manifest>,
        resolutions: &links::Resolutions,
        scopes: &BTreeSet<String>,
    ) -> Self {
        let (parts, prepared) = (Parts::new(), Prepared::default());
        let start = Start { parts: &parts, prepared: &prepared, like: &[] };
        Self::prepared(files, models, manifests, resolutions, scopes, start)
    }

    /// Like [`Program::linked`], with what is known before.
    pub fn prepared(
        mut files: Vec<(RepoPath, Arc<Source>, Arc<Module>)>,
        models: Arc<Models>,
        manifests: BTreeMap<String, Manifest>,
        resolutions: &links::Resolutions,
        scopes: &BTreeSet<String>,
        Start { parts, prepared, like }: Start<'_>,
    ) -> Self {
        files.sort_by(|left, right| left.0.cmp(&right.0));
        let file = |(path, source, module): (RepoPath, _, _)| {
            let counting = parts.get(&path);
            File::new(path, source, module, counting, prepared)
        };
        let files: Vec<File> = files.into_par_iter().map(file).collect();
        let mut program = Self::of_files(files, models, manifests, resolutions, scopes).analysed(like);
        program.touch(parts, prepared);
        program
    }

    /// A program of which nothing is known but its files and where their imports lead.
    fn of_files(
        files: Vec<File>,
        models: Arc<Models>,
        manifests: BTreeMap<String, Manifest>,
        resolutions: &links::Resolutions,
        scopes: &BTreeSet<String>,
    ) -> Self {
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let links = links::Links::new(&paths, resolutions, scopes);
        let exports = files.par_iter().map(|file| exports::Index::new(&file.module)).collect();
        let mut program = Self {
            files,
            links,
            side: crate::source::At::Head,
            changed: changed::Changed::default(),
            texts: None,
            exports,
            models,
            manifests,
            entries: Vec::new(),
            told: Vec::new(),
            parameters: BTreeMap::new(),
            calls: Vec::new(),
            callers: route::Callers::default(),
            summaries: escape::Summaries::default(),
            given: Vec::new(),
            bounds: bounds::Bounds::default(),
            sinks_by_file: Vec::new(),
            api_sinks: BTreeSet::new(),
            always_throws: BTreeSet::new(),
            unlike: Vec::new(),
        };
        program.given.resize_with(program.files.len(), Default::default);
        program
    }

    /// The same program with everything found out that is known of no single file; what the programs of
    /// almost the same files know already is taken over.
    fn analysed(mut self, like: &[&Self]) -> Self {
        let mut kept = Kept::new(like, &self);
        self.told = self.find_told(&kept);
        self.entries = self.find_entries();
        self.parameters = self.handler_parameters(&self.entries);
        kept.note_entries(&self);
        let ids: Vec<FileId> = self.file_ids().collect();
        self.given = ids.par_iter().map(|file| kept.given(*file)).collect();
        let calls = |file: &FileId| {
            let new = || Arc::new(calls::Calls::new(&self, *file, kept.resolved(*file)));
            kept.calls(*file).unwrap_or_else(new)
        };
        self.calls = ids.par_iter().map(calls).collect();
        self.callers = self.find_callers();
        kept.note_calls(&self);
        // Functions that throw through others are left out: one step is enough.
        self.always_throws = self.find_always_throws(&kept);
        self.summaries = self.summarize(&kept);
        self.sinks_by_file = self.find_api_sinks(&kept);
        self.api_sinks = self.sinks_by_file.iter().flat_map(|sinks| sinks.iter().copied()).collect();
        self.unlike = kept.unlike(&self);
        self
    }

    /// Takes note of what rests on something that differs between the sides.
    fn touch(&mut self, parts: &Parts, prepared: &Prepared) {
        for file in &mut self.files {
            if let Some(of) = parts.get(&file.path) {
                file.touched = prepared.of(&file.module).refs().part(&of.touched);
            }
        }
    }

    /// A file.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The lowered form of a file.
    pub fn module(&self, id: FileId) -> &Module {
        &self.file(id).module
    }

    /// The functions of a file that are analysed.
    fn functions(&self, id: FileId) -> impl Iterator<Item = FnId> + '_ {
        let file = self.file(id);
        file.module.function_ids().filter(|function| file.analyses(*function))
    }

    /// The file of base with the same text as a file of this program, if anything is known to behave alike in
    /// both.
    pub fn twin_in_base(&self, base: &Self, file: FileId) -> Option<FileId> {
        self.unlike[file.0 as usize].as_ref()?;
        let path = &self.file(file).path;
        base.files.binary_search_by(|other| other.path.cmp(path)).ok().map(|at| FileId(at as u32))
    }

    /// Whether all functions of a file are known to behave as on base.
    pub fn behaves_as_on_base(&self, file: FileId) -> bool {
        self.unlike[file.0 as usize].as_ref().is_some_and(|functions| !functions.contains(&true))
    }

    /// Whether the function that holds a site is known to behave as on base.
    pub fn is_as_on_base(&self, site: Site) -> bool {
        let of_file = self.unlike[site.file.0 as usize].as_ref();
        of_file.is_some_and(|functions| !functions[self.function_at(site).function.index()])
    }

    /// The ids of all files, in the order of their paths.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len() as u32).map(FileId)
    }

    /// The text under a span of a file.
    pub fn text(&self, file: FileId, span: Span) -> &str {
        span.of(&self.file(file).source.text)
    }
}
