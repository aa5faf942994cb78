//! Types, as far as the origin of a value reads them.
//!
//! In: nothing (plain data). Out: [`Type`].

use super::{BindingId, ExprId, List, Name, TypeId};
use serde::{Deserialize, Serialize};

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
    /// `import("x").A.B`.
    Imported {
        /// The specifier.
        from: Name,
        /// The names.
        path: List<Name>,
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
