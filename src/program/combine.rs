//! Promise combinators, and the elements of arrays and combinators.
//!
//! In: calls. Out: the combinator that a call is, the expression that an element is.

use super::{FileId, Program};
use crate::syntax::{Expr, ExprId, Item};

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
}
