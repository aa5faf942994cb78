//! Facts of a `package.json`: its name and what it depends on.
//!
//! In: JSON text. Out: [`Manifest`].

use serde::Deserialize;
use std::collections::BTreeMap;

/// What is read of a `package.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Manifest {
    /// The package's own name.
    pub name: Option<String>,
    /// Packages and the ranges that are asked for.
    pub dependencies: BTreeMap<String, String>,
    /// The same for development.
    pub dev_dependencies: BTreeMap<String, String>,
    /// The same for whoever uses the package.
    pub peer_dependencies: BTreeMap<String, String>,
}

impl Manifest {
    /// Reads the text. The error says what is wrong, and where.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The range that is asked for of a package.
    pub fn range(&self, package: &str) -> Option<&str> {
        [&self.dependencies, &self.peer_dependencies, &self.dev_dependencies]
            .into_iter()
            .find_map(|list| list.get(package))
            .map(String::as_str)
    }
}
