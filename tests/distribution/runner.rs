//! Runs the steps of a composite action as the service does, as far as this project's action needs it.
//!
//! In: `action.yml`, inputs, a `PATH`. Out: what was printed, the outputs, the summary, the exit code.

use crate::read;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};

/// One step with a script.
#[derive(Debug, Default)]
pub struct Step {
    /// Its id.
    pub id: String,
    /// Variables, with expressions.
    pub env: Vec<(String, String)>,
    /// The script.
    pub run: String,
}

/// How a run ended.
#[derive(Debug)]
pub struct Outcome {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
    pub outputs: BTreeMap<String, String>,
    pub summary: String,
}

/// A machine with a workspace.
pub struct Machine {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

impl Machine {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["workspace", "temp", "bin", "action"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder, variables: Vec::new() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    /// Sets a variable that the service sets.
    pub fn variable(&mut self, name: &str, value: &str) {
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    /// Puts a program in its `bin`, which comes first in `PATH`.
    pub fn program(&self, name: &str, script: &str) -> String {
        use std::os::unix::fs::PermissionsExt;
        let path = self.path("bin").join(name);
        alone(|| std::fs::write(&path, format!("#!/usr/bin/env bash\n{script}")).unwrap());
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path.to_string_lossy().into_owned()
    }

    /// Runs the steps of the action until one fails.
    pub fn run(&self, inputs: &[(&str, &str)]) -> Outcome {
        let action = read("action.yml");
        let mut known = defaults(&action);
        for (name, value) in inputs {
            assert!(known.insert(format!("inputs.{name}"), (*value).to_owned()).is_some(), "no input `{name}`");
        }
        let mut outcome = Outcome {
            code: 0,
            stdout: String::new(),
            stderr: String::new(),
            outputs: BTreeMap::new(),
            summary: String::new(),
        };
        for step in steps(&action) {
            let (output, summary) = (self.path("output"), self.path("summary"));
            std::fs::write(&output, "").unwrap();
            std::fs::write(self.path("script"), &step.run).unwrap();
            let mut bash = Command::new("bash");
            bash.args(["--noprofile", "--norc", "-e", "-o", "pipefail"]).arg(self.path("script"));
            bash.env_clear().current_dir(self.path("workspace"));
            let path = std::env::var("PATH").unwrap();
            bash.env("PATH", format!("{}:{path}", self.path("bin").display()));
            bash.env("GITHUB_WORKSPACE", self.path("workspace")).env("RUNNER_TEMP", self.path("temp"));
            bash.env("GITHUB_ACTION_PATH", self.path("action")).env("GITHUB_ACTIONS", "true");
            bash.env("GITHUB_OUTPUT", &output).env("GITHUB_STEP_SUMMARY", &summary);
            bash.env("SEEN", self.path("seen"));
            bash.envs(self.variables.iter().map(|(name, value)| (name, value)));
            for (name, value) in &step.env {
                bash.env(name, expand(value, &known));
            }
            bash.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let running = alone(|| bash.spawn().unwrap());
            let result = running.wait_with_output().unwrap();
            outcome.code = result.status.code().unwrap();
            outcome.stdout.push_str(&String::from_utf8(result.stdout).unwrap());
            outcome.stderr.push_str(&String::from_utf8(result.stderr).unwrap());
            outcome.outputs = outputs(&output);
            for (name, value) in &outcome.outputs {
                known.insert(format!("steps.{}.outputs.{name}", step.id), value.clone());
            }
            if outcome.code != 0 {
                break;
            }
        }
        outcome.summary = std::fs::read_to_string(self.path("summary")).unwrap_or_default();
        outcome
    }
}

/// Starts processes and writes programs one at a time: a process that is started while another test has
/// a program open for writing holds it open for a moment, and it cannot be run then.
fn alone<T>(what: impl FnOnce() -> T) -> T {
    static LOCK: Mutex<()> = Mutex::new(());
    let _guard = LOCK.lock().unwrap_or_else(PoisonError::into_inner);
    what()
}

/// The inputs' defaults.
fn defaults(action: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut name = "";
    for line in action.lines().skip_while(|line| *line != "inputs:").take_while(|line| *line != "outputs:") {
        if let Some(default) = line.strip_prefix("    default: ") {
            found.insert(format!("inputs.{name}"), default.trim_matches('"').to_owned());
        } else if let Some(key) = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            name = key.trim_end_matches(':');
        }
    }
    found
}

/// The steps of an action that is written as this one is: keys of steps are indented by six.
pub fn steps(action: &str) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut part = "";
    for line in action.lines().skip_while(|line| *line != "  steps:").skip(1) {
        if line.starts_with("    - ") {
            steps.push(Step::default());
            part = "";
            continue;
        }
        let step = steps.last_mut().expect("a step");
        match line.strip_prefix("      ") {
            Some(key) if !key.starts_with(' ') => {
                let (name, value) = key.split_once(':').expect("a key");
                part = name;
                if name == "id" {
                    value.trim().clone_into(&mut step.id);
                }
            }
            Some(inner) if part == "env" => {
                let (name, value) = inner.trim().split_once(": ").expect("a variable");
                step.env.push((name.to_owned(), value.to_owned()));
            }
            inner if part == "run" => {
                step.run.push_str(inner.map_or("", |inner| inner.strip_prefix("  ").unwrap_or(inner)));
                step.run.push('\n');
            }
            _ => {}
        }
    }
    steps
}

fn expand(value: &str, known: &BTreeMap<String, String>) -> String {
    let expression = value.strip_prefix("${{ ").and_then(|rest| rest.strip_suffix(" }}")).expect("one expression");
    known.get(expression).cloned().unwrap_or_default()
}

fn outputs(file: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).unwrap();
    let mut found = BTreeMap::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((name, end)) = line.split_once("<<") {
            let value: Vec<&str> = lines.by_ref().take_while(|line| *line != end).collect();
            found.insert(name.to_owned(), value.join("\n"));
        } else {
            let (name, value) = line.split_once('=').expect("name=value");
            found.insert(name.to_owned(), value.to_owned());
        }
    }
    found
}
