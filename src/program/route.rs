//! Routes: how a failure gets from its site to where it lands.
//!
//! In: the call graph and the escape summaries. Out: [`Route`]s, rebuilt when a finding is reported:
//! keeping them in summaries would make the fixpoint grow and depend on its order.

use super::again::Moves;
use super::bounds::Bound;
use super::escape::Class;
use super::flow::Landing;
use super::promise::Fate;
use super::{ExprKey, File, FnKey, Origin, Program};
use crate::limits::CALLERS;
use crate::model::OnThrow;
use crate::syntax::StmtId;
use std::collections::{BTreeSet, VecDeque};

/// A function that a framework calls when something comes in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// The handler.
    pub handler: FnKey,
    /// The kind of ingress: `event`, `request`, `webhook`, `job`, `guard`.
    pub kind: String,
    /// What a throw means here.
    pub on_throw: OnThrow,
    /// How a person would call it: `app.message`, `POST`.
    pub name: String,
    /// Whether a step of the registration could not be resolved.
    pub by_name: bool,
    /// Wrappers around the handler that are functions of the program, outermost first, and which of
    /// their parameters the handler is.
    pub wrappers: Vec<(FnKey, u16)>,
    /// Which model it comes from; lower ones are more special.
    pub rank: u32,
    /// The call that registers it; `None` for exports.
    pub registered_at: Option<ExprKey>,
}

impl Entry {
    /// The same for a program in which files have other numbers.
    pub(super) fn moved(&self, moves: &Moves) -> Option<Self> {
        let wrapper = |(key, index): &(FnKey, u16)| Some((moves.function(*key)?, *index));
        Some(Self {
            handler: moves.function(self.handler)?,
            wrappers: self.wrappers.iter().map(wrapper).collect::<Option<_>>()?,
            registered_at: match self.registered_at {
                Some(at) => Some(moves.expr(at)?),
                None => None,
            },
            ..self.clone()
        })
    }
}

/// Where a route ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum End {
    /// At an entry, with what a throw means there.
    Entry(Entry, OnThrow),
    /// In the catch clause of this `try`, or in a handler given to `.catch` (the call of it).
    Catch(FnKey, Caught),
}

/// What caught a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caught {
    /// A `try`.
    Try(StmtId),
    /// The handler of a `.catch`.
    Handler(crate::syntax::ExprId),
}

/// The way of a failure from where it happens outwards.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Route {
    /// The failing call, then each call that passes the failure on, innermost first.
    pub calls: Vec<ExprKey>,
    /// Where it ends.
    pub end: End,
}

/// A place where a function is called, or where it is handed to something that calls it.
/// By file and function, in the order of files and text.
#[derive(Debug, Default)]
pub(super) struct Callers(Vec<Vec<Vec<ExprKey>>>);

impl Program {
    /// Who calls whom.
    pub(super) fn find_callers(&self) -> Callers {
        let none = |file: &File| vec![Vec::new(); file.module.functions.len()];
        let mut callers: Vec<Vec<Vec<ExprKey>>> = self.files.iter().map(none).collect();
        for file in self.file_ids() {
            for call in self.calls(file) {
                let at = ExprKey { file, expr: call.expr };
                for FnKey { file, function } in self.involved(at) {
                    callers[file.0 as usize][function.index()].push(at);
                }
            }
        }
        for all in callers.iter_mut().flatten() {
            all.sort_unstable();
            all.dedup();
        }
        Callers(callers)
    }

    /// The calls of a function, in the order of files and text.
    pub fn callers(&self, key: FnKey) -> impl Iterator<Item = ExprKey> {
        let of_file = self.callers.0.get(key.file.0 as usize);
        of_file.and_then(|of| of.get(key.function.index())).into_iter().flatten().copied()
    }

