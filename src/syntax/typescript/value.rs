//! What a node of the tree amounts to before its parent has looked at it.
//!
//! In: nothing (plain data). Out: [`Value`], [`Part`]. A name stays a [`Value::Ident`] until a parent
//! says whether it is read or declared.

use super::kind::{Kind, Slot};
use crate::syntax::{
    Arg, Arm, BindingId, ExprId, Field, FnId, FnKind, Imported, Key, List, Member, Name, Step, StmtId, TypeField,
    TypeId,
};
use crate::text::Span;

/// The value of a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value {
    /// A token, or something that means nothing to its parent.
    None,
    /// Deeper than the limit.
    Lost,
    /// An error region; the declarations found in it: index into the heap's lists of statements.
    Error(u32),
    /// A name.
    Ident(Name),
    /// A string literal.
    Text(Name),
    /// An expression.
    Expr(ExprId),
    /// An expression that is an optional chain, or a part of one, not yet closed.
    Open(ExprId),
    /// `...value`.
    Spread(ExprId),
    /// Arguments.
    Args(List<Arg>),
    /// A property name.
    Key(Key),
    /// A field of an object, an attribute.
    Field(Field),
    /// A function with a key: a method.
    Method { function: FnId, key: Key, is_static: bool },
    /// A declared variable: index into the heap's declarators.
    Declarator(u32),
    /// `using x = value`: index into the heap's declarators.
    Using { declarators: u32, is_await: bool },
    /// A pattern: index into the heap's patterns.
    Pattern(u32),
    /// A statement.
    Stmt(StmtId),
    /// A statement that declares a name.
    Declared(StmtId, BindingId),
    /// Several statements: index into the heap's lists of statements.
    Many(u32),
    /// An arm of a switch.
    Arm(Arm),
    /// All arms of a switch.
    Arms(List<Arm>),
    /// A catch clause.
    Catch(Option<BindingId>, StmtId),
    /// A type.
    Type(TypeId),
    /// The name of a type.
    TypeName(Name),
    /// Type arguments; what a class implements; what an interface extends.
    Types(List<TypeId>),
    /// A union under construction: index into the heap's lists of types.
    Union(u32),
    /// A field of an object type.
    TypeField(TypeField),
    /// What a class extends and implements.
    Heritage(Option<ExprId>, List<TypeId>),
    /// A member of a class.
    Member(Member),
    /// All members of a class.
    Members(List<Member>),
    /// A decorator.
    Decorator(ExprId),
    /// `a as b` of an export.
    Specifier { name: Name, alias: Name, type_only: bool },
    /// One name of an import: what, and the local name's text.
    Import { what: Imported, local: Name, at: Span, type_only: bool },
    /// Several of them: index into the heap's lists of imports.
    Imports(u32),
    /// The fields of a tag, its name's text and the component it names.
    Tag { name: Name, component: Option<ExprId>, fields: List<Field> },
    /// `export * as name`.
    Namespace(Name),
}

/// A child that has been lowered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    /// Its kind.
    pub(super) kind: Kind,
    /// The field of the parent.
    pub(super) slot: Slot,
    /// Its text.
    pub(super) at: Span,
    /// Its value.
    pub(super) value: Value,
}

/// A node whose children are being lowered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) kind: Kind,
    pub(super) slot: Slot,
    pub(super) at: Span,
    /// Where its children's parts begin.
    pub(super) mark: usize,
    /// Its nesting; left spines do not count.
    pub(super) depth: u32,
    /// The scope to return to.
    pub(super) scope: super::scope::ScopeId,
    /// Whether it opened a function.
    pub(super) function: bool,
    /// Whether it is the value of a field, which is a function of its own.
    pub(super) initializer: bool,
    /// Whether the class or the function it belongs to is only a type.
    pub(super) in_class: bool,
}

/// A leaf of a pattern.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// Where the value goes.
    pub(super) to: Part,
    /// The steps to it, innermost first.
    pub(super) steps: Vec<Step>,
}

/// A declared variable.
#[derive(Debug, Clone)]
pub(super) struct Declarator {
    pub(super) leaves: Vec<Leaf>,
    pub(super) ty: Option<TypeId>,
    pub(super) value: Option<ExprId>,
    pub(super) at: Span,
}

/// A function whose parts are being lowered.
#[derive(Debug, Clone)]
pub(super) struct OpenFunction {
    pub(super) id: FnId,
    pub(super) kind: FnKind,
    /// Members that its parameter properties declare.
    pub(super) properties: Vec<Member>,
    /// The leaves of its parameter patterns need its bindings' owner.
    pub(super) params: Vec<crate::syntax::Param>,
}
