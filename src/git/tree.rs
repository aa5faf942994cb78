//! Every file of a commit, by walking its tree.
//!
//! In: a commit, and the listing of the other side. Out: a [`Listing`], sorted as trees are. A folder that is the
//! same on the other side is taken from there: two commits have nearly all of theirs in common. Trees
//! are walked with an explicit stack: their depth and number are the author's choice, so both are bounded.

use super::error::GitError;
use super::listing::{Collector, Entry, Listing, by_mode};
use crate::limits::{FILES, PATH_BYTES};
use git2::{Oid, Repository, Tree};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What the folders of a tree gave: its name, and which of the sorted entries, by the folder's path with `/` at the
/// end.
pub(super) type Folders = FxHashMap<Vec<u8>, (Oid, Range<usize>)>;

/// A tree that is being walked.
struct Open<'r> {
    tree: Tree<'r>,
    next: usize,
    /// Bytes of its path.
    path: usize,
    /// How many entries there were before it.
    first: usize,
}

/// Lists the files of a commit. `other` is the listing of the other side, if it is there already.
pub(super) fn list(repo: &Repository, id: &str, other: Option<&Listing>) -> Result<Listing, GitError> {
    let doing = || format!("listing the files of commit {id}");
    let commit = Oid::from_str(id).and_then(|id| repo.find_commit(id)).map_err(GitError::git(doing()))?;
    let root = commit.tree_id();
    let mut listing = Collector::default();
    let mut folders = Folders::default();
    let mut path = Vec::new();
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut below = Some(root);
    // Counted as well: trees without a single file can be as many as trees with files.
    let mut trees = 0_usize;
    loop {
        if let Some(id) = below.take()
            && !other.is_some_and(|other| take(other, &path, id, &mut listing))
        {
            let tree = repo.find_tree(id).map_err(GitError::git(doing()))?;
            trees += 1;
            open.push(Open { tree, next: 0, path: path.len(), first: listing.entries.len() });
        }
        listing.check_size("the commit")?;
        if trees > FILES {
            return Err(GitError::TooManyFiles { side: "the commit".to_owned() });
        }
        let Some(folder) = open.last_mut() else { break };
        path.truncate(folder.path);
        let Some(item) = folder.tree.get(folder.next) else {
            folders.insert(path.clone(), (folder.tree.id(), folder.first..listing.entries.len()));
            open.pop();
            continue;
        };
        folder.next += 1;
        path.extend_from_slice(item.name_bytes());
        match item.filemode() {
            0o040_000 if path.len() < PATH_BYTES => {
                path.push(b'/');
                below = Some(item.id());
            }
            0o040_000 => listing.add(&[b'/'; PATH_BYTES + 1], Entry::Submodule(None)),
            mode => listing.add(&path, by_mode(mode.cast_unsigned(), item.id())),
        }
    }
    // Parts are taken only of what is in the order of trees and whole.
    let is_plain = listing.is_whole() && listing.entries.is_sorted_by(|one, next| one.0 < next.0);
    let folders = if is_plain { folders } else { Folders::default() };
    Ok(Listing { tree: Some(root), folders, ..listing.finish() })
}

/// Takes a folder from the other side, if it is the same there.
fn take(other: &Listing, path: &[u8], id: Oid, listing: &mut Collector) -> bool {
    let Some((_, range)) = other.folders.get(path).filter(|(known, _)| *known == id) else { return false };
    let Some(same) = other.entries.all().get(range.clone()) else { return false };
    listing.entries.extend_from_slice(same);
    let start = String::from_utf8_lossy(path).into_owned();
    let below = other.left_out.range(start.clone()..).take_while(|(path, _)| path.starts_with(&start));
    listing.left_out.extend(below.map(|(path, id)| (path.clone(), *id)));
    true
}
