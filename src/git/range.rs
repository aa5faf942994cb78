//! Which two sides to compare.
//!
//! In: the [`Range`] that was asked for. Out: [`Sides`]. A comparison of two revisions starts where
//! they parted, as code hosts show it: the tip of the base branch holds work of others, and a
//! comparison with it would show that work as deleted.

use super::ci;
use super::env::Env;
use super::error::GitError;
use crate::change::{Range, Side};
use git2::{ErrorCode, Oid, Repository};

/// The two sides, with the names that the user knows them by.
#[derive(Debug)]
pub(super) struct Sides {
    pub base: Side,
    pub head: Side,
    pub base_name: String,
    pub head_name: String,
}

impl Sides {
    pub(super) fn commits(base: (Oid, &str), head: (Oid, &str)) -> Self {
        Self {
            base: Side::Commit(base.0.to_string()),
            head: Side::Commit(head.0.to_string()),
            base_name: base.1.to_owned(),
            head_name: head.1.to_owned(),
        }
    }

    fn work_tree(base: Oid, base_name: &str) -> Self {
        Self {
            base: Side::Commit(base.to_string()),
            head: Side::WorkTree,
            base_name: base_name.to_owned(),
            head_name: "work tree".to_owned(),
        }
    }

    pub(super) fn everything(head: Side, head_name: &str) -> Self {
        Self { base: Side::Empty, head, base_name: "nothing".to_owned(), head_name: head_name.to_owned() }
    }
}

/// Finds the sides of `range` in `repo`.
pub(super) fn sides(repo: &Repository, range: &Range, env: &Env) -> Result<Sides, GitError> {
    match range {
        Range::Default => surroundings(repo, env),
        Range::Revs { base, head: Some(head) } => between(repo, base, head),
        Range::Revs { base, head: None } => {
            let start = commit(repo, base)?;
            let start = merge_base(repo, (start, base), (head_commit(repo)?, "HEAD"))?;
            Ok(Sides::work_tree(start, base))
        }
        Range::Staged => match head_commit(repo) {
            Ok(head) => Ok(Sides {
                base: Side::Commit(head.to_string()),
                head: Side::Index,
                base_name: "HEAD".to_owned(),
                head_name: "index".to_owned(),
            }),
            Err(GitError::NoCommits) => Ok(Sides::everything(Side::Index, "index")),
            Err(other) => Err(other),
        },
        Range::All => Ok(Sides::everything(Side::WorkTree, "work tree")),
        Range::AllAt { head } => Ok(Sides::everything(Side::Commit(commit(repo, head)?.to_string()), head)),
    }
}

fn surroundings(repo: &Repository, env: &Env) -> Result<Sides, GitError> {
    if let (Some(from), Some(to)) = (env.var("PRE_COMMIT_FROM_REF"), env.var("PRE_COMMIT_TO_REF")) {
        return between(repo, from, to);
    }
    if let Some(sides) = ci::sides(repo, env)? {
        return Ok(sides);
    }
    let head = head_commit(repo)?;
    let (base, name) = default_branch(repo, env)?;
    Ok(Sides::work_tree(merge_base(repo, (base, &name), (head, "HEAD"))?, &name))
}

fn between(repo: &Repository, base: &str, head: &str) -> Result<Sides, GitError> {
    let from = commit(repo, base)?;
    let to = commit(repo, head)?;
    let start = merge_base(repo, (from, base), (to, head))?;
    Ok(Sides::commits((start, base), (to, head)))
}

/// The commit that `rev` names.
pub(super) fn commit(repo: &Repository, rev: &str) -> Result<Oid, GitError> {
    if rev.starts_with('-') {
        return Err(GitError::LooksLikeOption { rev: rev.to_owned() });
    }
    let found = repo.revparse_single(rev).and_then(|object| object.peel_to_commit());
    found.map(|commit| commit.id()).map_err(|error| GitError::UnknownRevision {
        rev: rev.to_owned(),
        why: if error.code() == ErrorCode::Ambiguous { "ambiguous".to_owned() } else { error.message().to_owned() },
        advice: unknown_advice(repo, rev, error.code()),
    })
}

fn unknown_advice(repo: &Repository, rev: &str, code: ErrorCode) -> String {
    if code == ErrorCode::Ambiguous {
        return "write more digits of it, or the full name (refs/heads/... or refs/tags/...)".to_owned();
    }
    if rev != "HEAD" && repo.find_reference(&format!("refs/remotes/origin/{rev}")).is_ok() {
        return format!("there is a remote branch of that name: origin/{rev}");
    }
    // An expression such as `HEAD~1` cannot be fetched, only what it starts from.
    let name = rev.split(['~', '^', '@', ':']).next().filter(|name| !name.is_empty()).unwrap_or("HEAD");
    if repo.is_shallow() {
        return format!(
            "the clone is shallow; get the history with: git fetch --unshallow origin (in GitHub Actions: \
             `fetch-depth: 0`), and the revision with: git fetch origin {name}"
        );
    }
    if name == rev && name != "HEAD" {
        return format!("check the name, or get it with: git fetch origin {name}");
    }
    format!("check how far the history of {name} reaches with: git log --oneline {name}")
}

