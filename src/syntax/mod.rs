//! The form that every source file is lowered to: small, exact for TypeScript and JavaScript, and
//! free of the grammar it came from, of paths, of models and of settings.
//!
//! In: nothing (plain data, built by `typescript`). Out: [`Module`], which all later stages read
//! and which can be stored by blob, dialect and build alone.
//!
//! Bindings are resolved while lowering, so nothing after this stage looks names up by scope.
//! Everything is an index into a vector of the module; ids of one module mean nothing in another.

mod build;
pub mod manifest;
mod names;
pub mod print;
pub mod typescript;
pub mod visit;

pub use build::Builder;
pub use names::{Name, Names};

use crate::text::Span;
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub struct $name(pub u32);

        impl $name {
            /// The id as an index.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// An expression: index into [`Module::exprs`].
    ExprId,
    /// A statement: index into [`Module::stmts`].
    StmtId,
    /// A function: index into [`Module::functions`]. `FnId(0)` is the module's own top level.
    FnId,
    /// A class: index into [`Module::classes`].
    ClassId,
    /// A binding: index into [`Module::bindings`].
    BindingId,
    /// A type: index into [`Module::types`].
    TypeId,
    /// A number: index into [`Module::numbers`].
    NumId,
    /// A template literal: index into [`Module::templates`].
    TemplateId,
    /// A markup element: index into [`Module::tags`].
    TagId,
}

/// A run of `T` in the pool of its kind; see the `of` methods of [`Pools`].
#[derive(Serialize, Deserialize)]
#[serde(bound = "")]
pub struct List<T> {
    start: u32,
    len: u32,
    kind: PhantomData<fn() -> T>,
}

impl<T> List<T> {
    /// The list without elements.
    pub const EMPTY: Self = Self { start: 0, len: 0, kind: PhantomData };

    /// How many elements there are.
    pub const fn len(self) -> usize {
        self.len as usize
    }

    /// Whether there are none.
    pub const fn is_empty(self) -> bool {
        self.len == 0
    }
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for List<T> {}
impl<T> Default for List<T> {
    fn default() -> Self {
        Self::EMPTY
    }
}
impl<T> PartialEq for List<T> {
    fn eq(&self, other: &Self) -> bool {
        self.start == other.start && self.len == other.len
    }
}
impl<T> Eq for List<T> {}
impl<T> std::fmt::Debug for List<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "List({}..{})", self.start, self.start + self.len)
    }
}

/// Which grammar a file is read with. The same text as `.ts` and `.tsx` parses differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Dialect {
    /// `.ts`, `.mts`, `.cts`.
    TypeScript,
    /// `.tsx`, and all JavaScript: `.js`, `.jsx`, `.mjs`, `.cjs`.
    Tsx,
}

impl Dialect {
    /// The dialect of a path by its ending; `None` for files that are not source code.
    /// Declaration files (`.d.ts`) are source code too.
    pub fn of_path(path: &str) -> Option<Self> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (stem, ending) = name.rsplit_once('.')?;
        if stem.is_empty() {
            return None;
        }
        match ending.to_ascii_lowercase().as_str() {
            "ts" | "mts" | "cts" => Some(Self::TypeScript),
            "tsx" | "js" | "jsx" | "mjs" | "cjs" => Some(Self::Tsx),
            _ => None,
        }
    }
}

/// One source file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Module {
    /// The grammar it was read with.
    pub dialect: Dialect,
    /// Every name and literal text in it.
    pub names: Names,
    /// Expressions, children before parents.
    pub exprs: Vec<Expr>,
    /// The text of each expression (without enclosing parentheses).
    pub expr_at: Vec<Span>,
    /// Statements.
    pub stmts: Vec<Stmt>,
    /// The text of each statement.
    pub stmt_at: Vec<Span>,
    /// The elements of every [`List`].
    pub pools: Pools,
    /// Values of number literals.
    pub numbers: Vec<f64>,
    /// Template literals.
    pub templates: Vec<Template>,
    /// Markup elements.
    pub tags: Vec<Tag>,
    /// Variables, parameters, imports, functions, classes, types.
    pub bindings: Vec<Binding>,
    /// Functions; the first is the module's top level.
    pub functions: Vec<Function>,
    /// Classes.
    pub classes: Vec<Class>,
    /// Types, as far as origins read them.
    pub types: Vec<Type>,
    /// `import` declarations and `require` calls bound to a name, one per imported name.
    pub imports: Vec<Import>,
    /// What other files can import.
    pub exports: Vec<Export>,
    /// `"use server"` and the like, and suppression comments.
    pub directives: Vec<Directive>,
    /// Regions that were not understood.
    pub lost: Vec<Lost>,
}

