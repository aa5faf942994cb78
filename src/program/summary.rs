//! Summaries of all functions, as a fixpoint over the call graph.
//!
//! In: calls, the ways of failures, landings. Out: one [`Summary`] for each function. Functions that do
//! not call each other are looked at in parallel, callees before their callers. Failures of
//! parameters are symbols until a caller fills them in, which is how wrappers (`withRetry(f)`,
//! `tryCatch(f)`) are told apart without naming any.

use super::again::Kept;
use super::failure::{OfFile, Summaries, Summary};
use super::flow::Landing;
use super::{ExprKey, FileId, FnKey, Program};
use crate::syntax::visit::Node;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Times that one function is looked at before its summary may only grow. Functions that call each other
/// settle in fewer rounds, but for those with so many failures that some are left out: what is left out of
/// one may come and go with what another one makes of it.
const SETTLED: u32 = 16;
/// Times that one function is looked at: a summary that only grows holds few failures and roles, so that no
/// function ever gets here.
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
        for level in graph.levels() {
            let of = |members: &Vec<u32>| self.summaries_of(&graph, members, &summaries);
            let found: Vec<Vec<(FnKey, Summary)>> = level.par_iter().map(of).collect();
            for (key, summary) in found.into_iter().flatten() {
                summaries.put(key, summary);
            }
        }
        summaries
    }

    /// The summaries of functions that call each other, or of a single one, when those of all others that
    /// they call are known.
    fn summaries_of(&self, graph: &Graph, members: &[u32], known: &Summaries) -> Vec<(FnKey, Summary)> {
        if let [only] = members
            && !graph.callers[*only as usize].contains(only)
        {
            let key = graph.order[*only as usize];
            return vec![(key, self.summary_of(key, known))];
        }
        let mut summaries = known.clone();
        let mut visits = vec![0; members.len()];
        let mut dirty: BTreeSet<u32> = members.iter().copied().collect();
        // Round by round: whoever went back at once would look at the same few again and again.
        let mut next = 0;
        while let Some(at) = dirty.range(next..).next().or_else(|| dirty.first()).copied() {
            dirty.remove(&at);
            next = at + 1;
            let Ok(member) = members.binary_search(&at) else { continue };
            visits[member] += 1;
            if visits[member] > VISITS {
                continue;
            }
            let key = graph.order[at as usize];
            let mut summary = self.summary_of(key, &summaries);
            if visits[member] > SETTLED
                && let Some(known) = summaries.get(key)
            {
                summary.join(known);
            }
            if summaries.put(key, summary) {
                dirty.extend(&graph.callers[at as usize]);
            }
        }
        let of = |at: &u32| Some((graph.order[*at as usize], summaries.get(graph.order[*at as usize])?.clone()));
        members.iter().filter_map(of).collect()
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

    /// The functions level by level: each calls only such of levels before, and those that it calls each
    /// other with, which stand together.
    fn levels(&self) -> Vec<Vec<Vec<u32>>> {
        let count = self.order.len();
        // Whoever is reached from the last one over callers calls it, and was found from it over callees.
        let mut parts: Vec<Vec<u32>> = Vec::new();
        let mut part_of = vec![usize::MAX; count];
        for root in (0..count).rev() {
            let mut members = Vec::new();
            let mut stack = vec![root as u32];
            while let Some(at) = stack.pop() {
                if part_of[at as usize] == usize::MAX {
                    part_of[at as usize] = parts.len();
                    members.push(at);
                    stack.extend(&self.callers[at as usize]);
                }
            }
            if !members.is_empty() {
                members.sort_unstable();
                parts.push(members);
            }
        }
        let mut level = vec![0; parts.len()];
        let mut levels: Vec<Vec<Vec<u32>>> = Vec::new();
        // Callees come last.
        for (part, members) in parts.into_iter().enumerate().rev() {
            for caller in members.iter().flat_map(|at| &self.callers[*at as usize]) {
                let above = part_of[*caller as usize];
                if above != part {
                    level[above] = level[above].max(level[part] + 1);
                }
            }
            if levels.len() <= level[part] {
                levels.resize_with(level[part] + 1, Vec::new);
            }
            levels[level[part]].push(members);
        }
        levels
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::FnId;

    #[test]
    fn callees_come_before_their_callers_and_circles_together() {
        let order = (0..7).map(|function| FnKey { file: FileId(0), function: FnId(function) }).collect();
        // 2 and 3 call each other and 0, 2 calls 1 as well; 5 calls 1, 2 and 4, and 6 calls itself and 4.
        let callers = vec![vec![2, 3], vec![2, 5], vec![3, 5], vec![2], vec![5, 6], vec![], vec![6]];
        let mut levels = Graph { order, callers }.levels();
        levels.iter_mut().for_each(|level| level.sort());
        assert_eq!(levels, [vec![vec![0], vec![1], vec![4]], vec![vec![2, 3], vec![6]], vec![vec![5]]]);
    }
}
