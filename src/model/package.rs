//! What packages are known for, without any code that uses them: whether they bring handlers events and
//! requests, and what their calls do.
//!
//! In: the built-in models. Out: [`Packages`], which answer for a specifier as it is imported.

use super::{BUILTIN, ModelError, ModelFile, Patterns};
use std::collections::{BTreeMap, BTreeSet};

/// Alternatives that one pattern may stand for: real ones have a few dozen.
const ALTERNATIVES: usize = 512;

/// The packages that models name.
#[derive(Debug, Clone, Default)]
pub struct Packages {
    patterns: Patterns,
    known: Vec<BTreeSet<String>>,
}

impl Packages {
    /// Reads the built-in models.
    ///
    /// # Errors
    /// A model that cannot be read.
    pub fn load() -> Result<Self, ModelError> {
        let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (name, text) in BUILTIN {
            let broken = |message: String| ModelError::Toml { name: (*name).to_owned(), message };
            let file: ModelFile = toml::from_str(text).map_err(|error| broken(error.to_string()))?;
            let ingress = file.ingress.iter().map(|ingress| (&ingress.kind, &ingress.call));
            let roles = file.role.iter().map(|role| (&role.role, &role.calls));
            for (what, patterns) in ingress.chain(roles) {
                for package in patterns.iter().flat_map(|pattern| packages(pattern)) {
                    all.entry(package).or_default().insert(what.clone());
                }
            }
        }
        let broken = |error: globset::Error| ModelError::Pattern { name: "models".into(), message: error.to_string() };
        let patterns = Patterns::new(all.keys()).map_err(broken)?;
        Ok(Self { patterns, known: all.into_values().collect() })
    }

    /// What a package is known for: kinds of ingress (`event`, `request`) and roles (`api`, `billing`).
    pub fn known_for(&self, specifier: &str) -> BTreeSet<&str> {
        let hits = self.patterns.matching(specifier).into_iter();
        hits.flat_map(|hit| &self.known[hit]).map(String::as_str).collect()
    }
}

/// The packages in a pattern over what is called: `{a#B,c#D}.*` has `a` and `c`.
fn packages(pattern: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut todo = vec![pattern.to_owned()];
    let mut seen = 0;
    while let Some(text) = todo.pop() {
        seen += 1;
        // What stands behind the first `#` outside of braces is no package's name any more.
        let end = text.find('#').unwrap_or(text.len());
        match text.find('{').filter(|open| *open < end && seen < ALTERNATIVES) {
            Some(open) => todo.extend(alternatives(&text, open)),
            None if end < text.len() => {
                let package = &text[..end];
                if !package.starts_with('.') && package.starts_with(|first: char| first != '*') {
                    found.insert(package.to_owned());
                }
            }
            None => {}
        }
    }
    found
}

/// A text with the braces that open at `open` replaced by each of what is in them.
fn alternatives(text: &str, open: usize) -> Vec<String> {
    let (mut depth, mut from, mut parts) = (0, open + 1, Vec::new());
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b',' if depth == 1 => {
                parts.push(&text[from..at]);
                from = at + 1;
            }
            b'}' if depth == 1 => {
                parts.push(&text[from..at]);
                let (before, after) = (&text[..open], &text[at + 1..]);
                return parts.iter().map(|part| format!("{before}{part}{after}")).collect();
            }
            b'}' => depth -= 1,
            _ => {}
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn braces_hold_packages() {
        let all = |pattern: &str| packages(pattern).into_iter().collect::<Vec<_>>().join(" ");
        assert_eq!(all("@slack/bolt#App.{message,event}"), "@slack/bolt");
        assert_eq!(all("{resend#Resend,@acme/{one,two}#default}.*"), "@acme/one @acme/two resend");
        assert_eq!(all("@aws-sdk/client-*#*Client.send"), "@aws-sdk/client-*");
        assert_eq!(all("console.{error,warn}"), "");
        assert_eq!(all("{a,b"), "");
        assert_eq!(all("./src/own.ts#pay"), "");
    }

    #[test]
    fn built_in_packages_are_known() {
        let packages = Packages::load().unwrap();
        assert!(packages.known_for("@slack/bolt").contains("event"));
        assert!(packages.known_for("stripe").contains("billing"));
        assert!(packages.known_for("openai").contains("provider"));
        assert!(packages.known_for("@aws-sdk/client-s3").contains("api"));
        assert!(packages.known_for("./stripe").is_empty() && packages.known_for("lodash").is_empty());
    }
}
