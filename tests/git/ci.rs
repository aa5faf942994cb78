//! What a workflow's event says about the range.

use crate::repo::{Repo, error, git, show};
use failpath::change::{Change, Range, Side};
use failpath::git::{Env, GitError, Reader, compare};
use std::path::{Path, PathBuf};

/// `main` and `topic` that parted after the first commit, and the service's merge of both.
struct Host {
    repo: Repo,
    base: String,
    topic: String,
    merge: String,
}

impl Host {
    fn new() -> Self {
        let repo = Repo::with(&[("a.ts", "1\n")]);
        repo.git(&["switch", "-q", "-c", "topic"]);
        repo.write("b.ts", "b\n");
        let topic = repo.commit("on topic");
        repo.git(&["switch", "-q", "main"]);
        repo.write("theirs.ts", "t\n");
        let base = repo.commit("on main");
        repo.git(&["switch", "-q", "--detach"]);
        repo.git(&["merge", "-q", "--no-ff", "--no-edit", "topic"]);
        let merge = repo.git(&["rev-parse", "HEAD"]);
        repo.git(&["update-ref", "refs/pull/1/merge", &merge]);
        repo.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        repo.git(&["switch", "-q", "main"]);
        Self { repo, base, topic, merge }
    }

    /// What a checkout of `id` with `depth` commits of history leaves.
    fn checkout(&self, id: &str, depth: Option<u32>) -> PathBuf {
        let clone = self.repo.beside(&format!("clone-{id}-{depth:?}"));
        std::fs::create_dir(&clone).unwrap();
        git(&clone, &["init", "-q", "-b", "main"]);
        git(&clone, &["remote", "add", "origin", &format!("file://{}", self.repo.path.display())]);
        let depth = depth.map(|depth| format!("--depth={depth}"));
        let mut fetch = vec!["fetch", "-q", "--no-tags"];
        fetch.extend(depth.as_deref());
        fetch.extend(["origin", id]);
        git(&clone, &fetch);
        git(&clone, &["checkout", "-q", "--detach", id]);
        clone
    }

    fn pull_request(&self) -> String {
        format!(
            r#"{{"action":"opened","pull_request":{{"base":{{"sha":"{}","ref":"main"}},"head":{{"sha":"{}","ref":"topic"}}}}}}"#,
            self.base, self.topic
        )
    }

    fn run(&self, clone: &Path, event: &str) -> Result<(Change, Reader), GitError> {
        self.run_with(clone, event, &[])
    }

