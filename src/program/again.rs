//! The program of almost the same files: what the others cannot change is taken over.
//!
//! In: a program, and another one of which nothing is known but its files, entries and links. Out:
//! [`Kept`], which says of each file what is known of it already.
//!
//! Calls, what they call and the summaries of functions follow imports, from the file that imports to
//! the one that is imported. So only the files that differ, those whose imports lead elsewhere, those
//! whose functions frameworks call in another way, and those that import one of these, directly or
//! through others, can see a difference; none of the rest waits for one of them.

use super::calls::Calls;
use super::failure::OfFile;
use super::ingress::Known;
use super::links::{Links, Resolutions};
use super::prepared::Prepared;
use super::route::Entry;
use super::{ExprKey, File, FileId, FnKey, Origin, Program};
use crate::source::Source;
use crate::syntax::{FnId, Module};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Files with their new text and lowered form.
pub type Rewritten = BTreeMap<FileId, (Arc<Source>, Arc<Module>)>;

/// Where the files of a program stand in another one, in the same order.
pub(super) struct Moves(Vec<Option<FileId>>);

impl Moves {
    fn new(from: &Program, to: &Program) -> Self {
        let place = |file: &File| to.files.binary_search_by(|other| other.path.cmp(&file.path)).ok();
        Self(from.files.iter().map(|file| place(file).map(|at| FileId(at as u32))).collect())
    }

    /// Whether all files keep their numbers.
    fn is_still(&self) -> bool {
        (0..).map(FileId).zip(&self.0).all(|(old, new)| *new == Some(old))
    }

    /// The number that a file has there, if it is there.
    pub fn file(&self, file: FileId) -> Option<FileId> {
        *self.0.get(file.0 as usize)?
    }

    /// The same function there.
    pub fn function(&self, key: FnKey) -> Option<FnKey> {
        Some(FnKey { file: self.file(key.file)?, ..key })
    }

    /// The same expression there.
    pub fn expr(&self, key: ExprKey) -> Option<ExprKey> {
        Some(ExprKey { file: self.file(key.file)?, ..key })
    }

    /// The same origin there.
    pub fn origin(&self, origin: &Origin) -> Option<Origin> {
        Some(match origin {
            Origin::Function(key) => Origin::Function(self.function(*key)?),
            Origin::Class(file, class) => Origin::Class(self.file(*file)?, *class),
            Origin::Instance(file, class) => Origin::Instance(self.file(*file)?, *class),
            Origin::Literal(key) => Origin::Literal(self.expr(*key)?),
            Origin::Module(file) => Origin::Module(self.file(*file)?),
            Origin::Param { function, index, path } => {
                Origin::Param { function: self.function(*function)?, index: *index, path: path.clone() }
            }
            Origin::Outside(_) | Origin::Import(..) | Origin::Unknown => origin.clone(),
        })
    }
}

/// What is known from another program.
pub(super) struct Kept<'a> {
    of: &'a Program,
    moves: Moves,
    is_still: bool,
    /// For each file the one of the other program of which everything is taken over.
    same: Vec<Option<FileId>>,
}

impl<'a> Kept<'a> {
    /// What `program` may take over from another one.
    pub fn new(of: &'a Program, program: &Program) -> Self {
        let moves = Moves::new(of, program);
        let is_still = moves.is_still() && of.files.len() == program.files.len();
        let mut same: Vec<Option<FileId>> = vec![None; program.files.len()];
        for old in of.file_ids() {
            if let Some(new) = moves.file(old)
                && is_same(of.file(old), program.file(new))
                && Links::lead_alike(&of.links, old, &program.links, new, &moves)
            {
                same[new.0 as usize] = Some(old);
            }
        }
        let (before, now) = (framework(of), framework(program));
        let mut affected = BTreeSet::new();
        for (new, old) in (0..).map(FileId).zip(&same) {
            let is_called_alike = |old: &FileId| match (before.get(old), now.get(&new)) {
                (Some(before), Some(now)) => before.moved(&moves).as_ref() == Some(now),
                (before, now) => before.is_none() && now.is_none(),
            };
            if !old.as_ref().is_some_and(is_called_alike) {
                affected.insert(new);
            }
        }
        for file in program.links.importers(affected) {
            same[file.0 as usize] = None;
        }
        Self { of, moves, is_still, same }
    }

