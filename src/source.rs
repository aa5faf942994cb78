//! The text of both sides, and what could not be read.
//!
//! In: a [`crate::change::Change`]. Out: [`Sources`], which later stages ask for files by side and path.

use crate::change::RepoPath;
use crate::text::LineIndex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// Before the change.
    Base,
    /// After the change.
    Head,
}

/// One file's text. Equal content on both sides is one `Arc`.
#[derive(Debug)]
pub struct Source {
    /// Name of the content: git's blob id, or a hash of the bytes for files on disk.
    pub blob: String,
    /// The text, as UTF-8, without a byte order mark.
    pub text: String,
    /// Where its lines begin.
    pub lines: LineIndex,
}

impl Source {
    /// Wraps text that is at hand.
    pub fn new(blob: String, text: String) -> Self {
        let lines = LineIndex::new(&text);
        Self { blob, text, lines }
    }
}

/// Why a file, or a part of it, was not analysed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotAnalysed {
    /// The file.
    pub path: RepoPath,
    /// The reason in words.
    pub reason: String,
    /// First and last line (from 1), where only a part was lost.
    pub lines: Option<(u32, u32)>,
}

/// What was read, by path. The maps are sorted, so walking them is deterministic.
#[derive(Debug, Default)]
pub struct Sources {
    /// Files on base.
    pub base: BTreeMap<RepoPath, Arc<Source>>,
    /// Files on head.
    pub head: BTreeMap<RepoPath, Arc<Source>>,
    /// What could not be read on base.
    pub base_skipped: Vec<NotAnalysed>,
    /// What could not be read on head.
    pub head_skipped: Vec<NotAnalysed>,
}

impl Sources {
    /// The files of one side.
    pub fn side(&self, at: At) -> &BTreeMap<RepoPath, Arc<Source>> {
        match at {
            At::Base => &self.base,
            At::Head => &self.head,
        }
    }
}