/// The pools behind [`List`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Pools {
    pub(crate) exprs: Vec<ExprId>,
    pub(crate) stmts: Vec<StmtId>,
    pub(crate) names: Vec<Name>,
    pub(crate) args: Vec<Arg>,
    pub(crate) fields: Vec<Field>,
    pub(crate) items: Vec<Item>,
    pub(crate) arms: Vec<Arm>,
    pub(crate) steps: Vec<Step>,
    pub(crate) targets: Vec<Target>,
    pub(crate) bindings: Vec<BindingId>,
    pub(crate) types: Vec<TypeId>,
    pub(crate) type_fields: Vec<TypeField>,
    pub(crate) members: Vec<Member>,
}

/// An element type that has a pool.
pub trait Pooled: Sized {
    /// Its pool.
    fn pool(pools: &Pools) -> &Vec<Self>;
    /// Its pool, to add to.
    fn pool_mut(pools: &mut Pools) -> &mut Vec<Self>;
}

macro_rules! pooled {
    ($($ty:ty => $field:ident),* $(,)?) => {$(
        impl Pooled for $ty {
            fn pool(pools: &Pools) -> &Vec<Self> {
                &pools.$field
            }
            fn pool_mut(pools: &mut Pools) -> &mut Vec<Self> {
                &mut pools.$field
            }
        }
    )*};
}

pooled! {
    ExprId => exprs, StmtId => stmts, Name => names, Arg => args, Field => fields, Item => items,
    Arm => arms, Step => steps, Target => targets, BindingId => bindings, TypeId => types,
    TypeField => type_fields, Member => members,
}

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

/// A type, as far as origins read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Type {
    /// `A`, `A.B`, `A<T>` where this file binds `A`.
    Named {
        /// The binding of the first name.
        binding: BindingId,
        /// The further names.
        path: List<Name>,
        /// The type arguments.
        args: List<TypeId>,
    },
    /// The same where nothing in this file binds the first name: `Promise<T>`.
    Global {
        /// All names.
        path: List<Name>,
        /// The type arguments.
        args: List<TypeId>,
    },
    /// `T["key"]`.
    Index {
        /// The type.
        of: TypeId,
        /// The key.
        key: Name,
    },
    /// `typeof x.y`.
    TypeOf(ExprId),
    /// `A | B`.
    Union(List<TypeId>),
    /// `A & B`, and what an interface extends together with its own fields.
    Both(List<TypeId>),
    /// `{ a: T }` and the body of an interface.
    Object(List<TypeField>),
    /// `(..) => T`; parameters are not kept.
    Function(Option<TypeId>),
    /// `T[]`, `readonly T[]`.
    Array(TypeId),
    /// `undefined` or `void`.
    Undefined,
    /// `null`.
    Null,
    /// `string`.
    Text,
    /// `boolean`.
    Bool,
    /// A literal type `"x"`.
    Literal(Name),
    /// Anything else.
    Other,
}

/// A field of an object type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypeField {
    /// Its name.
    pub key: Name,
    /// Its type; for a method, a [`Type::Function`].
    pub ty: TypeId,
    /// Whether it is `key?: T`.
    pub optional: bool,
}

/// One imported name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Import {
    /// The text between the quotes.
    pub from: Name,
    /// What is imported.
    pub what: Imported,
    /// The binding; `None` for `import "x"` and for `export .. from`.
    pub binding: Option<BindingId>,
    /// `import type`.
    pub type_only: bool,
    /// The text of the whole declaration.
    pub at: Span,
}

