//! Finding and opening the repository, as git itself would.
//!
//! In: the folder and whether a hook's environment names the repository. Out: [`Opener`], which
//! hands out handles: a handle must not be shared between threads, so each gets its own.

use super::error::GitError;
use super::objects::Objects;
use git2::{ErrorCode, Repository, RepositoryOpenFlags};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// How to open the repository again, and the handles that are idle.
pub(super) struct Opener {
    /// `None`: the process environment names it (`GIT_DIR`).
    path: Option<PathBuf>,
    idle: Mutex<Vec<Repository>>,
    /// The quicker way to what files contain.
    pub(super) objects: Objects,
}

impl Opener {
    /// Opens the repository around `folder`, or the one that `GIT_DIR` names if `by_environment`.
    /// Both honour `GIT_INDEX_FILE`, which git sets for hooks and which plain discovery ignores.
    pub(super) fn open(folder: &Path, by_environment: bool) -> Result<Self, GitError> {
        // Objects were verified when they came in; doing it again at every read costs a third of reading.
        git2::opts::strict_hash_verification(false);
        let found = if by_environment { Repository::open_from_env() } else { at(folder) };
        let repo = found.map_err(|error| match error.code() {
            ErrorCode::NotFound => GitError::NotARepository { folder: folder.to_owned() },
            ErrorCode::Owner => GitError::NotTrusted { folder: untrusted(folder) },
            _ => GitError::git(format!("opening the repository at {}", folder.display()))(error),
        })?;
        let path = (!by_environment).then(|| repo.path().to_owned());
        let objects = Objects::new(repo.commondir().join("objects"));
        Ok(Self { path, idle: Mutex::new(vec![repo]), objects })
    }

    /// Lends a handle to `work`; opens a new one where all are in use.
    pub(super) fn with<T>(&self, work: impl FnOnce(&Repository) -> T) -> Result<T, git2::Error> {
        let idle = || self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let free = idle().pop();
        let repo = match (free, &self.path) {
            (Some(repo), _) => repo,
            (None, Some(path)) => at(path)?,
            (None, None) => Repository::open_from_env()?,
        };
        let result = work(&repo);
        idle().push(repo);
        Ok(result)
    }
}

fn at(folder: &Path) -> Result<Repository, git2::Error> {
    Repository::open_ext(folder, RepositoryOpenFlags::FROM_ENV, &[] as &[&OsStr])
}

/// The folder that `safe.directory` would have to name: where `.git` lies.
fn untrusted(folder: &Path) -> PathBuf {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let found = folder.ancestors().find(|above| above.join(".git").exists()).map(Path::to_owned);
    found.unwrap_or(folder)
}
