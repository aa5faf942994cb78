//! `same = "receiver"`: relations that only speak of calls on what the flagged call is called on.
//!
//! In: the parameters of a relation and the flagged site. Out: whether another call is on the same
//! receiver: the same variable, or the same path from `this`.

use super::{Context, Parameters, call_at};
use crate::program::{ExprKey, FileId, Program};
use crate::syntax::{BindingId, Expr, print};

/// What a call is called on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Receiver {
    /// A variable, and what is reached from it.
    Variable(FileId, BindingId, String),
    /// A path from `this`, in this file.
    This(FileId, String),
}

/// What the other calls must have in common with the flagged one.
pub(super) enum Alike {
    /// Nothing.
    Any,
    /// The receiver; `None` if the flagged call has none that could be compared.
    Receiver(Option<Receiver>),
}

impl Alike {
    /// What the parameters of a relation ask for.
    pub fn new(context: Context<'_>, parameters: &Parameters) -> Self {
        if parameters.get("same").is_empty() {
            return Self::Any;
        }
        let flagged = context.flagged.and_then(|site| call_at(context.program, site));
        Self::Receiver(flagged.and_then(|call| receiver(context.program, call)))
    }

    /// Whether a call has it.
    pub fn with(&self, program: &Program, call: ExprKey) -> bool {
        match self {
            Self::Any => true,
            Self::Receiver(wanted) => wanted.is_some() && *wanted == receiver(program, call),
        }
    }
}

fn receiver(program: &Program, call: ExprKey) -> Option<Receiver> {
    let module = program.module(call.file);
    let Expr::Call { callee, .. } = module.expr(call.expr) else { return None };
    let Expr::Member { of, .. } = module.expr(callee) else { return None };
    let mut root = of;
    loop {
        match module.expr(root) {
            Expr::Member { of, .. } => root = of,
            Expr::Cast { value, .. } | Expr::OptionalLink(value) | Expr::Chain(value) => root = value,
            Expr::Read(binding) => return Some(Receiver::Variable(call.file, binding, print::path(module, of))),
            Expr::This => return Some(Receiver::This(call.file, print::path(module, of))),
            _ => return None,
        }
    }
}
