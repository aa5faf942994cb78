//! Programs of almost the same files: what the others cannot change is taken over.
//!
//! In: programs, and another one of which nothing is known but its files and links. Out: [`Kept`], which
//! says of each file and function what is known of it already.
//!
//! What a name stands for follows imports, from the file that imports to the one that is imported, and
//! does not depend on how much of a file is analysed. So only the files that differ, those whose imports
//! lead elsewhere, those whose functions frameworks give something else, and those that import one of
//! these, directly or through others, can see a difference. What a function does follows calls from
//! there: see [`Bonds`].

use super::bonds::Bonds;
use super::calls::Calls;
use super::escape::{AllGiven, Given, GivenKey};
use super::failure::{OfFile, Summary};
use super::ingress::Known;
use super::links::{Links, Resolutions};
use super::prepared::Prepared;
use super::route::Entry;
use super::{ExprKey, File, FileId, FnKey, Origin, Program};
use crate::change::folder_of;
use crate::source::Source;
use crate::syntax::{FnId, Module};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

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

/// What is known from other programs. The first one that knows something is asked.
#[derive(Default)]
pub(super) struct Kept<'a>(Vec<Other<'a>>);

/// For each file the one of another program.
type Twins = Vec<Option<FileId>>;

/// What is known from one other program.
pub(super) struct Other<'a> {
    pub of: &'a Program,
    pub moves: Moves,
    is_still: bool,
    /// The folders whose manifests differ.
    folders: BTreeSet<String>,
    /// Files with the same text whose imports lead to such files again.
    linked: Twins,
    /// Those among them that frameworks give the same, as they do all that they import.
    resolved: Twins,
    /// Those among them of which as much is analysed and called by frameworks, likewise.
    same: Twins,
    /// By file and function, what may behave in another way.
    pub changed: Vec<Vec<bool>>,
}

impl<'a> Kept<'a> {
    /// What `program`, of which only files and links are known, may take over from others.
    pub fn new(like: &[&'a Program], program: &Program) -> Self {
        Self(like.iter().map(|of| Other::new(of, program)).collect())
    }

    /// Takes note of what frameworks call and give.
    pub fn note_entries(&mut self, program: &Program) {
        self.0.iter_mut().for_each(|other| other.note_entries(program));
    }

    /// Takes note of who calls whom.
    pub fn note_calls(&mut self, program: &Program) {
        if !self.0.is_empty() {
            let bonds = Bonds::new(program);
            self.0.par_iter_mut().for_each(|other| other.note_calls(program, &bonds));
        }
    }

    /// The entries that a file tells of.
    pub fn told(&self, program: &Program, file: FileId) -> Option<Arc<Vec<Entry>>> {
        self.0.iter().find_map(|other| {
            let old = other.linked[file.0 as usize]?;
            let is_alike = other.of.file(old).part == program.file(file).part && other.declares_alike(program, file);
            let told = is_alike.then(|| &other.of.told[old.0 as usize])?;
            if other.is_still {
                return Some(Arc::clone(told));
            }
            told.iter().map(|entry| entry.moved(&other.moves)).collect::<Option<Vec<_>>>().map(Arc::new)
        })
    }

    /// The calls of a file.
    pub fn calls(&self, file: FileId) -> Option<Arc<Calls>> {
        self.0.iter().find_map(|other| {
            let calls = &other.of.calls[other.same[file.0 as usize]?.0 as usize];
            if other.is_still { Some(Arc::clone(calls)) } else { Some(Arc::new(calls.moved(&other.moves)?)) }
        })
    }

    /// Calls of a file that call what they called, although other things differ.
    pub fn resolved(&self, file: FileId) -> Option<(&Calls, &Moves)> {
        self.0.iter().find_map(|other| {
            let old = other.resolved[file.0 as usize]?;
            Some((&*other.of.calls[old.0 as usize], &other.moves))
        })
    }

    /// What the calls of a file give for parameters, as far as somebody has asked.
    pub fn given(&self, file: FileId) -> AllGiven {
        let mut all = FxHashMap::default();
        for other in &self.0 {
            if let Some(known) = other.given(file) {
                let one = |(key, given): (&GivenKey, &Given)| Some((key.clone(), given.moved(&other.moves)?));
                all.extend(known.iter().filter_map(one));
            }
        }
        Mutex::new(all)
    }

    /// The summaries of the functions of a file, and which of them are known.
    pub fn summaries(&self, program: &Program, file: FileId) -> (OfFile, Vec<bool>) {
        let count = program.module(file).functions.len();
        let whole = self.0.iter().find(|other| other.is_still && other.is_whole(file));
        if let Some((other, old)) = whole.and_then(|other| Some((other, other.old(file)?))) {
            return (other.of.summaries.of_file(old), vec![true; count]);
        }
        let one = |function: FnId| {
            self.0.iter().find_map(|other| {
                let key = other.unchanged(FnKey { file, function })?;
                other.of.summaries.get(key)?.moved(&other.moves)
            })
        };
        let all: Vec<Option<Summary>> = program.module(file).function_ids().map(one).collect();
        let known = all.iter().map(Option::is_some).collect();
        (Arc::new(all.into_iter().map(Option::unwrap_or_default).collect()), known)
    }

    /// Whether a function does nothing but throw.
    pub fn always_throws(&self, key: FnKey) -> Option<bool> {
        self.0.iter().find_map(|other| Some(other.of.always_throws.contains(&other.unchanged(key)?)))
    }

    /// The calls on parameters that the calls of a file fill in with an API.
    pub fn sinks(&self, file: FileId) -> Option<Arc<BTreeSet<ExprKey>>> {
        self.0.iter().filter(|other| other.is_whole(file)).find_map(|other| {
            let sinks = &other.of.sinks_by_file[other.old(file)?.0 as usize];
            if other.is_still {
                return Some(Arc::clone(sinks));
            }
            sinks.iter().map(|sink| other.moves.expr(*sink)).collect::<Option<BTreeSet<_>>>().map(Arc::new)
        })
    }

    /// For each file that the first of the programs knows, which functions may behave in another way.
    pub fn unlike(&mut self, program: &Program) -> Vec<Option<Vec<bool>>> {
        let Some(first) = self.0.first_mut() else { return vec![None; program.files.len()] };
        let changed = std::mem::take(&mut first.changed);
        program.file_ids().zip(changed).map(|(file, of)| first.old(file).map(|_| of)).collect()
    }
}

impl<'a> Other<'a> {
    fn new(of: &'a Program, program: &Program) -> Self {
        let moves = Moves::new(of, program);
        let is_still = moves.is_still() && of.files.len() == program.files.len();
        let mut linked: Twins = vec![None; program.files.len()];
        for old in of.file_ids() {
            if let Some(new) = moves.file(old)
                && Arc::ptr_eq(&of.file(old).module, &program.file(new).module)
                && Links::lead_alike(&of.links, old, &program.links, new, &moves)
            {
                linked[new.0 as usize] = Some(old);
            }
        }
        let others = program.file_ids().filter(|file| linked[file.0 as usize].is_none()).collect();
        let linked = without(linked, others, program);
        let all = of.manifests.keys().chain(program.manifests.keys());
        let folders = all.filter(|folder| of.manifests.get(*folder) != program.manifests.get(*folder));
        let folders = folders.cloned().collect();
        Self { of, moves, is_still, folders, resolved: Vec::new(), same: Vec::new(), linked, changed: Vec::new() }
    }

