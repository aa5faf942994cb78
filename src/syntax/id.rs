//! Ids and lists: how the parts of a module refer to each other.
//!
//! In: nothing. Out: numbers that index the vectors of one [`super::Module`], and runs of elements in
//! its pools.

use super::{Arg, Arm, Field, Item, Member, Name, Step, Target, TypeField};
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
    pub(super) start: u32,
    pub(super) len: u32,
    pub(super) kind: PhantomData<fn() -> T>,
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
