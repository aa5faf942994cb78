//! Links: which loaded file each specifier of a file leads to.
//!
//! In: lowered files and what their specifiers resolve to. Out: [`Links`], asked by file and specifier.

use super::FileId;
use super::again::Moves;
use super::hop::package_of;
use super::resolve::{Resolved, Resolver};
use crate::change::RepoPath;
use crate::syntax::{Exported, Expr, Module};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What the specifiers of files resolve to, by path and specifier.
pub type Resolutions = BTreeMap<RepoPath, BTreeMap<String, Resolved>>;

/// How many specifiers lead where, for `--stats`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkCounts {
    /// To a loaded file.
    pub loaded: usize,
    /// To a file of the tree that is not loaded, or that is no source code.
    pub elsewhere: usize,
    /// To a package outside.
    pub outside: usize,
    /// Nowhere, although they should lead to a file.
    pub missing: usize,
}

/// Which file a specifier leads to.
#[derive(Debug, Default)]
pub struct Links {
    files: Vec<FxHashMap<String, Option<FileId>>>,
    scopes: BTreeSet<String>,
    /// How many lead where.
    pub counts: LinkCounts,
}

impl Links {
    /// Links the files with these `paths`, which are sorted. `scopes` are the organisation's own.
    pub(super) fn new(paths: &[&str], resolutions: &Resolutions, scopes: &BTreeSet<String>) -> Self {
        let mut links = Self { files: Vec::with_capacity(paths.len()), scopes: scopes.clone(), ..Self::default() };
        for path in paths {
            let mut of_file = FxHashMap::default();
            for (specifier, resolved) in resolutions.get(*path).into_iter().flatten() {
                match resolved {
                    Resolved::File(to) => {
                        let target = paths.binary_search(&to.as_str()).ok().map(|at| FileId(at as u32));
                        *(if target.is_some() { &mut links.counts.loaded } else { &mut links.counts.elsewhere }) += 1;
                        of_file.insert(specifier.clone(), target);
                    }
                    Resolved::Missing => {
                        links.counts.missing += 1;
                        of_file.insert(specifier.clone(), None);
                    }
                    Resolved::Outside => links.counts.outside += 1,
                }
            }
            links.files.push(of_file);
        }
        links
    }

    /// Whether the imports of a file lead to the same files as those of the same file elsewhere, and
    /// nowhere where they did.
    pub(super) fn lead_alike(one: &Self, from: FileId, other: &Self, to: FileId, moves: &Moves) -> bool {
        let (Some(old), Some(new)) = (one.files.get(from.0 as usize), other.files.get(to.0 as usize)) else {
            return false;
        };
        let leads_alike = |(specifier, target): (&String, &Option<FileId>)| {
            let there = target.map(|target| moves.file(target));
            new.get(specifier).is_some_and(|now| there.map_or(now.is_none(), |there| there.is_some() && there == *now))
        };
        one.scopes == other.scopes && old.len() == new.len() && old.iter().all(leads_alike)
    }

    /// These files and all that import one of them, directly or through others.
    pub(super) fn importers(&self, of: BTreeSet<FileId>) -> BTreeSet<FileId> {
        let mut all = of;
        let mut importers: FxHashMap<FileId, Vec<FileId>> = FxHashMap::default();
        for (from, targets) in (0..).map(FileId).zip(&self.files) {
            for to in targets.values().flatten() {
                importers.entry(*to).or_default().push(from);
            }
        }
        let mut left: Vec<FileId> = all.iter().copied().collect();
        while let Some(at) = left.pop() {
            left.extend(importers.get(&at).into_iter().flatten().filter(|from| all.insert(**from)));
        }
        all
    }

    /// The loaded file that a specifier leads to.
    pub fn target(&self, from: FileId, specifier: &str) -> Option<FileId> {
        *self.files.get(from.0 as usize)?.get(specifier)?
    }

    /// Whether a specifier is the project's own: a file of it that is not loaded, or a package of its
    /// scopes.
    pub fn is_own(&self, from: FileId, specifier: &str) -> bool {
        let known = self.files.get(from.0 as usize).is_some_and(|links| links.contains_key(specifier));
        let scope = || package_of(specifier)?.split_once('/').map(|(scope, _)| scope);
        known || scope().is_some_and(|scope| self.scopes.contains(scope))
    }
}

/// Every specifier of a module: imports, re-exports, `import()`, `require()`; sorted, each once.
pub fn specifiers(module: &Module) -> BTreeSet<&str> {
    let mut all: BTreeSet<&str> = module.imports.iter().map(|import| module.name(import.from)).collect();
    all.extend(module.exports.iter().filter_map(|export| match export.what {
        Exported::From { from, .. } | Exported::AllFrom(from) => Some(module.name(from)),
        Exported::Binding(_) | Exported::Value(_) => None,
    }));
    all.extend(module.exprs.iter().filter_map(|expr| imported_at(module, *expr)));
    all
}

/// The specifier of an `import("x")` or `require("x")`.
pub(super) fn imported_at(module: &Module, expr: Expr) -> Option<&str> {
    let what = match expr {
        Expr::ImportCall(what) => what,
        Expr::Call { callee, args } => match (module.expr(callee), module.list(args)) {
            (Expr::Global(name), [only]) if module.name(name) == "require" => only.value,
            _ => return None,
        },
        _ => return None,
    };
    match module.expr(what) {
        Expr::Text(name) => Some(module.name(name)),
        _ => None,
    }
}

/// Resolves every specifier of these files, in parallel.
pub fn resolve_all<'a>(
    resolver: &Resolver,
    files: impl IntoIterator<Item = (&'a RepoPath, &'a Arc<Module>)>,
) -> Resolutions {
    let files: Vec<_> = files.into_iter().collect();
    files
        .into_par_iter()
        .map(|(path, module)| {
            let importer = resolver.importer(path);
            let all = specifiers(module).into_iter().map(|name| (name.to_owned(), importer.resolve(name)));
            (path.clone(), all.collect())
        })
        .collect()
}
