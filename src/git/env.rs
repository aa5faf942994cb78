//! What a run knows about its surroundings, gathered once, so that everything below is a function
//! of its arguments.
//!
//! In: the process environment. Out: [`Env`].

use std::collections::BTreeMap;
use std::path::PathBuf;

/// The variables that are looked at; git's own library reads the other `GIT_*` by itself.
pub const VARIABLES: [&str; 9] = [
    "GIT_DIR",
    "GITHUB_ACTIONS",
    "GITHUB_BASE_REF",
    "GITHUB_EVENT_NAME",
    "GITHUB_EVENT_PATH",
    "GITHUB_REF",
    "GITHUB_SHA",
    "PRE_COMMIT_FROM_REF",
    "PRE_COMMIT_TO_REF",
];

/// The surroundings of a run.
#[derive(Debug, Clone, Default)]
pub struct Env {
    /// The current folder.
    pub folder: PathBuf,
    /// The branch that changes are merged into, where it is configured.
    pub default_branch: Option<String>,
    /// The variables of [`VARIABLES`] that are set. That `GIT_DIR` is among them means that the
    /// repository is the one that this process's environment names.
    pub vars: BTreeMap<String, String>,
}

impl Env {
    /// A run in `folder` without any variables.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into(), ..Self::default() }
    }

    /// The surroundings of this process.
    ///
    /// # Errors
    /// When there is no current folder (it was removed).
    pub fn of_process(default_branch: Option<String>) -> std::io::Result<Self> {
        let set = |name: &&str| Some(((*name).to_owned(), std::env::var_os(name)?.to_string_lossy().into_owned()));
        let vars = VARIABLES.iter().filter_map(set).collect();
        Ok(Self { folder: std::env::current_dir()?, default_branch, vars })
    }

    /// Whether this is a step of a GitHub Actions workflow.
    pub fn in_actions(&self) -> bool {
        self.var("GITHUB_ACTIONS") == Some("true")
    }

    /// A variable that is set and not empty.
    pub(super) fn var(&self, name: &str) -> Option<&str> {
        self.vars.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }
}
