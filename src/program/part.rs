//! Parts: how much of a file is analysed. Of a file that was read because something uses one of its
//! declarations, that declaration counts and what it uses; the rest says on both sides what it said.
//!
//! In: declarations, as spans of the text. Out: [`Part`]s, asked by offset.

use crate::change::RepoPath;
use crate::text::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The declarations that count of each file. Of files that are not named here, all count.
pub type Parts = BTreeMap<RepoPath, Counting>;

/// The declarations of one file that count, by their numbers in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counting {
    /// Those that are analysed: others rest on them.
    pub known: BTreeSet<usize>,
    /// Those among them that rest on what differs between the sides. What the others say by themselves
    /// is the same on both.
    pub touched: BTreeSet<usize>,
}

/// How much of one file is analysed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// What lies in these spans, sorted and apart from each other.
    Spans(Vec<Span>),
}

impl Part {
    /// Whether nothing is.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Spans(spans) if spans.is_empty())
    }

    /// Whether what begins here is analysed.
    pub fn holds(&self, offset: u32) -> bool {
        match self {
            Self::Whole => true,
            Self::Spans(spans) => {
                let at = spans.partition_point(|span| span.end <= offset);
                spans.get(at).is_some_and(|span| span.start <= offset)
            }
        }
    }
}
