//! Facts of a `package.json`: its name and what it depends on.
//!
//! In: JSON text. Out: [`Manifest`].

use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The file name of a manifest.
pub const MANIFEST: &str = "package.json";

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
    license: Option<Value>,
    licenses: Option<Value>,
}

impl Manifest {
    /// Reads the text. The error says what is wrong, and where.
    pub fn read(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    /// The licence as it is written; several of the old form are alternatives.
    pub fn licence(&self) -> Option<String> {
        let one = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Object(fields) => fields.get("type").and_then(Value::as_str).map(str::to_owned),
            _ => None,
        };
        let several = |value: &Value| {
            let names: Vec<_> = value.as_array()?.iter().filter_map(one).collect();
            (!names.is_empty()).then(|| names.join(" OR "))
        };
        self.license.as_ref().and_then(one).or_else(|| self.licenses.as_ref().and_then(several))
    }

    /// The range that is asked for of a package.
    pub fn range(&self, package: &str) -> Option<&str> {
        [&self.dependencies, &self.peer_dependencies, &self.dev_dependencies]
            .into_iter()
            .find_map(|list| list.get(package))
            .map(String::as_str)
    }
}
