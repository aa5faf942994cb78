//! Files that did not change but whose imports mean something else than before, because settings or
//! the declared versions of packages did.
//!
//! In: both sides. Out: these files, loaded like changed ones.

use super::alias::settings_of;
use super::{Front, Loader, decides_links, join};
use crate::change::{ChangedFile, RepoPath, Status, file_name, folder_of};
use crate::git::Reader;
use crate::program::hop::package_of;
use crate::source::At;
use crate::syntax::manifest::{MANIFEST, Manifest};
use rayon::prelude::*;
use serde_json::Value;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet};

impl Loader<'_> {
    /// Reads the files whose imports lead elsewhere or to another version, and what they use.
    pub(super) fn relinked(&mut self) {
        let versions = self.other_versions();
        let moves = self.resolving.moves;
        if !moves && versions.is_empty() {
            return;
        }
        self.outline_all();
        let differs = |path: &RepoPath| {
            let outline = self.outlines.get(path)?;
            // How a relative specifier ends is no matter of settings.
            let mut far =
                outline.mentions().filter(|mention| !mention.from.is_empty() && !mention.from.starts_with('.'));
            let is_other = |from: &str| {
                let package = package_of(from);
                let mut known = versions.iter().filter(|(_, known)| package == Some(known));
                known.any(|(folder, _)| folder.is_empty() || path.starts_with(&format!("{folder}/")))
            };
            let (base, head) = (self.resolving.base.importer(path), self.resolving.head.importer(path));
            let leads_elsewhere = |from: &str| base.resolve(from) != head.resolve(from);
            far.any(|mention| is_other(mention.from) || moves && leads_elsewhere(mention.from)).then_some(())
        };
        let reader = self.how.reader;
        let kept = |path: &&RepoPath| !self.modules.head.contains_key(*path) && reader.exists(At::Base, path);
        let paths: Vec<&RepoPath> = self.outlines.keys().filter(kept).collect();
        let found: Vec<RepoPath> = paths.into_par_iter().filter(|path| differs(path).is_some()).cloned().collect();
        self.counts.relinked = found.len();
        self.read(found.iter().cloned().collect());
        let mut front = Front::new();
        for path in found {
            self.parts.remove(&path);
            for at in [At::Base, At::Head] {
                let Some(module) = self.modules.side(at).get(&path) else { continue };
                join(&mut front, self.wants(at, &path, self.prepared.of(module).refs().each()));
            }
        }
        self.outwards(front);
    }

    /// Packages whose declared version decides what they do and is another one now, with the folder
    /// whose manifest declares it.
    fn other_versions(&self) -> BTreeSet<(String, String)> {
        let mut found = BTreeSet::new();
        for file in self.how.changed.iter().filter(|file| file_name(&file.path) == MANIFEST) {
            let manifest = |at: At| {
                let source = self.how.reader.read(at, &file.path).ok()?;
                Manifest::read(&source.text).ok()
            };
            let [base, head] = [At::Base, At::Head].map(|at| manifest(at).unwrap_or_default());
            let other = self.how.versioned.iter().filter(|package| base.range(package) != head.range(package));
            found.extend(other.map(|package| (folder_of(&file.path).to_owned(), (*package).to_owned())));
        }
        found
    }
}

/// Whether a changed file may lead imports elsewhere. Most changes of manifests say what is installed.
pub(super) fn moves(reader: &Reader, file: &ChangedFile) -> bool {
    if !decides_links(&file.path) {
        return false;
    }
    let is_manifest = file_name(&file.path) == MANIFEST;
    let part = if is_manifest { of_manifest } else { of_settings };
    let read = |at: At, path: Option<&str>| part(&reader.read(at, path?).ok()?.text);
    let [base, head] = [read(At::Base, file.base_path()), read(At::Head, file.head_path())];
    // What cannot be read may be anything.
    file.status != Status::Modified || base.is_none() || base != head
}

/// What no import depends on in a manifest.
const ASIDE: [&str; 20] = [
    "version",
    "description",
    "keywords",
    "author",
    "license",
    "scripts",
    "dependencies",
    "devDependencies",
    "peerDependencies",
    "peerDependenciesMeta",
    "optionalDependencies",
    "trustedDependencies",
    "overrides",
    "resolutions",
    "engines",
    "packageManager",
    "lint-staged",
    "husky",
    "prettier",
    "eslintConfig",
];

/// The part of a manifest that imports may depend on, as it is written (the order of conditions counts);
/// none if it cannot be read.
fn of_manifest(text: &str) -> Option<BTreeMap<String, String>> {
    let fields: BTreeMap<String, Box<RawValue>> = serde_json::from_str(text).ok()?;
    let counts = |(name, value): (String, Box<RawValue>)| {
        (!ASIDE.contains(&name.as_str())).then(|| (name, value.get().to_owned()))
    };
    Some(fields.into_iter().filter_map(counts).collect())
}

/// What no import depends on in the compiler's options.
const NO_LINKS: [&str; 8] =
    ["target", "lib", "strict", "skipLibCheck", "incremental", "tsBuildInfoFile", "types", "plugins"];

/// The part of a tsconfig that imports may depend on, whatever its layout; none if it cannot be read.
fn of_settings(text: &str) -> Option<BTreeMap<String, String>> {
    let mut settings = settings_of(text)?;
    if let Some(options) = settings.get_mut("compilerOptions").and_then(Value::as_object_mut) {
        options.retain(|name, _| !NO_LINKS.contains(&name.as_str()));
    }
    Some(settings.as_object()?.iter().map(|(name, value)| (name.clone(), value.to_string())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_installed_moves_no_import() {
        let same = r#"{"name":"a","version":"1","dependencies":{"x":"1"},"main":"a.js"}"#;
        let other = r#"{"version":"2","name":"a","scripts":{},"main":"a.js"}"#;
        assert_eq!(of_manifest(same), of_manifest(other));
        for moved in [r#"{"name":"b","main":"a.js"}"#, r#"{"name":"a"}"#, r#"{"name":"a","main":"a.js","exports":{}}"#]
        {
            assert_ne!(of_manifest(same), of_manifest(moved), "{moved}");
        }
        assert_eq!(of_manifest("{"), None);
        assert_eq!(of_manifest("[]"), None);
    }

    #[test]
    fn layout_and_strictness_of_settings_move_no_import() {
        let same = r#"{ "compilerOptions": { "lib": ["dom"], "paths": { "@/*": ["./src/*"] } }, "include": ["src"] }"#;
        let other = r#"{
            // Stricter.
            "include": ["src"],
            "compilerOptions": { "strict": true, "paths": { "@/*": ["./src/*"], }, },
        }"#;
        assert!(of_settings(same).is_some());
        assert_eq!(of_settings(same), of_settings(other));
        for moved in [
            r#"{ "compilerOptions": { "paths": { "@/*": ["./lib/*"] } }, "include": ["src"] }"#,
            r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] }, "baseUrl": "." }, "include": ["src"] }"#,
            r#"{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } } }"#,
        ] {
            assert_ne!(of_settings(same), of_settings(moved), "{moved}");
        }
        assert_eq!(of_settings("{"), None);
        assert_eq!(of_settings("[]"), None);
    }
}
