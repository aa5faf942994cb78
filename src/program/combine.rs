//! Promise combinators, and the elements of arrays and combinators.
//!
//! In: calls. Out: the combinator that a call is, the expression that an element is.

use super::{FileId, Program};
use crate::syntax::visit::Node;
use crate::syntax::{Expr, ExprId, Item, Source, SourceOf, Step, Stmt};

/// Layers around an array literal that are looked through.
const LAYERS: u32 = 64;

impl Program {
    /// The element with this number of an array literal or of a combinator over one.
    pub fn element(&self, file: FileId, value: ExprId, at: u32) -> Option<ExprId> {
        let module = self.module(file);
        let mut value = value;
        for _ in 0..LAYERS {
            match module.expr(value) {
                Expr::Await(inner) | Expr::Cast { value: inner, .. } => value = inner,
                Expr::Call { args, .. } => {
                    let [only] = module.list(args) else { return None };
                    self.combinator(file, value)?;
                    value = only.value;
                }
                Expr::Array(items) => {
                    return match module.list(items).get(at as usize)? {
                        Item::Value(value) => Some(*value),
                        Item::Spread(_) | Item::Hole => None,
                    };
                }
                _ => return None,
            }
        }
        None
    }

    /// `all`, `allSettled`, `race` or `any`, if the expression is a call of that combinator.
    pub fn combinator(&self, file: FileId, call: ExprId) -> Option<&str> {
        let module = self.module(file);
        let Expr::Call { callee, .. } = module.expr(call) else { return None };
        let Expr::Member { of, name } = module.expr(callee) else { return None };
        let Expr::Global(global) = module.expr(of) else { return None };
        let name = module.name(name);
        (module.name(global) == "Promise" && ["all", "allSettled", "race", "any"].contains(&name)).then_some(name)
    }
    /// Where the program asks whether an element of `Promise.allSettled` failed, or hands its result
    /// to something that may ask. `None` if its rejection can reach nobody.
    pub fn rejection_reader(&self, file: FileId, element: ExprId) -> Option<ExprId> {
        let module = self.module(file);
        let parents = &self.file(file).parents;
        let settled = self.combinator_around(file, element)?;
        let number = self.elements_of(file, settled).iter().position(|one| *one == element)? as u32;
        let mut value = settled;
        while let Some(Node::Expr(parent)) = parents.of(Node::Expr(value)) {
            match module.expr(parent) {
                Expr::Await(_) | Expr::Cast { .. } => value = parent,
                _ => return Some(parent),
            }
        }
        let Some(Node::Stmt(stmt)) = parents.of(Node::Expr(value)) else { return Some(value) };
        let bindings = match module.stmt(stmt) {
            Stmt::Do(_) => return None,
            Stmt::Let { bindings, .. } => module.list(bindings),
            _ => return Some(value),
        };
        bindings.iter().find_map(|binding| {
            let Some(Source { of: SourceOf::Expr(_), steps }) = module.binding(*binding).source else {
                return Some(value);
            };
            let mut reads = self.file(file).facts.reads(*binding).iter().copied();
            match module.list(steps) {
                [Step::Index(at), ..] if *at != number => None,
                [Step::Index(_)] => reads.find(|read| !self.is_only_value(file, *read)),
                [Step::Index(_), Step::Key(name)] if module.name(*name) == "value" => None,
                [] => reads.find(|read| match parents.of(Node::Expr(*read)) {
                    Some(Node::Expr(part)) => match self.index_of(file, part, *read) {
                        Some(at) => at == number && !self.is_only_value(file, part),
                        None => true,
                    },
                    _ => true,
                }),
                _ => Some(value),
            }
        })
    }

    /// Whether of a settled result only `.value` is taken.
    fn is_only_value(&self, file: FileId, result: ExprId) -> bool {
        let module = self.module(file);
        let mut at = result;
        while let Some(Node::Expr(parent)) = self.file(file).parents.of(Node::Expr(at)) {
            match module.expr(parent) {
                Expr::Cast { .. } | Expr::OptionalLink(_) => at = parent,
                Expr::Member { of, name } => return of == at && module.name(name) == "value",
                _ => return false,
            }
        }
        false
    }

    /// The number in `results[0]`.
    fn index_of(&self, file: FileId, part: ExprId, results: ExprId) -> Option<u32> {
        let module = self.module(file);
        match module.expr(part) {
            Expr::Index { of, key } if of == results => match module.expr(key) {
                Expr::Number(id) => Some(module.numbers[id.index()] as u32),
                _ => None,
            },
            _ => None,
        }
    }
}
