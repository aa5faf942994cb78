//! The text of both sides, and what could not be read.
//!
//! In: bytes of files. Out: text or the reason why there is none ([`Unread`]), and [`Sources`], which
//! later stages ask for files by side and path.

use crate::change::RepoPath;
use crate::limits::FILE_BYTES;
use crate::text::LineIndex;
use encoding_rs::{UTF_16BE, UTF_16LE};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use thiserror::Error;

/// Which side of the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum At {
    /// Before the change.
    Base,
    /// After the change.
    Head,
}

impl At {
    /// Its place in what holds something for each side.
    pub fn index(self) -> usize {
        usize::from(self == Self::Head)
    }
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

/// Why a file could not be read as source code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum Unread {
    /// This side has no such file.
    #[error("there is no such file")]
    NotFound,
    /// The clone does not hold the content: a partial clone, or a damaged one.
    #[error("this clone does not hold its content (object {id}): fetch it, or clone without a filter")]
    Missing {
        /// The blob's name.
        id: String,
    },
    /// It holds a NUL byte.
    #[error("binary file")]
    Binary,
    /// It is over [`FILE_BYTES`].
    #[error("{bytes} bytes, over the limit of {FILE_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// A symbolic link is not a file of its own.
    #[error("symbolic link")]
    Link,
    /// Another repository inside this one.
    #[error("submodule or nested repository")]
    Submodule,
    /// Large file storage keeps the content elsewhere.
    #[error("Git LFS pointer, the content is not in the repository")]
    LfsPointer,
    /// Neither UTF-8 nor UTF-16 with a byte order mark.
    #[error("not UTF-8")]
    NotUtf8,
    /// The path cannot be written as text.
    #[error("its path is not UTF-8")]
    PathNotUtf8,
    /// The index holds several versions of it.
    #[error("merge conflict that is not resolved")]
    Conflict,
    /// The operating system refused.
    #[error("unreadable: {why}")]
    Unreadable {
        /// What it said.
        why: String,
    },
}

/// Turns a file's bytes into text: UTF-8, or UTF-16 that says so; byte order marks are removed.
pub fn decode(bytes: Vec<u8>) -> Result<String, Unread> {
    const POINTER: &[u8] = b"version https://git-lfs.github.com/spec/";
    let utf16 = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => Some((UTF_16LE, rest)),
        [0xFE, 0xFF, rest @ ..] => Some((UTF_16BE, rest)),
        _ => None,
    };
    if let Some((encoding, rest)) = utf16 {
        let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
        let text = text.ok_or(Unread::NotUtf8)?;
        return if text.contains('\0') { Err(Unread::Binary) } else { Ok(text.into_owned()) };
    }
    if bytes.contains(&0) {
        return Err(Unread::Binary);
    }
    if bytes.starts_with(POINTER) {
        return Err(Unread::LfsPointer);
    }
    let mut text = String::from_utf8(bytes).map_err(|_| Unread::NotUtf8)?;
    if text.starts_with('\u{FEFF}') {
        text.drain(..'\u{FEFF}'.len_utf8());
    }
    Ok(text)
}

/// Why a file, or a part of it, was not analysed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NotAnalysed {
    /// The file.
    pub path: RepoPath,
    /// The reason in words.
    pub reason: String,
    /// First and last line (from 1), where only a part was lost.
    pub lines: Option<(u32, u32)>,
}

impl NotAnalysed {
    /// A file that is not analysed at all.
    pub fn whole(path: RepoPath, why: &Unread) -> Self {
        Self { path, reason: why.to_string(), lines: None }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_decide_the_encoding_and_go() {
        assert_eq!(decode(b"\xEF\xBB\xBFa".to_vec()), Ok("a".into()));
        assert_eq!(decode(b"\xFF\xFEa\0\xE9\0".to_vec()), Ok("a\u{E9}".into()));
        assert_eq!(decode(b"\xFE\xFF\0a\0\xE9".to_vec()), Ok("a\u{E9}".into()));
        assert_eq!(decode(b"a".to_vec()), Ok("a".into()));
    }

    #[test]
    fn what_is_no_text_says_why() {
        assert_eq!(decode(b"a\0b".to_vec()), Err(Unread::Binary));
        assert_eq!(decode(b"caf\xE9".to_vec()), Err(Unread::NotUtf8));
        assert_eq!(decode(b"\xFF\xFEa\0\0\xD8".to_vec()), Err(Unread::NotUtf8));
        assert_eq!(decode(b"\xFF\xFE\0\0".to_vec()), Err(Unread::Binary));
        assert_eq!(decode(b"version https://git-lfs.github.com/spec/v1\noid".to_vec()), Err(Unread::LfsPointer));
    }
}
