//! Fixes: how the text at a finding would look without the defect.
//!
//! In: the kind of fix that a sentence names, and the site that it flags. Out: edits, or none where the
//! code has a shape in which the fix would mean something else. They are proposals: whoever offers them
//! has to see first that the text still parses and the finding is gone.

mod apply;
mod diff;
mod hoist;
mod layout;
mod property;

pub use apply::{apply, compatible};
pub use diff::{mended, unified};

use crate::finding::{Edit, Place};
use crate::program::{At, ExprKey, FileId, Program, Site};
use crate::syntax::visit::Node;
use crate::syntax::{Expr, ExprId, Stmt};
use crate::text::Span;

/// A kind of fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Waits for what a `return` gives back.
    Await,
    /// Waits for an element of a `Promise.all` before the statement that holds it.
    Hoist,
    /// Gives a property of an object literal a word that its value lacks.
    Property(Property),
}

/// A property and what its value should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Property {
    /// The name, as it is written where there is none yet; compared without regard to case.
    pub name: String,
    /// The word that is added to a list with commas.
    pub holds: String,
    /// The value where there is none yet.
    pub value: String,
}

impl Fix {
    /// The names of the kinds that take nothing else.
    pub const NAMES: [&'static str; 2] = ["await", "hoist"];

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "await" => Some(Self::Await),
            "hoist" => Some(Self::Hoist),
            _ => None,
        }
    }

    /// The edits that would mend what is flagged at `site`.
    pub fn propose(&self, program: &Program, site: Site) -> Vec<Edit> {
        let At::Expr(expr) = site.at else { return Vec::new() };
        let edits = match self {
            Self::Await => wait_for_return(program, site.file, expr),
            Self::Hoist => hoist::hoist(program, ExprKey { file: site.file, expr }),
            Self::Property(property) => property::add(program, site.file, expr, property),
        };
        edits.unwrap_or_default()
    }
}

/// A replacement in a file.
fn edit(program: &Program, file: FileId, span: Span, text: String) -> Edit {
    Edit { place: Place { path: program.file(file).path.clone(), span }, text }
}

/// `return f()` becomes `return await f()`.
fn wait_for_return(program: &Program, file: FileId, expr: ExprId) -> Option<Vec<Edit>> {
    let (module, parents) = (program.module(file), &program.file(file).parents);
    let Stmt::Return(Some(value)) = module.stmt(parents.statement(Node::Expr(expr))?) else { return None };
    if !module.function(parents.function(Node::Expr(expr))).is_async {
        return None;
    }
    let span = module.expr_span(value);
    let start = Span::new(span.start, span.start);
    let binds_tighter = matches!(module.expr(value), Expr::Call { .. } | Expr::New { .. } | Expr::Read(_));
    if binds_tighter {
        return Some(vec![edit(program, file, start, "await ".to_owned())]);
    }
    let end = Span::new(span.end, span.end);
    Some(vec![edit(program, file, start, "await (".to_owned()), edit(program, file, end, ")".to_owned())])
}
