//! What words may ask of the change itself, and of texts that are not loaded.
//!
//! In: nothing (filled by whoever compares). Out: [`Changed`] and [`Texts`], plain to words.

use super::{FileId, Program};
use crate::change::RepoPath;
use crate::source::At;
use std::collections::BTreeMap;
use std::fmt::Debug;

/// The change, as one side knows it. Empty on base, and where there is nothing to compare with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changed {
    /// The loaded files whose code differs (more than moves, white space and comments), with the most
    /// added lines first.
    pub files: Vec<FileId>,
    /// Every file that differs and is there, loaded or not, with the lines that were added to it.
    pub added: BTreeMap<RepoPath, u32>,
}

/// Which files are meant.
pub type Wanted<'a> = dyn Fn(&str) -> bool + Sync + 'a;

/// The texts of a repository, whatever they are.
pub trait Texts: Debug + Send + Sync {
    /// Whether `word` stands as a whole word in a file of this side whose path `wanted` takes. `key`
    /// names what `wanted` takes: equal keys take the same.
    fn has_word(&self, at: At, key: &str, wanted: &Wanted<'_>, word: &str) -> bool;
}

impl Program {
    /// Whether `word` stands in a file that `wanted` takes; never where texts are not at hand.
    pub fn has_word(&self, at: Option<At>, key: &str, wanted: &Wanted<'_>, word: &str) -> bool {
        self.texts.as_ref().is_some_and(|texts| texts.has_word(at.unwrap_or(self.side), key, wanted, word))
    }
}
