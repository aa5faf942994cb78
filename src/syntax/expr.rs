//! Expressions.
//!
//! In: nothing (plain data). Out: [`Expr`] and what it is made of.

use super::{BindingId, ClassId, ExprId, FnId, List, Name, NumId, TagId, Target, TemplateId, TypeId};
use crate::text::Span;
use serde::{Deserialize, Serialize};

/// An expression. Parentheses, `!` and `satisfies` leave no trace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Expr {
    /// A name that this file binds.
    Read(BindingId),
    /// A name that nothing in this file binds: `process`, `fetch`.
    Global(Name),
    /// `this`.
    This,
    /// `super`.
    Super,
    /// `new.target`, `import.meta`.
    Meta(Name),
    /// `undefined` (also `void 0`).
    Undefined,
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// A number.
    Number(NumId),
    /// A string literal, cooked, or a template without holes. Longer ones are cut at the limit.
    Text(Name),
    /// A regular expression.
    Regex,
    /// A template with holes.
    Template(TemplateId),
    /// `of.name`, also `of.#name` (the name then starts with `#`).
    Member {
        /// The object.
        of: ExprId,
        /// The property.
        name: Name,
    },
    /// `of[key]`; a literal string key is lowered to [`Expr::Member`].
    Index {
        /// The object.
        of: ExprId,
        /// The key.
        key: ExprId,
    },
    /// The value before a `?.`; evaluation leaves the enclosing [`Expr::Chain`] when it is nullish.
    OptionalLink(ExprId),
    /// A whole optional chain: `a?.b.c()` is `Chain(Call(Member(Member(OptionalLink(a), b), c)))`.
    Chain(ExprId),
    /// `callee(args)`; a tagged template is a call with the template as its only argument.
    Call {
        /// What is called.
        callee: ExprId,
        /// The arguments.
        args: List<Arg>,
    },
    /// `new callee(args)`.
    New {
        /// The class.
        callee: ExprId,
        /// The arguments.
        args: List<Arg>,
    },
    /// `import(x)`.
    ImportCall(ExprId),
    /// `await x`.
    Await(ExprId),
    /// `yield x`, `yield* x`.
    Yield {
        /// What is handed out.
        value: Option<ExprId>,
        /// Whether it is `yield*`.
        all: bool,
    },
    /// `!x`.
    Not(ExprId),
    /// Any other prefix operator.
    Unary(UnaryOp, ExprId),
    /// Arithmetic and comparison.
    Binary {
        /// The operator.
        op: BinaryOp,
        /// Left side.
        left: ExprId,
        /// Right side.
        right: ExprId,
    },
    /// `&&`, `||`, `??`.
    Logic {
        /// The operator.
        op: LogicOp,
        /// Left side.
        left: ExprId,
        /// Right side, evaluated only if the left one does not decide.
        right: ExprId,
    },
    /// `test ? yes : no`.
    Choose {
        /// The condition.
        test: ExprId,
        /// If it holds.
        yes: ExprId,
        /// If it does not.
        no: ExprId,
    },
    /// `to = value`, `to += value`, `x++`.
    Assign {
        /// The operator.
        op: AssignOp,
        /// `Read`, `Global`, `Member`, `Index` or `Pattern`.
        to: ExprId,
        /// The value; for `x++` the target again.
        value: ExprId,
    },
    /// The left side of a destructuring assignment.
    Pattern(List<Target>),
    /// `{ .. }`.
    Object(List<Field>),
    /// `[ .. ]`.
    Array(List<Item>),
    /// An arrow function, a function expression, a method value.
    Closure(FnId),
    /// A class expression.
    Class(ClassId),
    /// Markup.
    Tag(TagId),
    /// `value as T`, `<T>value`; kept only where the type names something.
    Cast {
        /// The value.
        value: ExprId,
        /// The type.
        ty: TypeId,
    },
    /// `a, b`: evaluated in order, the last is the value.
    Comma(List<ExprId>),
    /// A shape that is not modelled; its parts are still seen, in order.
    Parts(List<ExprId>),
    /// Inside a region that was not understood: every question is answered "unknown".
    Lost,
}

/// Prefix operators besides `!`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the operators' own names")]
pub enum UnaryOp {
    Typeof,
    Void,
    Delete,
    Minus,
    Plus,
    BitNot,
}

/// Operators with two operands, both evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the operators' own names")]
pub enum BinaryOp {
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `===`
    StrictEq,
    /// `!==`
    StrictNotEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Instanceof,
    In,
    Add,
    Sub,
    /// Any other arithmetic or bitwise operator.
    Other,
}

/// Operators whose right side is evaluated on a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the operators' own names")]
pub enum LogicOp {
    And,
    Or,
    Coalesce,
}

/// Assignment operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AssignOp {
    /// `=`
    Set,
    /// `&&=`
    And,
    /// `||=`
    Or,
    /// `??=`
    Coalesce,
    /// `+=`, `++` and the rest.
    Update,
}

/// An argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arg {
    /// The value.
    pub value: ExprId,
    /// Whether it is `...value`.
    pub spread: bool,
}

/// A property name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// `a`, `"a"`, `1`, `#a`.
    Name(Name),
    /// `[a]`.
    Computed(ExprId),
    /// None: a spread.
    None,
}

/// What a field of an object literal is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// `a: value`.
    Value,
    /// `a`.
    Shorthand,
    /// `a() {}`; the value is its [`Expr::Closure`].
    Method,
    /// `get a() {}`.
    Get,
    /// `set a(x) {}`.
    Set,
    /// `...value`.
    Spread,
}

/// A field of an object literal, or an attribute of a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name.
    pub key: Key,
    /// Its value; `Bool(true)` for an attribute without one.
    pub value: ExprId,
    /// What it is.
    pub kind: FieldKind,
    /// Its text.
    pub at: Span,
}

/// An element of an array literal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Item {
    /// `a`.
    Value(ExprId),
    /// `...a`.
    Spread(ExprId),
    /// Nothing between two commas.
    Hole,
}

/// A template literal with holes: `texts[0] holes[0] texts[1] ...`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// The fixed parts, one more than holes.
    pub texts: List<Name>,
    /// The holes.
    pub holes: List<ExprId>,
}

/// A markup element; a fragment has an empty name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// `script`, `Foo.Bar`.
    pub name: Name,
    /// For a component, the expression it names.
    pub component: Option<ExprId>,
    /// Its attributes.
    pub fields: List<Field>,
    /// Its children that are expressions or tags.
    pub children: List<ExprId>,
}
