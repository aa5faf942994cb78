//! failpath: a pre-merge gate for TypeScript that follows failures.

pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod finding;
pub mod git;
pub mod limits;
pub mod model;
pub mod program;
pub mod report;
pub mod request;
pub mod rule;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod text;
pub mod verdict;
pub mod word;