    /// Every way of a failure of class `class` that starts at the call `sink`: to entries and into
    /// catches, shortest first, one for each end.
    pub fn routes(&self, sink: ExprKey, class: &Class) -> Vec<Route> {
        let mut routes = Vec::new();
        let mut seen = BTreeSet::from([sink]);
        let mut queue = VecDeque::from([vec![sink]]);
        while let Some(path) = queue.pop_front() {
            if seen.len() > CALLERS {
                self.stop_at(Bound::Callers, self.function_of(sink));
                break;
            }
            let Some(at) = path.last().copied() else { continue };
            let mut out = false;
            let ways = match path.iter().rev().nth(1) {
                Some(inner) => self.ways_via(at, self.function_of(*inner), sink),
                None => self.ways(at).to_vec(),
            };
            for way in ways {
                out |= self.follow(at, way, class, &path, &mut routes);
            }
            if !out {
                continue;
            }
            let function = self.function_of(at);
            if let Some(entry) = self.entry(function)
                && self.wrappers_pass(entry)
            {
                routes.push(Route { calls: path.clone(), end: End::Entry(entry.clone(), entry.on_throw) });
            }
            for caller in self.callers(function) {
                if seen.insert(caller) {
                    let mut longer = path.clone();
                    longer.push(caller);
                    queue.push_back(longer);
                }
            }
        }
        routes
    }

    /// Follows one fate inside a function; whether the failure leaves it. Catches become routes.
    fn follow(&self, at: ExprKey, way: Fate, class: &Class, path: &[ExprKey], routes: &mut Vec<Route>) -> bool {
        let function = self.function_of(at);
        let mut ends = Vec::new();
        let mut ways = vec![way];
        let mut seen = BTreeSet::new();
        let mut out = false;
        while let Some(way) = ways.pop() {
            if !seen.insert(way) {
                continue;
            }
            match way {
                Fate::Raised(node) => match self.landing(at.file, node, class) {
                    Landing::Edge => out = true,
                    Landing::Catch(stmt) => ends.push(End::Catch(function, Caught::Try(stmt))),
                },
                Fate::Returned(_) => out = true,
                Fate::Handled { handler, call } => {
                    if self.handler_passes(at.file, handler, class) {
                        ways.extend(self.fates(ExprKey { file: at.file, expr: call }));
                    } else {
                        ends.push(End::Catch(function, Caught::Handler(handler)));
                    }
                }
                Fate::Argument { .. } => out |= self.gets_out(at.file, &way, class, &self.summaries),
                Fate::Floating => {
                    // An unhandled rejection ends the process, whoever called.
                    if let Some(entry) = self.entry_above(function) {
                        ends.push(End::Entry(entry, OnThrow::Crash));
                    }
                }
                Fate::Background(_) => {
                    if let Some(entry) = self.entry_above(function) {
                        ends.push(End::Entry(entry, OnThrow::Lost));
                    }
                }
                Fate::Settled(_) | Fate::Used => {}
            }
        }
        routes.extend(ends.into_iter().map(|end| Route { calls: path.to_vec(), end }));
        out
    }

    /// Whether a failure gets through the wrappers around a handler.
    fn wrappers_pass(&self, entry: &Entry) -> bool {
        entry.wrappers.iter().all(|(wrapper, index)| {
            let returned = self.file(wrapper.file).facts.returns(wrapper.function).iter().find_map(|value| match self
                .origin(wrapper.file, *value)
            {
                Origin::Function(inner) => Some(inner),
                _ => None,
            });
            let runs = returned.unwrap_or(*wrapper);
            self.summary(runs).escape.iter().any(|failure| {
                matches!(&failure.class, Class::Param { function, index: at, path }
                    if function == wrapper && at == index && path.is_empty())
            })
        })
    }

    /// The nearest entry from which a function is reached, itself included.
    pub fn entry_above(&self, function: FnKey) -> Option<Entry> {
        self.entries_above(function).into_iter().next()
    }

    /// The entries from which a function is reached, nearest first. A function written inside another
    /// one belongs to it.
    pub fn entries_above(&self, function: FnKey) -> Vec<Entry> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::from([function]);
        let mut queue = VecDeque::from([function]);
        while let Some(at) = queue.pop_front() {
            if let Some(entry) = self.entry(at) {
                found.push(entry.clone());
            }
            if seen.len() > CALLERS {
                self.stop_at(Bound::Callers, function);
                break;
            }
            let parent = self.module(at.file).function(at.function).parent;
            let outer = parent.filter(|parent| parent.0 != 0).map(|function| FnKey { file: at.file, function });
            let callers = self.callers(at).map(|call| self.function_of(call));
            for next in outer.into_iter().chain(callers) {
                if seen.insert(next) {
                    queue.push_back(next);
                }
            }
        }
        found
    }
}
