//! What the names in a call say of it, found out once however often the call is run.
//!
//! In: a call or `new`. Out: [`Callee`].

use crate::program::secret::{self, Class, names};
use crate::syntax::{Expr, ExprId, Module};

/// What a call says of itself.
#[derive(Debug)]
pub(super) struct Callee {
    /// The last name of what is called.
    pub name: String,
    /// What the call stands for.
    pub class: Class,
    /// Whether it checks what it is given.
    pub checks: bool,
    /// Whether it writes to a log.
    pub is_logger: bool,
    /// Whether it lets callers in by other means.
    pub is_other_auth: bool,
}

impl Callee {
    /// Reads the names of a call.
    pub fn new(module: &Module, call: ExprId, callee: ExprId) -> Self {
        let path = secret::path(module, callee);
        let name = match module.expr(callee) {
            Expr::Member { name, .. } => module.name(name),
            _ => path.last().copied().unwrap_or_default(),
        };
        Self {
            class: secret::direct(module, call),
            checks: names::checks(name),
            is_logger: names::is_logger(&path),
            is_other_auth: names::is_other_auth(name),
            name: name.to_owned(),
        }
    }
}
