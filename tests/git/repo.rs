//! A repository in a temporary folder, and comparisons written as text.

use failpath::change::{Change, Range, Status};
use failpath::git::{Env, GitError, Reader, compare};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

pub struct Repo {
    _folder: TempDir,
    pub path: PathBuf,
}

impl Repo {
    /// A folder that is no repository.
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("work");
        std::fs::create_dir(&path).unwrap();
        Self { _folder: folder, path }
    }

    /// A repository without commits, on `main`.
    pub fn empty() -> Self {
        let repo = Self::folder();
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    /// A repository whose `main` has one commit with `files`.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let repo = Self::empty();
        for (path, text) in files {
            repo.write(path, text);
        }
        repo.commit("first");
        repo
    }

    /// Another folder beside the repository, which goes with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.path.parent().unwrap().join(name)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn git(&self, args: &[&str]) -> String {
        git(&self.path, args)
    }

    /// Commits everything on disk; gives the commit's name.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    pub fn compare(&self, range: &Range) -> Result<(Change, Reader), GitError> {
        compare(range, &Env::new(&self.path))
    }

    /// The files that differ, as text.
    pub fn show(&self, range: &Range) -> String {
        show(&self.compare(range).unwrap().0)
    }

    /// The message and the help of a comparison that cannot be made.
    pub fn error(&self, range: &Range) -> String {
        error(self.compare(range))
    }
}

pub fn error(result: Result<(Change, Reader), GitError>) -> String {
    let error = result.err().expect("the comparison was made");
    let help = miette::Diagnostic::help(&error).map(|help| help.to_string());
    format!("{error}\n{}", help.expect("no help"))
}

/// One line per file: what happened, its path, and its hunks as `-start,lines +start,lines`.
pub fn show(change: &Change) -> String {
    let mut out = String::new();
    for file in &change.files {
        let status = match file.status {
            Status::Added => "A",
            Status::Modified => "M",
            Status::Deleted => "D",
            Status::Renamed => "R",
        };
        write!(out, "{status} ").unwrap();
        if let Some(old) = &file.old_path {
            write!(out, "{old} -> ").unwrap();
        }
        write!(out, "{}", file.path).unwrap();
        for hunk in &file.hunks {
            let (a, b) = ((hunk.base_start, hunk.base_lines), (hunk.head_start, hunk.head_lines));
            write!(out, " -{},{} +{},{}", a.0, a.1, b.0, b.1).unwrap();
        }
        out.push('\n');
    }
    out
}

pub fn revs(base: &str, head: &str) -> Range {
    Range::Revs { base: base.to_owned(), head: Some(head.to_owned()) }
}

pub fn since(base: &str) -> Range {
    Range::Revs { base: base.to_owned(), head: None }
}

/// Nothing of the machine's own configuration, and the same names and dates every time.
pub fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("GIT_") {
            command.env_remove(name);
        }
    }
    command.envs([
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_NOSYSTEM", "1"),
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.com"),
        ("GIT_AUTHOR_DATE", "2026-01-01T00:00:00Z"),
        ("GIT_COMMITTER_NAME", "A"),
        ("GIT_COMMITTER_EMAIL", "a@example.com"),
        ("GIT_COMMITTER_DATE", "2026-01-01T00:00:00Z"),
        ("GIT_ALLOW_PROTOCOL", "file"),
        ("LC_ALL", "C"),
    ])
}

pub fn git(folder: &Path, args: &[&str]) -> String {
    let mut command = Command::new("git");
    let Output { status, stdout, stderr } = clean(command.args(args).current_dir(folder)).output().unwrap();
    assert!(status.success(), "git {args:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8(stdout).unwrap().trim_end().to_owned()
}

/// Compares in a process of its own, for what only a process environment can say.
pub fn probe(folder: &Path, range: &str, vars: &[(&str, &str)]) -> String {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "repo::probed", "--ignored", "--nocapture"]).current_dir(folder);
    clean(&mut command).env("PROBE", range).envs(vars.iter().copied());
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    probed_lines(&String::from_utf8(output.stdout).unwrap())
}

/// What a probe said, out of everything that the test program prints.
pub fn probed_lines(text: &str) -> String {
    text.lines().filter_map(|line| line.strip_prefix("| ")).flat_map(|line| [line, "\n"]).collect()
}

/// The other end of [`probe`].
#[test]
#[ignore = "run by other tests in a process of its own"]
#[expect(clippy::print_stdout, reason = "standard output is how a process answers")]
fn probed() {
    let range = std::env::var("PROBE").unwrap();
    let range = match range.split(' ').collect::<Vec<_>>().as_slice() {
        ["staged"] => Range::Staged,
        ["default"] => Range::Default,
        ["all"] => Range::All,
        ["all", head] => Range::AllAt { head: (*head).to_owned() },
        [base, head] => revs(base, head),
        other => panic!("{other:?}"),
    };
    let answer = match compare(&range, &Env::of_process(None).unwrap()) {
        Ok((change, _)) => show(&change),
        Err(error) => format!("error: {error}\n"),
    };
    // A line of its own: the test program leaves its own line open.
    println!();
    for line in answer.lines() {
        println!("| {line}");
    }
}