/// The commit that HEAD names.
pub(super) fn head_commit(repo: &Repository) -> Result<Oid, GitError> {
    let head = repo.head().map_err(|error| match error.code() {
        ErrorCode::UnbornBranch | ErrorCode::NotFound => GitError::NoCommits,
        _ => GitError::git("reading HEAD")(error),
    })?;
    Ok(head.peel_to_commit().map_err(GitError::git("reading the commit that HEAD names"))?.id())
}

/// Where `base` and `head` parted.
pub(super) fn merge_base(repo: &Repository, base: (Oid, &str), head: (Oid, &str)) -> Result<Oid, GitError> {
    let ends = || (base.1.to_owned(), head.1.to_owned());
    // At the boundary of a shallow clone the history ends, but the commit still names its parents.
    if base.0 == head.0 || parents(repo, head.0)?.contains(&base.0) {
        return Ok(base.0);
    }
    let found = match repo.merge_bases(base.0, head.0) {
        Ok(found) => found.to_vec(),
        Err(error) if error.code() == ErrorCode::NotFound => Vec::new(),
        Err(error) => return Err(GitError::git(format!("walking the history of {} and {}", base.1, head.1))(error)),
    };
    match found.as_slice() {
        [one] => Ok(*one),
        [] => {
            let (base, head) = ends();
            let advice = if repo.is_shallow() {
                "the clone is shallow; get the history with: git fetch --unshallow origin (in GitHub Actions: \
                 check out with `fetch-depth: 0`)"
            } else {
                "their histories are unrelated; name a base that head was made from, or use `--all`"
            };
            Err(GitError::NoMergeBase { base, head, advice: advice.to_owned() })
        }
        several => {
            let mut found: Vec<String> = several.iter().map(Oid::to_string).collect();
            found.sort();
            let (base, head) = ends();
            Err(GitError::SeveralMergeBases { base, head, found })
        }
    }
}

/// The parents that the commit itself names: in a shallow clone git reports none for its boundary.
pub(super) fn parents(repo: &Repository, id: Oid) -> Result<Vec<Oid>, GitError> {
    let commit = repo.find_commit(id).map_err(GitError::git(format!("reading commit {id}")))?;
    let header = String::from_utf8_lossy(commit.raw_header_bytes()).into_owned();
    // Continuation lines of other fields begin with a space, so they cannot pose as parents.
    Ok(header.lines().filter_map(|line| Oid::from_str(line.strip_prefix("parent ")?.trim()).ok()).collect())
}

/// The tip of the branch that changes are merged into, and its name.
pub(super) fn default_branch(repo: &Repository, env: &Env) -> Result<(Oid, String), GitError> {
    let configured = env.default_branch.as_deref().or_else(|| env.var("GITHUB_BASE_REF"));
    if let Some(name) = configured {
        let remote = format!("origin/{name}");
        return match commit(repo, &format!("refs/remotes/{remote}")) {
            Ok(tip) => Ok((tip, remote)),
            Err(_) => Ok((commit(repo, name)?, name.to_owned())),
        };
    }
    if let Some(found) = remote_head(repo) {
        return Ok(found);
    }
    let remotes = repo.remotes().map_err(GitError::git("listing remotes"))?;
    let mut found = Vec::new();
    for remote in remotes.iter().flatten().flatten() {
        for branch in ["main", "master"] {
            let name = format!("{remote}/{branch}");
            found.extend(commit(repo, &format!("refs/remotes/{name}")).ok().map(|tip| (tip, name)));
        }
    }
    if found.is_empty() {
        let current = repo.head().ok().and_then(|head| head.name().ok().map(str::to_owned));
        for branch in ["main", "master"] {
            let full = format!("refs/heads/{branch}");
            if current.as_deref() != Some(full.as_str()) {
                found.extend(commit(repo, &full).ok().map(|tip| (tip, branch.to_owned())));
            }
        }
    }
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(GitError::NoDefaultBranch {
            why: "there is no origin/HEAD, no remote main or master, and no other local main or master".to_owned(),
        }),
        several => {
            let names: Vec<&str> = several.iter().map(|(_, name)| name.as_str()).collect();
            Err(GitError::NoDefaultBranch { why: format!("it could be any of {}", names.join(", ")) })
        }
    }
}

fn remote_head(repo: &Repository) -> Option<(Oid, String)> {
    let reference = repo.find_reference("refs/remotes/origin/HEAD").ok()?.resolve().ok()?;
    let name = reference.shorthand().ok()?.to_owned();
    Some((reference.peel_to_commit().ok()?.id(), name))
}