    /// Whether the manifests above a file say what they said.
    fn declares_alike(&self, program: &Program, file: FileId) -> bool {
        if self.folders.is_empty() {
            return true;
        }
        let mut folder = program.file(file).path.as_str();
        while !folder.is_empty() {
            folder = folder_of(folder);
            if self.folders.contains(folder) {
                return false;
            }
        }
        true
    }

    fn note_entries(&mut self, program: &Program) {
        let (mut given, mut seen) = (BTreeSet::new(), BTreeSet::new());
        for (new, old) in (0..).map(FileId).zip(&self.linked) {
            let Some(old) = *old else { continue };
            if !parameters(self.of, old).eq(parameters(program, new)) {
                given.insert(new);
            }
            if !self.calls_alike(program, old, new) || self.of.file(old).part != program.file(new).part {
                seen.insert(new);
            }
        }
        self.resolved = without(self.linked.clone(), given, program);
        self.same = without(self.resolved.clone(), seen, program);
    }

    /// Whether frameworks call the functions of a file as they did.
    pub fn calls_alike(&self, program: &Program, old: FileId, new: FileId) -> bool {
        let before = entries(self.of, old).iter().map(|entry| entry.moved(&self.moves));
        before.eq(entries(program, new).iter().map(|entry| Some(entry.clone())))
    }

    /// What the calls of a file give there.
    pub fn given(&self, file: FileId) -> Option<MutexGuard<'_, FxHashMap<GivenKey, Given>>> {
        Some(self.of.given[self.old(file)?.0 as usize].lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn old(&self, file: FileId) -> Option<FileId> {
        *self.resolved.get(file.0 as usize)?
    }

    /// The function of the other program that behaves in the same way.
    fn unchanged(&self, key: FnKey) -> Option<FnKey> {
        let is_changed = self.changed.get(key.file.0 as usize)?.get(key.function.index())?;
        if *is_changed { None } else { Some(FnKey { file: self.old(key.file)?, ..key }) }
    }

    /// Whether all functions of a file behave as there.
    fn is_whole(&self, file: FileId) -> bool {
        self.changed.get(file.0 as usize).is_some_and(|of| !of.contains(&true))
    }
}

/// These files without some and all that import one of them, directly or through others.
fn without(mut twins: Twins, others: BTreeSet<FileId>, program: &Program) -> Twins {
    for file in program.links.importers(others) {
        twins[file.0 as usize] = None;
    }
    twins
}

/// The entries whose handlers stand in a file.
pub(super) fn entries(program: &Program, file: FileId) -> &[Entry] {
    let from = program.entries.partition_point(|entry| entry.handler.file < file);
    let to = program.entries.partition_point(|entry| entry.handler.file <= file);
    &program.entries[from..to]
}

/// What frameworks give the handlers of a file.
fn parameters(program: &Program, file: FileId) -> impl Iterator<Item = (FnId, &Known)> {
    let first = |file| FnKey { file, function: FnId(0) };
    let known = program.parameters.range(first(file)..first(FileId(file.0 + 1)));
    known.filter(|(_, known)| !known.is_empty()).map(|(key, known)| (key.function, known))
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
        Self::of_files(files, Arc::clone(&self.models), self.manifests.clone(), resolutions, scopes).analysed(&[self])
    }
}
