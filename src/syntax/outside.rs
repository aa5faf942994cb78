//! What a module shows to the outside: imports, exports, directives, and what was not understood.
//!
//! In: nothing (plain data). Out: the types.

use super::{BindingId, ExprId, FnId, Name};
use crate::text::Span;
use serde::{Deserialize, Serialize};

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
