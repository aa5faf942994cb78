//! The `package.json` files that speak for the analysed files: what is declared decides which version
//! of a framework is meant.
//!
//! In: the paths of one side. Out: manifests by folder, and those that could not be read.

use crate::git::Reader;
use crate::source::{At, NotAnalysed};
use crate::syntax::manifest::Manifest;
use std::collections::{BTreeMap, BTreeSet};

/// Reads every `package.json` in the folders above `paths`.
pub fn read<'a>(
    reader: &Reader,
    at: At,
    paths: impl Iterator<Item = &'a str>,
) -> (BTreeMap<String, Manifest>, Vec<NotAnalysed>) {
    let mut folders = BTreeSet::new();
    for path in paths {
        let mut folder = path;
        while let Some((above, _)) = folder.rsplit_once('/') {
            if !folders.insert(above) {
                break;
            }
            folder = above;
        }
        folders.insert("");
    }
    let (mut manifests, mut lost) = (BTreeMap::new(), Vec::new());
    for folder in folders {
        let path = if folder.is_empty() { "package.json".to_owned() } else { format!("{folder}/package.json") };
        if !reader.exists(at, &path) {
            continue;
        }
        match reader.read(at, &path) {
            Ok(source) => match Manifest::read(&source.text) {
                Ok(manifest) => _ = manifests.insert(folder.to_owned(), manifest),
                Err(error) => {
                    lost.push(NotAnalysed { path, reason: format!("no valid manifest: {error}"), lines: None });
                }
            },
            Err(why) => lost.push(NotAnalysed::whole(path, &why)),
        }
    }
    (manifests, lost)
}