    fn run_with(&self, clone: &Path, event: &str, vars: &[(&str, &str)]) -> Result<(Change, Reader), GitError> {
        let path = self.repo.beside("event.json");
        std::fs::write(&path, event).unwrap();
        let mut env = Env::new(clone);
        env.vars.insert("GITHUB_ACTIONS".to_owned(), "true".to_owned());
        env.vars.insert("GITHUB_EVENT_PATH".to_owned(), path.to_str().unwrap().to_owned());
        env.vars.extend(vars.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        compare(&Range::Default, &env)
    }
}

#[test]
fn the_merge_of_a_pull_request_at_depth_one() {
    let host = Host::new();
    let clone = host.checkout(&host.merge, Some(1));
    let error = error(host.run(&clone, &host.pull_request()));
    let fetch = format!("git fetch --no-tags --depth=1 origin {}", host.base);
    assert!(error.contains(&fetch), "{error}");
    git(&clone, &fetch.split(' ').skip(1).collect::<Vec<_>>());
    let (change, _) = host.run(&clone, &host.pull_request()).unwrap();
    assert_eq!(show(&change), "A b.ts -0,0 +1,1\n");
    assert_eq!((change.base, change.head), (Side::Commit(host.base), Side::Commit(host.merge)));
}

#[test]
fn the_merge_of_a_pull_request_that_has_moved_on() {
    let host = Host::new();
    let clone = host.checkout(&host.merge, Some(1));
    git(&clone, &["fetch", "-q", "--depth=1", "origin", &host.base]);
    let old = host.pull_request().replace(&host.topic, &host.repo.git(&["rev-parse", "main~1"]));
    let vars = [("GITHUB_REF", "refs/pull/1/merge"), ("GITHUB_SHA", host.merge.as_str())];
    assert_eq!(show(&host.run_with(&clone, &old, &vars).unwrap().0), "A b.ts -0,0 +1,1\n");
}

#[test]
fn the_last_commit_of_a_pull_request() {
    let host = Host::new();
    let full = host.checkout(&host.topic, None);
    git(&full, &["fetch", "-q", "origin", "main"]);
    assert_eq!(show(&host.run(&full, &host.pull_request()).unwrap().0), "A b.ts -0,0 +1,1\n");

    let clone = host.checkout(&host.topic, Some(1));
    let message = error(host.run(&clone, &host.pull_request()));
    assert!(message.contains(&format!("git fetch --no-tags origin {}", host.base)), "{message}");
    git(&clone, &["fetch", "-q", "--depth=1", "origin", &host.base]);
    let message = error(host.run(&clone, &host.pull_request()));
    assert!(message.contains("fetch-depth: 0"), "{message}");
}

#[test]
fn a_checkout_without_the_pull_request_is_refused() {
    let host = Host::new();
    let clone = host.checkout(&host.base, None);
    let message = error(host.run(&clone, &host.pull_request()));
    assert!(message.contains("holds nothing of the pull request"), "{message}");
}

#[test]
fn a_merge_group() {
    let host = Host::new();
    let clone = host.checkout(&host.merge, Some(1));
    let event = format!(r#"{{"merge_group":{{"base_sha":"{}","base_ref":"refs/heads/main"}}}}"#, host.base);
    assert!(error(host.run(&clone, &event)).contains("git fetch --no-tags --depth=1 origin"));
    git(&clone, &["fetch", "-q", "--depth=1", "origin", &host.base]);
    let (change, _) = host.run(&clone, &event).unwrap();
    assert_eq!((show(&change).as_str(), change.base_name.as_str()), ("A b.ts -0,0 +1,1\n", "main"));
}

#[test]
fn pushes() {
    let host = Host::new();
    let push = |before: &str, branch: &str, forced: bool| {
        format!(
            r#"{{"before":"{before}","ref":"refs/heads/{branch}","forced":{forced},"repository":{{"default_branch":"main"}}}}"#
        )
    };
    let zeros = "0".repeat(40);
    let first = host.repo.git(&["rev-parse", "main~1"]);

    let shallow = host.checkout(&host.base, Some(1));
    let message = error(host.run(&shallow, &push(&first, "main", false)));
    assert!(message.contains(&format!("--depth=1 origin {first}")), "{message}");
    git(&shallow, &["fetch", "-q", "--depth=1", "origin", &first]);
    assert_eq!(show(&host.run(&shallow, &push(&first, "main", false)).unwrap().0), "A theirs.ts -0,0 +1,1\n");

    let topic = host.checkout(&host.topic, None);
    git(&topic, &["fetch", "-q", "origin", "main:refs/remotes/origin/main"]);
    assert_eq!(show(&host.run(&topic, &push(&zeros, "topic", false)).unwrap().0), "A b.ts -0,0 +1,1\n");
    // A forced push that dropped what main has: it did not delete that.
    assert_eq!(show(&host.run(&topic, &push(&host.base, "topic", true)).unwrap().0), "A b.ts -0,0 +1,1\n");

    let (change, _) = host.run(&topic, &push(&zeros, "main", false)).unwrap();
    assert_eq!((change.base, change.all), (Side::Empty, true));
}

#[test]
fn an_event_that_cannot_be_used() {
    let host = Host::new();
    for (event, expected) in
        [("{", "cannot read the event description"), (r#"{"before":"--upload-pack=x"}"#, "before is not a commit name")]
    {
        let message = error(host.run(&host.repo.path, event));
        assert!(message.contains(expected) && message.contains("--base REV"), "{message}");
    }
    // Nothing about a change: as outside of a workflow.
    let message = error(host.run(&host.repo.path, r#"{"schedule":"0 0 * * *"}"#));
    assert!(message.contains("cannot tell which branch"), "{message}");
}
