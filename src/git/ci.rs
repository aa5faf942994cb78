//! What a GitHub Actions workflow compares, from its event description.
//!
//! In: the environment of a workflow. Out: [`Sides`], or `None` where the workflow says nothing
//! about a change (a schedule, a manual run). Checkouts are shallow by default; where the commit to
//! compare with was not fetched, the error names the command that fetches it.

use super::env::Env;
use super::error::GitError;
use super::range::{Sides, default_branch, head_commit, merge_base, parents};
use crate::change::Side;
use crate::limits::EVENT_BYTES;
use git2::{Oid, Repository};
use serde::Deserialize;
use std::io::Read as _;
use std::path::Path;

/// The parts of an event that are needed; the service's own names.
#[derive(Debug, Deserialize)]
struct Event {
    pull_request: Option<PullRequest>,
    merge_group: Option<MergeGroup>,
    before: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    #[serde(default)]
    forced: bool,
    repository: Option<RepositoryFacts>,
}

#[derive(Debug, Deserialize)]
struct PullRequest {
    base: End,
    head: End,
}

#[derive(Debug, Deserialize)]
struct End {
    sha: String,
    #[serde(rename = "ref")]
    reference: String,
}

#[derive(Debug, Deserialize)]
struct MergeGroup {
    base_sha: String,
    base_ref: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RepositoryFacts {
    default_branch: Option<String>,
}

/// The sides that the workflow's event is about.
pub(super) fn sides(repo: &Repository, env: &Env) -> Result<Option<Sides>, GitError> {
    if env.var("GITHUB_ACTIONS") != Some("true") {
        return Ok(None);
    }
    let Some(path) = env.var("GITHUB_EVENT_PATH").map(Path::new) else { return Ok(None) };
    let event = read(path).map_err(|why| GitError::Event { path: path.to_owned(), why })?;
    let bad = |field: &str| GitError::Event { path: path.to_owned(), why: format!("{field} is not a commit name") };
    if let Some(pull) = &event.pull_request {
        let base = Oid::from_str(&pull.base.sha).map_err(|_| bad("pull_request.base.sha"))?;
        let head = Oid::from_str(&pull.head.sha).map_err(|_| bad("pull_request.head.sha"))?;
        return pull_request(repo, env, (base, &pull.base.reference), (head, &pull.head.reference)).map(Some);
    }
    if let Some(group) = &event.merge_group {
        let base = Oid::from_str(&group.base_sha).map_err(|_| bad("merge_group.base_sha"))?;
        require(repo, base, "the base of the merge group")?;
        let name = group.base_ref.as_deref().map_or("base", short);
        return Ok(Some(Sides::commits((base, name), (head_commit(repo)?, "merge group"))));
    }
    if let Some(before) = &event.before {
        let before = Oid::from_str(before).map_err(|_| bad("before"))?;
        return push(repo, env, before, &event).map(Some);
    }
    Ok(None)
}

fn read(path: &Path) -> Result<Event, String> {
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let mut bytes = Vec::new();
    file.take(EVENT_BYTES + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if bytes.len() as u64 > EVENT_BYTES {
        return Err(format!("over {EVENT_BYTES} bytes"));
    }
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// HEAD is either the merge that the service made (its first parent is the base, and naming it
/// needs no history), or the pull request's own last commit.
fn pull_request(repo: &Repository, env: &Env, base: (Oid, &str), tip: (Oid, &str)) -> Result<Sides, GitError> {
    let head = head_commit(repo)?;
    let parents = parents(repo, head)?;
    let merge_ref =
        env.var("GITHUB_REF").is_some_and(|name| name.starts_with("refs/pull/") && name.ends_with("/merge"));
    let is_ref = merge_ref && env.var("GITHUB_SHA") == Some(head.to_string().as_str());
    if let [first, second] = parents.as_slice()
        && head != tip.0
        && (*second == tip.0 || is_ref)
    {
        require(repo, *first, "the base of the pull request")?;
        return Ok(Sides::commits((*first, base.1), (head, tip.1)));
    }
    if repo.find_commit(base.0).is_err() {
        let fetch = format!("git fetch --no-tags origin {}", base.0);
        return Err(GitError::NotFetched { what: "the base of the pull request", id: base.0.to_string(), fetch });
    }
    let start = merge_base(repo, base, (head, tip.1))?;
    if start == head && head != tip.0 {
        return Err(GitError::NotThePullRequest { head: head.to_string() });
    }
    Ok(Sides::commits((start, base.1), (head, tip.1)))
}

fn push(repo: &Repository, env: &Env, before: Oid, event: &Event) -> Result<Sides, GitError> {
    let head = head_commit(repo)?;
    let pushed = event.reference.as_deref().map_or("HEAD", short);
    let default = event.repository.as_ref().and_then(|facts| facts.default_branch.clone());
    if before.is_zero() {
        // A new branch. A new default branch is a new repository: everything in it is new.
        if default.as_deref() == Some(pushed) {
            return Ok(Sides::everything(Side::Commit(head.to_string()), pushed));
        }
        let env = Env { default_branch: env.default_branch.clone().or(default), ..env.clone() };
        let (base, name) = default_branch(repo, &env)?;
        return Ok(Sides::commits((merge_base(repo, (base, &name), (head, pushed))?, &name), (head, pushed)));
    }
    require(repo, before, "what the branch held before the push")?;
    let name = format!("{pushed} before the push");
    let start = if event.forced { merge_base(repo, (before, &name), (head, pushed))? } else { before };
    Ok(Sides::commits((start, &name), (head, pushed)))
}

/// Fails with the command that fetches the commit where the clone does not hold it.
fn require(repo: &Repository, id: Oid, what: &'static str) -> Result<(), GitError> {
    if repo.find_commit(id).and_then(|commit| commit.tree()).is_ok() {
        return Ok(());
    }
    let fetch = format!("git fetch --no-tags --depth=1 origin {id}");
    Err(GitError::NotFetched { what, id: id.to_string(), fetch })
}

fn short(name: &str) -> &str {
    name.strip_prefix("refs/heads/").or_else(|| name.strip_prefix("refs/tags/")).unwrap_or(name)
}
