//! The packages of the repository itself: where each one lives, without anything being installed.
//!
//! In: the files of one side. Out: [`Workspace`]: folders by package name, as `workspaces` of
//! package.json and `packages` of pnpm-workspace.yaml say, and the scopes that these names use.

use crate::git::Reader;
use crate::limits::{CONFIG_BYTES, GLOB_BYTES, GLOBS};
use crate::source::At;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use rustc_hash::FxHashSet;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

/// The packages of one side.
#[derive(Debug, Default)]
pub(super) struct Workspace {
    /// Folder by package name; of two packages with one name, the first folder.
    pub packages: BTreeMap<String, String>,
    /// Folders that hold a package.json.
    pub folders: FxHashSet<String>,
    /// The names of all packages of the tree, members of a workspace or not.
    pub names: FxHashSet<String>,
    /// `@acme` for every package of the tree that is called `@acme/..`.
    pub scopes: BTreeSet<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Named {
    name: Option<String>,
    workspaces: Option<Globs>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Globs {
    List(Vec<String>),
    Object {
        #[serde(default)]
        packages: Vec<String>,
    },
    /// Anything else says nothing.
    Other(serde::de::IgnoredAny),
}

impl Workspace {
    /// Reads every package.json of a side.
    pub fn new(reader: &Reader, at: At) -> Self {
        let mut workspace = Self::default();
        let mut names: BTreeMap<String, String> = BTreeMap::new();
        let mut members: Vec<(String, Vec<String>)> = Vec::new();
        for path in reader.list(at) {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            if name == "package.json" {
                let read = text(reader, at, path).and_then(|text| serde_json::from_str::<Named>(&text).ok());
                workspace.folders.insert(folder.to_owned());
                let Some(read) = read else { continue };
                match read.workspaces {
                    Some(Globs::List(globs) | Globs::Object { packages: globs }) => {
                        members.push((folder.to_owned(), globs));
                    }
                    Some(Globs::Other(_)) | None => {}
                }
                if let Some(name) = read.name {
                    names.insert(folder.to_owned(), name);
                }
            } else if name == "pnpm-workspace.yaml"
                && let Some(text) = text(reader, at, path)
            {
                members.push((folder.to_owned(), yaml_packages(&text)));
            }
        }
        for name in names.values() {
            if let Some((scope, _)) = name.split_once('/').filter(|(scope, _)| scope.starts_with('@')) {
                workspace.scopes.insert(scope.to_owned());
            }
        }
        for (root, globs) in &members {
            let Some((yes, no)) = compile(globs) else { continue };
            let below = |folder: &&String| root.is_empty() || folder.starts_with(&format!("{root}/"));
            for folder in names.keys().filter(below) {
                let inner = folder.strip_prefix(root.as_str()).unwrap_or(folder).trim_start_matches('/');
                let is_root = inner.is_empty();
                if is_root || yes.is_match(inner) && !no.is_match(inner) {
                    workspace.packages.entry(names[folder].clone()).or_insert_with(|| folder.clone());
                }
            }
            // A root can be imported by its own packages.
            if let Some(name) = names.get(root) {
                workspace.packages.entry(name.clone()).or_insert_with(|| root.clone());
            }
        }
        workspace.packages.retain(|name, _| is_package_name(name));
        workspace.names = names.into_values().collect();
        workspace
    }
}

fn text(reader: &Reader, at: At, path: &str) -> Option<String> {
    let source = reader.read(at, path).ok()?;
    (source.text.len() as u64 <= CONFIG_BYTES).then(|| source.text.clone())
}

/// A name that can stand in a path without leading anywhere else.
fn is_package_name(name: &str) -> bool {
    let parts: Vec<&str> = name.split('/').collect();
    let count = if name.starts_with('@') { 2 } else { 1 };
    parts.len() == count && parts.iter().all(|part| !part.is_empty() && !part.starts_with('.') && !part.contains('\\'))
}

/// Globs that include and globs that exclude (`!..`).
fn compile(globs: &[String]) -> Option<(GlobSet, GlobSet)> {
    let (mut yes, mut no) = (GlobSetBuilder::new(), GlobSetBuilder::new());
    for glob in globs.iter().filter(|glob| glob.len() <= GLOB_BYTES).take(GLOBS) {
        let (to, glob) = match glob.strip_prefix('!') {
            Some(glob) => (&mut no, glob),
            None => (&mut yes, glob.as_str()),
        };
        let glob = glob.trim_start_matches("./").trim_end_matches('/');
        if let Ok(glob) = GlobBuilder::new(glob).literal_separator(true).build() {
            to.add(glob);
        }
    }
    Some((yes.build().ok()?, no.build().ok()?))
}

/// The list under `packages:`. The file's format allows more than lists of texts, nobody uses it here.
fn yaml_packages(text: &str) -> Vec<String> {
    let mut globs = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        let line = line.split(" #").next().unwrap_or(line).trim_end();
        let trimmed = line.trim_start();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        if let Some(rest) = line.strip_prefix("packages:") {
            inside = true;
            let list = rest.trim().trim_start_matches('[').trim_end_matches(']');
            globs.extend(list.split(',').map(unquoted).filter(|glob| !glob.is_empty()));
        } else if let Some(item) = trimmed.strip_prefix('-').filter(|_| inside) {
            globs.push(unquoted(item));
        } else {
            inside = false;
        }
    }
    globs
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '\'']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(files: &[(&str, &str)]) -> Workspace {
        let files = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
        let (_, reader) = crate::git::compare_texts(&BTreeMap::new(), &files).expect("compared");
        Workspace::new(&reader, At::Head)
    }

    #[test]
    fn workspaces_name_their_packages() {
        let workspace = of(&[
            ("package.json", r#"{"name":"root","workspaces":["packages/*","!packages/old"]}"#),
            ("packages/auth/package.json", r#"{"name":"@acme/auth"}"#),
            ("packages/old/package.json", r#"{"name":"@acme/old"}"#),
            ("elsewhere/package.json", r#"{"name":"@other/x"}"#),
            ("packages/evil/package.json", r#"{"name":"../../x"}"#),
        ]);
        let packages: Vec<_> = workspace.packages.iter().map(|(name, at)| (name.as_str(), at.as_str())).collect();
        assert_eq!(packages, [("@acme/auth", "packages/auth"), ("root", "")]);
        assert_eq!(workspace.scopes.iter().collect::<Vec<_>>(), ["@acme", "@other"]);
    }

    #[test]
    fn pnpm_names_them_in_a_file_of_its_own() {
        let list = "packages:\n  # apps\n  - 'apps/*'\n  - \"libs/**\" # all\ncatalog:\n  - no\n";
        assert_eq!(yaml_packages(list), ["apps/*", "libs/**"]);
        assert_eq!(yaml_packages("packages: ['a', \"b/*\"]\n"), ["a", "b/*"]);
    }
}
