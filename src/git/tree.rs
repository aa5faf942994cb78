//! Every file of a commit, by walking its tree.
//!
//! In: a commit, and the listing of the other side. Out: a [`Listing`], sorted as trees are. A folder that is the
//! same on the other side is taken from there: two commits have nearly all of theirs in common. Trees
//! are walked with an explicit stack: their depth and number are the author's choice, so both are bounded.

use super::error::GitError;
use super::listing::{Collector, Entry, Listing, by_mode};
use super::objects::Objects;
use crate::limits::{FILES, PATH_BYTES};
use git2::{Oid, Repository};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// What the folders of a tree gave: its name, and which of the sorted entries, by the folder's path with `/` at the
/// end.
pub(super) type Folders = FxHashMap<Vec<u8>, (Oid, Range<usize>)>;

/// What a tree has in one place.
pub(super) struct Item {
    pub mode: u32,
    pub name: Box<[u8]>,
    pub id: Oid,
}

/// A tree that is being walked.
struct Open {
    id: Oid,
    items: std::vec::IntoIter<Item>,
    /// Bytes of its path.
    path: usize,
    /// How many entries there were before it.
    first: usize,
}

/// Lists the files of a commit. `other` is the listing of the other side, if it is there already.
pub(super) fn list(
    repo: &Repository,
    objects: &Objects,
    id: &str,
    other: Option<&Listing>,
) -> Result<Listing, GitError> {
    let doing = || format!("listing the files of commit {id}");
    let commit = Oid::from_str(id).and_then(|id| repo.find_commit(id)).map_err(GitError::git(doing()))?;
    let root = commit.tree_id();
    let mut listing = Collector::default();
    let mut folders = Folders::default();
    let mut path = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut below = Some(root);
    // Counted as well: trees without a single file can be as many as trees with files.
    let mut trees = 0_usize;
    loop {
        if let Some(id) = below.take()
            && !other.is_some_and(|other| take(other, &path, id, &mut listing))
        {
            let known = objects.tree(id).map_or_else(|| items(repo, id), Ok);
            let items = known.map_err(GitError::git(doing()))?.into_iter();
            trees += 1;
            open.push(Open { id, items, path: path.len(), first: listing.entries.len() });
        }
        listing.check_size("the commit")?;
        if trees > FILES {
            return Err(GitError::TooManyFiles { side: "the commit".to_owned() });
        }
        let Some(folder) = open.last_mut() else { break };
        path.truncate(folder.path);
        let Some(Item { mode, name, id }) = folder.items.next() else {
            folders.insert(path.clone(), (folder.id, folder.first..listing.entries.len()));
            open.pop();
            continue;
        };
        path.extend_from_slice(&name);
        match mode {
            0o040_000 if path.len() < PATH_BYTES => {
                path.push(b'/');
                below = Some(id);
            }
            0o040_000 => listing.add(&[b'/'; PATH_BYTES + 1], Entry::Submodule(None)),
            mode => listing.add(&path, by_mode(mode, id)),
        }
    }
    // Parts are taken only of what is in the order of trees and whole.
    let is_plain = listing.is_whole() && listing.entries.is_sorted_by(|one, next| one.0 < next.0);
    let folders = if is_plain { folders } else { Folders::default() };
    Ok(Listing { tree: Some(root), folders, ..listing.finish() })
}

/// What is in a tree.
fn items(repo: &Repository, id: Oid) -> Result<Vec<Item>, git2::Error> {
    let tree = repo.find_tree(id)?;
    let item = |item: git2::TreeEntry<'_>| {
        let mode = item.filemode().cast_unsigned();
        Item { mode, name: item.name_bytes().into(), id: item.id() }
    };
    Ok(tree.iter().map(item).collect())
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
