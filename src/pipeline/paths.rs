//! Paths as they are typed, as the repository names them.
//!
//! In: paths relative to the current folder. Out: paths relative to the root, with `/`.

use super::error::Error;
use crate::change::RepoPath;
use crate::git::{Reader, Surroundings};
use crate::source::At;
use std::path::{Component, Path, PathBuf};

/// Names `paths` as the repository does; each is a file or a folder of at least one side.
///
/// # Errors
/// A path that neither side has.
pub fn in_repository(paths: &[PathBuf], here: &Surroundings, reader: &Reader) -> Result<Vec<RepoPath>, Error> {
    let find = |path: &PathBuf| {
        let exists = |found: &String| {
            let on = |at| reader.exists(at, found) || reader.is_folder(at, found);
            found.is_empty() || on(At::Head) || on(At::Base)
        };
        let missing = || Error::NoSuchPath { path: path.display().to_string() };
        one(path, here).filter(exists).ok_or_else(missing)
    };
    paths.iter().map(find).collect()
}

/// Names one path as the repository does; `None` if it lies outside.
pub fn one(path: &Path, here: &Surroundings) -> Option<RepoPath> {
    let inner;
    let (mut parts, path): (Vec<&str>, &Path) = if path.is_absolute() {
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        inner = real.strip_prefix(here.root.as_ref()?).ok()?.to_owned();
        (Vec::new(), &inner)
    } else {
        (here.prefix.split('/').filter(|part| !part.is_empty()).collect(), path)
    };
    for part in path.components() {
        match part {
            Component::Normal(name) => parts.push(name.to_str()?),
            Component::ParentDir => _ = parts.pop()?,
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_paths_start_in_the_current_folder() {
        let here = Surroundings { root: Some("/r".into()), prefix: "a/b".into() };
        let named = |path: &str| one(Path::new(path), &here);
        assert_eq!(named("c.ts").as_deref(), Some("a/b/c.ts"));
        assert_eq!(named("./../c.ts").as_deref(), Some("a/c.ts"));
        assert_eq!(named("../..").as_deref(), Some(""));
        assert_eq!(named("../../.."), None);
        assert_eq!(named("/r/x/y.ts").as_deref(), Some("x/y.ts"));
        assert_eq!(named("/elsewhere"), None);
    }
}
