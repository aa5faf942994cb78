//! A comparison of texts that are at hand, made the same way as one of commits.
//!
//! In: the files of both sides. Out: the same as for a repository. The examples of rules are
//! compared this way, and what they show must not depend on where they come from.

use super::error::GitError;
use super::listing::{Collector, Content, Entry};
use super::range::Sides;
use super::reader::Reader;
use crate::change::{Change, RepoPath, Side};
use git2::{ObjectType, Oid};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Compares `base` with `head`, both by path.
///
/// # Errors
/// None that a text can cause; whatever the library reports while comparing lines.
pub fn compare_texts(
    base: &BTreeMap<RepoPath, String>,
    head: &BTreeMap<RepoPath, String>,
) -> Result<(Change, Reader), GitError> {
    let mut memory = BTreeMap::new();
    let mut listed = |files: &BTreeMap<RepoPath, String>| {
        let mut listing = Collector::default();
        for (path, text) in files {
            let id = Oid::hash_object(ObjectType::Blob, text.as_bytes()).map_err(GitError::git("naming a text"))?;
            memory.insert(id, text.clone().into_bytes());
            listing.add(path.as_bytes(), Entry::File(Content::Blob(id)));
        }
        Ok(listing.finish())
    };
    let (base, head) = (listed(base)?, listed(head)?);
    let (base, head, memory) = (Arc::new(base), Arc::new(head), Arc::new(memory));
    let reader = Reader { opener: None, root: None, base, head, memory, read: Arc::default() };
    let sides =
        Sides { base: Side::Memory, head: Side::Memory, base_name: "base".to_owned(), head_name: "head".to_owned() };
    let mut change = super::listed(sides, None, None);
    super::differ(&mut change, &reader)?;
    Ok((change, reader))
}
