//! Where in a repository a run stands.
//!
//! In: the environment. Out: the work tree's folder and the way from it to the current folder, to
//! name typed paths as the repository does, and where hooks lie.

use super::env::Env;
use super::error::GitError;
use super::open::Opener;
use crate::change::RepoPath;
use git2::Repository;
use std::path::{Path, PathBuf};

/// Where a run stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The work tree's folder (the current folder outside of repositories); `None` where there is
    /// none or the current folder is not in it.
    pub root: Option<PathBuf>,
    /// The current folder, from there.
    pub prefix: RepoPath,
}

/// Looks around.
///
/// # Errors
/// When there is a repository that cannot be opened.
pub fn surroundings(env: &Env) -> Result<Surroundings, GitError> {
    let opener = match Opener::open(&env.folder, env.var("GIT_DIR").is_some()) {
        Ok(opener) => opener,
        Err(GitError::NotARepository { .. }) => {
            return Ok(Surroundings { root: Some(env.folder.clone()), prefix: String::new() });
        }
        Err(error) => return Err(error),
    };
    opener.with(|repo| inside(repo, &env.folder)).map_err(GitError::git("opening the repository"))
}

fn inside(repo: &Repository, folder: &Path) -> Surroundings {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let Some(root) = repo.workdir().filter(|_| !repo.is_bare()).map(real) else { return Surroundings::default() };
    let folder = real(folder);
    let Ok(rest) = folder.strip_prefix(&root) else { return Surroundings::default() };
    let parts: Vec<_> = rest.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Surroundings { prefix: parts.join("/"), root: Some(root) }
}

/// The folder that git looks for hooks in (`core.hooksPath`, else `hooks` in the git directory).
///
/// # Errors
/// When there is no repository, or its configuration cannot be read.
pub fn hooks(env: &Env) -> Result<PathBuf, GitError> {
    let opener = Opener::open(&env.folder, env.var("GIT_DIR").is_some())?;
    let find = |repo: &Repository| {
        let set = repo.config()?.snapshot()?.get_path("core.hooksPath").ok();
        let root = repo.workdir().unwrap_or_else(|| repo.path());
        Ok(set.map_or_else(|| repo.commondir().join("hooks"), |set| root.join(set)))
    };
    let doing = || "looking for the folder of hooks";
    opener.with(find).map_err(GitError::git(doing()))?.map_err(GitError::git(doing()))
}
