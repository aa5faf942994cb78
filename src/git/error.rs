//! What can keep a comparison from being made, and the way out of each.
//!
//! In: failures of git. Out: [`GitError`], whose message says what happened and whose help says
//! what to do. "Nothing changed" is never the answer to a comparison that could not be made.

use miette::Diagnostic;
use std::path::PathBuf;
use thiserror::Error;

/// Why there is no comparison.
#[derive(Debug, Error, Diagnostic)]
pub enum GitError {
    /// No repository here or above.
    #[error("{} is not inside a git repository", folder.display())]
    #[diagnostic(help("run failpath inside a repository, or use `--all` to check a plain folder"))]
    NotARepository {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// git's ownership check refused.
    #[error("git does not trust {}: it belongs to another user", folder.display())]
    #[diagnostic(help(
        "if you trust it: git config --global --add safe.directory '{}' (failpath never skips this check)",
        folder.display()
    ))]
    NotTrusted {
        /// The folder that belongs to someone else.
        folder: PathBuf,
    },
    /// A mode that needs files on disk was asked of a repository without them.
    #[error("{} has no work tree", git_dir.display())]
    #[diagnostic(help("name both ends with `--base REV --head REV`, or use `--all --head REV`"))]
    NoWorkTree {
        /// The repository.
        git_dir: PathBuf,
    },
    /// A revision that does not name a commit here.
    #[error("there is no commit `{rev}` in this repository ({why})")]
    #[diagnostic(help("{advice}"))]
    UnknownRevision {
        /// What was asked for.
        rev: String,
        /// What git said.
        why: String,
        /// The way out.
        advice: String,
    },
    /// A revision that reads like an option.
    #[error("`{rev}` is not a revision: it begins with `-`")]
    #[diagnostic(help("name a branch, a tag or a commit; a branch of that name can be given as refs/heads/{rev}"))]
    LooksLikeOption {
        /// What was asked for.
        rev: String,
    },
    /// HEAD names a branch without commits.
    #[error("this repository has no commit yet")]
    #[diagnostic(help("use `--staged` before the first commit, or `--all`"))]
    NoCommits,
    /// Nothing says which branch changes are merged into.
    #[error("cannot tell which branch this change is to be merged into: {why}")]
    #[diagnostic(help(
        "say it with `--base REV`, set the default branch in failpath.toml, or run: git remote set-head origin --auto"
    ))]
    NoDefaultBranch {
        /// What was tried.
        why: String,
    },
    /// The two ends have no common history here.
    #[error("`{base}` and `{head}` have no common commit in this clone")]
    #[diagnostic(help("{advice}"))]
    NoMergeBase {
        /// Where the comparison was to start.
        base: String,
        /// Where it was to end.
        head: String,
        /// The way out.
        advice: String,
    },
    /// Merges across each other leave more than one place where the ends parted.
    #[error("`{base}` and `{head}` parted at more than one commit: {}", found.join(", "))]
    #[diagnostic(help("merge `{base}` into `{head}` once more, or choose one of them: --base {}", found.first().map_or("", String::as_str)))]
    SeveralMergeBases {
        /// Where the comparison was to start.
        base: String,
        /// Where it was to end.
        head: String,
        /// The candidates.
        found: Vec<String>,
    },
    /// The workflow names a commit that was not fetched.
    #[error("{what} is commit {id}, which this clone does not hold")]
    #[diagnostic(help("before failpath, run: {fetch}  (or check out with `fetch-depth: 0`)"))]
    NotFetched {
        /// Which role the commit has.
        what: &'static str,
        /// Its name.
        id: String,
        /// The command that gets it.
        fetch: String,
    },
    /// The checkout of a pull request's workflow holds the base branch only.
    #[error("the checkout (commit {head}) holds nothing of the pull request")]
    #[diagnostic(help(
        "trigger the workflow on `pull_request`, not `pull_request_target`, or say `--base REV --head REV`"
    ))]
    NotThePullRequest {
        /// The commit that is checked out.
        head: String,
    },
    /// The workflow's event description cannot be used.
    #[error("cannot read the event description {}: {why}", path.display())]
    #[diagnostic(help("say `--base REV --head REV`"))]
    Event {
        /// Its file.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// More files than any repository has.
    #[error("{side} holds more than {} files", crate::limits::FILES)]
    #[diagnostic(help("no real repository is that large; look for a tree that contains itself many times over"))]
    TooManyFiles {
        /// Which side.
        side: String,
    },
    /// Anything else that git said.
    #[error("git failed while {doing}: {why}")]
    #[diagnostic(help("{advice}"))]
    Git {
        /// What was being done.
        doing: String,
        /// What git said.
        why: String,
        /// The way out.
        advice: &'static str,
    },
}

impl GitError {
    /// Wraps a failure of the library, with what was being done.
    pub(super) fn git(doing: impl Into<String>) -> impl FnOnce(git2::Error) -> Self {
        let doing = doing.into();
        move |error| {
            let why = error.message().to_owned();
            let advice = if why.contains("'sdir'") {
                "failpath cannot read a sparse index; run: git sparse-checkout reapply --no-sparse-index"
            } else if why.contains("'link'") {
                "failpath cannot read a split index; run: git update-index --no-split-index"
            } else if why.contains("extension") || why.contains("object format") {
                "failpath reads repositories with SHA-1 names and refs in files; in a clone of that kind it will work"
            } else if error.code() == git2::ErrorCode::NotFound {
                "the clone is incomplete; fetch what is missing, or clone again without a filter"
            } else {
                "`git fsck` tells whether the repository is damaged"
            };
            Self::Git { doing, why, advice }
        }
    }
}
