//! Summaries of all functions, as a fixpoint over the call graph.
//!
//! In: calls, the ways of failures, landings. Out: one [`Summary`] for each function. Failures of
//! parameters are symbols until a caller fills them in, which is how wrappers (`withRetry(f)`,
//! `tryCatch(f)`) are told apart without naming any.

use super::failure::{Summaries, Summary};
use super::flow::Landing;
use super::{ExprKey, FnKey, Program};
use crate::syntax::visit::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Times that one function is looked at: its summary only grows, and holds few failures and roles, so
/// that no function ever gets here.
const VISITS: u32 = 1_000;

impl Program {
    /// Computes the summaries of all functions.
    pub(super) fn summarize(&self) -> Summaries {
        let mut summaries = Summaries::new();
        let graph = Graph::new(self);
        let mut visits = vec![0; graph.order.len()];
        let mut dirty: BTreeSet<u32> = (0..graph.order.len() as u32).collect();
        while let Some(at) = dirty.pop_first() {
            visits[at as usize] += 1;
            if visits[at as usize] > VISITS {
                continue;
            }
            let key = graph.order[at as usize];
            let next = self.summary_of(key, &summaries);
            if summaries.get(&key).map_or(next != Summary::default(), |known| *known != next) {
                summaries.insert(key, next);
                dirty.extend(graph.callers.get(&key).into_iter().flatten().map(|caller| graph.place[caller]));
            }
        }
        summaries
    }

    fn summary_of(&self, key: FnKey, summaries: &Summaries) -> Summary {
        let mut summary = Summary::default();
        for call in self.calls_of(key) {
            let at = ExprKey { file: key.file, expr: call.expr };
            summary.does |= call.roles;
            summary.guessed |= call.guessed;
            for callee in self.involved(at) {
                if let Some(known) = summaries.get(callee) {
                    summary.does |= known.does;
                    summary.guessed |= known.guessed;
                }
            }
            for flow in self.flows(at, summaries) {
                for failure in flow.failures {
                    if flow.ways.iter().any(|way| self.gets_out(key.file, way, &failure.class, summaries)) {
                        summary.escape.add(failure);
                    }
                }
            }
        }
        for stmt in self.file(key.file).facts.throws(key.function) {
            if let Some(failure) = self.thrown(key.file, *stmt)
                && self.landing(key.file, Node::Stmt(*stmt), &failure.class) == Landing::Edge
            {
                summary.escape.add(failure);
            }
        }
        summary.guessed &= summary.does;
        summary
    }

    /// The summary of a function.
    pub fn summary(&self, key: FnKey) -> &Summary {
        static NOTHING: Summary = Summary { escape: super::failure::Escape::EMPTY, does: 0, guessed: 0 };
        self.summaries.get(&key).unwrap_or(&NOTHING)
    }
}

/// The functions in the order in which they are looked at: callees before their callers, as far as
/// cycles allow.
struct Graph {
    order: Vec<FnKey>,
    place: BTreeMap<FnKey, u32>,
    callers: BTreeMap<FnKey, BTreeSet<FnKey>>,
}

impl Graph {
    fn new(program: &Program) -> Self {
        let mut calls: BTreeMap<FnKey, Vec<FnKey>> = BTreeMap::new();
        let mut callers: BTreeMap<FnKey, BTreeSet<FnKey>> = BTreeMap::new();
        for file in program.file_ids() {
            for function in program.module(file).function_ids() {
                let key = FnKey { file, function };
                let own = calls.entry(key).or_default();
                for call in program.calls_of(key) {
                    for callee in program.involved(ExprKey { file, expr: call.expr }) {
                        own.push(*callee);
                        callers.entry(*callee).or_default().insert(key);
                    }
                }
            }
        }
        let (mut order, mut place) = (Vec::new(), BTreeMap::new());
        let mut entered = BTreeSet::new();
        for root in calls.keys() {
            let mut stack = vec![(*root, false)];
            while let Some((key, done)) = stack.pop() {
                if done {
                    place.insert(key, order.len() as u32);
                    order.push(key);
                } else if entered.insert(key) {
                    stack.push((key, true));
                    let inner = calls.get(&key).into_iter().flatten();
                    stack.extend(inner.filter(|callee| !entered.contains(callee)).map(|callee| (*callee, false)));
                }
            }
        }
        Self { order, place, callers }
    }
}
