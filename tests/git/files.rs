//! Which files and lines differ.

use crate::repo::{Repo, revs, show, since};
use failpath::change::Range;
use failpath::git::compare_texts;
use failpath::source::At;
use std::collections::BTreeMap;

const TEN: &str = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";

#[test]
fn hunks_count_lines_from_one() {
    let repo = Repo::with(&[("a.ts", TEN)]);
    repo.write("a.ts", "0\n1\n2\nthree\n4\n5\n6\n9\n10\n11");
    assert_eq!(repo.show(&since("HEAD")), "M a.ts -0,0 +1,1 -3,1 +4,1 -7,2 +7,0 -10,0 +10,1\n");
}

#[test]
fn renames_with_and_without_edits() {
    let repo = Repo::with(&[("a.ts", TEN), ("b.ts", "other\ntext\nhere\n"), ("c.ts", "c\n")]);
    std::fs::remove_file(repo.path.join("a.ts")).unwrap();
    repo.write("src/z.ts", TEN.replace('5', "five"));
    std::fs::rename(repo.path.join("b.ts"), repo.path.join("y.ts")).unwrap();
    std::fs::rename(repo.path.join("c.ts"), repo.path.join("C.ts")).unwrap();
    let expected = "R c.ts -> C.ts\nR a.ts -> src/z.ts -5,1 +5,1\nR b.ts -> y.ts\n";
    assert_eq!(repo.show(&since("HEAD")), expected);
    repo.commit("renamed");
    assert_eq!(repo.show(&revs("HEAD~1", "HEAD")), expected);
}

#[test]
fn a_file_that_resembles_nothing_is_no_rename() {
    let repo = Repo::with(&[("a.ts", TEN), ("a.bin", "\0one")]);
    std::fs::remove_file(repo.path.join("a.ts")).unwrap();
    std::fs::remove_file(repo.path.join("a.bin")).unwrap();
    repo.write("b.ts", "nothing\nof\nthat\n");
    repo.write("b.bin", "\0two");
    let expected = "D a.bin\nD a.ts -1,10 +0,0\nA b.bin\nA b.ts -0,0 +1,3\n";
    assert_eq!(repo.show(&since("HEAD")), expected);
}

#[test]
fn line_endings_and_byte_order_marks_are_no_change() {
    let repo = Repo::with(&[("a.ts", "1\n2\n"), ("b.ts", "1\r\n2\r\n"), ("c.ts", "c\n"), ("d.ts", "d\n")]);
    repo.write("a.ts", "1\r\n2\r\n");
    repo.write("b.ts", "1\n2\n");
    repo.write("c.ts", "\u{FEFF}c\n");
    repo.write("d.ts", b"\xFF\xFEd\0\n\0");
    assert_eq!(repo.show(&since("HEAD")), "");
    repo.write("a.ts", "1\r\ntwo\r\n");
    assert_eq!(repo.show(&since("HEAD")), "M a.ts -2,1 +2,1\n");
    repo.commit("endings");
    assert_eq!(repo.show(&revs("HEAD~1", "HEAD")), "M a.ts -2,1 +2,1\n");
}

#[test]
fn a_checkout_that_converts_line_endings_does_not_differ() {
    let repo = Repo::with(&[("a.ts", "1\n2\n"), ("b.ts", "b\n")]);
    repo.git(&["config", "core.autocrlf", "true"]);
    std::fs::remove_file(repo.path.join("a.ts")).unwrap();
    repo.git(&["checkout", "-q", "--", "a.ts"]);
    assert_eq!(std::fs::read(repo.path.join("a.ts")).unwrap(), b"1\r\n2\r\n");
    assert_eq!(repo.show(&since("HEAD")), "");
}

#[test]
fn attributes_and_configuration_of_the_change_hide_nothing() {
    let repo = Repo::with(&[("a.ts", "1\n")]);
    repo.write(".gitattributes", "*.ts -diff -text binary\n");
    repo.git(&["config", "diff.renames", "false"]);
    repo.write("a.ts", "2\n");
    assert_eq!(repo.show(&since("HEAD")), "A .gitattributes -0,0 +1,1\nM a.ts -1,1 +1,1\n");
}

#[test]
fn binary_files_and_modes() {
    let repo = Repo::with(&[("a.bin", "\0a"), ("run.ts", "r\n"), ("empty.ts", "")]);
    repo.write("a.bin", "\0b");
    repo.git(&["update-index", "--chmod=+x", "run.ts"]);
    repo.write("also-empty.ts", "");
    assert_eq!(repo.show(&since("HEAD")), "M a.bin\nA also-empty.ts\n");
    assert_eq!(repo.show(&Range::Staged), "");
}

#[test]
fn a_file_that_becomes_a_folder() {
    let repo = Repo::with(&[("a", "1\n"), ("b/c.ts", "c\n")]);
    std::fs::remove_file(repo.path.join("a")).unwrap();
    std::fs::remove_dir_all(repo.path.join("b")).unwrap();
    repo.write("a/d.ts", "different\n");
    repo.write("b", "file\n");
    let expected = "D a -1,1 +0,0\nA a/d.ts -0,0 +1,1\nA b -0,0 +1,1\nD b/c.ts -1,1 +0,0\n";
    assert_eq!(repo.show(&since("HEAD")), expected);
    repo.commit("swapped");
    assert_eq!(repo.show(&revs("HEAD~1", "HEAD")), expected);
}

#[test]
fn too_many_pairs_for_renames_with_edits() {
    let repo = Repo::empty();
    let text = |n: usize| format!("{n}\n{n}{n}\n{n}{n}{n}\n");
    let written = |folder: &str, more: &str| {
        for n in 0..1001 {
            repo.write(&format!("{folder}/{n:04}.ts"), text(n) + if n == 7 { "" } else { more });
        }
    };
    written("old", "old\n");
    repo.commit("old");
    repo.git(&["rm", "-rq", "old"]);
    written("new", "new\n");
    repo.commit("new");
    let (change, _) = repo.compare(&revs("HEAD~1", "HEAD")).unwrap();
    // Without number 7, which is found as it is, 1000 times 1000 are left: as many as are compared.
    assert_eq!((change.files.len(), change.limits.len()), (1001, 0));
    repo.write("new/more.ts", "more\n");
    repo.commit("more");
    let (change, _) = repo.compare(&revs("HEAD~2", "HEAD")).unwrap();
    assert_eq!(change.limits[0].name, "rename-pairs");
    let text = show(&change);
    assert!(text.contains("R old/0007.ts -> new/0007.ts\n") && text.contains("D old/0008.ts -1,4 +0,0\n"), "{text}");
}

#[test]
fn texts_at_hand() {
    let files = |files: &[(&str, &str)]| -> BTreeMap<String, String> {
        files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect()
    };
    let base = files(&[("a.ts", "1\n2\n"), ("same.ts", "s\n"), ("old.ts", TEN)]);
    let head = files(&[("a.ts", "1\n3\n"), ("same.ts", "s\n"), ("new.ts", TEN)]);
    let (change, reader) = compare_texts(&base, &head).unwrap();
    assert_eq!(show(&change), "M a.ts -2,1 +2,1\nR old.ts -> new.ts\n");
    assert!(!change.all);
    assert_eq!(reader.read(At::Base, "same.ts").unwrap().text, "s\n");
}
