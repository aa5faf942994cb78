//! The text of files, and the reasons why there is none.

use crate::repo::{Repo, git, revs, show, since};
use failpath::change::Range;
use failpath::git::{Env, compare, read};
use failpath::limits::FILE_BYTES;
use failpath::source::{At, Unread};
use failpath::syntax::Dialect;
use std::sync::Arc;

fn is_source(path: &str) -> bool {
    Dialect::of_path(path).is_some()
}

#[test]
fn both_sides_of_what_changed() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("b.ts", "b\n"), ("notes.md", "n\n"), ("old.ts", "long\nenough\n")]);
    repo.write("a.ts", "2\n");
    repo.write("notes.md", "m\n");
    repo.git(&["mv", "old.ts", "new.ts"]);
    repo.commit("second");
    let (change, reader) = repo.compare(&revs("HEAD~1", "HEAD")).unwrap();
    let sources = read(&change, &reader, is_source);
    assert_eq!(sources.base.keys().collect::<Vec<_>>(), ["a.ts", "old.ts"]);
    assert_eq!(sources.head.keys().collect::<Vec<_>>(), ["a.ts", "new.ts"]);
    assert_eq!((sources.base["a.ts"].text.as_str(), sources.head["a.ts"].text.as_str()), ("1\n", "2\n"));
    assert!(Arc::ptr_eq(&sources.base["old.ts"], &sources.head["new.ts"]));
    assert_eq!(sources.base["a.ts"].blob, repo.git(&["rev-parse", "HEAD~1:a.ts"]));
    // What did not change is there on demand.
    let unchanged = reader.read(At::Base, "b.ts").unwrap();
    assert!(Arc::ptr_eq(&unchanged, &reader.read(At::Head, "b.ts").unwrap()));
}

#[test]
fn folders_that_both_sides_have_are_listed_on_both() {
    let repo = Repo::with(&[
        ("a/b/c.ts", "1\n"),
        ("a/same/d.ts", "2\n"),
        ("a.b/x.ts", "3\n"),
        ("same/e/f.ts", "4\n"),
        ("same/node_modules/m/index.js", "5\n"),
        ("z.ts", "6\n"),
    ]);
    repo.write("a/b/c.ts", "7\n");
    repo.write("a/new/d.ts", "8\n");
    repo.write("copy/e/f.ts", "4\n");
    repo.commit("second");
    let (change, reader) = repo.compare(&revs("HEAD~1", "HEAD")).unwrap();
    let listed = |at: At| reader.list(at).map(str::to_owned).collect::<Vec<_>>();
    let tree = |rev: &str| {
        let all = repo.git(&["ls-tree", "-r", "--name-only", rev]);
        let mut all: Vec<_> = all.lines().filter(|path| !path.contains("node_modules")).map(str::to_owned).collect();
        all.sort();
        all
    };
    assert_eq!(listed(At::Base), tree("HEAD~1"));
    assert_eq!(listed(At::Head), tree("HEAD"));
    assert_eq!(reader.read(At::Head, "same/e/f.ts").unwrap().text, "4\n");
    assert_eq!(reader.read(At::Head, "a/same/d.ts").unwrap().text, "2\n");
    // What lies in a folder that is the same differs in nothing.
    assert_eq!(change.limits, []);
    let changed: Vec<_> = change.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(changed, ["a/b/c.ts", "a/new/d.ts", "copy/e/f.ts"]);
}

#[test]
fn paths_and_folders() {
    let repo = Repo::with(&[("src/a.ts", "1\n"), ("src-b/c.ts", "2\n"), ("d.ts", "3\n")]);
    let (_, reader) = repo.compare(&since("HEAD")).unwrap();
    assert_eq!(reader.list(At::Head).collect::<Vec<_>>(), ["d.ts", "src-b/c.ts", "src/a.ts"]);
    assert!(reader.is_folder(At::Head, "src") && !reader.is_folder(At::Head, "src/a.ts"));
    assert!(reader.is_folder(At::Base, "src") && reader.is_folder(At::Base, ""));
    assert!(!reader.is_folder(At::Base, "d.ts") && !reader.is_folder(At::Base, "sr"));
    assert!(reader.exists(At::Base, "d.ts") && !reader.exists(At::Base, "src"));
    for path in ["src", "nothing.ts", "../d.ts", "/d.ts", ""] {
        assert_eq!(reader.read(At::Head, path).unwrap_err(), Unread::NotFound, "{path}");
    }
}