/// What an import imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Imported {
    /// `{ a }`, `{ a as b }`, `{ default as b }`: the name in the other file. `import b from` is `default`.
    Name(Name),
    /// `* as ns`, `import x = require()`, `const x = require()` (with a pattern: the binding's steps).
    All,
    /// Nothing: `import "x"`.
    Nothing,
}

/// One exported name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// The name other files use; `None` for `export * from`. `export =` and `module.exports =` are `export=`.
    pub name: Option<Name>,
    /// What it is.
    pub what: Exported,
    /// `export type`.
    pub type_only: bool,
    /// The text of the export.
    pub at: Span,
}

/// What an export exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exported {
    /// A binding of this file.
    Binding(BindingId),
    /// A value: `export default expr`, `exports.a = expr`.
    Value(ExprId),
    /// `export { a } from "x"`: the other file and the name there.
    From {
        /// The text between the quotes.
        from: Name,
        /// The name there.
        name: Name,
    },
    /// `export * from "x"`, `export * as ns from "x"`.
    AllFrom(Name),
}

/// A directive prologue or a suppression comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directive {
    /// What it is.
    pub kind: DirectiveKind,
    /// The function whose prologue holds it (the module for comments).
    pub owner: FnId,
    /// Its text.
    pub at: Span,
}

/// What a [`Directive`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum DirectiveKind {
    /// `"use server"`: the text of the literal.
    Prologue(Name),
    /// `failpath-ignore-next-line ..`: the text after the marker, trimmed (`RULE: reason`).
    Ignore(Name),
}

/// A region that was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The bytes.
    pub at: Span,
    /// Why.
    pub why: LostWhy,
}

/// Why a region was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LostWhy {
    /// The grammar does not accept it.
    Syntax,
    /// It is nested deeper than the limit.
    Depth,
    /// It was blanked to make the rest readable, and it holds a call.
    Blanked,
}

impl Module {
    /// The elements of a list.
    pub fn list<T: Pooled>(&self, list: List<T>) -> &[T] {
        &T::pool(&self.pools)[list.start as usize..(list.start + list.len) as usize]
    }

    /// The text of a name.
    pub fn name(&self, name: Name) -> &str {
        self.names.get(name)
    }

    /// The expression with this id.
    pub fn expr(&self, id: ExprId) -> Expr {
        self.exprs[id.index()]
    }

    /// The text of an expression.
    pub fn expr_span(&self, id: ExprId) -> Span {
        self.expr_at[id.index()]
    }

    /// The statement with this id.
    pub fn stmt(&self, id: StmtId) -> Stmt {
        self.stmts[id.index()]
    }

    /// The text of a statement.
    pub fn stmt_span(&self, id: StmtId) -> Span {
        self.stmt_at[id.index()]
    }

    /// The function with this id.
    pub fn function(&self, id: FnId) -> &Function {
        &self.functions[id.index()]
    }

    /// The binding with this id.
    pub fn binding(&self, id: BindingId) -> &Binding {
        &self.bindings[id.index()]
    }

    /// The class with this id.
    pub fn class(&self, id: ClassId) -> &Class {
        &self.classes[id.index()]
    }

    /// The type with this id.
    pub fn ty(&self, id: TypeId) -> Type {
        self.types[id.index()]
    }

    /// The ids of all functions, the module's top level first.
    pub fn function_ids(&self) -> impl Iterator<Item = FnId> + use<> {
        (0..self.functions.len() as u32).map(FnId)
    }

    /// The import that a binding stands for.
    pub fn import_of(&self, binding: BindingId) -> Option<&Import> {
        self.imports.iter().find(|import| import.binding == Some(binding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_stays_small() {
        assert!(size_of::<Expr>() <= 16, "{}", size_of::<Expr>());
        assert!(size_of::<Stmt>() <= 40, "{}", size_of::<Stmt>());
    }
}
