//! Bindings: what a name stands for, and where its value comes from.
//!
//! In: nothing (plain data). Out: [`Binding`] and [`Source`].

use super::{ClassId, ExprId, FnId, List, Name, TypeId};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What kind of name a binding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum BindingKind {
    /// `var`.
    Var,
    /// `let`.
    Let,
    /// `const`, `using`.
    Const,
    /// A parameter, or a name inside the pattern of one.
    Param,
    /// An import; see [`Module::imports`].
    Import,
    /// A catch parameter.
    Catch,
    /// A function declaration, or a named function expression's own name.
    Function(FnId),
    /// A class.
    Class(ClassId),
    /// An `enum`.
    Enum,
    /// A `namespace` with values.
    Namespace,
    /// An interface or a type alias; `ty` is its shape.
    Type,
}

/// A name that something is bound to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The name.
    pub name: Name,
    /// What kind it is.
    pub kind: BindingKind,
    /// Its declared type.
    pub ty: Option<TypeId>,
    /// Where its first value comes from. For `const` this is the only one.
    pub source: Option<Source>,
    /// The function in which it is declared.
    pub owner: FnId,
    /// Whether anything assigns to it after its declaration.
    pub reassigned: bool,
    /// The name's text at its declaration.
    pub at: Span,
}

/// Where a value comes from: a root, then steps into it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The root.
    pub of: SourceOf,
    /// The steps, outermost first.
    pub steps: List<Step>,
}

/// The root of a [`Source`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SourceOf {
    /// An expression.
    Expr(ExprId),
    /// The parameter with this number (from 0) of the binding's owner.
    Param(u16),
    /// An element of what this expression yields (for-of).
    Element(ExprId),
    /// An element of what this expression yields, awaited (for await).
    AwaitedElement(ExprId),
    /// A key of this expression (for-in).
    KeyOf(ExprId),
    /// What a catch caught.
    Caught,
}

/// One step into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Step {
    /// `.name`
    Key(Name),
    /// `[n]` of an array pattern.
    Index(u32),
    /// `[expr]` of an object pattern.
    Computed(ExprId),
    /// The rest of an object or array pattern, or a rest parameter.
    Rest,
    /// If the value is undefined, this one instead.
    Default(ExprId),
}

/// One target of a destructuring assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// Where the part goes: `Read`, `Global`, `Member` or `Index`.
    pub to: ExprId,
    /// Which part.
    pub steps: List<Step>,
}
