//! What was merged into a branch: the first parents of its tip, each with what it changed.
//!
//! In: a revision and a number. Out: [`Merge`]s, the last one first.

use super::env::Env;
use super::error::GitError;
use super::open::Opener;
use super::range::{commit, parents};
use git2::{Oid, Repository};

/// A commit on the first-parent line: a merge, or a change that was put on the branch as one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its object name.
    pub id: String,
    /// That of its first parent.
    pub base: String,
    /// The first line of its message.
    pub subject: String,
}

/// Up to `count` merges, and whether the history goes on where this clone ends.
///
/// # Errors
/// When there is no repository, the revision is not there, or the history is damaged.
pub fn history(env: &Env, head: &str, count: usize) -> Result<(Vec<Merge>, bool), GitError> {
    let opener = Opener::open(&env.folder, env.var("GIT_DIR").is_some())?;
    opener.with(|repo| walk(repo, head, count)).map_err(GitError::git("opening the repository"))?
}

fn walk(repo: &Repository, head: &str, count: usize) -> Result<(Vec<Merge>, bool), GitError> {
    let mut merges = Vec::new();
    let mut at: Oid = commit(repo, head)?;
    while merges.len() < count {
        let Some(base) = parents(repo, at)?.first().copied() else { break };
        // A shallow clone names parents that it does not have.
        if !repo.odb().is_ok_and(|odb| odb.exists(base)) {
            return Ok((merges, true));
        }
        let found = repo.find_commit(at).map_err(GitError::git(format!("reading commit {at}")))?;
        let subject = found.summary_bytes().map(String::from_utf8_lossy).unwrap_or_default().into_owned();
        merges.push(Merge { id: at.to_string(), base: base.to_string(), subject });
        at = base;
    }
    Ok((merges, false))
}
