//! What changed, asked of git: the only place that knows the git library.
//!
//! In: the [`Range`] to compare and the surroundings ([`Env`]). Out: the [`Change`] (both sides, the
//! files that differ, their lines) and a [`Reader`] for any file of either side.

mod build;
mod ci;
mod diff;
mod entries;
mod env;
mod error;
mod history;
mod listing;
mod memory;
mod objects;
mod open;
mod range;
mod reader;
mod surroundings;
mod tree;

pub use build::build;
pub use env::{Env, VARIABLES};
pub use error::GitError;
pub use history::{Merge, history};
pub use memory::compare_texts;
pub use reader::{Reader, read};
pub use surroundings::{Surroundings, hooks, surroundings};

use crate::change::{Change, ChangedFile, Range, Side, Status};
use git2::Repository;
use listing::Listing;
use objects::Objects;
use open::Opener;
use range::Sides;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Compares the two sides that `range` names.
///
/// # Errors
/// Whatever keeps the comparison from being made: no repository, a revision that is not there, no
/// common history, a damaged clone. Files that cannot be read are no error here; see [`read`].
pub fn compare(range: &Range, env: &Env) -> Result<(Change, Reader), GitError> {
    let (mut change, reader) = list(range, env)?;
    differ(&mut change, &reader)?;
    Ok((change, reader))
}

/// Lists the two sides that `range` names. Which files differ is found out by [`differ`].
///
/// # Errors
/// Those of [`compare`].
pub fn list(range: &Range, env: &Env) -> Result<(Change, Reader), GitError> {
    match Opener::open(&env.folder, env.var("GIT_DIR").is_some()) {
        Ok(opener) => in_repository(opener, range, env),
        Err(GitError::NotARepository { .. }) if *range == Range::All => plain_folder(&env.folder),
        Err(error) => Err(error),
    }
}

/// Everything but the files: what a repository says before they are compared.
struct Found {
    sides: Sides,
    git_dir: PathBuf,
    root: Option<PathBuf>,
    base: Listing,
    head: Listing,
}

fn in_repository(opener: Opener, range: &Range, env: &Env) -> Result<(Change, Reader), GitError> {
    let found = opener
        .with(|repo| find(repo, &opener.objects, range, env))
        .map_err(GitError::git("opening the repository"))??;
    Ok(assemble(found.sides, Some(found.git_dir), found.root, Some(opener), found.base, found.head))
}

fn find(repo: &Repository, objects: &Objects, range: &Range, env: &Env) -> Result<Found, GitError> {
    let sides = range::sides(repo, range, env)?;
    // Asked for only where files on disk are needed: with `GIT_DIR` naming a bare copy, the answer
    // may be a folder that has nothing to do with it.
    let root = if sides.head == Side::WorkTree { Some(root(repo)?) } else { None };
    let base = listing::list(repo, objects, &sides.base, None, None)?;
    let head = listing::list(repo, objects, &sides.head, root.as_deref(), Some(&base))?;
    Ok(Found { sides, git_dir: repo.path().to_owned(), root, base, head })
}

fn root(repo: &Repository) -> Result<PathBuf, GitError> {
    let root = if repo.is_bare() { None } else { repo.workdir() };
    root.map(Path::to_owned).ok_or_else(|| GitError::NoWorkTree { git_dir: repo.path().to_owned() })
}

fn plain_folder(folder: &Path) -> Result<(Change, Reader), GitError> {
    let head = listing::folder(folder)?;
    let sides = Sides::everything(Side::Folder, "folder");
    Ok(assemble(sides, None, Some(folder.to_owned()), None, Listing::default(), head))
}

fn assemble(
    sides: Sides,
    git_dir: Option<PathBuf>,
    root: Option<PathBuf>,
    opener: Option<Opener>,
    base: Listing,
    head: Listing,
) -> (Change, Reader) {
    let opener = opener.map(Arc::new);
    let (base, head) = (Arc::new(base), Arc::new(head));
    let reader = Reader { opener, root: root.clone(), base, head, memory: Arc::default(), read: Arc::default() };
    (listed(sides, git_dir, root), reader)
}

/// A change of which nothing but the sides is known.
fn listed(sides: Sides, git_dir: Option<PathBuf>, root: Option<PathBuf>) -> Change {
    let Sides { base, head, base_name, head_name } = sides;
    let all = base == Side::Empty && head != Side::Index;
    Change { git_dir, root, base, head, base_name, head_name, files: Vec::new(), all, limits: Vec::new() }
}

/// Finds out which of the files that the reader lists differ.
///
/// # Errors
/// Whatever the library reports while comparing lines.
pub fn differ(change: &mut Change, reader: &Reader) -> Result<(), GitError> {
    let mut limits: Vec<_> = reader.base.limits.iter().chain(&reader.head.limits).cloned().collect();
    change.files = if change.all { everything(&reader.head) } else { diff::compare(reader, &mut limits)? };
    limits.extend(diff::left_out(reader));
    limits.sort();
    limits.dedup();
    change.limits = limits;
    Ok(())
}

/// Every file as added. Their lines are not counted: that would mean reading all of them.
fn everything(listing: &Listing) -> Vec<ChangedFile> {
    let added =
        |path: &str| ChangedFile { path: path.to_owned(), old_path: None, status: Status::Added, hunks: Vec::new() };
    listing.entries.all().iter().map(|(path, _)| added(path)).collect()
}