#[test]
fn every_reason_not_to_read() {
    let repo = Repo::with(&[("kept.ts", "k\n")]);
    repo.write("binary.ts", "a\0b");
    repo.write("latin.ts", b"caf\xE9\n");
    repo.write("wide.ts", b"\xFF\xFEa\0\n\0");
    repo.write("marked.ts", "\u{FEFF}a\n");
    repo.write("pointer.ts", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
    repo.write("huge.ts", vec![b' '; usize::try_from(FILE_BYTES).unwrap() + 1]);
    repo.write("full.ts", vec![b' '; usize::try_from(FILE_BYTES).unwrap()]);
    symlink("kept.ts", &repo, "link.ts");
    let expected = [
        ("binary.ts", "binary file"),
        ("huge.ts", "2097153 bytes, over the limit of 2097152"),
        ("latin.ts", "not UTF-8"),
        ("link.ts", "symbolic link"),
        ("pointer.ts", "Git LFS pointer, the content is not in the repository"),
    ];
    let check = |range: &Range| {
        let (change, reader) = repo.compare(range).unwrap();
        let sources = read(&change, &reader, is_source);
        let skipped: Vec<_> = sources.head_skipped.iter().map(|x| (x.path.as_str(), x.reason.as_str())).collect();
        assert_eq!(skipped, expected);
        assert_eq!((sources.head["wide.ts"].text.as_str(), sources.head["marked.ts"].text.as_str()), ("a\n", "a\n"));
        assert!(sources.head.contains_key("full.ts"));
        assert_eq!(reader.link(At::Head, "link.ts").as_deref(), Some("kept.ts"));
        assert_eq!(reader.link(At::Head, "kept.ts"), None);
    };
    check(&since("HEAD"));
    repo.git(&["add", "-A"]);
    check(&Range::Staged);
    repo.commit("second");
    check(&revs("HEAD~1", "HEAD"));
}

#[cfg(unix)]
fn symlink(target: &str, repo: &Repo, path: &str) {
    std::os::unix::fs::symlink(target, repo.path.join(path)).unwrap();
}

#[test]
fn submodules_and_nested_repositories() {
    let inner = Repo::with(&[("x.ts", "x\n")]);
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let url = inner.path.to_str().unwrap();
    repo.git(&["-c", "protocol.file.allow=always", "submodule", "add", "-q", url, "sub.ts"]);
    repo.commit("submodule");
    git(&repo.path, &["clone", "-q", url, "nested.ts"]);
    let (change, reader) = repo.compare(&since("HEAD~1")).unwrap();
    assert_eq!(show(&change), "A .gitmodules -0,0 +1,3\nA nested.ts\nA sub.ts\n");
    assert_eq!(reader.read(At::Head, "sub.ts").unwrap_err(), Unread::Submodule);
    assert_eq!(reader.read(At::Head, "nested.ts").unwrap_err(), Unread::Submodule);
}

#[test]
fn content_that_the_clone_does_not_hold() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("b.ts", "b\n")]);
    repo.write("a.ts", "2\n");
    repo.commit("second");
    let blob = repo.git(&["rev-parse", "HEAD~1:a.ts"]);
    std::fs::remove_file(repo.path.join(".git/objects").join(&blob[..2]).join(&blob[2..])).unwrap();
    let (change, reader) = repo.compare(&revs("HEAD~1", "HEAD")).unwrap();
    assert_eq!(show(&change), "M a.ts\n");
    let sources = read(&change, &reader, is_source);
    assert_eq!(sources.base_skipped.len(), 1);
    assert!(sources.base_skipped[0].reason.contains(&blob), "{:?}", sources.base_skipped);
    assert_eq!(sources.head["a.ts"].text, "2\n");
}

