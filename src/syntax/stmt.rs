//! Statements.
//!
//! In: nothing (plain data). Out: [`Stmt`] and what it is made of.

use super::{BindingId, ClassId, ExprId, FnId, List, Name, StmtId};
use serde::{Deserialize, Serialize};

/// A statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stmt {
    /// An expression.
    Do(ExprId),
    /// A declaration with a value (also a destructuring one); see the bindings' [`Source`]. `using`
    /// is [`Stmt::Using`].
    Let {
        /// What is bound.
        bindings: List<BindingId>,
        /// The value.
        value: Option<ExprId>,
    },
    /// `return`.
    Return(Option<ExprId>),
    /// `throw`.
    Throw(ExprId),
    /// `if`.
    If {
        /// The condition.
        test: ExprId,
        /// If it holds.
        yes: StmtId,
        /// If it does not.
        no: Option<StmtId>,
    },
    /// Any loop.
    Loop {
        /// Which one.
        kind: LoopKind,
        /// `for(init;;)`: a statement. For-in and for-of bind their variable with a [`Source`] instead.
        init: Option<StmtId>,
        /// The condition; for for-in and for-of, the value that is walked.
        test: Option<ExprId>,
        /// `for(;;update)`; for for-in and for-of over an existing place, that place.
        update: Option<ExprId>,
        /// The body.
        body: StmtId,
    },
    /// `switch`.
    Switch {
        /// The value.
        on: ExprId,
        /// The arms in order.
        arms: List<Arm>,
    },
    /// `{ .. }`.
    Block(List<StmtId>),
    /// `try`.
    Try {
        /// The guarded block.
        body: StmtId,
        /// The parameter of the catch, if it is a plain name; patterns bind through [`SourceOf::Caught`].
        param: Option<BindingId>,
        /// The catch block.
        catch: Option<StmtId>,
        /// The finally block.
        finally: Option<StmtId>,
    },
    /// `break`.
    Break(Option<Name>),
    /// `continue`.
    Continue(Option<Name>),
    /// `name: body`.
    Labeled {
        /// The label.
        name: Name,
        /// The statement.
        body: StmtId,
    },
    /// `using x = value` (`is_await`: `await using`): disposed at the end of the block.
    Using {
        /// What is bound.
        binding: BindingId,
        /// The value.
        value: ExprId,
        /// Whether disposal is awaited.
        is_await: bool,
    },
    /// A function declaration (hoisted; it does nothing in place).
    Function(FnId),
    /// A class declaration.
    Class(ClassId),
    /// `import`, types, `declare`, an empty statement.
    Nothing,
    /// Inside a region that was not understood.
    Lost,
}

/// Which loop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the keywords' own names")]
pub enum LoopKind {
    While,
    DoWhile,
    For,
    ForIn,
    ForOf,
    ForAwait,
}

/// An arm of a `switch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arm {
    /// The value it is for; `None` for `default`.
    pub test: Option<ExprId>,
    /// Its statements; without a `break` the next arm's follow.
    pub body: List<StmtId>,
}
