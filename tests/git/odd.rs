//! Repositories that are made to confuse, and ones that git itself refuses.
#![cfg(unix)]

use crate::repo::{Repo, revs, show, since};
use failpath::change::Range;
use failpath::git::read;
use failpath::source::{At, Unread};
use std::ffi::OsStr;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::process::{Command, Stdio};

#[test]
fn a_path_that_is_not_utf8_is_listed() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let path = OsStr::from_bytes(b"caf\xE9.ts");
    std::fs::write(repo.path.join(path), "x\n").unwrap();
    let check = |range: &Range| {
        let (change, reader) = repo.compare(range).unwrap();
        assert_eq!(show(&change), "A caf\u{FFFD}.ts\n");
        assert_eq!(reader.read(At::Head, "caf\u{FFFD}.ts").unwrap_err(), Unread::PathNotUtf8);
        assert_eq!(read(&change, &reader, |_| true).head_skipped[0].reason, "its path is not UTF-8");
    };
    check(&since("HEAD"));
    repo.commit("second");
    check(&revs("HEAD~1", "HEAD"));
    // On disk and in the index, but not different from it.
    assert_eq!(repo.show(&since("HEAD")), "");
}

/// Writes a tree object as it is given, without git's checks.
fn tree(repo: &Repo, entries: &[(&str, &str, &str)]) -> String {
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        write!(bytes, "{mode} {name}\0").unwrap();
        bytes.extend((0..20).map(|at| u8::from_str_radix(&id[2 * at..2 * at + 2], 16).unwrap()));
    }
    let mut command = Command::new("git");
    command.args(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"]).current_dir(&repo.path);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap().trim_end().to_owned()
}

#[test]
fn a_tree_that_holds_itself_over_and_over_is_refused() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let mut id = repo.git(&["rev-parse", "HEAD:a.ts"]);
    let mut mode = "100644";
    for _ in 0..12 {
        let names: Vec<String> = (0..10).map(|n| n.to_string()).collect();
        let entries: Vec<_> = names.iter().map(|name| (mode, name.as_str(), id.as_str())).collect();
        id = tree(&repo, &entries);
        mode = "40000";
    }
    let bomb = repo.git(&["commit-tree", "-m", "bomb", "-p", "HEAD", &id]);
    let error = repo.error(&revs("HEAD", &bomb));
    assert!(error.contains("more than 1000000 files"), "{error}");
}

#[test]
fn a_very_deep_tree_is_bounded_and_said_so() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let mut id = repo.git(&["rev-parse", "HEAD^{tree}"]);
    let name = "d".repeat(200);
    for _ in 0..30 {
        id = tree(&repo, &[("40000", &name, &id)]);
    }
    let deep = repo.git(&["commit-tree", "-m", "deep", "-p", "HEAD", &id]);
    let (change, _) = repo.compare(&revs("HEAD", &deep)).unwrap();
    assert_eq!(change.limits.len(), 1);
    assert_eq!(change.limits[0].name, "path-bytes");
}

#[test]
fn paths_that_git_refuses_stay_names() {
    let repo = Repo::with(&[("a.ts", "one\ntwo\nthree\n")]);
    let blob = repo.git(&["rev-parse", "HEAD:a.ts"]);
    let up = tree(&repo, &[("100644", "escape.ts", &blob)]);
    let id = tree(&repo, &[("40000", "..", &up)]);
    let bad = repo.git(&["commit-tree", "-m", "bad", "-p", "HEAD", &id]);
    let (change, reader) = repo.compare(&revs("HEAD", &bad)).unwrap();
    assert_eq!(show(&change), "R a.ts -> ../escape.ts\n");
    assert_eq!(reader.read(At::Head, "../escape.ts").unwrap().text, "one\ntwo\nthree\n");
}

#[test]
fn a_folder_swapped_for_a_link_does_not_lead_out() {
    let repo = Repo::with(&[("src/a.ts", "1\n")]);
    std::fs::rename(repo.path.join("src"), repo.beside("src")).unwrap();
    std::os::unix::fs::symlink(repo.beside("src"), repo.path.join("src")).unwrap();
    let (change, reader) = repo.compare(&since("HEAD")).unwrap();
    assert_eq!(show(&change), "A src\nD src/a.ts -1,1 +0,0\n");
    assert_eq!(reader.read(At::Head, "src").unwrap_err(), Unread::Link);
    assert_eq!(reader.read(At::Head, "src/a.ts").unwrap_err(), Unread::NotFound);
}

#[test]
fn conflicts_are_not_read_from_the_index() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.git(&["switch", "-q", "-c", "topic"]);
    repo.write("a.ts", "topic\n");
    repo.commit("topic");
    repo.git(&["switch", "-q", "main"]);
    repo.write("a.ts", "main\n");
    repo.commit("main");
    let merge = Command::new("git").args(["merge", "-q", "topic"]).current_dir(&repo.path).output().unwrap();
    assert!(!merge.status.success());
    let (change, reader) = repo.compare(&Range::Staged).unwrap();
    assert_eq!(show(&change), "M a.ts\n");
    assert_eq!(reader.read(At::Head, "a.ts").unwrap_err(), Unread::Conflict);
    let (_, reader) = repo.compare(&since("HEAD")).unwrap();
    assert!(reader.read(At::Head, "a.ts").unwrap().text.contains("<<<<<<<"));
}

#[test]
fn tracked_files_in_node_modules_are_not_read_but_mentioned() {
    let repo = Repo::with(&[("a.ts", "1\n"), ("node_modules/x/index.js", "x\n"), ("p/node_modules/y.js", "y\n")]);
    assert_eq!(repo.compare(&since("HEAD")).unwrap().0.limits, []);
    repo.write("node_modules/x/index.js", "changed\n");
    repo.commit("second");
    let (change, reader) = repo.compare(&revs("HEAD~1", "HEAD")).unwrap();
    assert_eq!(show(&change), "");
    assert!(change.limits[0].text.contains("1 of them differ (`node_modules/x/index.js`)"), "{:?}", change.limits);
    assert!(!reader.exists(At::Head, "node_modules/x/index.js"));
    let (change, _) = repo.compare(&Range::All).unwrap();
    assert_eq!(show(&change), "A a.ts\n");
    assert!(change.limits[0].text.contains("2 of them differ"), "{:?}", change.limits);
}

#[test]
fn repositories_of_kinds_that_cannot_be_read() {
    for kind in ["--object-format=sha256", "--ref-format=reftable"] {
        let repo = Repo::folder();
        let init = Command::new("git").args(["init", "-q", kind]).current_dir(&repo.path).output().unwrap();
        if init.status.success() {
            let error = repo.error(&Range::Staged);
            assert!(error.contains("failpath reads repositories with SHA-1 names"), "{kind}: {error}");
        }
    }
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.git(&["update-index", "--split-index"]);
    let error = repo.error(&Range::Staged);
    assert!(error.contains("--no-split-index"), "{error}");
}

#[test]
fn a_repository_of_another_user_is_refused_with_a_way_out() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    let mine = std::fs::metadata(&repo.path).unwrap();
    let other = std::os::unix::fs::MetadataExt::uid(&mine) + 1;
    let given_away =
        [".", ".git"].map(|path| std::os::unix::fs::chown(repo.path.join(path), Some(other), None).is_ok());
    if given_away != [true, true] {
        return; // Only root can give files away.
    }
    let error = repo.error(&since("HEAD"));
    assert!(error.contains("safe.directory") && error.contains(repo.path.to_str().unwrap()), "{error}");
}
