//! The program with other texts for a few files: what these cannot change is taken over.
//!
//! In: a program, and files with the same declarations and imports as before. Out: the program that
//! would be built of all files, [`Program::again`].
//!
//! Calls, what they call and the summaries of functions follow imports, from the file that imports to
//! the one that is imported. So only the rewritten files and those that import one of them, directly or
//! through others, can see a difference; what all others say is known, and none of them waits for one
//! of these. What frameworks call, what they give, and which classes of a name there are is known
//! across files: where such a thing differs elsewhere, everything is built again.

use super::ingress::Known;
use super::links::{Links, Resolutions};
use super::prepared::Prepared;
use super::route::Entry;
use super::{File, FileId, FnKey, Program, exports};
use crate::source::Source;
use crate::syntax::{ClassId, Module};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files with their new text and lowered form.
pub type Rewritten = BTreeMap<FileId, (Arc<Source>, Arc<Module>)>;

/// What is known from another program of the same files.
pub(super) struct Kept<'a> {
    of: &'a Program,
    /// The files of which nothing is taken over.
    affected: BTreeSet<FileId>,
}

impl<'a> Kept<'a> {
    /// The program from which what is known of a file is taken.
    pub fn of(&self, file: FileId) -> Option<&'a Program> {
        (!self.affected.contains(&file)).then_some(self.of)
    }

    /// Whether frameworks call the same and give the same in the files that are not affected.
    pub fn fits(&self, program: &Program) -> bool {
        let (old, new) = (self.of, program);
        let elsewhere = |entry: &&Entry| !self.affected.contains(&entry.handler.file);
        let entries = old.entries.iter().filter(elsewhere).eq(new.entries.iter().filter(elsewhere));
        let elsewhere = |(key, _): &(&FnKey, &Known)| !self.affected.contains(&key.file);
        entries && old.parameters.iter().filter(elsewhere).eq(new.parameters.iter().filter(elsewhere))
    }
}

impl Program {
    /// This program with some files rewritten, all of which then counts. Bounds that were reached and what the change does are
    /// not taken over.
    #[must_use]
    pub fn again(
        &self,
        rewritten: &Rewritten,
        resolutions: &Resolutions,
        scopes: &BTreeSet<String>,
        prepared: &Prepared,
    ) -> Self {
        let mut affected = self.links.importers(rewritten.keys().copied().collect());
        if rewritten.iter().any(|(id, (source, module))| !declares_the_same(self.file(*id), source, module)) {
            affected.extend(self.file_ids());
        }
        let file = |(id, file): (FileId, &File)| match rewritten.get(&id) {
            Some((source, module)) => {
                File::new(file.path.clone(), Arc::clone(source), Arc::clone(module), None, prepared)
            }
            None => file.clone(),
        };
        let files: Vec<File> = self.file_ids().zip(&self.files).map(file).collect();
        let index = |(id, file): (FileId, &File)| {
            let known = (!affected.contains(&id)).then(|| Arc::clone(&self.exports[id.0 as usize]));
            known.unwrap_or_else(|| Arc::new(exports::Index::new(&file.module)))
        };
        let exports = self.file_ids().zip(&files).map(index).collect();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        let links = Links::new(&paths, resolutions, scopes);
        let program = Self::of_files(files, exports, links, Arc::clone(&self.models), self.manifests.clone());
        program.analysed(Some(Kept { of: self, affected }))
    }
}

/// Whether a file has the same classes, with the same bases, as another text of it.
fn declares_the_same(file: &File, source: &Source, module: &Module) -> bool {
    let classes = |source: &Source, module: &Module| {
        let class = |id| {
            let class = module.class(id);
            let base = class.extends.map(|base| module.expr_span(base).of(&source.text).to_owned());
            (class.name.map(|name| module.name(name).to_owned()), base)
        };
        (0..module.classes.len() as u32).map(ClassId).map(class).collect::<Vec<_>>()
    };
    classes(&file.source, &file.module) == classes(source, module)
}
