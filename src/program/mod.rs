//! One side of the change as a program: its files, who calls whom, where values come from, what can
//! fail and where failures land.
//!
//! In: lowered modules and the models. Out: [`Program`], which words ask. Nothing here knows rules.

pub mod route;
pub mod site;

pub use site::{At, Site, SiteKind};

use crate::change::RepoPath;
use crate::source::Source;
use crate::syntax::visit::Parents;
use crate::syntax::{ExprId, FnId, Module};
use crate::text::Span;
use std::sync::Arc;

/// A file of a [`Program`]: index into [`Program::files`], which is sorted by path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A function of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FnKey {
    /// Its file.
    pub file: FileId,
    /// The function in it.
    pub function: FnId,
}

/// An expression of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprKey {
    /// Its file.
    pub file: FileId,
    /// The expression in it.
    pub expr: ExprId,
}

/// A file of a program.
#[derive(Debug)]
pub struct File {
    /// Its path.
    pub path: RepoPath,
    /// Its text.
    pub source: Arc<Source>,
    /// Its lowered form.
    pub module: Arc<Module>,
    /// Parents of all its nodes.
    pub parents: Parents,
}

/// One side of the change.
#[derive(Debug)]
pub struct Program {
    /// The files, sorted by path.
    pub files: Vec<File>,
}

impl Program {
    /// A file.
    pub fn file(&self, id: FileId) -> &File {
        &self.files[id.0 as usize]
    }

    /// The lowered form of a file.
    pub fn module(&self, id: FileId) -> &Module {
        &self.file(id).module
    }

    /// The ids of all files, in the order of their paths.
    pub fn file_ids(&self) -> impl Iterator<Item = FileId> + use<> {
        (0..self.files.len() as u32).map(FileId)
    }

    /// The text under a span of a file.
    pub fn text(&self, file: FileId, span: Span) -> &str {
        span.of(&self.file(file).source.text)
    }
}
