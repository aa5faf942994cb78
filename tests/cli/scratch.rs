//! A repository in a temporary folder, and the real binary run in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// A connector whose lookup is caught.
pub const GUARDED: &str = r#"import { App } from "@slack/bolt";
import { memories } from "./memories";

const app = new App({});

app.message(async ({ client, message }) => {
  const found = await client.users.info({ user: message.user }).catch(() => null);
  await memories.create({ from: found?.user?.name, text: message.text });
});
"#;

/// The same without the catch.
pub fn unguarded() -> String {
    GUARDED.replace(".catch(() => null)", "")
}

/// What a run said.
pub struct Said {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Said {
    /// The run ended with this code; both streams are shown where it did not.
    #[track_caller]
    pub fn with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }

    /// What stdout and stderr must hold.
    #[track_caller]
    pub fn says(self, texts: &[&str]) -> Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        for text in texts {
            assert!(all.contains(text), "not there: {text}\n{all}");
        }
        self
    }

    #[track_caller]
    pub fn says_nothing_of(self, texts: &[&str]) -> Self {
        let all = format!("{}{}", self.stdout, self.stderr);
        for text in texts {
            assert!(!all.contains(text), "there: {text}\n{all}");
        }
        self
    }
}

pub struct Scratch {
    _folder: TempDir,
    pub path: PathBuf,
}

impl Scratch {
    /// A folder that is no repository.
    pub fn folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().canonicalize().unwrap().join("work");
        std::fs::create_dir(&path).unwrap();
        Self { _folder: folder, path }
    }

    /// A repository whose `main` holds `files`, on a branch beside it.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let scratch = Self::folder();
        scratch.git(&["init", "-q", "-b", "main"]);
        for (path, text) in files {
            scratch.write(path, text);
        }
        scratch.commit();
        scratch.git(&["checkout", "-q", "-b", "topic"]);
        scratch
    }

    /// A repository with one defect on disk that `main` does not have.
    pub fn with_defect() -> Self {
        let scratch = Self::with(&[("src/connector.ts", GUARDED)]);
        scratch.write("src/connector.ts", unguarded());
        scratch
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.path.join(path)).unwrap()
    }

    pub fn git(&self, args: &[&str]) -> String {
        let identity = ["-c", "user.name=n", "-c", "user.email=e@localhost", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        let output = clean(&mut command).args(identity).args(args).current_dir(&self.path).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "m"]);
    }

    /// Runs the binary in the root.
    pub fn run(&self, args: &[&str]) -> Said {
        run_in(&self.path, args, &[])
    }

    /// Runs it in a folder below.
    pub fn run_below(&self, folder: &str, args: &[&str]) -> Said {
        run_in(&self.path.join(folder), args, &[])
    }

    /// Runs it with variables set.
    pub fn run_with(&self, variables: &[(&str, &str)], args: &[&str]) -> Said {
        run_in(&self.path, args, variables)
    }
}

/// Without what a hook, a workflow or the user's own configuration would add.
fn clean(command: &mut Command) -> &mut Command {
    let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
    for name in names.filter(|name| ["GIT_", "GITHUB_", "PRE_COMMIT"].iter().any(|start| name.starts_with(start))) {
        command.env_remove(name);
    }
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1")
}

fn run_in(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_failpath"));
    clean(&mut command).args(args).current_dir(folder).envs(variables.iter().copied());
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Said { code: status.code().unwrap(), stdout: text(stdout), stderr: text(stderr) }
}

/// The code of a run whose reader has gone away.
pub fn code_without_reader(folder: &Path, args: &[&str]) -> i32 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_failpath"));
    let mut child = clean(&mut command).args(args).current_dir(folder).stdout(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait().unwrap().code().unwrap()
}
