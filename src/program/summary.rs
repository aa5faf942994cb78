//! Summaries of all functions, as a fixpoint over the call graph.
//!
//! In: calls, the ways of failures, landings. Out: one [`Summary`] for each function. Failures of
//! parameters are symbols until a caller fills them in, which is how wrappers (`withRetry(f)`,
//! `tryCatch(f)`) are told apart without naming any.

use super::again::Kept;
use super::failure::{OfFile, Summaries, Summary};
use super::flow::Landing;
use super::{ExprKey, FileId, FnKey, Program};
use crate::syntax::visit::Node;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Times that one function is looked at: its summary only grows, and holds few failures and roles, so
/// that no function ever gets here.
const VISITS: u32 = 1_000;

impl Program {
    /// Computes the summaries of all functions.
    pub(super) fn summarize(&self, kept: &Kept<'_>) -> Summaries {
        let ids: Vec<FileId> = self.file_ids().collect();
        let known: Vec<(OfFile, Vec<bool>)> = ids.into_par_iter().map(|file| kept.summaries(self, file)).collect();
        let (known, is_known): (Vec<OfFile>, Vec<Vec<bool>>) = known.into_iter().unzip();
        let is_asked = |key: FnKey| {
            !is_known[key.file.0 as usize][key.function.index()] && self.file(key.file).analyses(key.function)
        };
        let graph = Graph::new(self, &is_asked);
        let mut summaries = Summaries::new(known.into_iter());
        let mut visits = vec![0; graph.order.len()];
        let mut dirty: BTreeSet<u32> = (0..graph.order.len() as u32).collect();
        while let Some(at) = dirty.pop_first() {
            visits[at as usize] += 1;
            if visits[at as usize] > VISITS {
                continue;
            }
            let key = graph.order[at as usize];
            if summaries.put(key, self.summary_of(key, &summaries)) {
                dirty.extend(&graph.callers[at as usize]);
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
                if let Some(known) = summaries.get(*callee) {
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
        self.summaries.get(key).unwrap_or(&NOTHING)
    }
}

/// The functions in the order in which they are looked at: callees before their callers, as far as
/// cycles allow.
struct Graph {
    order: Vec<FnKey>,
    /// The places in that order of the callers of each.
    callers: Vec<Vec<u32>>,
}

impl Graph {
    /// Of the functions that are `wanted`.
    fn new(program: &Program, wanted: &dyn Fn(FnKey) -> bool) -> Self {
        let mut keys = Vec::new();
        let mut numbers: Vec<Vec<Option<usize>>> = Vec::with_capacity(program.files.len());
        for file in program.file_ids() {
            let mut number = |function| {
                let key = FnKey { file, function };
                wanted(key).then(|| {
                    keys.push(key);
                    keys.len() - 1
                })
            };
            numbers.push(program.module(file).function_ids().map(&mut number).collect());
        }
        let number = |key: FnKey| numbers[key.file.0 as usize][key.function.index()];
        let calls: Vec<Vec<usize>> = keys
            .par_iter()
            .map(|key| {
                let calls = program.calls_of(*key);
                let involved = calls.flat_map(|call| program.involved(ExprKey { file: key.file, expr: call.expr }));
                involved.filter_map(|callee| number(*callee)).collect()
            })
            .collect();
        let mut order = Vec::with_capacity(keys.len());
        let mut place = vec![0; keys.len()];
        let mut entered = vec![false; keys.len()];
        for root in 0..keys.len() {
            let mut stack = vec![(root, false)];
            while let Some((at, done)) = stack.pop() {
                if done {
                    place[at] = order.len() as u32;
                    order.push(keys[at]);
                } else if !std::mem::replace(&mut entered[at], true) {
                    stack.push((at, true));
                    stack.extend(calls[at].iter().filter(|callee| !entered[**callee]).map(|callee| (*callee, false)));
                }
            }
        }
        let mut callers = vec![Vec::new(); keys.len()];
        for (at, callees) in calls.iter().enumerate() {
            for callee in callees {
                callers[place[*callee] as usize].push(place[at]);
            }
        }
        for list in &mut callers {
            list.sort_unstable();
            list.dedup();
        }
        Self { order, callers }
    }
}