    fn old(&self, file: FileId) -> Option<FileId> {
        *self.same.get(file.0 as usize)?
    }

    /// The calls of a file.
    pub fn calls(&self, file: FileId) -> Option<Arc<Calls>> {
        let calls = &self.of.calls[self.old(file)?.0 as usize];
        if self.is_still { Some(Arc::clone(calls)) } else { Some(Arc::new(calls.moved(&self.moves)?)) }
    }

    /// The summaries of the functions of a file.
    pub fn summaries(&self, file: FileId) -> Option<OfFile> {
        let summaries = self.of.summaries.of_file(self.old(file)?);
        if self.is_still {
            return Some(summaries);
        }
        summaries.iter().map(|summary| summary.moved(&self.moves)).collect::<Option<Vec<_>>>().map(Arc::new)
    }

    /// The functions of a file that do nothing but throw.
    pub fn always_throws(&self, file: FileId) -> Option<impl Iterator<Item = FnKey> + '_> {
        let old = self.old(file)?;
        let first = |file| FnKey { file, function: FnId(0) };
        let known = self.of.always_throws.range(first(old)..first(FileId(old.0 + 1)));
        Some(known.map(move |key| FnKey { file, ..*key }))
    }

    /// The calls on parameters that the calls of a file fill in with an API.
    pub fn sinks(&self, file: FileId) -> Option<Arc<BTreeSet<ExprKey>>> {
        let sinks = &self.of.sinks_by_file[self.old(file)?.0 as usize];
        if self.is_still {
            return Some(Arc::clone(sinks));
        }
        sinks.iter().map(|sink| self.moves.expr(*sink)).collect::<Option<BTreeSet<_>>>().map(Arc::new)
    }
}

fn is_same(old: &File, new: &File) -> bool {
    Arc::ptr_eq(&old.module, &new.module) && old.part == new.part
}

/// How frameworks call the functions of a file, and what they give.
#[derive(Default, PartialEq, Eq)]
struct Framework<'a> {
    entries: Vec<Cow<'a, Entry>>,
    parameters: Vec<(FnId, &'a Known)>,
}

impl Framework<'_> {
    fn moved(&self, moves: &Moves) -> Option<Self> {
        let entries = self.entries.iter().map(|entry| Some(Cow::Owned(entry.moved(moves)?)));
        Some(Self { entries: entries.collect::<Option<_>>()?, parameters: self.parameters.clone() })
    }
}

fn framework(program: &Program) -> BTreeMap<FileId, Framework<'_>> {
    let mut all: BTreeMap<FileId, Framework<'_>> = BTreeMap::new();
    for entry in &program.entries {
        all.entry(entry.handler.file).or_default().entries.push(Cow::Borrowed(entry));
    }
    for (key, known) in &program.parameters {
        all.entry(key.file).or_default().parameters.push((key.function, known));
    }
    all
}

impl Program {
    /// This program with some files rewritten, all of which then counts. Bounds that were reached and what
    /// the change does are not taken over.
    #[must_use]
    pub fn again(
        &self,
        rewritten: &Rewritten,
        resolutions: &Resolutions,
        scopes: &BTreeSet<String>,
        prepared: &Prepared,
    ) -> Self {
        let file = |(id, file): (FileId, &File)| match rewritten.get(&id) {
            Some((source, module)) => {
                File::new(file.path.clone(), Arc::clone(source), Arc::clone(module), None, prepared)
            }
            None => file.clone(),
        };
        let files: Vec<File> = self.file_ids().zip(&self.files).map(file).collect();
        Self::of_files(files, Arc::clone(&self.models), self.manifests.clone(), resolutions, scopes)
            .analysed(Some(self))
    }
}
