//! The form that every source file is lowered to: small, exact for TypeScript and JavaScript, and
//! free of the grammar it came from, of paths, of models and of settings.
//!
//! In: nothing (plain data, built by `typescript`). Out: [`Module`], which all later stages read
//! and which can be stored by blob, dialect and build alone.
//!
//! Bindings are resolved while lowering, so nothing after this stage looks names up by scope.
//! Everything is an index into a vector of the module; ids of one module mean nothing in another.

mod binding;
mod build;
mod expr;
mod function;
mod id;
pub mod load;
pub mod manifest;
mod module;
mod names;
pub mod outline;
mod outside;
pub mod print;
mod same;
pub mod shouted;
mod stmt;
mod types;
pub mod typescript;
pub mod visit;

pub use binding::{Binding, BindingKind, Source, SourceOf, Step, Target};
pub use build::Builder;
pub use expr::{Arg, AssignOp, BinaryOp, Expr, Field, FieldKind, Item, Key, LogicOp, Tag, Template, UnaryOp};
pub use function::{Body, Class, FnKind, Function, Member, MemberKind, Param};
pub use id::{BindingId, ClassId, ExprId, FnId, List, NumId, Pooled, Pools, StmtId, TagId, TemplateId, TypeId};
pub use module::{Dialect, Module};
pub use names::{Name, Names};
pub use outside::{Directive, DirectiveKind, Export, Exported, Import, Imported, Lost, LostWhy};
pub use same::same_code;
pub use stmt::{Arm, LoopKind, Stmt};
pub use types::{Type, TypeField};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_expression_stays_small() {
        assert!(size_of::<Expr>() <= 16, "{}", size_of::<Expr>());
        assert!(size_of::<Stmt>() <= 40, "{}", size_of::<Stmt>());
    }
}
