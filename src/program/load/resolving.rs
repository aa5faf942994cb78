//! Resolving the imports of both sides, of which most lead to the same file.
//!
//! In: both sides, and lowered files. Out: where their specifiers lead.

use super::alias::is_json;
use super::moved::moves;
use super::{How, decides_links};
use crate::change::{ChangedFile, RepoPath};
use crate::program::links::{Resolutions, resolve_all, specifiers};
use crate::program::resolve::{Resolved, Resolver};
use crate::source::{At, NotAnalysed};
use crate::syntax::Module;
use crate::syntax::load::Modules;
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The resolvers of both sides.
pub(super) struct Resolving {
    pub base: Resolver,
    pub head: Resolver,
    /// Whether a change of settings may lead imports elsewhere.
    pub moves: bool,
    /// Whether head has all files of base, the same links and the same settings. The first place that exists
    /// is where a specifier leads: what was found on head is then found on base, if it is there.
    only_added: bool,
}

impl Resolving {
    pub fn new(how: How<'_>) -> Self {
        let How { reader, all, changed, .. } = how;
        let (base, head) = if all {
            (Resolver::nowhere(reader), Resolver::new(reader, At::Head))
        } else {
            rayon::join(|| Resolver::new(reader, At::Base), || Resolver::new(reader, At::Head))
        };
        let moves = !all && changed.iter().any(|file| moves(reader, file));
        // What a tsconfig extends may have any name.
        let extended = |file: &ChangedFile| is_json(&file.path) && !decides_links(&file.path);
        let is_same = || !moves && !changed.iter().any(extended) && base.links_like(&head);
        let has_all = || reader.list(At::Base).all(|path| reader.exists(At::Head, path));
        let only_added = !all && is_same() && has_all();
        Self { base, head, moves, only_added }
    }

    pub fn side(&self, at: At) -> &Resolver {
        match at {
            At::Base => &self.base,
            At::Head => &self.head,
        }
    }

    /// Settings of one side that could not be used as they are.
    pub fn not_analysed(&self, at: At) -> Vec<NotAnalysed> {
        // Base is hardly asked where it is like head.
        let asked = if self.only_added { At::Head } else { at };
        self.side(asked).not_analysed()
    }

    /// Where the specifiers of these files lead, on base and on head.
    pub fn resolve(&self, modules: &Modules) -> [Resolutions; 2] {
        let head = resolve_all(&self.head, &modules.head);
        if !self.only_added {
            return [resolve_all(&self.base, &modules.base), head];
        }
        let files: Vec<_> = modules.base.iter().collect();
        let of_file = |(path, module): (&RepoPath, &Arc<Module>)| {
            let known = head.get(path);
            let importer = self.base.importer(path);
            let of = |specifier: &str| match known.and_then(|known| known.get(specifier)) {
                Some(Resolved::File(found)) if !self.base.has(found) => importer.resolve(specifier),
                Some(known) => known.clone(),
                None => importer.resolve(specifier),
            };
            let all = specifiers(module).into_iter().map(|specifier| (specifier.to_owned(), of(specifier)));
            (path.clone(), all.collect::<BTreeMap<_, _>>())
        };
        let base = files.into_par_iter().map(of_file).collect();
        [base, head]
    }
}