#[test]
fn a_partial_clone() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("b.ts", "b\n")]);
    repo.write("a.ts", "2\n");
    repo.commit("second");
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    let clone = repo.beside("clone");
    let url = format!("file://{}", repo.path.display());
    repo.git(&["clone", "-q", "--filter=blob:none", &url, clone.to_str().unwrap()]);
    let (change, reader) = compare(&revs("HEAD~1", "HEAD"), &Env::new(&clone)).unwrap();
    assert_eq!(show(&change), "M a.ts\n");
    assert!(matches!(reader.read(At::Base, "a.ts"), Err(Unread::Missing { .. })));
    assert_eq!(reader.read(At::Head, "a.ts").unwrap().text, "2\n");
}

#[test]
fn files_outside_a_sparse_checkout_are_not_deleted() {
    let repo = Repo::with(&[("in/a.ts", "1\n"), ("out/b.ts", "b\n")]);
    repo.git(&["sparse-checkout", "set", "--no-cone", "/in/"]);
    assert!(!repo.path.join("out").exists());
    let (change, reader) = repo.compare(&since("HEAD")).unwrap();
    assert_eq!(show(&change), "");
    assert_eq!(reader.read(At::Head, "out/b.ts").unwrap().text, "b\n");
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "in"]);
    let error = repo.error(&since("HEAD"));
    assert!(error.contains("--no-sparse-index"), "{error}");
}

#[test]
fn many_threads_read_at_once() {
    use rayon::prelude::*;
    let files: Vec<(String, String)> = (0..200).map(|n| (format!("f{n:03}.ts"), format!("{n}\n"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let repo = Repo::with(&files);
    let (change, reader) = repo.compare(&Range::AllAt { head: "HEAD".to_owned() }).unwrap();
    assert_eq!(change.files.len(), 200);
    let right = files.par_iter().filter(|(path, text)| reader.read(At::Head, path).unwrap().text == *text).count();
    assert_eq!(right, 200);
}

#[test]
fn packed_borrowed_and_loose_objects() {
    let version = |number: usize| {
        let lines =
            (0..400).map(|line| format!("export const name{line} = {};\n", if line == number { "0" } else { "1" }));
        lines.collect::<String>()
    };
    let huge = |number: usize| version(number).repeat(FILE_BYTES as usize / version(number).len() + 1);
    let repo = Repo::empty();
    for number in 0..6 {
        repo.write("a.ts", version(number));
        repo.write("huge.ts", huge(number));
        repo.commit("one more");
    }
    repo.git(&["repack", "-a", "-d", "-f", "-q", "--depth=50"]);

    let stored = repo.git(&["cat-file", "--batch-all-objects", "--batch-check=%(deltabase)"]);
    assert!(stored.lines().filter(|base| !base.starts_with("0000")).count() > 5, "{stored}");
    let borrower = repo.beside("borrower");
    repo.git(&["clone", "-q", "--shared", ".", borrower.to_str().unwrap()]);
    std::fs::write(borrower.join("a.ts"), "loose\n").unwrap();
    git(&borrower, &["commit", "-q", "-a", "-m", "loose"]);
    for (back, number) in [(1, 4), (3, 2), (5, 0)] {
        let range = revs(&format!("main~{back}"), "main");
        let readers = [
            repo.compare(&range).unwrap().1,
            compare(&revs(&format!("main~{}", back + 1), "main"), &Env::new(&borrower)).unwrap().1,
        ];
        for (reader, head) in readers.iter().zip([version(5), "loose\n".to_owned()]) {
            assert_eq!(reader.read(At::Base, "a.ts").unwrap().text, version(number));
            assert_eq!(reader.read(At::Head, "a.ts").unwrap().text, head);
            let bytes = huge(number).len() as u64;
            assert_eq!(reader.read(At::Base, "huge.ts").unwrap_err(), Unread::TooLarge { bytes });
        }
    }
}
