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

/// Rounds after which the fixpoint is given up; it is monotone, so it never takes this many.
const ROUNDS: usize = 1_000;

impl Program {
    /// Computes the summaries of all functions.
    pub(super) fn summarize(&self) -> Summaries {
        let mut summaries = Summaries::new();
        let mut callers: BTreeMap<FnKey, BTreeSet<FnKey>> = BTreeMap::new();
        let mut dirty: BTreeSet<FnKey> = BTreeSet::new();
        for file in self.file_ids() {
            for function in self.module(file).function_ids() {
                let key = FnKey { file, function };
                dirty.insert(key);
                for call in self.calls_of(key) {
                    for callee in self.involved(ExprKey { file, expr: call.expr }) {
                        callers.entry(*callee).or_default().insert(key);
                    }
                }
            }
        }
        for _ in 0..ROUNDS {
            if dirty.is_empty() {
                break;
            }
            // Callees have larger ids than their callers more often than not: walk backwards.
            for key in std::mem::take(&mut dirty).into_iter().rev() {
                let next = self.summary_of(key, &summaries);
                let known = summaries.get(&key);
                if known.map_or(next != Summary::default(), |known| *known != next) {
                    summaries.insert(key, next);
                    dirty.extend(callers.get(&key).into_iter().flatten().copied());
                }
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
