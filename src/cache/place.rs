//! Where the cache is: the platform's folder for caches, or one that was asked for.
//!
//! In: what was asked for and what is known of the surroundings. Out: a folder, or none. A change must
//! not bring its own cache along: a folder that lies in the scanned tree is used only if it was asked
//! for and the change has nothing in it.

use etcetera::BaseStrategy;
use std::path::{Component, Path, PathBuf};

/// Whether and where to cache.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Choice {
    /// In the platform's folder for caches; not at all in a workflow, whose machine others may share.
    #[default]
    Default,
    /// In this folder, relative to the current one.
    At(PathBuf),
    /// Not at all.
    Off,
}

/// The folder that `choice` means. `root` is the scanned tree, where it is on disk; `holds` says whether
/// either side has files below a path relative to it.
pub fn folder(
    choice: &Choice,
    here: &Path,
    root: Option<&Path>,
    in_actions: bool,
    holds: &dyn Fn(&str) -> bool,
) -> Option<PathBuf> {
    let asked = match choice {
        Choice::Off => return None,
        Choice::Default if in_actions => return None,
        Choice::Default => etcetera::choose_base_strategy().ok()?.cache_dir().join("failpath"),
        Choice::At(folder) => here.join(folder),
    };
    let Some(root) = root else { return Some(asked) };
    let inside = real(&asked).strip_prefix(real(root)).ok().map(Path::to_owned);
    // The words of the path count as well: a link in the tree may lead out of it, and elsewhere tomorrow.
    let is_plain = |path: &&Path| path.components().all(|part| matches!(part, Component::Normal(_)));
    let inside = inside.or_else(|| asked.strip_prefix(root).ok().filter(is_plain).map(Path::to_owned));
    match (inside, choice) {
        (None, _) => Some(asked),
        (Some(inside), Choice::At(_)) => {
            let mut path = String::new();
            for part in inside.components() {
                if !path.is_empty() {
                    path.push('/');
                }
                path.push_str(part.as_os_str().to_str()?);
                if root.join(&path).is_symlink() {
                    return None;
                }
            }
            (!path.is_empty() && !holds(&path)).then_some(asked)
        }
        (Some(_), _) => None,
    }
}

/// A path without links, as far as it is there.
fn real(path: &Path) -> PathBuf {
    let mut rest = Vec::new();
    let mut known = path;
    loop {
        if let Ok(real) = known.canonicalize() {
            return rest.into_iter().rev().fold(real, |path, part| path.join(part));
        }
        let (Some(above), Some(name)) = (known.parent(), known.file_name()) else { return path.to_owned() };
        rest.push(name);
        known = above;
    }
}
