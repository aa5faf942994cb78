//! Functions and classes.
//!
//! In: nothing (plain data). Out: [`Function`] and [`Class`].

use super::{BindingId, ClassId, ExprId, FnId, Key, List, Name, StmtId, TypeId};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// What kind of function.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FnKind {
    /// The module's top level.
    Module,
    /// `function f() {}`.
    Declaration,
    /// `function () {}` as a value.
    Expression,
    /// `() => ..`.
    Arrow,
    /// A method of a class or an object literal.
    Method,
    /// `constructor`.
    Constructor,
    /// `get x()`.
    Getter,
    /// `set x(v)`.
    Setter,
    /// The initialiser of a class field, or a static block: runs at construction or definition.
    Initializer,
}

/// A function's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// A block (for the module and static blocks: their statements).
    Block(StmtId),
    /// The value of an arrow function or of a field.
    Expr(ExprId),
    /// None: an overload, an abstract method, a declaration.
    None,
}

/// A parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Param {
    /// The binding, if the parameter is a plain name; patterns bind through [`SourceOf::Param`].
    pub binding: Option<BindingId>,
    /// Its declared type.
    pub ty: Option<TypeId>,
    /// Its default value.
    pub default: Option<ExprId>,
    /// Whether it is `...rest`.
    pub rest: bool,
    /// Whether it is `name?: T`.
    pub optional: bool,
    /// For `constructor(private name: T)`: the field it becomes.
    pub field: Option<Name>,
}

/// A function.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    /// Its own name, or the name of the variable, field or key it is the value of.
    pub name: Option<Name>,
    /// What kind it is.
    pub kind: FnKind,
    /// `async`.
    pub is_async: bool,
    /// `function*`.
    pub is_generator: bool,
    /// The function around it; `None` only for the module.
    pub parent: Option<FnId>,
    /// The class it is a member of.
    pub class: Option<ClassId>,
    /// Its parameters.
    pub params: Vec<Param>,
    /// Its declared return type.
    pub returns: Option<TypeId>,
    /// Its body.
    pub body: Body,
    /// Its decorators.
    pub decorators: Vec<ExprId>,
    /// Its whole text, without decorators.
    pub at: Span,
    /// Its text up to the body.
    pub head: Span,
}

/// A class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Class {
    /// Its name, or the name of the variable it is the value of.
    pub name: Option<Name>,
    /// Its own binding.
    pub binding: Option<BindingId>,
    /// What it extends.
    pub extends: Option<ExprId>,
    /// The types it implements.
    pub implements: Vec<TypeId>,
    /// Its members.
    pub members: List<Member>,
    /// Its decorators.
    pub decorators: Vec<ExprId>,
    /// The function around it.
    pub parent: FnId,
    /// Its whole text, without decorators.
    pub at: Span,
}

/// A member of a class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Its name.
    pub key: Key,
    /// What it is.
    pub kind: MemberKind,
    /// Whether it is static.
    pub is_static: bool,
    /// Its declared type (fields).
    pub ty: Option<TypeId>,
    /// Its text.
    pub at: Span,
}

/// What a member of a class is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum MemberKind {
    /// A method, the constructor, a getter or a setter: see the function's kind.
    Method(FnId),
    /// A field with an initialiser: the function's body is its value.
    Field(FnId),
    /// A field without an initialiser, or a parameter property.
    Declared,
    /// A static block.
    StaticBlock(FnId),
}
