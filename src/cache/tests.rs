//! Damage, several runs at once, other builds, and where the cache may be.

use super::*;
use crate::syntax::typescript::lower;
use std::sync::Arc;

const TEXT: &str = "import { a } from 'x'; export const b = async () => `${await a()} ${1.5}`";

fn blob(at: u32) -> String {
    format!("{at:040x}")
}

fn module() -> Module {
    lower(TEXT, Dialect::TypeScript).expect("lowered")
}

fn shown(module: &Module) -> String {
    format!("{module:?}")
}

fn filled(root: &Path, build: u64, blobs: std::ops::Range<u32>) -> Cache {
    let cache = Cache::of_build(root.to_owned(), build);
    for at in blobs {
        cache.keep_module(&blob(at), Dialect::TypeScript, &module());
        cache.keep_outline(&blob(at), &Outline::new(TEXT.as_bytes()));
    }
    cache.store().expect("stored");
    Cache::of_build(root.to_owned(), build)
}

fn packs(root: &Path) -> Vec<PathBuf> {
    let folders = fs::read_dir(root).expect("a folder").flatten();
    folders.flat_map(|folder| files(&folder.path(), &|name| name.ends_with(ENDING))).map(|(path, ..)| path).collect()
}

#[test]
fn what_was_kept_is_found_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = filled(folder.path(), 1, 0..20);
    let found = cache.module(&blob(7), Dialect::TypeScript).expect("known");
    assert_eq!(shown(&found), shown(&module()));
    assert_eq!(cache.outline(&blob(19)), Some(Outline::new(TEXT.as_bytes())));
    assert!(cache.module(&blob(7), Dialect::Tsx).is_none());
    assert!(cache.module(&blob(20), Dialect::TypeScript).is_none());
    assert!(cache.module("no name", Dialect::TypeScript).is_none());
    assert!(Cache::of_build(folder.path().to_owned(), 2).module(&blob(7), Dialect::TypeScript).is_none());
}

#[test]
fn damaged_packs_are_never_believed() {
    let folder = tempfile::tempdir().expect("a folder");
    filled(folder.path(), 1, 0..3);
    for path in packs(folder.path()) {
        let whole = fs::read(&path).expect("readable");
        for at in (0..whole.len()).step_by(7) {
            let mut bytes = whole.clone();
            bytes[at] ^= 0x41;
            fs::write(&path, &bytes).expect("written");
            let cache = Cache::of_build(folder.path().to_owned(), 1);
            for one in 0..3 {
                if let Some(found) = cache.module(&blob(one), Dialect::TypeScript) {
                    assert_eq!(shown(&found), shown(&module()), "byte {at}");
                }
                assert!(cache.outline(&blob(one)).is_none_or(|one| one == Outline::new(TEXT.as_bytes())), "byte {at}");
            }
        }
        for length in (0..whole.len()).step_by(11) {
            fs::write(&path, &whole[..length]).expect("written");
            let cache = Cache::of_build(folder.path().to_owned(), 1);
            let found = cache.module(&blob(0), Dialect::TypeScript);
            assert!(found.is_none_or(|found| shown(&found) == shown(&module())), "{length} bytes");
        }
        fs::write(&path, &whole).expect("written");
    }
    // Writing goes on over what is damaged.
    let cache = filled(folder.path(), 1, 0..3);
    assert!(cache.module(&blob(2), Dialect::TypeScript).is_some());
}

#[test]
fn a_value_that_is_whole_but_no_module_is_not_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = Cache::of_build(folder.path().to_owned(), 1);
    Cache::keep(&cache.modules, key(&blob(1), b't').expect("a key"), vec![0xFF; 40]);
    cache.store().expect("stored");
    let cache = Cache::of_build(folder.path().to_owned(), 1);
    assert!(cache.module(&blob(1), Dialect::TypeScript).is_none());
    assert_eq!(cache.damaged(), 1);
}

#[test]
fn runs_at_once_lose_nothing() {
    let folder = Arc::new(tempfile::tempdir().expect("a folder"));
    let run = |at: u32| {
        let folder = Arc::clone(&folder);
        std::thread::spawn(move || {
            for round in 0..10 {
                let start = (round * 4 + at) * 5;
                let _ = filled(folder.path(), 1, start..start + 5);
            }
        })
    };
    let runs: Vec<_> = (0..4).map(run).collect();
    runs.into_iter().for_each(|run| run.join().expect("no panic"));
    let cache = Cache::of_build(folder.path().to_owned(), 1);
    let known = (0..200).filter(|at| cache.module(&blob(*at), Dialect::TypeScript).is_some()).count();
    // Two runs that unite the same packs at once may each miss what the other has just added.
    assert!(known > 0);
    assert!(packs(folder.path()).len() < 40, "{}", packs(folder.path()).len());
}

#[test]
fn packs_stay_few() {
    let folder = tempfile::tempdir().expect("a folder");
    for at in 0..50 {
        let _ = filled(folder.path(), 1, at..at + 1);
    }
    assert!(packs(folder.path()).len() <= 4, "{}", packs(folder.path()).len());
    let cache = Cache::of_build(folder.path().to_owned(), 1);
    assert!((0..50).all(|at| cache.module(&blob(at), Dialect::TypeScript).is_some()));
}

#[test]
fn a_change_brings_no_cache_along() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let place = |choice: &Choice, holds: bool| super::folder(choice, root, Some(root), false, &|_| holds);
    let at = |path: &str| Choice::At(PathBuf::from(path));
    assert!(place(&at("cache/here"), false).is_some());
    assert_eq!(place(&at("cache/here"), true), None);
    assert_eq!(place(&at("."), false), None);
    assert!(place(&at("../elsewhere"), true).is_some());
    assert_eq!(place(&Choice::Off, false), None);
    assert_eq!(super::folder(&Choice::Default, root, Some(root), true, &|_| false), None);
    // A home that is the scanned tree itself.
    if let Some(home) = super::folder(&Choice::Default, root, None, false, &|_| false) {
        let above = home.ancestors().nth(1).expect("a folder above");
        assert_eq!(super::folder(&Choice::Default, root, Some(above), false, &|_| false), None);
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_tree_leads_to_no_cache() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    std::os::unix::fs::symlink(other.path(), folder.path().join("link")).expect("a link");
    let at = Choice::At(PathBuf::from("link/cache"));
    assert_eq!(super::folder(&at, folder.path(), Some(folder.path()), false, &|_| false), None);
}
