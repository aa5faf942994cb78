//! Bonds: which functions may behave in another way because others do.
//!
//! In: a program whose calls are known, and another one that knows most of its files. Out: the functions
//! that may differ from the other one's.
//!
//! A function rests on those that its calls run or are given. What becomes of a promise may be decided
//! in another function with the same variable, so the functions inside one belong together; one that
//! gives a value to a variable of the whole file rests on all of the file.

use super::again::{Other, entries};
use super::escape::Given;
use super::{ExprKey, FileId, FnKey, Origin, Program};
use crate::syntax::{Expr, FnId, Module};
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Bonds between functions besides that of caller and callee.
pub(super) struct Bonds {
    /// By file and function, the outermost function around it.
    tops: Vec<Vec<FnId>>,
    /// By that function, all inside.
    groups: FxHashMap<FnKey, Vec<FnId>>,
    /// Handlers of promises that no call shows, with the functions that give them.
    handlers: FxHashMap<FnKey, Vec<FnKey>>,
}

impl Bonds {
    pub fn new(program: &Program) -> Self {
        let tops: Vec<Vec<FnId>> = program.file_ids().map(|file| tops(program.module(file))).collect();
        let mut bonds = Self { tops, groups: FxHashMap::default(), handlers: FxHashMap::default() };
        for file in program.file_ids() {
            for function in program.module(file).function_ids() {
                let top = FnKey { file, function: bonds.tops[file.0 as usize][function.index()] };
                bonds.groups.entry(top).or_default().push(function);
            }
            for call in program.calls(file).iter().filter(|call| call.is_chain) {
                for arg in program.args(ExprKey { file, expr: call.expr }) {
                    if is_hidden(program.module(file).expr(arg.value))
                        && let Origin::Function(handler) = program.origin(file, arg.value)
                    {
                        bonds.handlers.entry(handler).or_default().push(FnKey { file, function: call.function });
                    }
                }
            }
        }
        bonds
    }
}

/// Whether a call does not show that it is given a function in this way.
fn is_hidden(value: Expr) -> bool {
    matches!(
        value,
        Expr::Choose { .. }
            | Expr::Logic { .. }
            | Expr::Index { .. }
            | Expr::Await(_)
            | Expr::Comma(_)
            | Expr::Assign { .. }
            | Expr::OptionalLink(_)
            | Expr::New { .. }
            | Expr::This
            | Expr::Super
    )
}

/// By function, the outermost one around it that is not the file itself.
fn tops(module: &Module) -> Vec<FnId> {
    let top = |function: FnId| {
        let mut at = function;
        while let Some(parent) = module.function(at).parent.filter(|parent| parent.index() != 0) {
            at = parent;
        }
        at
    };
    module.function_ids().map(top).collect()
}

/// Functions that may differ, while they are being found.
struct Search<'p> {
    program: &'p Program,
    changed: Vec<Vec<bool>>,
    todo: Vec<FnKey>,
}

impl Search<'_> {
    fn add(&mut self, key: FnKey) {
        let changed = &mut self.changed[key.file.0 as usize][key.function.index()];
        if !std::mem::replace(changed, true) {
            self.todo.push(key);
        }
    }

    fn add_all(&mut self, file: FileId) {
        let functions = self.program.module(file).function_ids();
        functions.for_each(|function| self.add(FnKey { file, function }));
    }
}

impl Other<'_> {
    /// Finds the functions that may differ.
    pub(super) fn note_calls(&mut self, program: &Program, bonds: &Bonds) {
        let none = |file| vec![false; program.module(file).functions.len()];
        let mut search = Search { program, changed: program.file_ids().map(none).collect(), todo: Vec::new() };
        for file in program.file_ids() {
            match self.old(file) {
                None => search.add_all(file),
                Some(old) => self.differing(program, old, file).for_each(|key| search.add(key)),
            }
        }
        let given = self.given_functions(program);
        let mut in_file = vec![false; program.files.len()];
        while let Some(key) = search.todo.pop() {
            let file = key.file;
            if !std::mem::replace(&mut in_file[file.0 as usize], true) {
                search.add(FnKey { file, function: FnId(0) });
                program.file(file).facts.sharing().iter().for_each(|at| search.add(FnKey { file, function: *at }));
            }
            let top = FnKey { file, function: bonds.tops[file.0 as usize][key.function.index()] };
            for function in bonds.groups.get(&top).into_iter().flatten() {
                search.add(FnKey { file, function: *function });
            }
            let callers = program.callers(key).filter_map(|at| Some((at.file, program.call(at)?.function)));
            callers.for_each(|(file, function)| search.add(FnKey { file, function }));
            bonds.handlers.get(&key).into_iter().flatten().for_each(|by| search.add(*by));
            given.get(&key).into_iter().flatten().for_each(|file| search.add_all(*file));
        }
        self.changed = search.changed;
    }

    /// The functions of a file of which more or less is analysed, or that frameworks call in another way.
    fn differing<'p>(&'p self, program: &'p Program, old: FileId, new: FileId) -> impl Iterator<Item = FnKey> + 'p {
        let (before, now) = (self.of.file(old), program.file(new));
        let is_analysed_alike = move |function: &FnId| {
            let calls = now.facts.calls(*function).iter().map(|call| now.module.expr_span(*call).start);
            let start = now.module.function(*function).at.start;
            calls.chain([start]).all(|at| before.part.holds(at) == now.part.holds(at))
        };
        let some = (before.part != now.part).then(|| now.module.function_ids());
        let grown = some.into_iter().flatten().filter(move |function| !is_analysed_alike(function));
        let handlers = (!self.calls_alike(program, old, new)).then(|| {
            let handlers = entries(self.of, old).iter().chain(entries(program, new));
            handlers.map(|entry| entry.handler.function).collect::<BTreeSet<_>>()
        });
        grown.chain(handlers.into_iter().flatten()).map(move |function| FnKey { file: new, function })
    }

    /// The functions that calls give for something that is reached from a parameter, where the calls do not
    /// show them, with the files of those calls.
    fn given_functions(&self, program: &Program) -> FxHashMap<FnKey, BTreeSet<FileId>> {
        let mut found: FxHashMap<FnKey, BTreeSet<FileId>> = FxHashMap::default();
        for file in program.file_ids() {
            let Some(known) = self.given(file) else { continue };
            let hidden = known.iter().filter_map(|((expr, ..), given)| {
                let Given::Function(key) = given else { return None };
                let key = self.moves.function(*key)?;
                let is_shown = program.involved(ExprKey { file, expr: *expr }).contains(&key);
                (!is_shown).then_some(key)
            });
            for key in hidden {
                found.entry(key).or_default().insert(file);
            }
        }
        found
    }
}
