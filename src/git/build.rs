//! A repository made from texts, for showing what a change of them looks like.
//!
//! In: a folder and the files of each commit. Out: a repository whose commits follow one another.

use super::diff::index_entry;
use super::error::GitError;
use crate::change::RepoPath;
use git2::{Repository, RepositoryInitOptions, Signature, Time};
use std::collections::BTreeMap;
use std::path::Path;

/// Makes a repository in `folder` with one commit for each of `commits`; gives their names. No work
/// tree is written, and nothing of this machine goes into it.
///
/// # Errors
/// What the library says, for instance that the folder cannot be written.
pub fn build(folder: &Path, commits: &[BTreeMap<RepoPath, &str>]) -> Result<Vec<String>, GitError> {
    write(folder, commits).map_err(GitError::git(format!("making a repository in {}", folder.display())))
}

fn write(folder: &Path, commits: &[BTreeMap<RepoPath, &str>]) -> Result<Vec<String>, git2::Error> {
    let mut options = RepositoryInitOptions::new();
    options.bare(true).external_template(false).initial_head("main");
    let repo = Repository::init_opts(folder, &options)?;
    let author = Signature::new("failpath", "failpath@localhost", &Time::new(0, 0))?;
    let mut names = Vec::new();
    for files in commits {
        let mut index = git2::Index::new()?;
        for (path, text) in files {
            let id = repo.blob(text.as_bytes())?;
            index.add(&index_entry(path.as_bytes().to_vec(), id, 0))?;
        }
        let tree = repo.find_tree(index.write_tree_to(&repo)?)?;
        let parent = repo.head().ok().and_then(|head| head.peel_to_commit().ok());
        let parents: Vec<_> = parent.iter().collect();
        names.push(repo.commit(Some("HEAD"), &author, &author, "demo", &tree, &parents)?.to_string());
    }
    Ok(names)
}
