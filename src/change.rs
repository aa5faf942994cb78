//! What changed: the two sides of a comparison, and the files that differ between them.
//!
//! In: nothing (plain data, filled by `git`). Out: the [`Change`] that every later stage reads.

use crate::limits::Reached;
use std::path::PathBuf;

/// A path relative to the repository root, with `/` between its parts.
pub type RepoPath = String;

/// The last part of a path.
pub fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// A path without its last part; empty at the root.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What to compare, as the user asked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Range {
    /// What the surroundings say (a hook, a workflow), else the work tree since the default branch.
    Default,
    /// From where `base` and `head` parted to `head`, or to the work tree without one. Starting
    /// from the tip of `base` would make deletions of what others have added there since.
    Revs {
        /// Any revision expression.
        base: String,
        /// Any revision expression; the work tree where it is `None`.
        head: Option<String>,
    },
    /// From HEAD to what is about to be committed.
    Staged,
    /// Every file on disk, as new.
    All,
    /// Every file of one commit, as new.
    AllAt {
        /// Any revision expression.
        head: String,
    },
}

/// One side of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Side {
    /// A commit's tree, by its full object name.
    Commit(String),
    /// The index that git names.
    Index,
    /// The files on disk; the index says which are tracked.
    WorkTree,
    /// A folder on disk that need not be a repository.
    Folder,
    /// Texts at hand, for instance the example of a rule.
    Memory,
    /// Nothing at all: everything on the other side is new.
    Empty,
}

/// What happened to one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// There is no such file on base.
    Added,
    /// Both sides have it, with different content.
    Modified,
    /// There is no such file on head.
    Deleted,
    /// It has another path on base; the content may differ as well.
    Renamed,
}

/// Lines of one hunk without context, counted from 1. An empty side has `*_lines == 0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hunk {
    /// First line on base.
    pub base_start: u32,
    /// Lines removed from base.
    pub base_lines: u32,
    /// First line on head.
    pub head_start: u32,
    /// Lines added on head.
    pub head_lines: u32,
}

/// A file that differs between base and head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedFile {
    /// Path on head; on base for a deleted file.
    pub path: RepoPath,
    /// Path on base where it is another one.
    pub old_path: Option<RepoPath>,
    /// What happened to it.
    pub status: Status,
    /// The changed lines, in order. Empty for binary files, for pure renames, and where everything
    /// counts as new (see [`Change::is_added`]).
    pub hunks: Vec<Hunk>,
}

impl ChangedFile {
    /// Its path on base, if it is there.
    pub fn base_path(&self) -> Option<&str> {
        match self.status {
            Status::Added => None,
            _ => Some(self.old_path.as_deref().unwrap_or(&self.path)),
        }
    }

    /// Its path on head, if it is there.
    pub fn head_path(&self) -> Option<&str> {
        (self.status != Status::Deleted).then_some(self.path.as_str())
    }

    /// Whether `line` (from 1, on head) was added or edited.
    pub fn is_added(&self, line: u32) -> bool {
        self.hunks.iter().any(|hunk| (hunk.head_start..hunk.head_start + hunk.head_lines).contains(&line))
    }

    /// How many lines were added or edited.
    pub fn added_lines(&self) -> u32 {
        self.hunks.iter().map(|hunk| hunk.head_lines).sum()
    }
}

/// A comparison, ready to be read.
#[derive(Debug, Clone)]
pub struct Change {
    /// The repository's git directory; `None` for a plain folder.
    pub git_dir: Option<PathBuf>,
    /// The folder of the work tree, where one side needs it.
    pub root: Option<PathBuf>,
    /// Where the comparison starts.
    pub base: Side,
    /// Where it ends.
    pub head: Side,
    /// What the user would call base, for instance `origin/main`.
    pub base_name: String,
    /// What the user would call head.
    pub head_name: String,
    /// The files that differ, sorted by path. With `--all`: every file, as added.
    pub files: Vec<ChangedFile>,
    /// Whether everything counts as new (`--all`).
    pub all: bool,
    /// Bounds reached while comparing.
    pub limits: Vec<Reached>,
}

impl Change {
    /// Whether `line` (from 1, on head) of `file` was added or edited.
    pub fn is_added(&self, file: &ChangedFile, line: u32) -> bool {
        self.all || file.is_added(line)
    }
}
