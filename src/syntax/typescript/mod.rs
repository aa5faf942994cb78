//! The TypeScript front end: text in, [`Module`] out. The only place that knows the grammar.

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
    let _ = (text, dialect);
    Err(LowerError::Aborted)
}
