//! Files that did not change but whose imports mean something else than before, because settings or
//! the declared versions of packages did.
//!
//! In: both sides. Out: these files, loaded like changed ones.

use super::{Front, Loader};
use crate::change::{RepoPath, file_name, folder_of};
use crate::program::hop::package_of;
use crate::source::At;
use crate::syntax::manifest::{MANIFEST, Manifest};
use rayon::prelude::*;
use std::collections::BTreeSet;

impl Loader<'_> {
    /// Reads the files whose imports lead elsewhere or to another version, and what they use.
    pub(super) fn relinked(&mut self) {
        self.outline_all();
        // How a relative specifier ends is no matter of settings.
        let versions = self.other_versions();
        let differs = |path: &RepoPath| {
            let outline = self.outlines.get(path)?;
            let mut far =
                outline.mentions().filter(|mention| !mention.from.is_empty() && !mention.from.starts_with('.'));
            let is_other = |from: &str| {
                let package = package_of(from);
                let mut known = versions.iter().filter(|(_, known)| package == Some(known));
                known.any(|(folder, _)| folder.is_empty() || path.starts_with(&format!("{folder}/")))
            };
            far.any(|mention| {
                is_other(mention.from) || self.base.resolve(path, mention.from) != self.head.resolve(path, mention.from)
            })
            .then_some(())
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
                self.want(at, &path, self.prepared.of(module).refs().all(), &mut front);
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
