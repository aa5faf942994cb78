//! Aliases: specifiers whose last part says nothing about the file that they lead to.
//!
//! In: the tsconfig files of one side. Out: [`Aliases`]: exact ones (`@db`), patterns whose target goes
//! on after the star (`@lib/*` for `libs/*/src/index.ts`), and `#imports` of packages.

use crate::change::file_name;
use crate::git::Reader;
use crate::limits::{CONFIG_BYTES, CONFIG_DEPTH};
use crate::program::tree::depth;
use crate::source::At;
use crate::syntax::manifest::MANIFEST;
use serde_json::Value;
use std::collections::BTreeSet;

/// What a tsconfig says; none if it is none, or larger or deeper than any.
pub(super) fn settings_of(text: &str) -> Option<Value> {
    let mut text = text.to_owned();
    let is_fit = text.len() as u64 <= CONFIG_BYTES && depth(&text) <= CONFIG_DEPTH;
    if !is_fit {
        return None;
    }
    json_strip_comments::strip(&mut text).ok()?;
    serde_json::from_str(&text).ok()
}

/// Specifiers that may lead anywhere.
#[derive(Debug, Default)]
pub(super) struct Aliases {
    exact: BTreeSet<String>,
    /// What stands before and after the star.
    patterns: BTreeSet<(String, String)>,
}

impl Aliases {
    /// Reads those of one side.
    pub fn read(reader: &Reader, at: At) -> Self {
        let mut aliases = Self::default();
        for path in reader.list(at).filter(|path| is_tsconfig(path)) {
            let Ok(source) = reader.read(at, path) else { continue };
            let Some(value) = settings_of(&source.text) else { continue };
            let paths = value.get("compilerOptions").and_then(|options| options.get("paths"));
            for (key, targets) in paths.and_then(Value::as_object).into_iter().flatten() {
                aliases.add(key, targets);
            }
        }
        aliases
    }

    fn add(&mut self, key: &str, targets: &Value) {
        let Some((before, after)) = key.split_once('*') else {
            self.exact.insert(key.to_owned());
            return;
        };
        let targets = targets.as_array().into_iter().flatten().filter_map(Value::as_str);
        let mut odd = targets.filter(|target| !target.ends_with('*'));
        if !after.is_empty() || odd.next().is_some() {
            self.patterns.insert((before.to_owned(), after.to_owned()));
        }
    }

    /// Whether a specifier may lead anywhere.
    pub fn may_be(&self, specifier: &str) -> bool {
        specifier.starts_with('#')
            || self.exact.contains(specifier)
            || self.patterns.iter().any(|(before, after)| {
                specifier.strip_prefix(before.as_str()).is_some_and(|rest| rest.ends_with(after.as_str()))
            })
    }
}

/// Whether a file decides where imports lead.
pub fn decides_links(path: &str) -> bool {
    is_tsconfig(path) || [MANIFEST, "pnpm-workspace.yaml"].contains(&file_name(path))
}

/// Whether a file holds settings of the compiler that the resolver reads.
fn is_tsconfig(path: &str) -> bool {
    file_name(path).starts_with("tsconfig") && is_json(path)
}

/// Whether a file is JSON by its name.
pub(super) fn is_json(path: &str) -> bool {
    path.rsplit_once('.').is_some_and(|(_, ending)| ending == "json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_told_by_their_names() {
        let all = ["tsconfig.json", "a/tsconfig.build.json", "a/package.json", "pnpm-workspace.yaml"];
        assert!(all.into_iter().all(decides_links));
        assert!(!["jsconfig.json", "tsconfig.ts", "my-package.json", "a.json"].into_iter().any(decides_links));
    }

    #[test]
    fn only_aliases_that_hide_the_file_are_kept() {
        let mut aliases = Aliases::default();
        for (key, target) in [("@db", "./src/db/index.ts"), ("@/*", "./src/*"), ("@lib/*", "./libs/*/src/index.ts")] {
            aliases.add(key, &serde_json::json!([target]));
        }
        let may_be = |specifier: &str| aliases.may_be(specifier);
        assert!(may_be("@db") && may_be("@lib/auth") && may_be("#internal"));
        assert!(!may_be("@/db") && !may_be("./lib") && !may_be("@db/x"));
    }
}
