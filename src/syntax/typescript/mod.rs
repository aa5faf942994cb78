//! The TypeScript front end, the only place that knows the grammar.
//!
//! In: text and dialect. Out: [`Module`]. A fast parser reads texts without errors (`oxc`), a tolerant
//! one all others (`parse`, `repair`, `tree`); both come to the same nodes, and there is one lowering: a
//! node is combined from its children's values when it is left, so nothing here recurses on the depth of
//! the text. Names are resolved at the end.

mod call;
mod class;
mod declare;
mod expr;
mod function;
mod kind;
mod leave;
mod literal;
mod outside;
mod oxc;
mod parse;
mod pattern;
mod repair;
mod scope;
mod stmt;
mod tag;
#[cfg(test)]
mod tests;
mod tree;
mod types;
mod value;
mod walk;

use super::{Dialect, Module};

/// Why a whole file could not be lowered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LowerError {
    /// The text would make the parser backtrack without end.
    #[error("it has {count} unclosed `name<` in a row, which would keep the parser busy without end")]
    Hostile {
        /// How many.
        count: u32,
    },
    /// The parser gave up.
    #[error("the parser gave up on it")]
    Aborted,
}

/// Lowers one file. Regions that are not understood are in [`Module::lost`]; only a file that could
/// not be parsed at all is an error.
pub fn lower(text: &str, dialect: Dialect) -> Result<Module, LowerError> {
    match oxc::lower(text, dialect) {
        Some(module) => Ok(module),
        None => tolerant(text, dialect),
    }
}

/// The same for texts with errors.
fn tolerant(text: &str, dialect: Dialect) -> Result<Module, LowerError> {
    let tree = parse::parse(text, dialect)?;
    if tree.root_node().has_error()
        && let Some(repaired) = repair::repair(text, dialect, &tree)
    {
        return Ok(tree::lower(&repaired.text, dialect, &repaired.tree, repaired.notes));
    }
    Ok(tree::lower(text, dialect, &tree, Vec::new()))
}
