//! Files that did not change but whose imports lead elsewhere than before, because settings did.
//!
//! In: both sides. Out: these files, loaded like changed ones.

use super::{Front, Loader};
use crate::change::RepoPath;
use crate::source::At;
use rayon::prelude::*;
use std::collections::BTreeMap;

impl Loader<'_> {
    /// Reads the files whose imports lead elsewhere, and what they use.
    pub(super) fn relinked(&mut self) {
        self.outline_all();
        // How a relative specifier ends is no matter of settings.
        let differs = |path: &RepoPath| {
            let outline = self.outlines.get(path)?;
            let mut far =
                outline.mentions().filter(|mention| !mention.from.is_empty() && !mention.from.starts_with('.'));
            far.any(|mention| self.base.resolve(path, mention.from) != self.head.resolve(path, mention.from))
                .then_some(())
        };
        let reader = self.how.reader;
        let kept = |path: &&RepoPath| !self.modules.head.contains_key(*path) && reader.exists(At::Base, path);
        let paths: Vec<&RepoPath> = self.outlines.keys().filter(kept).collect();
        let found: Vec<RepoPath> = paths.into_par_iter().filter(|path| differs(path).is_some()).cloned().collect();
        self.counts.relinked = found.len();
        self.read(found.iter().cloned().collect());
        let mut wanted = BTreeMap::new();
        for path in found {
            for at in [At::Base, At::Head] {
                let Some(module) = self.modules(at).get(&path) else { continue };
                wanted.insert((at, path.clone()), self.prepared.of(module).refs().all());
            }
        }
        let mut front = Front::new();
        for ((at, path), wanted) in wanted {
            self.want(at, &path, wanted, &mut front);
        }
        self.outwards(front);
    }
}
